"""The pages that a profile is proposed from, each with what the generic extractor makes of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsclean.cleaning.publishing import registered_domain
from newsclean.errors import ConfigError, PageError
from newsclean.extract.addresses import host_of, page_url
from newsclean.extract.routing import Router
from newsclean.model import PageKind
from newsclean.page import PageView
from newsclean.page.kind import not_a_page
from newsclean.sources import archive_of, discover, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsclean.errors import Reason
    from newsclean.model import Extraction, RawPage
    from newsclean.sources import SourceFile

__all__ = ["Sample", "SamplePage", "load_sample"]

_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}", re.IGNORECASE)
_OK_STATUS: Final = range(200, 300)
_MOST_BYTES: Final = 10_000_000
_DATASET_STATE: Final = "_newsclean"


class SamplePage:
    """A page, read and parsed, and what the generic extractor takes out of it: `found`, or `reason` for nothing."""

    def __init__(self, raw: RawPage) -> None:
        self.raw = raw
        self.view = PageView(raw)
        self.url = page_url(self.view)
        self.found: Extraction | None = None
        self.reason: Reason | None = None
        try:
            # No profile: whatever is known of the site already is not looked at.
            self.found = Router(()).extract(self.view).extractions[0]
        except PageError as error:
            self.reason = error.reason

    @property
    def kind(self) -> PageKind:
        """Markup or a text dump."""
        return self.view.kind

    @cached_property
    def body(self) -> frozenset[str]:
        """The texts of the body's blocks."""
        return frozenset(block.text for block in self.found.blocks) if self.found else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Pages of one site (a registered domain, None where no page says); `other_sites` counts those left out."""

    site: str | None
    pages: tuple[SamplePage, ...]
    other_sites: int = 0

    def of(self, kind: PageKind) -> tuple[SamplePage, ...]:
        """Return the pages of one kind."""
        return tuple(page for page in self.pages if page.kind is kind)


def load_sample(targets: Sequence[str], *, sources: Sequence[str], most: int, url: str | None = None) -> Sample:
    """Read up to `most` pages, evenly spread over what there is.

    `targets` are files, folders and patterns, or hosts: then the pages of `sources` (raw folders or
    datasets) whose URL is there. Of pages of several sites those of the most frequent one are
    taken. `url` is the address of the only page. Raises ConfigError where there are none.
    """
    hosts = [target.lower().removeprefix("www.") for target in targets if _is_host(target)]
    paths = [target for target in targets if not _is_host(target)]
    raws = [raw for path in paths for raw in _pages(path)]
    if hosts:
        raws += [raw for path in _existing(sources, hosts) for raw in _pages(path) if _is_at(raw.url, hosts)]
    if not raws:
        raise ConfigError(f"{', '.join(targets)}: no pages found; name a folder of pages, or where they lie by --from")
    if url is not None:
        if len(raws) > 1:
            raise ConfigError(f"--url is the address of one page, and there are {len(raws)}; write a manifest.jsonl")
        raws = [replace(raws[0], url=url)]
    site, same = _of_one_site(raws)
    step = max(1, -(-len(same) // most))
    pages = []
    for raw in same[::step]:
        try:
            page = SamplePage(raw)
            if page.kind is PageKind.HTML or not not_a_page(page.view.text):
                pages.append(page)
        except PageError:
            continue
    return Sample(site=site or _stated_site(pages), pages=tuple(pages), other_sites=len(raws) - len(same))


def _is_host(target: str) -> bool:
    return not Path(target).exists() and "/" not in target and _HOST.fullmatch(target) is not None


def _is_at(url: str | None, hosts: Sequence[str]) -> bool:
    host = host_of(url)
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def _existing(sources: Sequence[str], hosts: Sequence[str]) -> list[str]:
    found = [source for source in sources if Path(source).exists()]
    if not found:
        raise ConfigError(
            f"{hosts[0]}: no such folder, so this is a host; where its pages lie must be named by --from, "
            f"for {' and '.join(sources)} are not there"
        )
    return found


def _pages(path: str) -> Iterator[RawPage]:
    """Yield the pages in a file, a folder, a pattern, or those that a dataset was made from."""
    folder = Path(path)
    if (folder / _DATASET_STATE).is_dir():
        yield from _pages_of_dataset(folder)
        return
    for file in discover([path], base=Path.cwd()).files:
        yield from _pages_of_file(file)


def _pages_of_dataset(folder: Path) -> Iterator[RawPage]:
    from newsclean.dataset import Dataset  # noqa: PLC0415  (only where a dataset is named)

    base = folder.resolve().parent
    with Dataset.open(folder, create=False) as dataset:
        paths = sorted({row["raw_path"] for row in dataset.iter_rows("pages", ["raw_path"])})
    there = [str(base / path) for path in paths if (base / path).is_file()]
    for file in discover(there, base=base).files if there else ():
        yield from _pages_of_file(file)


def _pages_of_file(file: SourceFile) -> Iterator[RawPage]:
    try:
        archive = archive_of(file, max_bytes=_MOST_BYTES)
        if archive is None:
            yield read_page(file, max_bytes=_MOST_BYTES)
            return
        for page in archive.pages():
            if page is not None and page.facts.status in {None, *_OK_STATUS} and _may_be_page(page.facts.media_type):
                yield page.read(max_bytes=_MOST_BYTES)
    except PageError:
        return


def _may_be_page(media_type: str | None) -> bool:
    return media_type is None or media_type.startswith(("text/html", "text/plain", "application/xhtml"))


def _of_one_site(raws: Iterable[RawPage]) -> tuple[str | None, list[RawPage]]:
    """Return the most frequent site and its pages; those without a URL may be of any."""
    parted = [(registered_domain(raw.url), raw) for raw in raws]
    sites = Counter(site for site, _ in parted if site)
    if not sites:
        return None, [raw for _, raw in parted]
    site = min(sites, key=lambda one: (-sites[one], one))
    return site, [raw for one, raw in parted if one in {None, site}]


def _stated_site(pages: Iterable[SamplePage]) -> str | None:
    sites = Counter(site for page in pages if (site := registered_domain(page.url)))
    return min(sites, key=lambda one: (-sites[one], one)) if sites else None
