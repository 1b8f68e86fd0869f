"""Bad input: a clear message with file, place and remedy; one bad page is a rejection; what is committed stays."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from newsclean.cli.exit_codes import ExitCode

GOOD = """<!doctype html><html lang="en"><head><title>Ferry {number} is back</title></head><body><h1>Ferry is back</h1>
<article><p>The harbour master of Lowmark said on Monday that ferry {number} would sail again this week.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide of the year.</p>
<p>The ferry takes forty minutes to the mainland, and has done so since it was built long ago.</p></article>
</body></html>"""


class Folder:
    """A working directory with good pages, cleaned once; then comes what is bad."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.raw = root / "raw"
        self.raw.mkdir()
        for number in range(3):
            self.write(f"good{number}.html", GOOD.format(number=number))

    def write(self, name, content):
        (self.raw / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def clean(self, *options, paths=("raw",), output="clean", preexec=None):
        command = [sys.executable, "-m", "newsclean", "clean", *paths, "-o", output, "--workers", "1", *options]
        return subprocess.run(
            command, cwd=self.root, capture_output=True, text=True, check=False, timeout=120, preexec_fn=preexec
        )

    def verify(self):
        command = [sys.executable, "-m", "newsclean", "verify", "clean", "-q"]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def reasons(self):
        from newsclean.dataset import Dataset

        rows = Dataset.open(self.root / "clean", create=False).iter_rows("pages", ["raw_path", "reason"])
        return {Path(row["raw_path"]).name: row["reason"] for row in rows}


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def cleaned(folder):
    """Return a folder whose good pages are committed, with what must stay of them."""
    assert folder.clean("-q").returncode == 0
    return folder


def parts(folder):
    """Return every committed file by its bytes."""
    return {path: path.read_bytes() for path in sorted(folder.root.glob("clean/*/*.parquet"))}


def test_bad_pages_are_rejections_and_good_ones_are_cleaned(folder):
    """Each kind of bad page has its reason, and costs no other page."""
    bad = {
        "empty.html": (b"", "empty"),
        "blank.txt": (b" \n\t\n", "empty"),
        "binary.html": (bytes(range(256)) * 64, "binary"),
        "huge.html": (b"<p>word</p>" * 6_000_000, "too_large"),
        "bomb.html.gz": (gzip.compress(bytes(80_000_000), 9), "too_large"),
        "broken.html.gz": (gzip.compress(GOOD.encode() * 50)[:-20], "broken_compression"),
        "doctype.html": (b"<!doctype html>", None),
    }
    for name, (content, _) in bad.items():
        folder.write(name, content)
    done = folder.clean("--json")
    assert done.returncode == ExitCode.TROUBLE, done.stderr
    for name in ("huge.html", "bomb.html.gz", "broken.html.gz"):
        assert f"raw/{name}: {bad[name][1]}: " in done.stderr
    reasons = folder.reasons()
    for name, (_, reason) in bad.items():
        assert reasons[name] == reason if reason else reasons[name] is not None, name
    assert [reasons[f"good{number}.html"] for number in range(3)] == [None] * 3
    folder.verify()


@pytest.mark.parametrize("declared", ["utf-16", "no-such-charset", "ascii", "shift_jis"])
def test_a_wrong_or_unknown_charset_is_seen_through(folder, declared):
    """A page that declares another charset than its own is read in its own."""
    text = GOOD.replace("Nobody on the island", "Никто на острове").format(number=7)
    folder.write("odd.html", text.replace("<head>", f'<head><meta charset="{declared}">'))
    (folder.raw / "manifest.jsonl").write_text(json.dumps({"file": "odd.html", "charset": declared}))
    assert folder.clean("-q").returncode == 0
    from newsclean.dataset import Dataset

    bodies = [row["body"] for row in Dataset.open(folder.root / "clean", create=False).iter_rows("articles", ["body"])]
    assert any("Никто на острове" in body for body in bodies)


def test_a_symlink_loop_and_a_link_to_nowhere_are_passed_over(folder):
    """A folder that contains itself is walked once."""
    (folder.raw / "loop").symlink_to(folder.raw, target_is_directory=True)
    (folder.raw / "self").symlink_to("self")
    (folder.raw / "gone.html").symlink_to(folder.root / "nowhere.html")
    done = folder.clean("--json")
    assert done.returncode in {0, 1}, done.stderr
    assert json.loads(done.stdout)["articles"] == 3
    folder.verify()


def test_a_file_that_vanishes_in_mid_run_is_a_rejection(folder):
    """What was found and is gone when it is read is `vanished`, and the run goes on."""
    for number in range(60):
        folder.write(f"page{number:02}.html", GOOD.format(number=number))

    def take_away():
        while not (folder.root / "clean" / "_newsclean" / "lock").exists():
            time.sleep(0.005)
        time.sleep(0.1)
        (folder.raw / "page59.html").unlink()

    thread = threading.Thread(target=take_away)
    thread.start()
    done = folder.clean("--json")
    thread.join()
    assert done.returncode == 1, done.stderr
    assert "page59.html: vanished" in done.stderr
    assert folder.reasons()["page59.html"] == "vanished"
    assert json.loads(done.stdout)["articles"] == 62
    folder.verify()


def test_a_file_that_cannot_be_read_is_a_rejection_with_exit_code_1(folder):
    """A page without permission is told, and the others are cleaned."""
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (folder.raw / "good0.html").chmod(0)
    done = folder.clean()
    assert done.returncode == 1
    assert "good0.html: unreadable" in done.stderr


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda root: (root / "out").write_text("x"), ["out", "is a file", "give a folder"]),
        (lambda root: (root / "out" / "photos").mkdir(parents=True), ["out", "holds other things", "photos"]),
    ],
)
def test_an_output_that_cannot_be_a_dataset_is_refused(folder, prepare, words):
    """A file, or a folder with other things in it, is left as it is."""
    prepare(folder.root)
    done = folder.clean(output="out")
    assert done.returncode == 3
    for word in words:
        assert word in done.stderr
    assert done.stderr.count("\n") == 1, "a message and no traceback"


def test_a_read_only_output_is_refused(folder):
    """A folder that may not be written to is told with the way out."""
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (folder.root / "out").mkdir(mode=0o500)
    done = folder.clean(output="out/clean")
    assert done.returncode == 3
    assert "permission" in done.stderr.lower()


def test_a_full_disk_stops_the_run_and_touches_nothing(cleaned):
    """When no more can be written the run ends with 3 and the remedy; afterwards it goes on where it was."""
    before = parts(cleaned)
    for number in range(200):
        cleaned.write(f"more{number}.html", GOOD.format(number=number) + os.urandom(3000).hex())

    def allow_little():
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))

    done = cleaned.clean("--language-backend", "langdetect", preexec=allow_little)
    assert done.returncode == 3, (done.returncode, done.stderr)
    assert "was not written" in done.stderr
    assert "run again" in done.stderr
    assert {path: content for path, content in parts(cleaned).items() if path in before} == before
    assert cleaned.clean("-q").returncode == 0
    assert len(cleaned.reasons()) == 203
    cleaned.verify()


@pytest.fixture
def mount(tmp_path):
    """Return what mounts a small file system, and skip where that is not allowed."""
    place = tmp_path / "small"
    place.mkdir()

    def mounted(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "none", str(place)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("no file system may be mounted here")
        return place

    yield mounted
    if os.path.ismount(place):
        subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_really_full_stops_the_run_and_touches_nothing(folder, mount):
    """The same on a small file system."""
    output = mount("size=300k") / "clean"
    assert folder.clean("-q", output=str(output)).returncode == 0
    before = {path: path.read_bytes() for path in output.glob("*/*.parquet")}
    for number in range(300):
        folder.write(f"more{number}.html", GOOD.format(number=os.urandom(2000).hex()))
    done = folder.clean(output=str(output))
    assert done.returncode == 3
    assert "the disk is full" in done.stderr
    assert before.items() <= {path: path.read_bytes() for path in output.glob("*/*.parquet")}.items()


def test_a_read_only_disk_is_refused(folder, mount):
    """A file system that may not be written to is told with the way out."""
    done = folder.clean(output=str(mount("ro") / "clean"))
    assert done.returncode == 3
    assert "ead-only file system" in done.stderr
    assert done.stderr.count("\n") == 1, "a message and no traceback"


def test_a_dataset_of_a_newer_version_is_refused(cleaned):
    """What a newer newsclean wrote is not touched, and the message says so."""
    marker = cleaned.root / "clean" / "_newsclean" / "dataset.json"
    values = json.loads(marker.read_text())
    marker.write_text(json.dumps(values | {"schema_version": values["schema_version"] + 1}))
    before = parts(cleaned)
    cleaned.write("new.html", GOOD.format(number=9))
    done = cleaned.clean()
    assert done.returncode == 3
    assert "use a newer newsclean" in done.stderr
    assert parts(cleaned) == before


def test_bad_manifest_rows_are_told_by_line_and_cost_no_page(folder):
    """Each row that cannot be used is named with file, line and remedy; the pages are cleaned without it."""
    rows = ["{no json", "[1]", '{"url": "https://lowmark.test/1"}', '{"file": "good1.html", "fetched_at": "yesterday"}']
    (folder.raw / "manifest.jsonl").write_text("\n".join(rows))
    done = folder.clean()
    assert done.returncode == 0
    for line in range(1, 5):
        assert f"manifest.jsonl:{line}: " in done.stderr
    assert set(folder.reasons().values()) == {None}


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ('publisher = "X"\nhots = ["x.test"]\nlayout = []\n', ["x.test.toml", "hots", 'did you mean "hosts"']),
        (
            'publisher = "X"\n[[layout]]\nname = "a"\n[layout.text]\nevidence = ["(unclosed"]\n[[layout.text.head]]\n',
            ["x.test.toml", "evidence", "(unclosed"],
        ),
        ("publisher = [", ["x.test.toml", "no TOML"]),
    ],
)
def test_a_profile_that_cannot_be_used_stops_before_anything_is_done(cleaned, profile, words):
    """File, key and remedy are named; nothing is cleaned by halves."""
    (cleaned.root / "sites").mkdir()
    (cleaned.root / "sites" / "x.test.toml").write_text(profile)
    before = parts(cleaned)
    cleaned.write("new.html", GOOD.format(number=9))
    done = cleaned.clean("--sites", "sites")
    assert done.returncode == 2
    for word in words:
        assert word in done.stderr
    assert done.stderr.count("\n") == 1, "a message and no traceback"
    assert parts(cleaned) == before


def test_a_path_that_is_not_there_is_told(cleaned):
    """A mistyped path is a usage error and changes nothing."""
    before = parts(cleaned)
    done = cleaned.clean(paths=("rawr",))
    assert done.returncode == 2
    assert "rawr" in done.stderr
    assert parts(cleaned) == before
