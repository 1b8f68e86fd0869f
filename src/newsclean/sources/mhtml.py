"""Pages that a browser saved with their pictures into one file: MHTML (RFC 2557)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.errors import Reason, UnreadablePage

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["SavedPage", "saved_page"]

_HEAD_BYTES: Final = 4096
_HEADER: Final = re.compile(rb"[A-Za-z][A-Za-z-]*:")
_RELATED: Final = re.compile(rb"^content-type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """The page itself, and what the browser wrote down of it; None where it did not."""

    body: bytes
    url: str | None = None
    charset: str | None = None
    saved_at: dt.datetime | None = None


def saved_page(body: bytes) -> SavedPage | None:
    """Return the HTML page in an MHTML file, None for any other file, told by its first lines.

    Raises `UnreadablePage` where no HTML is in it.
    """
    if not _HEADER.match(body):
        return None
    head = _END_OF_HEAD.split(body[:_HEAD_BYTES], 1)[0]
    if not _RELATED.search(head):
        return None
    return _first_page(body)


def _first_page(body: bytes) -> SavedPage:
    from email import message_from_bytes  # noqa: PLC0415  (few pages are MHTML)

    try:
        whole = message_from_bytes(body)
        parts = list(whole.walk())
    except RecursionError:
        raise UnreadablePage(Reason.UNPARSEABLE, "an MHTML file whose parts are nested without end") from None
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    content = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(content, bytes):
        raise UnreadablePage(Reason.UNPARSEABLE, "an MHTML file without an HTML page in it; save the page again")
    return SavedPage(
        body=content,
        url=_address(whole["Snapshot-Content-Location"]) or _address(page["Content-Location"]),
        charset=page.get_content_charset(),
        saved_at=_time(whole),
    )


def _address(value: object) -> str | None:
    """Return what a page on the web has for an address; one inside the file has none."""
    text = "".join(str(value or "").split())
    return text if text.lower().startswith(("http://", "https://")) else None


def _time(whole: Message) -> dt.datetime | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  (few pages are MHTML)

    try:
        found = parsedate_to_datetime(str(whole["Date"]))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)  # -0000 says that it is UTC
