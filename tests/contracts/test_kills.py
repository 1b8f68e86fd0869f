"""Nothing is lost and nothing doubled: a run may be killed anywhere, the next one makes it whole.

NEWSCLEAN_KILLS sets how many kills there are (10 without it).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

KILLS = int(os.environ.get("NEWSCLEAN_KILLS", "10"))


def start(paths, output):
    command = [sys.executable, "-m", "newsclean", "clean", *map(str, paths), "-o", str(output), "-q", "--workers", "2"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)


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


@pytest.mark.slow
def test_any_number_of_kills_leaves_the_rows_of_an_undisturbed_run(shared, tmp_path, rows, files_below):
    """After each kill the dataset can be read, and when a run gets through, it is as if there had been one run."""
    pages = shared / "pages"
    folders = [pages / name for name in ("kremlin", "publishers", "tass", "chinadaily", "xinhua", "dumps/kremlin")]
    assert len(files_below(*folders)) > 300
    began = time.monotonic()
    finish(start(folders, tmp_path / "undisturbed"))
    whole_s = time.monotonic() - began
    wanted = rows(tmp_path / "undisturbed")
    dice = random.Random(20)
    kills, rounds = 0, 0
    output = tmp_path / "0"
    while kills < KILLS:
        process = start(folders, output)
        if is_killed_after(process, dice.uniform(0.2, max(3.0, whole_s / 3)), whole_group=dice.random() < 0.5):
            kills += 1
            check_readable(output)
            continue
        assert rows(output) == wanted
        rounds += 1
        output = tmp_path / str(rounds)
    finish(start(folders, output))
    assert rows(output) == wanted


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
