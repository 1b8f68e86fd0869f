"""What a run finds to do: what is new or changed, and no page more than that."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.dataset import Dataset
from newsclean.errors import Reason, UnreadablePage
from newsclean.extract.routing import load_router
from newsclean.run import fingerprint, guarded, planning
from newsclean.run.options import Limits


@pytest.fixture
def cleaned(project):
    """Return a project of two sites and one page without a site, all clean."""
    project.profile("lowmark.test")
    project.profile("highmark.test")
    for site in ("lowmark", "highmark"):
        for number in range(2):
            project.page(f"{site}{number}.html", url=f"https://{site}.test/{number}")
    project.page("nowhere.html")
    assert project.run().planned == {"new": 5}
    return project


def planned(project, **options):
    """Return the causes of a run, having made sure that it ends with the rows of a run from nothing."""
    report = project.run(**options)
    assert project.run(**options).state == "nothing_to_do"
    return dict(report.planned)


def times_of(folder):
    """Return when each file was changed, but for the lock."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.name != "lock"}


def test_a_second_run_does_nothing(cleaned):
    """The same input again: nothing to do, and not a file of the dataset changes."""
    before = times_of(cleaned.output)
    report = cleaned.run()
    assert (report.state, report.unchanged, report.pages) == ("nothing_to_do", 5, 0)
    assert (report.dataset_pages, report.dataset_articles) == (5, 5)
    assert times_of(cleaned.output) == before


def test_a_new_file_is_added(cleaned):
    """New pages are cleaned and nothing else is."""
    before = cleaned.rows("articles")
    cleaned.page("new.html", "Quite new.")
    assert planned(cleaned) == {"new": 1}
    after = cleaned.rows("articles")
    assert [row for row in after if row["raw_path"] != "raw/new.html"] == before
    assert len(after) == 6


def test_a_changed_file_is_cleaned_again_in_place_of_its_old_rows(cleaned):
    """Other bytes: the page's rows are replaced, the other rows of its shard stay as they are."""
    before = {row["raw_path"]: row for row in cleaned.rows("articles")}
    cleaned.page("lowmark0.html", "Quite other words.", url=None)
    assert planned(cleaned) == {"content": 1}
    after = {row["raw_path"]: row for row in cleaned.rows("articles")}
    assert "Quite other words." in after.pop("raw/lowmark0.html")["body"]
    before.pop("raw/lowmark0.html")
    assert after == before


def test_a_touched_file_with_the_same_bytes_is_not_cleaned(cleaned):
    """Another time of the file alone: nothing is cleaned, and the time is noted so that it is not read again."""
    os.utime(cleaned.raw / "nowhere.html", ns=(10**18, 10**18))
    report = cleaned.run()
    assert (report.state, report.unchanged) == ("nothing_to_do", 5)
    (noted,) = (
        source.mtime_ns
        for record in Dataset.open(cleaned.output, create=False).records().values()
        for source in record.sources
        if source.raw_path == "raw/nowhere.html"
    )
    assert noted == 10**18


def test_a_changed_manifest_row_cleans_its_page_again(cleaned):
    """Another URL for a page: that page is cleaned with it."""
    manifest = cleaned.raw / "manifest.jsonl"
    rows = [json.loads(line) for line in manifest.read_text().splitlines()]
    rows[0]["url"] = "https://lowmark.test/other"
    manifest.write_text("\n".join(map(json.dumps, rows)))
    assert planned(cleaned) == {"manifest": 1}
    assert "https://lowmark.test/other" in {row["url"] for row in cleaned.rows("articles")}


def test_a_changed_profile_cleans_the_pages_of_its_site_again(cleaned):
    """A profile with the same hosts and another text concerns the pages of its site, and no others."""
    cleaned.profile("lowmark.test", publisher="The New Courier")
    assert planned(cleaned) == {"profile": 2}
    assert [row["publisher"] for row in cleaned.rows("articles")].count("The New Courier") == 2


def test_a_page_that_its_profile_rejected_is_tried_again_with_a_better_one(project):
    """A rejection remembers whose profile made it, so that a changed profile gives the page another chance."""
    project.profile("lowmark.test", extra='[[reject]]\npattern = "ferry"\nreason = "listing"')
    project.page("a.html", url="https://lowmark.test/1")
    assert project.run().by_reason == {"listing": 1}
    project.profile("lowmark.test")
    assert planned(project) == {"profile": 1}
    assert project.reasons() == {"a.html": None}


def test_a_new_profile_takes_its_pages_and_looks_at_those_without_a_url(cleaned):
    """A new site changes who a page without a URL may belong to; those with a URL of other sites stay."""
    cleaned.profile("newmark.test")
    assert planned(cleaned) == {"routing": 1}


def test_a_removed_profile_gives_its_pages_to_the_generic_extractor(cleaned):
    """Without its profile a site's pages are cleaned again, by no site's rules."""
    (cleaned.sites / "lowmark.test.toml").unlink()
    assert planned(cleaned) == {"profile": 2, "routing": 1}


def test_other_code_cleans_everything_again(cleaned, monkeypatch):
    """Rows of another version of the code are replaced, all of them, once."""
    monkeypatch.setattr(fingerprint, "code_sha256", lambda: "0" * 64)
    assert planned(cleaned) == {"code": 5}
    assert len(cleaned.rows()) == 5


def test_other_code_on_a_part_of_the_input_leaves_the_rest_to_a_later_run(cleaned, monkeypatch):
    """Pages outside the given paths keep their rows, and are cleaned when they are given again."""
    monkeypatch.setattr(fingerprint, "code_sha256", lambda: "0" * 64)
    assert cleaned.run(cleaned.raw / "nowhere.html").planned == {"code": 1}
    assert len(cleaned.rows()) == 5
    assert planned(cleaned) == {"code": 4}


def test_another_language_backend_cleans_pages_with_articles_again(cleaned):
    """What the language was told by is part of a row; a rejected page has no language."""
    cleaned.page("empty.html", body=b"")
    assert planned(cleaned) == {"new": 1}
    assert planned(cleaned, language_backend="py3langid") == {"language_backend": 5}


def test_the_routing_of_a_page_is_part_of_its_shard_not_of_the_worker_count(cleaned):
    """Shards are the same whatever runs them: their ids follow from the files alone."""
    ids = set(Dataset.open(cleaned.output, create=False).records())
    other = cleaned.root / "other"
    original, cleaned.output = cleaned.output, other
    cleaned.run(workers=1)
    assert set(Dataset.open(other, create=False).records()) == ids
    cleaned.output = original


def test_a_file_that_was_too_large_is_read_under_a_larger_limit(project):
    """A larger limit gives pages their chance that were too large, and only them."""
    project.page("big.html", "word " * 1000)
    assert project.run(limits=Limits(max_page_bytes=1000)).by_reason == {"too_large": 1}
    assert project.run(limits=Limits(max_page_bytes=1000)).state == "nothing_to_do"
    assert project.run().planned == {"readable": 1}
    assert project.reasons() == {"big.html": None}


def test_an_unreadable_file_is_read_once_it_can_be(project, monkeypatch):
    """A file that could not be read is a rejection, and is cleaned by the run that can read it."""

    def refuse(file, **_):
        raise UnreadablePage(Reason.UNREADABLE, f"{file.path}: permission denied")

    project.page("a.html")
    with monkeypatch.context() as patch:
        patch.setattr(guarded, "read_page", refuse)
        patch.setattr(planning, "read_page", refuse)
        assert project.run().by_reason == {"unreadable": 1}
        assert project.run().state == "nothing_to_do"
    assert project.run().planned == {"readable": 1}
    assert project.reasons() == {"a.html": None}


def test_a_shard_that_lost_a_file_is_made_again(cleaned):
    """Rows that somebody deleted are cleaned again from the raw pages."""
    before = cleaned.rows("articles")
    (part,) = (cleaned.output / "articles").iterdir()
    part.unlink()
    assert planned(cleaned) == {"damaged": 5}
    assert cleaned.rows("articles") == before


def test_a_damaged_shard_is_left_alone_while_some_of_its_pages_are_not_given(cleaned):
    """Mending takes all raw pages of a shard: without them it is a problem with its remedy, and nothing is lost."""
    (part,) = (cleaned.output / "articles").iterdir()
    part.unlink()
    report = cleaned.run(cleaned.raw / "nowhere.html")
    assert report.state == "nothing_to_do"
    (problem,) = report.problems
    assert "clean them too" in problem.message
    assert len(Dataset.open(cleaned.output, create=False).records()) == 1


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(cleaned):
    """A dry run counts by cause and leaves no trace, also where there is no dataset yet."""
    cleaned.page("new.html")
    before = sorted(cleaned.output.rglob("*"))
    report = cleaned.run(is_dry=True)
    assert (report.state, report.planned, report.pages) == ("dry_run", {"new": 1}, 0)
    assert sorted(cleaned.output.rglob("*")) == before
    cleaned.output = cleaned.root / "nowhere"
    assert cleaned.run(is_dry=True).planned == {"new": 6}
    assert not cleaned.output.exists()


def test_the_code_hash_covers_what_decides_rows(monkeypatch, tmp_path):
    """A changed file of a deciding package changes the hash, a changed file of the command line does not."""
    names = {path.as_posix() for path in fingerprint._deciding_files(Path(fingerprint.__file__).resolve().parents[1])}
    for part in (
        "/page/view.py",
        "/extract/site.py",
        "/cleaning/steps.py",
        "/run/pipeline.py",
        "/text.py",
        "/sources/",
    ):
        assert any(part in name for name in names), part
    assert not any(part in name for name in names for part in ("/cli/", "/dataset/", "/run/local.py"))


def test_the_stamp_is_the_same_for_the_same_code_and_profiles():
    """Two runs differ by their id and time alone."""
    router = load_router()
    one, two = (fingerprint.new_stamp(router, language_backend="langdetect") for _ in range(2))
    assert one.run_id != two.run_id
    assert replace(one, run_id=two.run_id, cleaned_at=two.cleaned_at) == two
