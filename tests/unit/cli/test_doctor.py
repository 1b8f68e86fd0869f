"""`newsclean doctor`: what is well is said in a line, what is not with a remedy."""

from __future__ import annotations

import json
import os
import shutil
from types import SimpleNamespace

import pytest

from newsclean.cli import diagnosis, installation


def findings(newsclean, *options):
    result = newsclean("doctor", "--json", *options)
    return result, {(one["what"], one["level"]): one for one in json.loads(result.output)["findings"]}


def test_a_sound_project_is_well(folder, newsclean):
    """Nothing broken: exit code 0, one line for each thing that was looked at, none of it left behind."""
    before = set(folder.rglob("*"))
    result = newsclean("doctor")
    assert result.exit_code == 0, result.output
    assert "ok    libraries: newsclean 0.1.0, Scrapy 2.19" in result.output
    assert "zones" in result.output
    assert "1 site profiles" not in result.output  # the built-in ones count
    assert set(folder.rglob("*")) == before


def test_plug_ins_that_do_not_work_are_named_with_what_does(folder, newsclean, monkeypatch):
    """Each Scrapy plug-in known to fail is told, with what does its work here."""
    real = installation._version
    old = {"scrapy-deltafetch": "2.1.0", "scrapy-crawl-once": "0.1.1", "spidermon": "1.20.0"}
    monkeypatch.setattr(installation, "_version", lambda name: old.get(name) or real(name))
    result = newsclean("doctor")
    assert result.exit_code == 0, "they are warnings"
    for name, version in old.items():
        assert f"{name} {version} does not work with Scrapy 2.19" in result.output
    assert 'pip install "spidermon>=1.27"' in result.output


def test_a_missing_library_is_a_failure(folder, newsclean, monkeypatch):
    """A library that is not there, or too old, is named; exit code 1."""
    real = installation._version
    other = {"lxml": None, "click": "7.0"}
    monkeypatch.setattr(installation, "_version", lambda name: other[name] if name in other else real(name))
    result, found = findings(newsclean)
    assert result.exit_code == 1
    says = found["libraries", "fail"]["says"]
    assert "lxml is not installed" in says
    assert "click is 7.0, needed is >=8" in says


def test_time_zones_that_are_not_there_are_told(folder, newsclean, monkeypatch):
    """Without zone data no cron time can be worked out: install tzdata."""
    import zoneinfo

    def missing(_):
        raise zoneinfo.ZoneInfoNotFoundError

    monkeypatch.setattr(zoneinfo, "ZoneInfo", missing)
    result, found = findings(newsclean)
    assert "tzdata" in found["time zones", "fail"]["remedy"]
    assert result.exit_code == 1


def test_a_full_disk_and_a_folder_that_cannot_be_written_are_told(folder, newsclean, monkeypatch):
    """Little room is a failure that names the folder; so is a folder that refuses a file."""
    usage = SimpleNamespace(total=10**12, used=10**12, free=50_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    result, found = findings(newsclean)
    assert result.exit_code == 1
    assert found[f"folder {folder}", "fail"]["says"] == "0.1 GB free"
    monkeypatch.undo()
    monkeypatch.chdir(folder)

    def refused(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(diagnosis, "_try_write", refused)
    _, found = findings(newsclean)
    assert "cannot be written to" in found[f"folder {folder}", "fail"]["says"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else_is_told(folder, newsclean):
    """A raw/ without the right to write is a failure."""
    (folder / "raw").chmod(0o500)
    result, found = findings(newsclean)
    (folder / "raw").chmod(0o700)
    assert result.exit_code == 1
    assert "cannot be written to" in found[f"folder {folder / 'raw'}", "fail"]["says"]


def test_a_broken_newsclean_toml_is_told_with_its_line(folder, newsclean):
    """The error of the file is the finding."""
    (folder / "newsclean.toml").write_text("[jobs.lowmark]\nclen = ['raw']\n")
    result, found = findings(newsclean)
    assert result.exit_code == 1
    assert "newsclean.toml:2" in found["project", "fail"]["says"]


def test_jobs_that_cannot_work_are_told(folder, newsclean, monkeypatch):
    """A spider without a contact, folders that are not there, hooks that cannot be called, a schedule nobody keeps."""
    monkeypatch.delenv("NEWSCLEAN_CONTACT", raising=False)
    (folder / "newsclean.toml").write_text(
        '[jobs.a]\nspider = "feed"\nevery = "1d"\n'
        '[jobs.b]\nclean = ["gone"]\nalarms = { command = "no-such-command", '
        'email = { to = "a@b.test", user = "me", password_env = "NO_SUCH_VARIABLE" } }\n'
    )
    result = newsclean("doctor", "-q")
    assert result.exit_code == 1
    assert 'add contact = "https://your.site/crawler"' in result.output
    assert "gone is to be cleaned, and is not there" in result.output
    assert "no-such-command, which is no command here" in result.output
    assert "NO_SUCH_VARIABLE is not set" in result.output
    assert "no timed job has ever been run" in result.output
    assert "newsclean schedule export" in result.output
    assert "\nok " not in result.output


def test_a_schedule_that_nobody_keeps_is_told(folder, newsclean):
    """Slots that have passed since the last run say that cron no longer calls."""
    import datetime as dt

    from newsclean.schedule.ledger import Ledger

    (folder / "newsclean.toml").write_text('[jobs.a]\nclean = ["raw"]\nevery = "1h"\n')
    at = (dt.datetime.now(dt.UTC) - dt.timedelta(days=3)).isoformat()
    with Ledger(folder / ".newsclean" / "ledger.sqlite") as ledger, ledger.transaction() as db:
        db.execute(
            "INSERT INTO runs (job, slot, kind, state, not_before, created_at, ended_at)"
            " VALUES ('a', ?, 'scheduled', 'done', ?, ?, ?)",
            (at, at, at, at),
        )
    _, found = findings(newsclean)
    assert "slots have passed since its last run" in found["job a", "warn"]["says"]


def test_held_and_damaged_datasets_are_told(folder, clean, newsclean):
    """What is held is to be settled, what cannot be read to be mended."""
    clean("--hold", "b1")
    result, found = findings(newsclean)
    assert result.exit_code == 0
    assert "held: 3 articles in 1 batch" in found[f"dataset {folder / 'clean'}", "warn"]["says"]
    (folder / "clean" / "_newsclean" / "dataset.json").write_text("{")
    result, found = findings(newsclean)
    assert result.exit_code == 1
    assert f"dataset {folder / 'clean'}" in {what for what, level in found if level == "fail"}
