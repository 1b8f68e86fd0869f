"""Nothing is lost and nothing doubled: a run may be killed anywhere, the next one makes it whole.

NEWSCLEAN_KILLS sets how many kills there are (10 without it): 40 of 100 over runs on the disk, 30 over `compact`,
30 over runs into an object store, a third of these over `compact` there.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

KILLS = int(os.environ.get("NEWSCLEAN_KILLS", "10"))
WORDS = ("tide", "wind", "ferry", "harbour", "island", "said", "the", "of", "on", "Monday", "council", "and", "storm")
PAGE = (
    "<html lang='en'><head><title>Notice {}</title></head><body><h1>Notice {}</h1><article>{}</article></body></html>"
)


def start(paths, output):
    return command("clean", *paths, "-o", output, "-q", "--workers", "2")


def command(*arguments):
    line = [sys.executable, "-m", "newsclean", *map(str, arguments)]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def finish(process):
    """Wait for the end of a run that nobody disturbs."""
    _, errors = process.communicate(timeout=600)
    assert process.returncode in {0, 1}, errors.decode()


def kill(process, *, whole_group):
    """Kill the run's first process, its workers being left to the system, or all of them at once."""
    if whole_group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate(timeout=60)


def is_killed_after(process, delay_s, *, whole_group):
    """Let a run go on for a while, then kill it; return False where it ended before."""
    try:
        process.wait(delay_s)
    except subprocess.TimeoutExpired:
        kill(process, whole_group=whole_group)
        return True
    finish(process)
    return False


def check_readable(output):
    """Whatever moment a run was killed at: every file in the data folders is whole."""
    import pyarrow.parquet as pq

    for table in ("articles", "pages", "removals"):
        for path in (output / table).glob("*"):
            pq.read_metadata(path)


def endure(kills, begin, *, longest_s, dice, after_kill, when_through):
    """Kill what `begin` begins at random moments, so many times; what gets through is looked at and begun anew.

    All three are called with the number of the round: a round goes on, kill after kill, until a run gets through.
    """
    number = 0
    while kills > 0:
        process = begin(number)
        if is_killed_after(process, dice.uniform(0.2, longest_s), whole_group=dice.random() < 0.5):
            kills -= 1
            after_kill(number)
        else:
            when_through(number)
            number += 1
    finish(begin(number))
    when_through(number)


def took_s(process):
    """Wait for the end of a run that nobody disturbs, and return how long it took."""
    began = time.monotonic()
    finish(process)
    return time.monotonic() - began


def check_sound(output):
    """`verify` finds nothing."""
    done = subprocess.run([sys.executable, "-m", "newsclean", "verify", str(output)], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def invented(folder, *, pages, words):
    """Write pages of random words, which do not pack well, to a folder; return it."""
    folder.mkdir(parents=True)
    dice = random.Random(folder.name)
    for number in range(pages):
        said = [f"{dice.choice(WORDS)} {dice.randrange(10**6)}" for _ in range(words)]
        paragraphs = [" ".join(said[at : at + 40]) for at in range(0, words, 40)]
        text = "".join(f"<p>{paragraph.capitalize()}.</p>" for paragraph in paragraphs)
        (folder / f"{number}.html").write_text(PAGE.format(number, number, text))
    return folder


@pytest.mark.slow
def test_any_number_of_kills_leaves_the_rows_of_an_undisturbed_run(shared, tmp_path, rows, files_below):
    """After each kill the dataset can be read, and when a run gets through, it is as if there had been one run."""
    pages = shared / "pages"
    folders = [pages / name for name in ("kremlin", "publishers", "tass", "chinadaily", "xinhua", "dumps/kremlin")]
    assert len(files_below(*folders)) > 300
    whole_s = took_s(start(folders, tmp_path / "undisturbed"))
    wanted = rows(tmp_path / "undisturbed")

    def when_through(number):
        assert rows(tmp_path / str(number)) == wanted
        check_sound(tmp_path / str(number))

    endure(
        KILLS * 4 // 10,
        lambda number: start(folders, tmp_path / str(number)),
        longest_s=max(3.0, whole_s / 3),
        dice=random.Random(20),
        after_kill=lambda number: check_readable(tmp_path / str(number)),
        when_through=when_through,
    )


@pytest.mark.slow
def test_a_compaction_may_be_killed(tmp_path, rows):
    """Rows that were there before are there after each kill, and in fewer files when one gets through."""
    from newsclean import clean

    made = tmp_path / "made"
    for number in range(10):
        folder = invented(tmp_path / "raw" / str(number), pages=6, words=6_000)
        clean(folder, made, workers=0)
    wanted = rows(made)
    before = len(list((made / "articles").iterdir()))

    def begin(number):
        output = tmp_path / str(number)
        if not output.exists():
            shutil.copytree(made, output)
        return command("compact", "--target-mb", "1", output)

    def when_through(number):
        assert rows(tmp_path / str(number)) == wanted
        assert 1 < len(list((tmp_path / str(number) / "articles").iterdir())) < before
        check_sound(tmp_path / str(number))

    whole_s = took_s(begin(0))
    when_through(0)
    shutil.rmtree(tmp_path / "0")
    endure(
        KILLS * 3 // 10,
        begin,
        longest_s=whole_s * 1.1,
        dice=random.Random(21),
        after_kill=lambda number: check_readable(tmp_path / str(number)),
        when_through=when_through,
    )


@pytest.mark.slow
def test_runs_into_an_object_store_may_be_killed(object_store, tmp_path, rows):
    """Cleaned into a store, and compacted there, with kills in between: the rows of a local run."""
    folders = [invented(tmp_path / "raw" / str(number), pages=25, words=300) for number in range(4)]
    object_store.create_bucket(Bucket="killed")
    finish(start(folders, tmp_path / "elsewhere" / "undisturbed"))
    wanted = rows(tmp_path / "elsewhere" / "undisturbed")

    def output(number):
        return f"s3://killed/{number}/clean"

    def when_through(number):
        assert rows(output(number)) == wanted
        check_sound(output(number))

    def after_kill(number):
        """Whatever moment it was: what is committed can be read, and each page is there once."""
        found = object_store.list_objects_v2(Bucket="killed", Prefix=f"{number}/clean/_newsclean/dataset.json")
        if found.get("KeyCount"):
            pages = [row["raw_path"] for row in rows(output(number))["pages"]]
            assert len(pages) == len(set(pages))

    def compacted(number):
        when_through(number)
        assert object_store.list_objects_v2(Bucket="killed", Prefix=f"{number}/clean/articles/")["KeyCount"] == 1

    def begin_compaction(number):
        if number not in cleaned:
            finish(start(folders, output(number)))
            cleaned.add(number)
        return command("compact", output(number))

    kills = KILLS - KILLS * 4 // 10 - KILLS * 3 // 10
    whole_s = took_s(start(folders, output("whole")))
    cleaned = {"whole"}
    compact_s = took_s(begin_compaction("whole"))
    compacted("whole")
    dice = random.Random(22)
    endure(
        kills - kills // 3,
        lambda number: start(folders, output(number)),
        longest_s=whole_s,
        dice=dice,
        after_kill=after_kill,
        when_through=when_through,
    )
    cleaned.clear()
    endure(
        kills // 3,
        lambda number: begin_compaction(f"c{number}"),
        longest_s=compact_s * 0.9,
        dice=dice,
        after_kill=lambda number: after_kill(f"c{number}"),
        when_through=lambda number: compacted(f"c{number}"),
    )


@pytest.mark.slow
def test_a_killed_worker_is_replaced_in_the_same_run(shared, tmp_path, rows):
    """A worker that somebody kills costs nothing: the run goes on and its rows are those of an undisturbed one."""
    folders = [shared / "pages" / "kremlin"]
    finish(start(folders, tmp_path / "undisturbed"))
    process = start(folders, tmp_path / "disturbed")
    dice = random.Random(21)
    for _ in range(4):
        time.sleep(dice.uniform(0.5, 1.5))
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False).stdout
        for child in children.split()[:1]:
            os.kill(int(child), signal.SIGKILL)
    finish(process)
    assert rows(tmp_path / "disturbed") == rows(tmp_path / "undisturbed")
