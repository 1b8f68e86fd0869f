"""A run from end to end: its report, what it refuses, what it leaves on the disk."""

from __future__ import annotations

import json

import pytest

from newsclean.errors import ConfigError, DatasetError, ProfileError
from newsclean.run.report import as_json


def test_the_report_says_what_was_done(project):
    """Counts by site, reason and strategy, versions and times are in the report, and beside the dataset."""
    project.profile()
    for number in range(3):
        project.page(f"{number}.html", url=f"https://lowmark.test/{number}")
    project.page("empty.html", body=b"")
    (project.raw / "notes.json").write_text("{}")
    report = project.run()
    assert (report.pages, report.articles, report.rejections) == (4, 3, 1)
    assert (report.files, report.skipped, report.planned) == (4, 1, {"new": 4})
    assert report.by_site["lowmark.test"].articles == 3
    assert report.by_reason == {"empty": 1}
    assert report.by_strategy == {"lowmark.test html:one": 3}
    assert (report.dataset_pages, report.dataset_articles) == (4, 3)
    assert report.versions["lxml"]
    (kept,) = (project.output / "_newsclean" / "reports").iterdir()
    assert kept.stem == report.run_id
    assert json.loads(kept.read_text()) == json.loads(json.dumps(as_json(report)))


def test_the_keys_of_the_json_report_are_those_documented():
    """The JSON has the fields of RunReport and pages_per_s: a scheduler may count on them."""
    from dataclasses import fields

    from newsclean.run.report import RunReport

    documented = RunReport.__doc__
    assert documented is not None
    for name in ("files", "unchanged", "planned", "skipped", "pages", "troubles", "problems", "dataset_pages"):
        assert f"`{name}`" in documented
    assert {field.name for field in fields(RunReport)} >= {"run_id", "state", "by_site", "by_reason", "duration_s"}


def test_a_run_without_work_leaves_no_report(project):
    """A scheduler that finds nothing to do every minute does not fill the disk."""
    project.page("a.html")
    project.run()
    assert project.run().state == "nothing_to_do"
    assert len(list((project.output / "_newsclean" / "reports").iterdir())) == 1


def test_progress_goes_from_the_first_to_the_last_page(project):
    """Pages done never go back and reach all there are, in this process and in others."""
    for number in range(30):
        project.page(f"{number}.html", f"Words {number}.")
    seen = []
    project.run(on_progress=seen.append)
    assert [one.pages for one in seen] == sorted(one.pages for one in seen)
    assert seen[-1].pages == seen[-1].of_pages == 30
    assert seen[-1].left_s == 0


def test_paths_that_match_nothing_are_refused_before_anything_is_made(project):
    """A mistyped path is an error, and no empty dataset is left behind."""
    with pytest.raises(ConfigError):
        project.run(project.root / "rawr")
    assert not project.output.exists()


def test_a_bad_profile_is_refused_before_anything_is_made(project):
    """A profile that cannot be used names its file; nothing is cleaned without it."""
    project.page("a.html")
    (project.sites / "bad.test.toml").write_text("publisher = 3")
    with pytest.raises(ProfileError, match=r"bad\.test\.toml"):
        project.run()
    assert not project.output.exists()


def test_an_unknown_language_backend_is_refused(project):
    """The message names those that are known."""
    project.page("a.html")
    with pytest.raises(ConfigError, match="langdetect"):
        project.run(language_backend="oracle")


def test_a_dataset_in_use_is_refused(project):
    """While another process writes, a run stops with a message that names it."""
    import fcntl

    project.page("a.html")
    project.run()
    project.page("b.html")
    with (project.output / "_newsclean" / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DatasetError, match="another newsclean process"):
            project.run()


def test_the_sites_of_a_project_are_used(project, monkeypatch):
    """With a newsclean.toml in the working directory the profiles in sites/ beside it count without being named."""
    from newsclean.run.api import run
    from newsclean.run.options import RunOptions

    project.profile()
    project.page("a.html", url="https://lowmark.test/1")
    (project.root / "newsclean.toml").touch()
    monkeypatch.chdir(project.root)
    report = run(["raw"], "clean", options=RunOptions(workers=0, language_backend="langdetect"))
    assert report.by_strategy == {"lowmark.test html:one": 1}


def test_the_same_pages_named_from_another_folder_are_the_same_pages(project, monkeypatch):
    """Paths relative to wherever one stands name the same pages: nothing is cleaned twice."""
    from newsclean.run.api import run
    from newsclean.run.options import RunOptions

    options = RunOptions(workers=0, language_backend="langdetect")
    project.page("sub/a.html")
    assert run([project.raw], project.output, options=options).pages == 1
    monkeypatch.chdir(project.raw / "sub")
    assert run(["."], "../../clean", options=options).state == "nothing_to_do"
    assert [row["raw_path"] for row in project.rows()] == ["raw/sub/a.html"]
