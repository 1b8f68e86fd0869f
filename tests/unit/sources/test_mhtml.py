"""A page that a browser saved with its pictures: the page is taken out, and what is known of it."""

from __future__ import annotations

import datetime as dt

import pytest

from newsclean.errors import Reason, UnreadablePage
from newsclean.sources import SourceFile, read_page

SAVED = b"""From: <Saved by a browser>
Snapshot-Content-Location: https://lowmark.test/ferry
Subject: =?utf-8?Q?Ferry=20is=20back?=
Date: Fri, 1 May 2026 07:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----edge----"


------edge----
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://lowmark.test/ferry

<!DOCTYPE html><html><body class=3D"story"><p>The ferry =E2=80=93 an old sh=
ip.</p></body></html>
------edge----
Content-Type: text/html
Content-Location: cid:frame-2@mhtml.blink

<p>An advertisement.</p>
------edge----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://lowmark.test/ferry.png

iVBORw0KGgo=
------edge------
"""


def page_of(tmp_path, stored, **facts):
    path = tmp_path / "page.mhtml"
    path.write_bytes(stored)
    return read_page(SourceFile(path=path, raw_path="raw/page.mhtml", size_bytes=0, mtime_ns=0, **facts))


@pytest.mark.parametrize("stored", [SAVED, SAVED.replace(b"\n", b"\r\n")])
def test_the_page_is_taken_out_with_what_is_known_of_it(tmp_path, stored):
    """The first HTML part is the page; address and time are those that the browser wrote down."""
    page = page_of(tmp_path, stored)
    assert (
        page.body.split()
        == '<!DOCTYPE html><html><body class="story"><p>The ferry – an old ship.</p></body></html>'.encode().split()
    )
    assert page.url == "https://lowmark.test/ferry"
    assert page.fetched_at == dt.datetime(2026, 5, 1, 7, tzinfo=dt.UTC)


def test_a_manifest_knows_better(tmp_path):
    """What a manifest says of the file holds."""
    at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    page = page_of(tmp_path, SAVED, url="https://lowmark.test/other", fetched_at=at, charset="utf-8")
    assert (page.url, page.fetched_at, page.charset) == ("https://lowmark.test/other", at, "utf-8")


def test_what_the_browser_did_not_write_down_is_not_known(tmp_path):
    """No address of a place in the file, no date that is none."""
    stored = SAVED.replace(b"https://lowmark.test/ferry\n", b"cid:frame-1\n").replace(b"Fri, 1 May", b"some day")
    page = page_of(tmp_path, stored)
    assert (page.url, page.fetched_at, page.charset) == (None, None, None)


@pytest.mark.parametrize(
    "stored",
    [
        b"<html><!--\nContent-Type: multipart/related\n--><p>A page on mail.</p></html>",
        b"Subject: a word about mail\n\nContent-Type: multipart/related is what browsers write.\n",
        b"Meeting: Content-Type: multipart/related\nA line of a dump.\n",
    ],
)
def test_other_files_are_left_as_they_are(tmp_path, stored):
    """A page, a mail or a dump that speaks of the form is not of the form."""
    assert page_of(tmp_path, stored).body == stored


def test_without_a_page_in_it_it_is_unreadable(tmp_path):
    """Pictures alone, or parts in parts in parts, are a rejection."""
    deep = b"".join(b'Content-Type: multipart/related; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    for stored in (SAVED.replace(b"text/html", b"image/gif"), deep):
        with pytest.raises(UnreadablePage) as caught:
            page_of(tmp_path, stored)
        assert caught.value.reason == Reason.UNPARSEABLE
