"""Proof that no text got lost: the raw page, read again, against body and removals of its rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from newsclean.dataset import Dataset, Finding
from newsclean.errors import PageError
from newsclean.model import PageKind
from newsclean.page import PageView
from newsclean.page.visible import visible_texts
from newsclean.run.rereading import raw_bytes
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    _Key = tuple[str, int | None]

__all__ = ["Coverage", "check_conservation", "lost_pieces"]

# A line of a dump may have been cut at seams, into fields of a few letters too; but where nothing is found
# but one short run of letters after the other, as chance has it in any text, that text is not there.
_SHORT_CHARS: Final = 8
_MOST_SHORT: Final = 10
_SHOWN_CHARS: Final = 120
_KEY: Final = ("raw_path", "raw_offset")


@dataclass(slots=True)
class Coverage:
    """How many pages with articles were compared with their raw files, and how many could not be, for which cause."""

    compared: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def check_conservation(path: str | Path, coverage: Coverage | None = None) -> Iterator[Finding]:
    """Yield each page with articles that has visible text in neither body nor removals.

    Leaves out pages whose raw file is gone or has other bytes by now. Raises DatasetError where
    the dataset cannot be read.
    """
    coverage = coverage if coverage is not None else Coverage()
    dataset = Dataset.open(path, create=False)
    base = dataset.path.resolve().parent
    for shard_id in sorted(dataset.records()):
        kept = _kept_texts(dataset, shard_id)
        columns = [*_KEY, "raw_sha256", "charset", "charset_source", "reason"]
        for row in dataset.rows_of(shard_id, "pages", columns):
            if row["reason"] is None:
                yield from _check_page(base, row, kept[_key(row)], coverage)


def lost_pieces(view: PageView, kept: Iterable[str]) -> list[str]:
    """Return the visible pieces of a page that are not in the `kept` texts, white space left out.

    A piece counts as kept if it is there whole, or in parts, and the characters of all pieces together are there.
    """
    texts = [_dense(text) for text in kept]
    pool = "\n".join(texts)
    pieces = [piece for piece in map(_dense, visible_texts(view)) if piece]
    lost = [stretch for piece in dict.fromkeys(pieces) for stretch in [_lost_stretch(piece, pool)] if stretch]
    # Of a dump, the file itself: what was done to the text before it was read is checked as well.
    whole = "".join(map(_dense, view.text.split("\n"))) if view.kind is PageKind.TEXT else "".join(pieces)
    missing = Counter(whole) - Counter("".join(texts))
    return lost or (_likely_lost(pieces, pool, missing) if missing else [])


def _kept_texts(dataset: Dataset, shard_id: str) -> Mapping[_Key, list[str]]:
    kept: dict[_Key, list[str]] = defaultdict(list)
    for table, column in (("articles", "body"), ("removals", "text")):
        for row in dataset.rows_of(shard_id, table, [*_KEY, column]):
            kept[_key(row)].append(row[column])
    return kept


def _key(row: Mapping[str, Any]) -> _Key:
    return row["raw_path"], row["raw_offset"]


def _check_page(base: Path, row: Mapping[str, Any], kept: Sequence[str], coverage: Coverage) -> Iterator[Finding]:
    raw_path = row["raw_path"]
    try:
        raw = raw_bytes(base, row)
    except PageError as error:
        coverage.skipped[str(error.reason)] += 1
        return
    if raw.sha256 != row["raw_sha256"]:
        coverage.skipped["changed"] += 1
        return
    coverage.compared += 1
    lost = lost_pieces(PageView(raw), kept)
    if lost:
        more = f" (and {len(lost) - 1} more pieces)" if len(lost) > 1 else ""
        message = f"text of the page is neither in a body nor in removals: {lost[0][:_SHOWN_CHARS]!r}{more}"
        yield Finding(where=raw_path, message=message)


def _dense(text: str) -> str:
    return squeeze(text).replace(" ", "")


def _lost_stretch(piece: str, pool: str) -> str:
    """Return where `piece` ceases to be a row of stretches of `pool`, each as long as can be; empty if it does not."""
    at = since = shorts = 0
    while at < len(piece):
        if pool.find(piece[at:]) >= 0:
            return ""
        length = _longest_start(piece[at:], pool)
        if length >= _SHORT_CHARS:
            shorts, since = 0, at + length
        else:
            shorts += 1
        if not length or shorts > _MOST_SHORT:
            return piece[since:]
        at += length
    return ""


def _longest_start(piece: str, pool: str) -> int:
    low, high = 0, len(piece)
    while low < high:
        middle = (low + high + 1) // 2
        if piece[:middle] in pool:
            low = middle
        else:
            high = middle - 1
    return low


def _likely_lost(pieces: Sequence[str], pool: str, missing: Counter[str]) -> list[str]:
    """Name the pieces that are on the page more often than they were kept; else the missing characters."""
    often = [piece for piece, count in Counter(pieces).items() if count > pool.count(piece)]
    return often or ["characters " + "".join(sorted(missing.elements()))]
