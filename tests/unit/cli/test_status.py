"""`newsclean status`, `hold` and `alarms`: what jobs and datasets are at, and settling what is kept back."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from newsclean.schedule.ledger import Ledger
from newsclean.schedule.records import Alarm

PROJECT = """
[jobs.lowmark]
clean = ["raw"]
cron = "30 6 * * *"

[jobs.island]
clean = ["raw"]
"""


@pytest.fixture
def project(folder, clean):
    (folder / "newsclean.toml").write_text(PROJECT)
    assert clean().exit_code == 0
    return folder


@pytest.fixture
def alarmed(project):
    """A job whose last run raised an alarm."""
    now = dt.datetime.now(dt.UTC)
    with Ledger(project / ".newsclean" / "ledger.sqlite") as ledger:
        at = now.isoformat()
        with ledger.transaction() as db:
            db.execute(
                "INSERT INTO runs (job, slot, kind, state, not_before, created_at, ended_at)"
                " VALUES ('lowmark', ?, 'scheduled', 'alarm', ?, ?, ?)",
                (at, at, at, at),
            )
            db.execute(
                "INSERT INTO attempts (run, attempt, state, created_at, started_at, ended_at, exit_code, message,"
                " counts, by_site, by_reason) VALUES (1, 1, 'alarm', ?, ?, ?, 1, 'it is all odd', ?, ?, ?)",
                (
                    *(at, at, at, json.dumps({"pages": 4, "articles": 3})),
                    json.dumps({"lowmark.test": {"pages": 4, "articles": 3, "rejections": 1}}),
                    json.dumps({"empty": 1}),
                ),
            )
        made = Alarm(check="fallback", sentence="it is all odd", site="lowmark.test", samples=("raw/0.html",))
        ledger.add_alarms(ledger.run(1), 1, [made], now=now)
    return project


def test_a_project_without_jobs_says_how_to_get_one(folder, newsclean):
    """Nothing defined, nothing cleaned: what to do, and exit code 0."""
    result = newsclean("status")
    assert result.exit_code == 0
    assert "no jobs: add [jobs.NAME] to newsclean.toml" in result.output
    assert "no dataset yet" in result.output


def test_jobs_and_datasets_at_a_glance(alarmed, newsclean):
    """A line for each job and dataset, and where to look."""
    result = newsclean("status")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    lowmark = next(line for line in lines if line.startswith("lowmark"))
    assert lowmark.split()[1:3] == ["idle", "alarm"]
    assert lowmark.split()[-1] == "1"
    assert any("it is all odd; no good run yet" in line for line in lines)
    assert any("see: newsclean alarms list lowmark" in line for line in lines)
    assert next(line for line in lines if line.startswith("island")).split()[1:3] == ["idle", "never"]
    assert any(line.startswith("clean: 3 articles of 4 pages") for line in lines)


def test_check_tells_by_exit_code_that_somebody_should_look(alarmed, newsclean):
    """With --check an open alarm is exit code 1; once it is accepted, all is well."""
    assert newsclean("status", "--check").exit_code == 1
    assert newsclean("alarms", "accept", "lowmark").exit_code == 0
    result = newsclean("status", "--json")
    (lowmark,) = [job for job in json.loads(result.output)["jobs"] if job["job"] == "lowmark"]
    assert lowmark["open_alarms"] == 0
    assert lowmark["articles"] == 3
    assert lowmark["next_at"] > dt.datetime.now(dt.UTC).isoformat()


def test_metrics_are_in_the_text_format(alarmed, newsclean):
    """Every line is a comment or a sample; help and type come before a metric's samples; a file is the same text."""
    text = newsclean("status", "--prometheus").output
    assert newsclean("status", "--metrics", "out/metrics.prom").exit_code == 0
    import re

    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) newsclean_\w+ .+|newsclean_\w+\{(\w+="[^"]*",?)*\} [\d.e+-]+', line), line
    assert 'newsclean_job_open_alarms{job="lowmark",check="fallback"} 1' in text
    assert 'newsclean_job_last_articles{job="lowmark",site="lowmark.test"} 3' in text
    assert 'newsclean_job_last_exit_code{job="lowmark"} 1' in text
    assert 'newsclean_job_last_rejections{job="lowmark",reason="empty"} 1' in text
    assert re.search(r'newsclean_dataset_articles\{dataset="[^"]+clean"\} 3', text)
    assert (alarmed / "out" / "metrics.prom").read_text() == text


def test_a_dataset_can_be_named(project, newsclean):
    """Any dataset can be looked at; one that is none is shown as a problem."""
    assert "3 articles of 4 pages" in newsclean("status", "clean").output
    result = newsclean("status", "raw", "--check")
    assert "\nraw: holds other things" in result.output
    assert result.exit_code == 1


def test_alarms_are_listed_and_accepted(alarmed, newsclean):
    """The list names number, check, sentence and samples; what is accepted is shown with --all alone."""
    listed = newsclean("alarms", "list").output
    assert "1  " in listed
    assert "lowmark  fallback" in listed
    assert "see raw/0.html" in listed
    assert json.loads(newsclean("alarms", "list", "lowmark", "--json").output)["alarms"][0]["check"] == "fallback"
    wrong = newsclean("alarms", "accept", "lowmark", "7")
    assert wrong.exit_code == 2
    assert "there is no open alarm 7" in wrong.output
    assert newsclean("alarms", "accept", "lowmark", "1").output == "lowmark: 1 alarm accepted\n"
    assert newsclean("alarms", "list").output == "no alarm\n"
    assert "acknowledged" in newsclean("alarms", "list", "--all").output


def test_alarms_of_a_project_that_never_ran(project, newsclean):
    """Nothing was run: an empty list, and nothing to accept."""
    assert newsclean("alarms", "list").output == "no alarm\n"
    assert newsclean("alarms", "accept", "lowmark").exit_code == 2


def test_a_batch_is_held_listed_released(folder, clean, newsclean):
    """`clean --hold` keeps the rows back; `hold list` shows them, `release` lets them in."""
    assert clean("--hold", "b1").exit_code == 0
    assert json.loads(newsclean("status", "--json").output)["datasets"][0]["held_articles"] == 3
    listed = newsclean("hold", "list")
    assert "b1" in listed.output
    assert "3 articles of 4 pages" in listed.output
    (row,) = json.loads(newsclean("hold", "list", "--json").output)["batches"]
    assert (row["batch"], row["articles"], row["state"]) == ("b1", 3, "open")
    again = clean()
    assert "nothing to do" in again.output or "in held batches:" in again.output
    done = newsclean("hold", "release", "b1")
    assert done.exit_code == 0, done.output
    assert "in the dataset: 3 articles of 4 pages" in done.output
    assert newsclean("hold", "list").output == "nothing is held\n"
    assert newsclean("verify", "clean", "-q").exit_code == 0


def test_a_batch_is_dropped(folder, clean, newsclean):
    """`drop` leaves the pages as dropped, `--clean-again` to the next run; an unknown batch is exit code 3."""
    clean("--hold", "b1")
    assert "the next run cleans them again" in newsclean("hold", "drop", "b1", "--clean-again").output
    clean("--hold", "b2")
    assert "in the ledger as dropped" in newsclean("hold", "drop", "b2", "-o", "clean").output
    assert "0 articles of 4 pages" in newsclean("status").output
    wrong = newsclean("hold", "drop", "b3")
    assert wrong.exit_code == 3
    assert "b3: no such batch; nothing is held" in wrong.output
    assert newsclean("verify", "clean", "-q").exit_code == 0


def test_a_batch_needs_a_name_that_can_be_a_folder(folder, clean):
    """A batch named with capitals or slashes is refused before anything is cleaned."""
    result = clean("--hold", "../B")
    assert result.exit_code == 2
    assert "hold: '../B' is no id of a batch" in result.output
