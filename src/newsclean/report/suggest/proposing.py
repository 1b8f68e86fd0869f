"""Put a profile together from a sample, write it as TOML with its evidence, and try it on the same pages."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Final

from newsclean import __version__
from newsclean.errors import ConfigError, PageError
from newsclean.extract.profile_loading import load_profile
from newsclean.extract.routing import Router
from newsclean.model import PageKind, Reason
from newsclean.report.comparing import overlap
from newsclean.report.suggest.addresses import article_patterns, other_patterns
from newsclean.report.suggest.dump_rules import is_weak, text_layout
from newsclean.report.suggest.dumps import dump_forms
from newsclean.report.suggest.markup import Bodies, PageText, containers, drop_rows, remove_rows
from newsclean.report.suggest.selecting import select
from newsclean.report.suggest.sources import field_sources
from newsclean.report.suggest.writing import Layout, Row, literal, pages_of, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.report.suggest.markup import Container
    from newsclean.report.suggest.sample import Sample, SamplePage

__all__ = ["Proposal", "propose"]

_NO_SITE: Final = "example.com"
_ALWAYS: Final = 0.99
_AGREES: Final = 0.92


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of trying a profile on the sample's pages.

    `layouts` counts pages by the layout that read them, `failed` those with an article by the
    generic extractor that no layout fits; `agreement` is the mean overlap (F1) of the two bodies.
    """

    layouts: Counter[str]
    failed: int
    split: int
    agreement: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed profile: the site it is for, its TOML, and what came of trying it."""

    site: str
    toml: str
    trial: Trial


def propose(sample: Sample, *, site: str | None = None) -> Proposal:
    """Return a profile for the sample's site; raises ConfigError where its pages have nothing in common to go by."""
    name = site or sample.site or _NO_SITE
    html, markup = _html_layouts(sample.of(PageKind.HTML))
    text, signatures = _text_layouts(sample.of(PageKind.TEXT))
    layouts = [*html, *text]
    if not layouts:
        articles = sum(page.found is not None for page in sample.pages)
        raise ConfigError(
            f"{name}: nothing to propose: of {len(sample.pages)} pages {articles} are articles, and these share no "
            "element around their bodies and no lines; give more pages of one site, articles above all"
        )
    body = [*_facts(sample, markup), *_signature_lines(signatures)]
    for number, layout in enumerate(layouts, 1):
        body += layout.lines(f"layout-{number}" if len(layouts) > 1 else "main")
    trial = _tried(name, "\n".join(body), sample.pages)
    return Proposal(site=name, toml="\n".join([*_header(name, sample, trial), *body, ""]), trial=trial)


def _html_layouts(pages: Sequence[SamplePage]) -> tuple[list[Layout], list[Container]]:
    texts = [PageText(page) for page in pages if page.found]
    bodies = Bodies(articles=[text for text in texts if text.size], others=[page for page in pages if not page.found])
    found = containers(bodies)
    return [_html_layout(container) for container in found], found


def _html_layout(container: Container) -> Layout:
    pages = [text.page for text in container.pages]
    fields = field_sources(pages)
    used = frozenset(
        row.values["at"].removeprefix("css:").partition("@")[0] for rows in fields.values() for row in rows
    )
    removed = remove_rows(container, used)
    rows = {"remove": tuple(removed), "drop": tuple(drop_rows(container, removed))}
    coverage = f"holds the body {pages_of(container.whole, container.of)}"
    return Layout(
        kind="html",
        note=f"HTML whose body is in {container.selector}: {container.whole} of {container.of} articles",
        keys={
            "evidence": ((container.selector, *_further_evidence(fields)), "all of these must be found"),
            "body": ((container.selector,), coverage),
        },
        rows=rows,
        fields=fields,
    )


def _further_evidence(fields: dict[str, tuple[Row, ...]]) -> tuple[str, ...]:
    """Return the headline's selector where it is on every page: a list of stories may have the body's element too."""
    for row in fields.get("title", ()):
        at = str(row.values["at"])
        if at.startswith("css:") and row.pages >= _ALWAYS * row.of:
            return (at.removeprefix("css:"),)
    return ()


def _text_layouts(pages: Sequence[SamplePage]) -> tuple[list[Layout], list[Row]]:
    forms = dump_forms(pages)
    found = [text_layout(form, len(pages)) for form in forms]
    return [layout for layout, _ in found], [signature for _, signature in found]


def _header(site: str, sample: Sample, trial: Trial) -> Iterator[str]:
    articles = sum(page.found is not None for page in sample.pages)
    count = len(sample.pages)
    yield f"# Proposed by newsclean {__version__} from {count} pages, {articles} of them articles, to be reviewed:"
    yield "# each comment says on how many pages a rule was found, and what it takes there."
    if site == _NO_SITE:
        yield "# No page says where it is from: name the file by the site's registered domain."
    if sample.other_sites:
        yield f"# {sample.other_sites} pages of other sites were left out."
    for layout, count in sorted(trial.layouts.items()):
        yield f"# tried: {layout} reads {count} of {len(sample.pages)} pages"
    if trial.agreement is not None:
        yield f"# tried: bodies agree with the generic extractor's to {trial.agreement:.3f} (F1), which may err itself"
        if trial.agreement < _AGREES:
            yield "# tried: that is little; look first at which lines or elements each layout takes for the body"
    if trial.failed:
        yield f"# tried: {trial.failed} articles fit no layout, and go to the generic extractor"
    if trial.split:
        yield f"# tried: {trial.split} pages are read as several articles: make the head stricter"


def _facts(sample: Sample, markup: Sequence[Container]) -> Iterator[str]:
    names = Counter(name for page in sample.pages if page.found and (name := page.found.publisher))
    publisher = names.most_common(1)[0][0] if names else sample.site or _NO_SITE
    yield f"publisher = {literal(publisher)}"
    yield '# timezone = "Europe/Lisbon"   # where its clock hangs: dates without a zone are read by it'
    languages = Counter(tag for page in sample.pages if (tag := page.view.declared_language))
    if len(languages) == 1:
        yield f"language = {literal(next(iter(languages)))}"
    articles = [page.url for page in sample.pages if page.url and (page.found or _fits(markup, page))]
    others = [(page.url, page.reason) for page in sample.pages if page.url and page.reason and not _fits(markup, page)]
    yield from _url_lines(articles, others)


def _fits(markup: Sequence[Container], page: SamplePage) -> bool:
    return any(select(one.selector, page) for one in markup)


def _url_lines(articles: Sequence[str], others: Sequence[tuple[str, Reason]]) -> Iterator[str]:
    rows = article_patterns(articles)
    refused = other_patterns(articles, others)
    if rows or refused:
        yield ""
        yield "[urls]"
    if rows:
        yield "article = ["
        for row in rows:
            yield f"    # {row.comment}"
            yield f"    {literal(row.values['pattern'])},"
        yield "]"
    if refused:
        yield "not_article = ["
        for row in refused:
            yield f"    # {row.comment}"
            yield f"    {table(row.values)},"
        yield "]"


def _signature_lines(signatures: Sequence[Row]) -> Iterator[str]:
    for row in {str(one.values["all"]): one for one in signatures}.values():
        yield ""
        yield f"# how a dump without a URL is known: {row.comment}"
        if is_weak(row):
            yield "# weak: dumps of other sites may have these lines, too; add one that only this site prints"
        if row.values["all"]:
            yield "[[signature]]"
            yield f"all = {literal(row.values['all'])}"


def _tried(site: str, toml: str, pages: Sequence[SamplePage]) -> Trial:
    """Load the profile and read the sample's pages by it."""
    with tempfile.TemporaryDirectory(prefix="newsclean-suggest-") as folder:
        path = Path(folder) / f"{site}.toml"
        path.write_text(toml, encoding="utf-8")
        (extractor,) = Router([load_profile(path)]).sites
    layouts: Counter[str] = Counter()
    agreement: list[float] = []
    failed = split = 0
    for page in pages:
        try:
            found = extractor.extract(page.view)
        except PageError:
            failed += page.found is not None
            continue
        layouts[found[0].strategy] += 1
        split += len(found) > 1
        if page.found:
            precision, recall = overlap(
                *("\n".join(block.text for block in one.blocks) for one in (page.found, found[0]))
            )
            agreement.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    return Trial(layouts=layouts, failed=failed, split=split, agreement=fmean(agreement) if agreement else None)
