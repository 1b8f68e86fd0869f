"""`SiteExtractor`: an ordinary extractor made from a site profile; a subclass may override one method."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from newsclean.errors import ExtractionFailed, NotAnArticle, ProfileError
from newsclean.extract.addresses import page_url, url_path
from newsclean.extract.fields import agency_name, author_names, extraction_fields, parse_dateline
from newsclean.extract.html_strategy import HtmlStrategy, Reading
from newsclean.extract.text_patterns import TextPattern
from newsclean.extract.text_strategy import TextStrategy
from newsclean.extract.transforms import transform_named
from newsclean.model import Extraction, PageKind, Reason

if TYPE_CHECKING:
    from newsclean.extract.profile import Layout, PageRule
    from newsclean.extract.profile_loading import LoadedProfile
    from newsclean.extract.transforms import Transform
    from newsclean.page import PageView

__all__ = ["SiteExtractor", "UnknownLayout", "site_extractor"]


_SHOWN_CHARS = 60  # of a pattern, in a message to a reader


class UnknownLayout(ExtractionFailed):
    """The page is of this site and of none of the layouts that its profile knows."""


@dataclass(frozen=True, slots=True)
class _Layout:
    name: str
    language: str | None
    reason: Reason | None
    html: HtmlStrategy | None
    text: TextStrategy | None
    transforms: tuple[Transform, ...]


class SiteExtractor:
    """Extracts the pages of one site by its profile.

    `extract` raises `NotAnArticle` for pages the profile rules out, `UnknownLayout` where no
    layout fits, and `ExtractionFailed` where one fits and no text comes of it.
    """

    def __init__(self, loaded: LoadedProfile) -> None:
        """Compile the profile; raises `ProfileError`."""
        self.name = loaded.site
        self.site = loaded.site
        self.sha256: str | None = loaded.sha256
        self.profile = profile = loaded.profile
        self.hosts = loaded.hosts
        try:
            self._layouts = tuple(_compiled(layout, loaded.site) for layout in profile.layout)
        except ProfileError as error:
            raise ProfileError(f"{loaded.path}: {error}") from error
        self._signatures = [
            (one.kind, [TextPattern(p) for p in one.all], [TextPattern(p) for p in one.none])
            for one in profile.signature
        ]
        self._datelines = [re.compile(pattern) for pattern in profile.dateline]

    def recognises(self, text: str, kind: PageKind = PageKind.TEXT, lines: frozenset[str] | None = None) -> bool:
        """Tell whether a page without a URL bears this site's signature.

        `text` is the `dense_text` of a dump, `lines` all of its lines, else its markup.
        """
        return any(
            kind is meant
            and all(pattern.found_in(text, lines) for pattern in wanted)
            and not any(pattern.found_in(text, lines) for pattern in unwanted)
            for meant, wanted, unwanted in self._signatures
        )

    def extract(self, view: PageView) -> tuple[Extraction, ...]:
        """Return the articles of a page in order."""
        self.check_url(view)
        layout, readings = self.read(view)
        strategy = f"{view.kind}:{layout.name}"
        if layout.reason:
            raise NotAnArticle(layout.reason, f"{self.site}: the page is of layout {strategy}")
        url = page_url(view) if len(readings) == 1 else None  # one URL cannot name several articles
        return tuple(self._finished(reading, strategy, layout, view, url) for reading in readings)

    def check_url(self, view: PageView) -> None:
        """Raise `NotAnArticle` where the URL says that the page is none."""
        path = url_path(page_url(view))
        if not path:
            return
        for rule in self.profile.urls.not_article:
            if re.search(rule.pattern, path):
                raise NotAnArticle(rule.reason, f"{self.site}: the URL's path {path} matches {_shown(rule.pattern)}")

    def read(self, view: PageView) -> tuple[_Layout, tuple[Reading, ...]]:
        """Return the first layout that fits the page and what it reads there."""
        is_html = view.kind is PageKind.HTML
        dense = "" if is_html else view.dense_text
        self._check_text(view, dense)
        for layout in self._layouts:
            if is_html and layout.html and layout.html.applies(view):
                return layout, layout.html.read(view)
            if not is_html and layout.text and layout.text.applies(dense, view.different_lines):
                readings = layout.text.read(view)
                if readings:
                    return layout, readings
        self._refuse_listing(view)
        raise UnknownLayout(Reason.NO_BODY, f"{self.site}: no layout of the profile fits this {view.kind} page")

    def _check_text(self, view: PageView, dense: str) -> None:
        for rule in self.profile.reject:
            if _page_matches(rule, view, dense):
                raise NotAnArticle(rule.reason, f"{self.site}: the page matches {_shown(rule.pattern)}")

    def _refuse_listing(self, view: PageView) -> None:
        """Take a URL outside the article patterns for a listing, where the profile has such patterns."""
        patterns = self.profile.urls.article
        path = url_path(page_url(view))
        if path and patterns and not any(re.search(pattern, path) for pattern in patterns):
            raise NotAnArticle(Reason.LISTING, f"{self.site}: {path} is no article's path, and no layout fits the page")

    def _finished(
        self, reading: Reading, strategy: str, layout: _Layout, view: PageView, url: str | None
    ) -> Extraction:
        found = Extraction(
            strategy=strategy,
            blocks=reading.blocks,
            removals=reading.removals,
            declared_language=self._declared_language(view, layout),
            **extraction_fields(reading.found, self.profile, url=url, fetched_at=view.raw.fetched_at),
        )
        for transform in layout.transforms:
            found = transform(found)
        if not found.blocks and not (self.profile.bodiless and found.title):
            self._refuse_bodiless(found)
        return self._with_wire(found)

    def _refuse_bodiless(self, found: Extraction) -> NoReturn:
        if found.captions:
            raise NotAnArticle(Reason.GALLERY, f"{self.site}/{found.strategy}: pictures with captions and no text")
        raise ExtractionFailed(Reason.NO_BODY, f"{self.site}/{found.strategy}: no body blocks")

    def _with_wire(self, found: Extraction) -> Extraction:
        """Add what the dateline says: its parts, the agency, a correspondent; else the site's own agency stands."""
        first = found.blocks[0].text if found.blocks else ""
        match = next((m for pattern in self._datelines if (m := pattern.match(first))), None)
        groups = match.groupdict() if match else {}
        printed = groups.get("agency")
        agency = found.agency or (printed and (agency_name(printed, self.profile) or printed)) or self.profile.agency
        authors = found.authors or author_names(filter(None, [groups.get("authors")]))
        return replace(found, dateline=parse_dateline(match) if match else None, agency=agency, authors=authors)

    def _declared_language(self, view: PageView, layout: _Layout) -> str | None:
        if view.declared_language:
            return view.declared_language
        host_and_path = (page_url(view) or "").partition("://")[2]
        for prefix, language in self.profile.languages.items():
            if host_and_path.startswith(prefix):
                return language
        return layout.language or self.profile.language


def _shown(pattern: str) -> str:
    return repr(pattern if len(pattern) <= _SHOWN_CHARS else f"{pattern[:_SHOWN_CHARS]}...")


def _page_matches(rule: PageRule, view: PageView, dense: str) -> bool:
    if rule.at is not None:
        value = view.meta.get(rule.at.removeprefix("meta:").lower()) if view.kind is PageKind.HTML else None
        return value is not None and re.search(rule.pattern, value) is not None
    text = dense or view.text
    return re.search(rule.pattern, text, re.MULTILINE) is not None


def _compiled(layout: Layout, site: str) -> _Layout:
    return _Layout(
        layout.name,
        layout.language,
        layout.reason,
        HtmlStrategy(layout.html, site=site) if layout.html else None,
        TextStrategy(layout.text, site=site) if layout.text else None,
        tuple(transform_named(name) for name in layout.transforms),
    )


def site_extractor(loaded: LoadedProfile) -> SiteExtractor:
    """Return the extractor of a profile: `SiteExtractor`, or the subclass that it names."""
    named = loaded.profile.extractor
    if not named:
        return SiteExtractor(loaded)
    module, _, name = named.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ProfileError(f"{loaded.path}: extractor = {named!r} cannot be imported: {error}") from error
    if not (isinstance(found, type) and issubclass(found, SiteExtractor)):
        raise ProfileError(
            f"{loaded.path}: extractor = {named!r} is no subclass of newsclean.extract.site.SiteExtractor"
        )
    return found(loaded)
