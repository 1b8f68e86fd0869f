"""One page taken apart for a person to see: every piece of its text, in its order, and what became of it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsclean.cleaning import cleaned
from newsclean.dataset import Dataset
from newsclean.errors import ConfigError, PageError
from newsclean.extract.routing import load_router
from newsclean.model import PageKind
from newsclean.page import PageView, units
from newsclean.run.api import site_folders
from newsclean.run.conservation import lost_pieces
from newsclean.run.options import Limits
from newsclean.run.pipeline import Toolbox, clean_page
from newsclean.run.rereading import find_row, raw_page
from newsclean.sources import archive_of, discover, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsclean.model import Extraction, PageOutcome, RawPage, RemovalKind
    from newsclean.sources import Archive, ContainedPage

__all__ = ["Explanation", "Piece", "explain", "explain_file", "explain_row"]

_LINE: Final = re.compile(r"L(\d+)(?:-(\d+))?")
_UNNAMED: Final = "they have no addresses: clean the archive, and explain an article by its article_id"
_NUMBERED: Final = re.compile(r":(\d+)$")  # a path of the generic extractor counts the page's elements


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of the page and its fate.

    `segment` is the article's number on the page (None where no article came of it). `rule` and `kind`
    are None for what is body; `moved_to` is the column that holds it, if one does.
    """

    where: str
    text: str
    segment: int | None = None
    rule: str | None = None
    kind: RemovalKind | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of a page, and of all its pieces in the order of the page; `lost` should be empty."""

    outcome: PageOutcome
    pieces: tuple[Piece, ...]
    lost: tuple[str, ...] = ()


def explain(raw: RawPage, tools: Toolbox) -> Explanation:
    """Clean a page and show where each of its pieces went; those of a rejected page are shown as they are."""
    outcome = clean_page(raw, tools)
    view = PageView(raw)
    if not outcome.articles:
        return Explanation(outcome=outcome, pieces=tuple(_untouched(view)))
    found = [cleaned(one) for one in tools.router.extract(view).extractions]
    pieces = [piece for segment, one in enumerate(found) for piece in _pieces(one, segment)]
    positions = list(_positions(pieces, _order(view)))
    placed = sorted(range(len(pieces)), key=lambda at: (positions[at], at))
    lost = lost_pieces(view, [piece.text for piece in pieces])
    return Explanation(outcome=outcome, pieces=tuple(pieces[at] for at in placed), lost=tuple(lost))


def explain_file(
    file: Path, *, url: str | None = None, sites: Sequence[str | Path] = (), language_backend: str = "auto"
) -> Explanation:
    """Explain the page in a file; without `url`, a manifest beside it tells what is known of the page.

    Of an archive it is the last page at `url`, which may be the name of a file in a zip or tar, too, and may be left
    out where there is one page only. Raises UnreadablePage for a file that cannot be read, ConfigError for an archive
    without such a page.
    """
    source = discover([str(file)], base=Path.cwd()).files[0]
    tools = Toolbox(router=load_router(site_folders(sites)), language_backend=language_backend)
    archive = archive_of(source, max_bytes=Limits().max_page_bytes)
    if archive is not None:
        return explain(_page_at(archive, file, url), tools)
    if url is not None:
        source = replace(source, url=url)
    return explain(read_page(source), tools)


def explain_row(
    dataset: Path, what: str, *, sites: Sequence[str | Path] = (), language_backend: str = "auto"
) -> Explanation:
    """Explain the page of a dataset that an article id, a URL or a raw path names, from its raw file.

    The page is cleaned by the code and profiles of today, with what the run knew of it. Raises
    ConfigError where nothing has that name, DatasetError, and PageError where the raw file is gone.
    """
    found = Dataset.open(dataset, create=False)
    tools = Toolbox(router=load_router(site_folders(sites)), language_backend=language_backend)
    return explain(raw_page(found.path.resolve().parent, find_row(found, what)), tools)


def _page_at(archive: Archive, file: Path, url: str | None) -> RawPage:
    """Return the last page of an archive that has the address or the name `url`; without one, the only page."""
    known: list[str] = []
    found = None
    count = 0
    for page in filter(None, archive.pages()):
        count += 1
        names = [name for name in (page.facts.url, dict(page.facts.labels).get("member")) if name]
        known += names
        if url in names or (url is None and count == 1):
            found = _read(page) or found  # now: some archives are read in their order only
    if found is not None and (url is not None or count == 1):
        return found
    near = difflib.get_close_matches(url or "", known, n=1) or known[:1]
    remedy = f"name one of them by its address, for example --url {near[0]}" if near else _UNNAMED
    raise ConfigError(f"{file}: an archive of {count:,} pages: {remedy}")


def _read(page: ContainedPage) -> RawPage | None:
    try:
        return page.read(max_bytes=Limits().max_page_bytes)
    except PageError:
        return None


def _pieces(found: Extraction, segment: int) -> Iterable[Piece]:
    for block in found.blocks:
        yield Piece(where=block.where, text=block.text, segment=segment)
    for removal in found.removals:
        yield Piece(
            where=removal.where,
            text=removal.text,
            segment=segment,
            rule=removal.rule,
            kind=removal.kind,
            moved_to=removal.moved_to,
        )


def _untouched(view: PageView) -> Sequence[Piece]:
    try:
        if view.kind is PageKind.TEXT:
            return [Piece(where=f"L{line.number}", text=line.text) for line in view.lines if line.text]
        return [Piece(where=unit.where, text=unit.text) for unit in units(view.tree)]
    except PageError:
        return []


def _order(view: PageView) -> Mapping[str, int]:
    """Return the number of each place of a page with markup; the lines of a text number themselves."""
    if view.kind is PageKind.TEXT:
        return {}
    found: dict[str, int] = {}
    for number, unit in enumerate(units(view.tree)):
        found.setdefault(unit.where, number)
    return found


def _positions(pieces: Iterable[Piece], order: Mapping[str, int]) -> Iterator[int]:
    """Yield where on the page each piece stands; one that does not say so stands with the one before it."""
    is_body, last = True, 0
    for piece in pieces:
        if is_body != (piece.rule is None):  # body and removals are each in the order of the page
            is_body, last = piece.rule is None, 0
        position = _position(piece.where, order)
        last = last if position is None else position
        yield last


def _position(where: str, order: Mapping[str, int]) -> int | None:
    """Return the line of a piece, the number of its element where its path has one, or of the block around it."""
    if match := _LINE.match(where):
        return int(match[1])
    if match := _NUMBERED.search(where):
        return int(match[1])
    while where:
        # An element inside a sentence has no place of its own: it stands with the block around it.
        if where in order:
            return order[where]
        where = where.rpartition("/")[0]
    return None
