"""The local runner: a stuck or dying worker costs one page, and never the run."""

from __future__ import annotations

import pytest

from newsclean.errors import DatasetError, RunError
from newsclean.run import main_job
from newsclean.run.options import Limits

FAST = Limits(page_timeout_s=4.0)


def poison_page(project, word):
    project.page(f"{word.partition(':')[0].lower()}.html", word, url=f"https://poison.test/{len(word)}{word[0]}")


@pytest.mark.parametrize(
    ("word", "reason", "detail"),
    [
        ("SLEEP", "timeout", "took longer than 4 s"),
        ("SPIN", "timeout", "took longer than 4 s"),
        ("SEGFAULT", "crash", "the worker died on this page: it was ended by SIGSEGV"),
        ("EXIT", "crash", "the worker died on this page: it ended with exit code 7"),
        ("MEMORY", "memory", "took more than 2,048 MiB of memory"),
    ],
)
def test_a_page_that_stops_its_worker_is_rejected_and_all_others_are_cleaned(poisonous, word, reason, detail):
    """Whatever a page does to its worker, that page is rejected with the reason and its neighbours are not."""
    for name in ("a.html", "z.html"):
        poisonous.page(name, url=f"https://poison.test/{name}")
    poison_page(poisonous, word)
    report = poisonous.run(workers=1, limits=FAST)
    rows = {row["raw_path"]: row for row in poisonous.rows()}
    bad = rows.pop(f"raw/{word.lower()}.html")
    assert (bad["reason"], bad["stage"], bad["detail"]) == (reason, "run", detail)
    assert bad["raw_sha256"], "its bytes could be read, so their hash is known"
    assert [row["articles"] for row in rows.values()] == [1, 1]
    assert report.trouble_count == 1


def test_an_exception_names_its_last_line_and_place(poisonous):
    """A fault of an extractor is a `crash` with what was raised and where, the same in every run."""
    poison_page(poisonous, "RAISE")
    poisonous.run(workers=0)
    (row,) = poisonous.rows()
    assert row["reason"] == "crash"
    assert row["detail"].startswith("KeyError: 'no such thing at 0x…' (poison_extractor.py:")
    assert "called from newsclean/extract/routing.py:" in row["detail"]


def test_a_worker_that_is_killed_by_chance_costs_nothing(poisonous, tmp_path):
    """A page is blamed for the second death only: the first may have been somebody else's doing."""
    poison_page(poisonous, f"ONCE:{tmp_path}/once;")
    report = poisonous.run(workers=1)
    assert report.articles == 1
    assert report.rejections == 0
    assert (tmp_path / "once").exists()


def test_many_bad_pages_in_one_shard_cost_one_page_each(poisonous):
    """Several poisoned pages of the same shard are each rejected for their own reason."""
    for word in ("SEGFAULT", "SLEEP", "RAISE", "EXIT"):
        poison_page(poisonous, word)
    poisonous.page("good.html", url="https://poison.test/good")
    poisonous.run(workers=2, limits=FAST)
    assert poisonous.reasons() == {
        "exit.html": "crash",
        "good.html": None,
        "raise.html": "crash",
        "segfault.html": "crash",
        "sleep.html": "timeout",
    }


def test_poison_is_not_taken_again_unless_asked_for(poisonous):
    """Pages that crashed are left alone by the next run, and tried again with `retry`."""
    poison_page(poisonous, "RAISE")
    poisonous.run()
    assert poisonous.run().state == "nothing_to_do"
    report = poisonous.run(retry=True)
    assert report.planned == {"retry": 1}
    assert report.by_reason == {"crash": 1}


def test_a_worker_that_cannot_start_ends_the_run_with_its_last_words(project, monkeypatch):
    """Where no page is to blame, the run ends with an error that says how the worker died."""
    project.page("a.html")
    monkeypatch.setattr("newsclean.run.worker_process._BOOT", "raise OSError('no such luck')")
    with pytest.raises(RunError, match=r"died 3 times and no page is to blame.*exit code 1 \(OSError: no such luck\)"):
        project.run(workers=1)


def test_a_worker_that_cannot_be_made_ends_the_run(project, monkeypatch):
    """Where the system refuses another process, the message says so."""

    def refuse(*_, **__):
        raise OSError(11, "Resource temporarily unavailable")

    project.page("a.html")
    monkeypatch.setattr("subprocess.Popen", refuse)
    with pytest.raises(RunError, match=r"a worker cannot be started: .*unavailable"):
        project.run(workers=1)


def test_an_error_of_the_dataset_in_a_worker_ends_the_run_as_itself(project, monkeypatch):
    """A worker that cannot write tells why, and the run ends with that error."""

    class Spoilt(main_job.Dataset):
        @property
        def lock_handle(self):
            handle = super().lock_handle
            tmp = self.path / "_newsclean" / "tmp"
            tmp.rmdir()
            tmp.write_text("in the way")
            return handle

    project.page("a.html")
    monkeypatch.setattr(main_job, "Dataset", Spoilt)
    with pytest.raises(DatasetError, match="was not written"):
        project.run(workers=1)


def test_a_wish_to_stop_ends_the_run_and_keeps_what_is_committed(project):
    """A stopped run says so, holds whole shards only, and the next run goes on where it was."""
    for number in range(60):
        project.page(f"{number:02}.html", f"Words {number}.")
    seen = []

    def should_stop():
        return bool(seen)

    report = project.run(workers=0, on_progress=lambda p: p.pages > 30 and seen.append(p), should_stop=should_stop)
    assert report.state == "interrupted"
    assert 0 < report.pages < 60
    again = project.run(workers=0)
    assert (again.planned, again.pages) == ({"new": 60 - report.pages}, 60 - report.pages)
    assert len(project.rows()) == 60


def test_rows_are_the_same_with_any_number_of_workers(make_project, tmp_path):
    """One worker, two workers or none of its own: the tables hold the same rows."""
    found = []
    for workers in (0, 1, 2):
        (tmp_path / str(workers)).mkdir()
        project = make_project(tmp_path / str(workers))
        for number in range(60):
            project.page(f"{number}.html", f"Words {number}.")
        project.run(workers=workers)
        found.append([project.rows(table) for table in ("articles", "pages", "removals")])
    assert found[0] == found[1] == found[2]
    assert all(found[0])
