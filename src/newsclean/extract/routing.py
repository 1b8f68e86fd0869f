"""Which extractor takes a page: by the host of its URL, by a text's signature, else the generic one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from newsclean.errors import ConfigError, ProfileError
from newsclean.extract.addresses import host_of, page_url
from newsclean.extract.profile_loading import built_in_folder, load_folder
from newsclean.extract.site import SiteExtractor, UnknownLayout, site_extractor
from newsclean.model import PageKind, Removal, RemovalKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsclean.extract.profile_loading import LoadedProfile
    from newsclean.model import Extraction
    from newsclean.page import PageView

__all__ = ["Extracted", "Extractor", "Router", "load_router"]


class Extractor(Protocol):
    """Takes the articles out of a page; never downloads anything."""

    name: str

    def extract(self, view: PageView) -> tuple[Extraction, ...]:
        """Return one extraction or more; raise `NotAnArticle` or `ExtractionFailed` for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What came out of a page, and which extractor and site profile it was."""

    extractor: str
    site: str | None
    profile_sha256: str | None
    extractions: tuple[Extraction, ...]


class Router:
    """All extractors of a run: one a site, and the generic ones behind them."""

    def __init__(self, loaded: Iterable[LoadedProfile]) -> None:
        """Compile all profiles; raises `ProfileError`."""
        self.profiles = tuple(loaded)
        self.sites = tuple(site_extractor(one) for one in self.profiles)
        self._by_host = {host: site for site in self.sites for host in site.hosts}

    @cached_property
    def sha256(self) -> str:
        """Hash of what decides which site takes a page: hosts and signatures of all profiles."""
        parts = [repr((site.name, site.hosts, site.profile.signature)) for site in self.sites]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def site_of_url(self, url: str | None) -> SiteExtractor | None:
        """Return the site whose host, or a parent domain of it, the URL is at."""
        host = host_of(url)
        while host:
            if host in self._by_host:
                return self._by_host[host]
            host = host.partition(".")[2]
        return None

    def site_of(self, view: PageView) -> SiteExtractor | None:
        """Return the site that takes a page, None for the generic extractor.

        A URL decides; without one the page's own canonical URL does, and else its signature.
        """
        url = page_url(view)
        if url:
            return self.site_of_url(url)
        is_html = view.kind is PageKind.HTML
        text, lines = (view.text, None) if is_html else (view.dense_text, view.different_lines)
        return next((site for site in self.sites if site.recognises(text, view.kind, lines)), None)

    def extract(self, view: PageView) -> Extracted:
        """Take the articles out of a page by the extractor it belongs to.

        A page of a known site in an unknown layout goes to the generic extractor with flag
        `unknown_layout`, so that a redesign loses nothing and is seen.
        """
        found = self._extracted(view)
        if view.kind is PageKind.TEXT and view.flowing.taken:
            first, *others = found.extractions
            first = replace(first, removals=(*first.removals, *_taken_before(view)))
            return replace(found, extractions=(first, *others))
        return found

    def _extracted(self, view: PageView) -> Extracted:
        site = self.site_of(view)
        if site is None:
            return self._generic(view, None)
        try:
            found = site.extract(view)
        except UnknownLayout:
            return self._generic(view, site)
        return Extracted(extractor=site.name, site=site.site, profile_sha256=site.sha256, extractions=found)

    def _generic(self, view: PageView, site: SiteExtractor | None) -> Extracted:
        extractor = _generic_for(view.kind)
        found = extractor.extract(view)
        if site is not None:
            found = tuple(
                replace(one, flags=(*one.flags, "unknown_layout"), publisher=site.profile.publisher) for one in found
            )
        return Extracted(
            extractor=extractor.name,
            site=site.site if site else None,
            profile_sha256=site.sha256 if site else None,
            extractions=found,
        )


def _taken_before(view: PageView) -> Iterator[Removal]:
    """Account for what was taken out before any extractor read the dump."""
    for line, rule, text in view.flowing.taken:
        yield Removal(rule=rule, kind=RemovalKind.TEMPLATE, where=f"L{line}", text=text)


def _generic_for(kind: PageKind) -> Extractor:
    if kind is PageKind.HTML:
        from newsclean.extract.generic.html import GenericHtml  # noqa: PLC0415  (heavy, and not every run needs it)

        return GenericHtml()
    from newsclean.extract.generic.dumps.extractor import GenericText  # noqa: PLC0415  (same)

    return GenericText()


def load_router(folders: Iterable[Path] = ()) -> Router:
    """Load the built-in profiles and those of `folders`; a later one of the same name replaces.

    Raises `ProfileError` for a profile that cannot be used, `ConfigError` for a folder that is none.
    """
    by_site: dict[str, LoadedProfile] = {one.site: one for one in load_folder(built_in_folder())}
    for folder in folders:
        if not Path(folder).is_dir():
            raise ConfigError(f"{folder}: no such folder of site profiles; make it, or leave --sites away")
        by_site.update({one.site: one for one in load_folder(Path(folder))})
    hosts: dict[str, str] = {}
    for one in by_site.values():
        for host in one.hosts:
            other = hosts.setdefault(host, one.site)
            if other != one.site:
                raise ProfileError(f"{one.path}: hosts: {host} is taken by {other}.toml; remove it from one of them")
    return Router(by_site.values())
