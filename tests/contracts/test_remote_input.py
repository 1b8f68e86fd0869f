"""Pages in an object store: the same rows as from the disk, and clear words for what a store refuses."""

from __future__ import annotations

import subprocess
import sys

import making
import pytest

HTML = """<!doctype html><html lang="en"><head><title>Ferry {number} is back</title></head><body><h1>Ferry is back</h1>
<article><p>The harbour master of Lowmark said on Monday that ferry {number} would sail again this week.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide of the year.</p></article>
</body></html>"""


@pytest.fixture(scope="module")
def bucket(object_store):
    """Return a bucket with pages, archives of some kinds, and what is no page."""
    object_store.create_bucket(Bucket="raw-pages")
    kinds = making.all_kinds()
    content = {f"pages/{number}.html": HTML.format(number=number).encode() for number in range(3)}
    content |= {f"archives/{name}": kinds[name] for name in ("packed.warc.gz", "pages.wacz", "pages.parquet")}
    content |= {f"archives/{name}": kinds[name] for name in ("pages.jsonl.gz", "pages.zip", "pages.tar")}
    content |= {"pages/style.css": b"p {}", "archives/manifest.jsonl": b"{}"}
    for key, body in content.items():
        object_store.put_object(Bucket="raw-pages", Key=key, Body=body)
    return content


def clean(folder, *paths, code=0):
    command = [sys.executable, "-m", "newsclean", "clean", *paths, "-o", str(folder / "clean"), "--workers", "1"]
    command += ["--html-column", "html", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


def test_an_object_store_gives_the_rows_of_a_folder(bucket, tmp_path, rows):
    """All kinds of files, by prefix: the rows differ in their paths alone, and a second run has nothing to do."""
    local = tmp_path / "local"
    for key, body in bucket.items():
        if "manifest" not in key:
            (local / "raw-pages" / key).parent.mkdir(parents=True, exist_ok=True)
            (local / "raw-pages" / key).write_bytes(body)
    (tmp_path / "remote").mkdir()
    clean(local, "raw-pages")
    clean(tmp_path / "remote", "s3://raw-pages/")
    found, wanted = rows(tmp_path / "remote" / "clean"), rows(local / "clean")
    assert len(found["pages"]) == 3 + 6 * making.COUNT
    for table, values in found.items():
        own = [{**row, "raw_path": row["raw_path"].removeprefix("s3://"), "article_id": ""} for row in values]
        assert sorted(own, key=repr) == sorted(({**row, "article_id": ""} for row in wanted[table]), key=repr), table
    assert '"nothing_to_do"' in clean(tmp_path / "remote", "s3://raw-pages").stdout


def test_patterns_and_single_objects(bucket, tmp_path):
    """A pattern takes what matches it, an object's own name takes that object."""
    from newsclean.sources import discover

    found = discover(["s3://raw-pages/pages/[01].html", "s3://raw-pages/pages/style.css"], base=tmp_path)
    assert [file.path.name for file in found.files] == ["0.html", "1.html", "style.css"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("s3://no-such-bucket/", ["s3://no-such-bucket/", "no bucket", "aws s3 ls"]),
        ("s3://raw-pages/nothing-here/", ["s3://raw-pages/nothing-here/", "no bucket or folder"]),
        ("s3://raw-pages/*.nothing", ["nothing there"]),
        ("s3://", ["names no bucket"]),
    ],
)
def test_what_is_not_there_is_told(bucket, tmp_path, address, words):
    """Alone it is an error, beside other input a problem that counts as lost input."""
    from newsclean.errors import ConfigError
    from newsclean.sources import discover

    with pytest.raises(ConfigError) as caught:
        discover([address], base=tmp_path)
    assert all(word in str(caught.value) for word in words)
    (tmp_path / "a.html").write_text(HTML.format(number=1))
    found = discover([address, str(tmp_path / "a.html")], base=tmp_path)
    assert [(problem.where, problem.is_lost) for problem in found.problems] == [(address, True)]
    assert len(found.files) == 1


def test_the_rest_is_cleaned_where_a_store_gives_nothing(bucket, tmp_path):
    """The command says what is missing, cleans the others, and tells by its exit code that somebody should look."""
    (tmp_path / "a.html").write_text(HTML.format(number=1))
    done = clean(tmp_path, "s3://no-such-bucket/", "a.html", code=1)
    assert '"articles": 1' in done.stdout
    assert "s3://no-such-bucket/: no bucket or folder of this name" in done.stderr


def test_a_store_that_denies_is_told(bucket, tmp_path, monkeypatch):
    """Keys that may not list: the message names the keys to give."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Denying(BaseHTTPRequestHandler):
        def do_GET(self):
            body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
            self.send_response(403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        do_HEAD = do_GET  # noqa: N815  (as the server calls it)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Denying)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    done = clean(tmp_path, "s3://raw-pages/", code=2)
    server.shutdown()
    server.server_close()
    assert "denies access" in done.stderr
    assert "AWS_ACCESS_KEY_ID" in done.stderr


def test_an_object_that_is_gone_when_it_is_read_is_a_rejection(bucket):
    """Between listing and reading an object may go: it is `vanished`."""
    from pathlib import Path

    from newsclean.errors import Reason, UnreadablePage
    from newsclean.sources import SourceFile, read_page

    address = "s3://raw-pages/gone.html"
    file = SourceFile(path=Path(address), raw_path=address, size_bytes=1, mtime_ns=0)
    with pytest.raises(UnreadablePage) as caught:
        read_page(file)
    assert caught.value.reason is Reason.VANISHED
