"""Archives that are broken or meant to do harm: a clear word with file and place, and the rest is processed."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import making
import pytest

PAGES = 1_500
GOOD = """<!doctype html><html lang="en"><head><title>Ferry {number} is back</title></head><body><h1>Ferry is back</h1>
<article><p>The harbour master of Lowmark said on Monday that ferry {number} would sail again this week.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide of the year.</p></article>
</body></html>"""


def command(*options):
    return [sys.executable, "-m", "newsclean", "clean", *options, "-o", "clean", "--workers", "1"]


def test_bad_archives_are_told_with_their_places_and_the_rest_is_cleaned(tmp_path):
    """Not a WARC, empty, a bomb, a record of ten gigabytes, names that lead out, broken lines: all in one run."""
    raw = tmp_path / "raw"
    raw.mkdir()
    records = making.warc_records()
    liar = records[3].replace(b"Content-Length: ", b"Content-Length: 10000000000\r\nX: ", 1)
    bomb = making.packed(records[:2]) + gzip.compress(
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 400000000\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
        + bytes(400_000_000)
    )
    lines = making.json_lines().splitlines(keepends=True)
    members = [("datapackage.json", b"{}"), ("../../x.warc", b"x"), ("a.warc", b"".join(records))]
    content = {
        "not.warc.gz": b"This is no archive at all.",
        "empty.warc.gz": b"",
        "bomb.warc.gz": bomb,
        "liar.warc": b"".join([*records[:3], liar, *records[4:]]),
        "names.wacz": making.zipped(members, zipfile.ZIP_STORED),
        "lines.jsonl": b"".join([*lines[:2], b"{broken\n", *lines[2:]]),
        "cut.parquet": making.parquet()[:-40],
        "cut.zip": making.zipped(making.page_files())[:-40],
        "cut.tar.gz": gzip.compress(making.tarred(making.page_files()))[:-40],
        "good.html": GOOD.format(number=1).encode(),
    }
    for name, body in content.items():
        (raw / name).write_bytes(body)
    done = subprocess.run(
        command("raw", "--html-column", "html", "--json"), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    for words in (
        "raw/bomb.warc.gz: broken_archive: bytes ",
        "raw/liar.warc: broken_archive: bytes ",
        " bytes too early",
        "raw/names.wacz: unreadable: refused: the name '../../x.warc' leads out of the archive",
        "raw/lines.jsonl: broken_archive: line 3: no JSON",
        "raw/cut.parquet: broken_archive: no Parquet file that can be read",
        "raw/cut.zip: broken_archive: bytes 0 to ",
        "raw/cut.tar.gz: broken_archive: from byte ",
    ):
        assert words in done.stderr, (words, done.stderr)
    from newsclean.dataset import Dataset, verify

    dataset = Dataset.open(tmp_path / "clean", create=False)
    rows = list(dataset.iter_rows("pages", ["raw_path", "reason", "raw_sha256"]))
    reasons = {}
    for row in rows:
        reasons.setdefault(Path(row["raw_path"]).name, []).append(row["reason"])
    assert reasons["not.warc.gz"] == ["not_an_article"] or reasons["not.warc.gz"][0] in {"no_body", "not_an_article"}
    assert reasons["empty.warc.gz"] == ["empty"]
    assert reasons["good.html"] == [None]
    for name, count in {"liar.warc": 11, "names.wacz": 12, "lines.jsonl": 12}.items():
        bodies = [row for row in rows if row["raw_path"].endswith(name) and row["raw_sha256"]]
        assert len(bodies) == count, name
    assert not list(verify(tmp_path / "clean"))


def large(path):
    """Write an archive that is cut into some parts."""
    story = GOOD.format(number=0) + "<!-- " + "x" * 9_000 + " -->"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    with path.open("wb") as out:
        for number in range(PAGES):
            block = head + story.replace("ferry 0", f"ferry {number}").encode()
            fields = b"WARC-Type: response\r\nWARC-Target-URI: https://lowmark.test/%d\r\n" % number
            out.write(b"WARC/1.0\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n" % (fields, len(block), block))


@pytest.mark.slow
@pytest.mark.skipif("NEWSCLEAN_KILLS" not in os.environ, reason="takes minutes: set NEWSCLEAN_KILLS to a number")
def test_any_number_of_kills_in_a_large_archive_leaves_the_rows_of_an_undisturbed_run(tmp_path, rows):
    """Cut into parts, killed at random moments and run again: the rows of one run, and the dataset verifies."""
    from newsclean.dataset import verify

    large(tmp_path / "a.warc")
    began = time.monotonic()
    subprocess.run(command("a.warc", "-q"), cwd=tmp_path, check=True)
    whole_s = time.monotonic() - began
    wanted = rows(tmp_path / "clean")
    dice = random.Random(22)
    kills = 0
    (tmp_path / "again").mkdir()
    while kills < int(os.environ["NEWSCLEAN_KILLS"]):
        process = subprocess.Popen(command("../a.warc", "-q"), cwd=tmp_path / "again", start_new_session=True)
        try:
            process.wait(dice.uniform(0.3, whole_s))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
            continue
        assert process.returncode == 0
        assert not list(verify(tmp_path / "again" / "clean"))
        found = rows(tmp_path / "again" / "clean")
        # The archive lies beside another dataset: its path and what is named after it differ, nothing else.
        assert {table: len(values) for table, values in found.items()} == {t: len(v) for t, v in wanted.items()}
        shutil.rmtree(tmp_path / "again" / "clean")
    subprocess.run(command("../a.warc", "-q"), cwd=tmp_path / "again", check=True)
    assert not list(verify(tmp_path / "again" / "clean"))
    bodies = [sorted(row["body"] for row in each["articles"]) for each in (wanted, rows(tmp_path / "again" / "clean"))]
    assert bodies[0] == bodies[1]


@pytest.mark.slow
def test_ctrl_c_in_the_midst_of_a_large_archive(tmp_path):
    """Whole parts stay, the command says how to go on, and the next run does what is missing."""
    large(tmp_path / "a.warc")
    process = subprocess.Popen(command("a.warc"), cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    commits = tmp_path / "clean" / "_newsclean" / "commits"
    began = time.monotonic()
    while not (commits.is_dir() and any(commits.iterdir())) and time.monotonic() < began + 120:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    from newsclean.dataset import Dataset, verify

    done = sum(1 for _ in Dataset.open(tmp_path / "clean", create=False).iter_rows("pages", ["raw_path"]))
    if process.returncode == 130:  # else it was done before the signal came
        assert 0 < done < PAGES, errors
    before = {path.name for path in commits.iterdir()}
    again = subprocess.run(command("a.warc", "--json"), cwd=tmp_path, capture_output=True, text=True, check=True)
    assert process.returncode != 130 or f'"pages": {PAGES - done}' in again.stdout
    assert before <= {path.name for path in commits.iterdir()}
    assert not list(verify(tmp_path / "clean"))
    assert sum(1 for _ in Dataset.open(tmp_path / "clean", create=False).iter_rows("pages", ["raw_path"])) == PAGES
