"""The sample archives of other projects, sound and damaged: read as the reference reader reads them, or better."""

from __future__ import annotations

import pytest

from newsclean.errors import PageError
from newsclean.model import Reason
from newsclean.sources import SourceFile, archive_of, split, splitting

MOST = 50_000_000
# Where the reference reader is not right: it takes records whose length is no number for empty ones, and the
# beginning of a record that was cut, or that lies in two gzip members, for the whole.
_WRONG = {
    "bad.arc",
    "clipped.warc.gz",
    "example-space-in-url.arc",
    "example-trunc.warc",
    "example-wrong-chunks.warc.gz",
}


def files(shared):
    found = sorted((shared / "pages" / "warc").rglob("*"))
    return [
        SourceFile(path=path, raw_path=path.name, size_bytes=path.stat().st_size, mtime_ns=0)
        for path in found
        if path.is_file()
    ]


def pages(file):
    archive = archive_of(file, max_bytes=MOST)
    return [page for page in archive.pages() if page] if archive else []


def by_reference(path):
    """Return (address, body) of the usable records as warcio gives them, and whether it came to the end."""
    from warcio.archiveiterator import ArchiveIterator

    found = []
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, arc2warc=True):
                if record.rec_type in {"response", "resource", "conversion", "revisit"}:
                    body = record.content_stream().read() if record.rec_type != "revisit" else b""
                    found.append((record.rec_headers.get_header("WARC-Target-URI"), body))
    except Exception as error:  # noqa: BLE001  (it raises what it likes)
        return found, str(error) or type(error).__name__
    return found, None


def body_of(page):
    try:
        return page.read(max_bytes=MOST).body
    except PageError as error:
        return b"" if error.reason in {Reason.EMPTY, Reason.REVISIT} else None


def test_usable_records_are_those_of_the_reference_reader(shared):
    """Of every sound archive all addresses and bodies are the same; of a damaged one none is missing that it gives."""
    compared = archives = 0
    for file in files(shared):
        found = [page for page in pages(file) if body_of(page) is not None]
        if not found and not pages(file):
            continue
        wanted, trouble = by_reference(file.path)
        archives += 1
        if file.path.name in _WRONG:
            continue
        if trouble:  # it stops at the first break
            assert len(found) >= len(wanted) - 1, (file.path, trouble)  # the last one that it gives may be cut
            continue
        ours = [(page.facts.url, body_of(page)) for page in found]
        is_page = [page.facts.status in {None, 200} for page in found]  # of all others the body is left as it came
        theirs = [(url.strip("<> ").replace(" ", "%20") if url else None, body) for url, body in wanted]
        assert [url for url, _ in ours] == [url for url, _ in theirs], file.path
        for (url, own), (_, other), matters in zip(ours, theirs, is_page, strict=True):
            # It leaves a second gzip around a body.
            assert own == other or not matters or other.startswith(b"\x1f\x8b"), (file.path, url, own[:80], other[:80])
        compared += len(ours)
    assert archives > 40
    assert compared > 300


def test_damage_is_reported_with_its_bytes(shared):
    """Each archive that is cut or broken has a rejection that says from which byte to which."""
    damaged = {}
    for file in files(shared):
        for page in pages(file):
            try:
                page.read(max_bytes=MOST)
            except PageError as error:
                if error.reason is Reason.BROKEN_ARCHIVE and "a record of type" not in error.detail:
                    damaged.setdefault(file.path.name, []).append(error.detail)
    assert {"clipped.warc.gz", "bad.arc", "example-trunc.warc"} <= set(damaged)
    for name, details in damaged.items():
        assert all(detail.startswith("bytes ") and " cannot be read: " in detail for detail in details), (name, details)


def test_samples_are_the_same_in_parts(shared, monkeypatch):
    """Cut as finely as can be, every sample, damaged ones too, gives what it gives whole."""
    for name, value in {"_GRAIN": 1, "_LEAST_WEIGHT": 1, "_PIECES": 10_000}.items():
        monkeypatch.setattr(splitting, name, value)
    cut = 0
    for file in files(shared):
        if file.size_bytes > 300_000:
            continue
        whole = [(page.facts, body_of(page)) for page in pages(file)]
        parts = split(file, max_bytes=MOST)
        cut += len(parts) > 1
        assert [(page.facts, body_of(page)) for part in parts for page in pages(part)] == whole, file.path
    assert cut > 20


@pytest.mark.slow
def test_a_capture_gives_the_same_text_in_each_form(shared, tmp_path):
    """The same capture as WARC, plain and gz: the same articles; as WET, plain and gz: one outcome in both."""
    from newsclean.run.public import clean

    folder = shared / "pages" / "warc" / "whirlwind-python"
    names = ("whirlwind.warc", "whirlwind.warc.gz", "whirlwind.warc.wet", "whirlwind.warc.wet.gz")
    clean([folder / name for name in names], tmp_path / "clean", workers=0)
    from newsclean.dataset import Dataset

    dataset = Dataset.open(tmp_path / "clean", create=False)
    found = {name: [] for name in names}
    for row in dataset.iter_rows("articles", ["raw_path", "url", "title", "body", "language"]):
        found[row["raw_path"].rpartition("/")[2]].append((row["url"], row["title"], row["body"], row["language"]))
    assert found["whirlwind.warc"]
    assert found["whirlwind.warc"] == found["whirlwind.warc.gz"]
    assert found["whirlwind.warc.wet"] == found["whirlwind.warc.wet.gz"]
    assert len(list(dataset.iter_rows("pages"))) == 4
