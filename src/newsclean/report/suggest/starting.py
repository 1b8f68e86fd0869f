"""Start a site: its proposed profile and golden cases of what is read by it now, all of them new files."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from newsclean.cleaning import cleaned
from newsclean.errors import ConfigError, PageError
from newsclean.extract.routing import load_router
from newsclean.model import PageKind
from newsclean.report.suggest.proposing import propose
from newsclean.report.suggest.sample import load_sample
from newsclean.run.api import site_folders
from newsclean.run.cases import seen_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsclean.extract.routing import Router
    from newsclean.report.suggest.proposing import Proposal
    from newsclean.report.suggest.sample import SamplePage

__all__ = ["StartedCase", "StartedSite", "start_site"]

_SITE: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}")
_NAMES: Final = {PageKind.HTML: "page.html", PageKind.TEXT: "page.txt"}
_SUFFIX: Final = re.compile(r"(?:\.(?:html?|txt|gz|zst|warc))+$")
_STRANGE: Final = re.compile(r"[^\w.-]+")
_MOST_CASES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedCase:
    """A golden case that was written: its folder, the page it is of, and what was read there in a word."""

    folder: Path
    page: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedSite:
    """What was written for a new site; `is_in_use`: its folder of profiles is one that is used by itself."""

    profile: Path
    cases: tuple[StartedCase, ...]
    proposal: Proposal
    is_in_use: bool


def start_site(site: str, pages: Sequence[str], *, sites: Path, cases: Path, url: str | None = None) -> StartedSite:
    """Propose a profile from `pages` and write it to `sites`, and a case for each kind of outcome to `cases`/SITE.

    `url` is the address of the one page that is given. Nothing is written where anything is in the
    way, or where a page is not known for the site's: raises ConfigError.
    """
    if not _SITE.fullmatch(site):
        raise ConfigError(f"{site}: no registered domain; a profile is named by it, as in example.com")
    profile, place = sites / f"{site}.toml", cases / site
    for path in (profile, place):
        if path.exists():
            raise ConfigError(f"{path}: is there already, and nothing is overwritten; move it away, or edit it")
    sample = load_sample(pages, sources=(), most=1000, url=url)
    if sample.site not in {None, site}:
        raise ConfigError(f"{site}: the pages are of {sample.site}; name that, or other pages")
    proposal = propose(sample, site=site)
    with tempfile.TemporaryDirectory(prefix="newsclean-new-") as folder:
        (Path(folder) / profile.name).write_text(proposal.toml, encoding="utf-8")
        router = load_router([*site_folders(()), Path(folder)])
        chosen = list(_chosen(sample.pages, site, router))
    if not chosen:
        raise ConfigError(
            f"{site}: neither a URL nor a signature says of any page that it is this site's; give the page's "
            'address by --url, or in a manifest.jsonl beside the pages: {"file": "story.html", "url": "https://..."}'
        )
    _write(profile, proposal.toml.encode())
    written = tuple(_written(place, page, expected) for page, expected in chosen)
    in_use = any(folder.resolve() == sites.resolve() for folder in site_folders(()))
    return StartedSite(profile=profile, cases=written, proposal=proposal, is_in_use=in_use)


def _chosen(pages: Sequence[SamplePage], site: str, router: Router) -> Iterator[tuple[SamplePage, dict[str, Any]]]:
    """Yield a page of each layout and of each reason for a rejection, and what is read there."""
    seen: set[str] = set()
    for page in pages:
        owner = router.site_of(page.view)
        if owner is None or owner.site != site:
            continue
        expected = _expected(page, router)
        outcome = _outcome(expected)
        if outcome not in seen and len(seen) < _MOST_CASES:
            seen.add(outcome)
            yield page, expected


def _expected(page: SamplePage, router: Router) -> dict[str, Any]:
    try:
        extracted = router.extract(page.view)
    except PageError as error:
        return {"rejection": str(error.reason)}
    return {"articles": [seen_values(cleaned(one)) for one in extracted.extractions]}


def _outcome(expected: Mapping[str, Any]) -> str:
    if "rejection" in expected:
        return f"rejected: {expected['rejection']}"
    return f"read as {expected['articles'][0]['strategy']}"


def _written(place: Path, page: SamplePage, expected: dict[str, Any]) -> StartedCase:
    raw = page.raw
    name = _SUFFIX.sub("", Path(raw.raw_path).name) or "page"
    if raw.raw_offset is not None:
        name = f"{name}-{raw.raw_offset}"
    name = _STRANGE.sub("-", name)
    folder = place / f"{name}_{page.kind}"
    meta = {
        "url": raw.url,
        "fetched_at": raw.fetched_at.isoformat() if raw.fetched_at else None,
        "status": raw.status,
        "media_type": raw.media_type,
        "charset": raw.charset,
    }
    _write(folder / _NAMES[page.kind], raw.body)
    _write(folder / "meta.json", _json({key: value for key, value in meta.items() if value is not None}))
    _write(folder / "expected.json", _json(expected))
    return StartedCase(folder=folder, page=raw.raw_path, outcome=_outcome(expected))


def _json(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}; choose another folder") from error
