"""A new project on disk: a spider, a profile with its golden case and a recorded crawl, so that all works at once."""

from __future__ import annotations

import gzip
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["create_project"]

_TEMPLATE: Final = Path(__file__).parent / "template"
_RECORDED: Final = "recorded"
_FILLED: Final = frozenset({"scrapy.cfg", "newsclean.toml", "README.md"})
_HOST: Final = "https://www.harbour-gazette.example"
_WARC: Final = "raw/harbour-gazette.example/harbour-gazette.example-20260314T100000Z-00000.warc.gz"
_WARC_DATE: Final = "2026-03-14T10:00:00Z"
_PAGES: Final = {
    "/robots.txt": ("robots.txt", "text/plain; charset=utf-8"),
    "/rss.xml": ("rss.xml", "application/rss+xml; charset=utf-8"),
    "/2026/03/14/ferry-bell.html": ("story.html", "text/html; charset=utf-8"),
    "/2026/03/13/mussels.html": ("second.html", "text/html; charset=utf-8"),
}


def create_project(folder: Path, *, contact: str | None = None) -> list[Path]:
    """Write a project into `folder`, which must be empty or not there; return the files, relative to it.

    `contact` is the URL or e-mail address that its crawls show. Raises ConfigError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder}: is not empty; name a folder that is, or a new one")
    try:
        made = [_write(folder, name, content) for name, content in _files(_name_of(folder), contact)]
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}; choose another place") from error
    return sorted(made)


def _files(name: str, contact: str | None) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(_TEMPLATE.rglob("*")):
        place = path.relative_to(_TEMPLATE)
        if not path.is_file() or place.parts[0] == _RECORDED or "__pycache__" in place.parts:
            continue
        if place.name in _FILLED:
            text = path.read_text(encoding="utf-8")
            yield place, text.replace("{name}", name).replace("{contact}", _contact_line(contact)).encode()
        else:
            yield Path(".gitignore") if place.name == "gitignore" else place, path.read_bytes()
    yield Path(_WARC), _recorded_crawl()


def _write(folder: Path, place: Path, content: bytes) -> Path:
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return place


def _contact_line(contact: str | None) -> str:
    if not contact:
        return '# contact = "https://your.site/crawler or an e-mail address of yours"'
    if re.search(r'["\\\x00-\x1f]', contact):
        raise ConfigError(f"contact: {contact!r}: neither a URL nor an e-mail address")
    return f'contact = "{contact}"'


def _name_of(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "_", folder.resolve().name.lower()).strip("_") or "news"


def _recorded_crawl() -> bytes:
    """Return the WARC of the recorded crawl, the same bytes each time: written by hand, it is but text."""
    made = [_record("warcinfo", b"software: newsclean init\r\n", "application/warc-fields")]
    for path, (file, media_type) in _PAGES.items():
        body = (_TEMPLATE / _RECORDED / file).read_bytes()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        made.append(_record("response", head.encode() + body, "application/http; msgtype=response", f"{_HOST}{path}"))
    return b"".join(made)


def _record(kind: str, block: bytes, media_type: str, url: str | None = None) -> bytes:
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url or _WARC)}>",
        "WARC-Date": _WARC_DATE,
        **({"WARC-Target-URI": url} if url else {}),
        "Content-Type": media_type,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return gzip.compress(b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n", mtime=0)
