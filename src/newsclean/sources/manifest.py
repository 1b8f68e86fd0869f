"""Read `manifest.jsonl`: one JSON object a line, which says of one file what its bytes do not.

`file` is the page, relative to the manifest's folder. `url`, `fetched_at` (ISO 8601 with its zone),
`status`, `media_type` and `charset` are known; every other key becomes a label. A row that cannot be
used is a problem with its line number, and the rows around it are used.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import msgspec

from newsclean.sources.records import ManifestFacts, Problem

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

__all__ = ["ManifestReader"]

_MOST_OF_A_KIND: Final = 5  # a manifest written by a faulty script has the same fault on every line
_KNOWN: Final = frozenset(("file", "url", "fetched_at", "status", "media_type", "charset"))
_STATUS: Final = range(100, 600)
_BOM: Final = b"\xef\xbb\xbf"


class _BadRowError(Exception):
    """A row cannot be used: `kind` names the fault, to count it, the text says it with its remedy."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class ManifestReader:
    """Reads one manifest, whose rows speak of `files` (by real path) below `folder`.

    With `is_whole`, all files below the folder are known, so that a row for another one is a problem.
    """

    def __init__(self, *, folder: str, where: str, files: Container[str], is_whole: bool) -> None:
        self._folder = folder
        self._where = where
        self._files = files
        self._is_whole = is_whole
        self._counts: Counter[str] = Counter()
        self._problems: list[Problem] = []
        self._lines: dict[str, tuple[int, ManifestFacts]] = {}

    def read(self, path: str) -> tuple[dict[str, ManifestFacts], list[Problem]]:
        """Return what the manifest at `path` says, by the real paths of the files, and what is wrong with it."""
        try:
            with open(path, "rb") as stream:  # noqa: PTH123
                for number, line in enumerate(stream, 1):
                    row = line.removeprefix(_BOM).strip() if number == 1 else line.strip()
                    if row:
                        self._take(row, number)
        except OSError as error:
            message = f"cannot be read: {error.strerror}; change its permissions. Its rows are not used"
            self._problems.append(Problem(where=self._where, message=message))
        for kind, count in self._counts.items():
            if count > _MOST_OF_A_KIND:
                message = f"{count - _MOST_OF_A_KIND} more rows with this fault: {kind}"
                self._problems.append(Problem(where=self._where, message=message))
        return {path: facts for path, (_, facts) in self._lines.items()}, self._problems

    def _take(self, line: bytes, number: int) -> None:
        try:
            row = _row(line)
            path = self._path(row)
            if path is not None:
                self._keep(path, row, number)
        except _BadRowError as fault:
            self._blame(number, fault.kind, f"{fault}; the row is not used")

    def _path(self, row: Mapping[str, Any]) -> str | None:
        """Return the real path of the row's file; None for a file that is there and not to be cleaned."""
        name = row.get("file")
        if not isinstance(name, str) or not name.strip() or "\x00" in name:
            raise _BadRowError("no file", 'no "file": name the page, relative to the folder of the manifest')
        path = os.path.normpath(os.path.join(self._folder, name))  # noqa: PTH118
        if not path.startswith(self._folder.rstrip(os.sep) + os.sep):
            raise _BadRowError(
                "file outside", f'"{name}" is not below this folder: move the row to a manifest above it'
            )
        if path in self._files:
            return path
        real = os.path.realpath(path)
        if real in self._files:
            return real
        if self._is_whole and not os.path.exists(real):  # noqa: PTH110
            raise _BadRowError("file not there", f'no file "{name}": correct the name, or delete the row')
        return None

    def _keep(self, path: str, row: Mapping[str, Any], number: int) -> None:
        facts = self._facts(row, number)
        first, stated = self._lines.setdefault(path, (number, facts))
        if facts != stated:
            remedy = f'"{row["file"]}" is described otherwise on line {first}, which counts: keep one of the two'
            raise _BadRowError("file described twice", remedy)

    def _facts(self, row: Mapping[str, Any], number: int) -> ManifestFacts:
        return ManifestFacts(
            url=self._text(row, "url", number),
            fetched_at=self._moment(row, number),
            status=self._status(row, number),
            media_type=self._text(row, "media_type", number),
            charset=self._text(row, "charset", number),
            labels=tuple((key, _label(value)) for key, value in row.items() if key not in _KNOWN and value is not None),
        )

    def _text(self, row: Mapping[str, Any], key: str, number: int) -> str | None:
        value = row.get(key)
        if isinstance(value, str):
            return value.strip() or None
        if value is not None:
            self._blame(number, f"{key} no string", f"{key} is no string: put it in quotes; the row is used without it")
        return None

    def _status(self, row: Mapping[str, Any], number: int) -> int | None:
        value = row.get("status")
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value[:4])
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value in _STATUS):
            return value
        self._blame(
            number, "status no HTTP status", "status is no HTTP status (100 to 599); the row is used without it"
        )
        return None

    def _moment(self, row: Mapping[str, Any], number: int) -> dt.datetime | None:
        """Return `fetched_at` in UTC; None, with a problem, for what is no full moment: nothing is guessed."""
        value = row.get("fetched_at")
        if value is None:
            return None
        try:
            moment = dt.datetime.fromisoformat(value.strip())
        except (AttributeError, ValueError):
            self._blame_moment(number, "is no date and time in ISO 8601", value)
            return None
        if moment.tzinfo is None:
            text = moment.isoformat()
            remedy = f'write it as "{text}Z" if it is UTC, else with its offset, as in "{text}+02:00"'
            self._blame_moment(number, "has no time zone", value, remedy=remedy)
            return None
        try:
            return moment.astimezone(dt.UTC)
        except OverflowError:
            self._blame_moment(number, "lies out of time", value)
            return None

    def _blame_moment(
        self, number: int, fault: str, value: object, *, remedy: str = 'write it as "2026-01-31T09:30:00Z"'
    ) -> None:
        message = f"fetched_at {value!r} {fault}: {remedy}; the row is used without it"
        self._blame(number, f"fetched_at {fault}", message)

    def _blame(self, number: int, kind: str, message: str) -> None:
        self._counts[kind] += 1
        if self._counts[kind] <= _MOST_OF_A_KIND:
            self._problems.append(Problem(where=f"{self._where}:{number}", message=message))


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _BadRowError("no JSON", f"no JSON ({error}): mend the line, or delete it") from error
    if not isinstance(row, dict):
        raise _BadRowError("no object", 'no JSON object: a row looks like {"file": "page.html", "url": "https://..."}')
    return row


def _label(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
