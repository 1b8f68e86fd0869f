"""The archive of a site: every response goes into a WARC file before anything else is done with it.

    raw/<site>/<site>-<UTC time>-<serial>.warc.gz

A file begins with a warcinfo record; each fetch is a response (or revisit), the request, and
metadata: robots.txt's decision, the address that led here, what the request was for. All of a
fetch is written at once, so that a kill loses at most the fetches in work.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, Required, TypedDict

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from newsclean.crawl.state.store import Place, utc_now
from newsclean.crawl.warc_files import WarcFiles
from newsclean.crawl.warc_records import (
    new_id,
    packed_record,
    payload_digest,
    request_block,
    response_head,
    warc_date,
    warc_fields,
)
from newsclean.errors import DatasetError, PageError
from newsclean.sources.records import SourceFile
from newsclean.sources.warc.archive import WarcFile
from newsclean.sources.warc.http_payload import without_chunks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from typing import Unpack

    from scrapy import Request

    from newsclean.sources.warc.framing import Record

__all__ = ["MAX_FILE_BYTES", "REQUEST_FIELD", "Archive", "FetchFacts", "Original", "PackedFetch", "response_of"]

MAX_FILE_BYTES: Final = 256 * 2**20
REQUEST_FIELD: Final = "Newsclean-Request"  # the request's fingerprint, for what is found after a crash
_ORIGINAL_FIELD: Final = "Newsclean-Original"  # file and offset of the response that a revisit stands for
_SAME: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_STATUS_NOT_MODIFIED: Final = 304
_NO_LIMIT: Final = 2**62
_PACKED: Final = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")  # how gzip and zstd begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A response in the archive that a new one is the same as: where it lies, and when it was fetched."""

    place: Place
    fetched_at: dt.datetime


class FetchFacts(TypedDict, total=False):
    """What is kept of a fetch besides request and response; with `same_as` the body is not written again."""

    fetched_at: Required[dt.datetime]
    robots: str | None
    redirected_from: str | None
    fingerprint: bytes | None
    same_as: Original | None


@dataclass(frozen=True, slots=True)
class PackedFetch:
    """The records of a fetch as they are to lie in a file; the response has the first `response_bytes`."""

    content: bytes = field(repr=False)
    response_bytes: int


class Archive:
    """The WARC files of one site in `folder`, named with `prefix`; one process writes, any may read.

    A file that has `max_bytes` is followed by another. `about` goes into each one's warcinfo record.
    `bring` gets a file by its name that is not in the folder (any more), and tells whether it could.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str,
        max_bytes: int = MAX_FILE_BYTES,
        about: Mapping[str, str | None] | None = None,
        bring: Callable[[str], bool] | None = None,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.folder = folder
        self._bring = bring
        self._about = dict(about or {})
        self._clock = clock
        self._files = WarcFiles(folder, prefix=prefix, max_bytes=max_bytes, first_record=self._warcinfo, clock=clock)

    # ---- writing ----

    def write(self, request: Request, response: Response, **facts: Unpack[FetchFacts]) -> Place:
        """Write a fetch and return where its response lies; it is on the disk when this returns.

        Where the disk fails, raises OSError, the file being as before.
        """
        place = self.add(self.pack(request, response, **facts))
        self.sync()
        return place

    def pack(self, request: Request, response: Response, **facts: Unpack[FetchFacts]) -> PackedFetch:
        """Return a fetch as it is to be added, nothing being written; may be called in any thread."""
        response_id, date = new_id(), warc_date(facts["fetched_at"])
        common = {"WARC-Date": date, "WARC-Target-URI": request.url, "WARC-Warcinfo-ID": self._files.warcinfo_id}
        own = {**common, "WARC-Record-ID": response_id}
        answer = self._response(response, own, facts.get("fingerprint"), facts.get("same_as"))
        asked = packed_record(
            {
                **common,
                "WARC-Type": "request",
                "WARC-Record-ID": new_id(),
                "WARC-Concurrent-To": response_id,
                "Content-Type": "application/http; msgtype=request",
            },
            request_block(request),
        )
        told = packed_record(
            {
                **common,
                "WARC-Type": "metadata",
                "WARC-Record-ID": new_id(),
                "WARC-Concurrent-To": response_id,
                "Content-Type": "application/warc-fields",
            },
            warc_fields(_facts(request, facts.get("robots"), facts.get("redirected_from"))),
        )
        return PackedFetch(b"".join((answer, asked, told)), len(answer))

    def add(self, packed: PackedFetch) -> Place:
        """Put a fetch at the end and return where its response lies; whether it is on the disk, the next `sync` tells.

        Raises OSError where no file can be begun, or what was added before could not be written.
        """
        file, offset = self._files.add(packed.content)
        return Place(file=file, offset=offset, length=packed.response_bytes)

    def _response(
        self,
        response: Response,
        common: Mapping[str, str],
        fingerprint: bytes | None,
        same_as: Original | None,
    ) -> bytes:
        is_revisit = same_as is not None or response.status == _STATUS_NOT_MODIFIED
        profile = _NOT_MODIFIED if response.status == _STATUS_NOT_MODIFIED else _SAME
        headers = {
            **common,
            "WARC-Type": "revisit" if is_revisit else "response",
            "WARC-IP-Address": str(response.ip_address) if response.ip_address else None,
            "WARC-Payload-Digest": None if is_revisit and same_as is None else payload_digest(response.body),
            "WARC-Profile": profile if is_revisit else None,
            "WARC-Refers-To-Target-URI": common["WARC-Target-URI"] if same_as else None,
            "WARC-Refers-To-Date": warc_date(same_as.fetched_at) if same_as else None,
            "WARC-Truncated": "disconnect" if "dataloss" in response.flags else None,
            _ORIGINAL_FIELD: f"{same_as.place.offset} {same_as.place.file}" if same_as else None,
            REQUEST_FIELD: fingerprint.hex() if fingerprint else None,
            "Content-Type": "application/http; msgtype=response",
        }
        body = b"" if is_revisit else response.body
        return packed_record(headers, response_head(response) + body, is_packed=_is_packed(response))

    def _warcinfo(self, name: str, record_id: str) -> bytes:
        about = {
            "software": f"newsclean/{version('newsclean')} Scrapy/{version('scrapy')} Python/{sys.version.split()[0]}",
            "format": "WARC File Format 1.1",
            **self._about,
        }
        headers = {
            "WARC-Type": "warcinfo",
            "WARC-Record-ID": record_id,
            "WARC-Date": warc_date(self._clock()),
            "WARC-Filename": name,
            "Content-Type": "application/warc-fields",
        }
        return packed_record(headers, warc_fields(about))

    def sync(self) -> None:
        """Have what was added on the disk, to survive a cut of power; raises OSError (see `WarcFiles.sync`)."""
        self._files.sync()

    def close(self) -> None:
        """Have what was added on the disk and close the file; a later fetch begins another one. Raises OSError."""
        self._files.close()

    # ---- reading ----

    def holds(self, place: Place) -> bool:
        """Whether the file that a place is in is still there, or can be had."""
        return (self.folder / place.file).is_file() or (self._bring is not None and self._bring(place.file))

    def read(self, place: Place) -> Response:
        """Return a response as it was served, that of the original for a revisit of the same body.

        Raises DatasetError where there is none.
        """
        record = self._record(place)
        original = _original_place(record)
        body_of = self._record(original) if original else record
        return response_of(record, body_of)

    def original(self, place: Place) -> Place:
        """Return where the body of a response lies: elsewhere, if it is a revisit. Raises DatasetError."""
        return _original_place(self._record(place)) or place

    def _record(self, place: Place) -> Record:
        path = self.folder / place.file
        self.holds(place)
        file = SourceFile(path=path, raw_path=place.file, size_bytes=0, mtime_ns=0)
        try:
            page = next((page for page in WarcFile(file, max_bytes=_NO_LIMIT).pages(start=place.offset) if page), None)
        except PageError as error:
            raise DatasetError(f"{path}: {error.detail}") from error
        if page is None or page.record is None or page.record.offset != place.offset:
            raise DatasetError(f"{path}: no response at byte {place.offset:,}")
        return page.record


def response_of(record: Record, body_of: Record | None = None) -> Response:
    """Return the response that a record holds, with the body of another one if it is given; content codings stay."""
    head, _, body = record.block.partition(b"\r\n\r\n")
    if body_of is not None and body_of is not record:
        body = body_of.block.partition(b"\r\n\r\n")[2]
    first, *lines = head.split(b"\r\n")
    status = first.split(b" ")[1:2]
    headers = Headers()
    for line in lines:
        name, colon, value = line.partition(b":")
        if colon:
            headers.appendlist(name.strip(), value.strip())
    if b"chunked" in (headers.pop(b"Transfer-Encoding", None) or [b""])[-1].lower():
        body = without_chunks(body)  # archives of others keep them
    url = record.headers.get("warc-target-uri", "").strip("<>")
    # As the downloader does: the class is chosen by what is known before content codings are undone.
    kind = responsetypes.from_args(headers=headers, url=url, body=body)
    return kind(url, status=int(status[0]) if status and status[0].isdigit() else 200, headers=headers, body=body)


def _is_packed(response: Response) -> bool:
    """Tell whether a body is packed; that it is so by its header alone, servers say of all kinds of bodies."""
    coding = (response.headers.get("Content-Encoding") or b"").lower()
    return response.body.startswith(_PACKED) or b"br" in coding


def _original_place(record: Record) -> Place | None:
    offset, _, file = record.headers.get(_ORIGINAL_FIELD.lower(), "").partition(" ")
    is_place = file and offset.isdigit() and Path(file).name == file
    return Place(file=file, offset=int(offset)) if is_place else None


def _facts(request: Request, robots: str | None, redirected_from: str | None) -> dict[str, str | None]:
    latency_s = request.meta.get("download_latency")
    return {
        "via": redirected_from or (request.headers.get(b"Referer") or b"").decode("latin-1") or None,
        "robots": robots,
        "fetchTimeMs": f"{latency_s * 1000:.0f}" if latency_s is not None else None,
    }
