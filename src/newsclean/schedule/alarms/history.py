"""What is remembered of a job's earlier runs, and what of it may be taken for normal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from newsclean.dataset.counts.measures import LayoutMeasures, Measures, SiteMeasures
from newsclean.schedule.records import AlarmState, State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import Run

__all__ = ["CrawlMeasures", "History", "Remembered", "load_history", "remembered"]

_RUNS: Final = 800
_RUNS_AT_ONCE: Final = 50
_SITES: Final = 300
_MOST_SITES: Final = 15_000
_CHECKED: Final = (State.DONE, State.TROUBLE, State.ALARM, State.EMPTY)
_EVERY_SITE: Final = ""
_SOURCES: Final = ("feed", "sitemap", "listing")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlMeasures:
    """What a crawl met: addresses that its sources `named`, known ones too (None: this spider does not tell).

    `requests` were sent, `failed` of them came to nothing; `gaps` are feeds that lost entries since the last visit.
    """

    named: int | None = None
    fetched: int = 0
    requests: int = 0
    failed: int = 0
    gaps: int = 0

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> CrawlMeasures:
        """Take them from what `newsclean crawl --json` prints."""
        counts: Mapping[str, float] = report.get("counts") or {}
        ours = ("asked/", "skipped/", "fetched/", "not_modified/")
        known = [name for name in counts if name.startswith(ours)]
        named = sum(
            int(count)
            for name, count in counts.items()
            if name.startswith("skipped/")
            or name in {"asked/new", "asked/modified"}
            or name in {f"not_modified/{kind}" for kind in _SOURCES}
        )
        return cls(
            named=named if known else None,
            fetched=int(report.get("articles") or 0),
            requests=int(report.get("requests") or 0),
            failed=int(report.get("failed") or 0),
            gaps=int(counts.get("gaps", 0)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """One checked run: its slot, its measures by site, and the sites that its alarms were about ("" for all)."""

    slot: dt.datetime
    sites: Mapping[str, SiteMeasures]
    crawl: CrawlMeasures | None = None
    sequence: int = 0
    suspect: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()

    def is_normal(self, site: str) -> bool:
        """Whether what it says of a site may stand for what is usual."""
        return not self.suspect & {site, _EVERY_SITE}


@dataclass(frozen=True, slots=True)
class History:
    """The checked runs of a job before the one that is checked, the oldest first."""

    runs: Sequence[Remembered] = field(default_factory=tuple)

    def normal(self, site: str) -> Sequence[Remembered]:
        """Return the runs that tell what is usual for a site (`""`: for the whole job).

        What was before somebody accepted a change is no longer usual, nor is the time before the site's first page.
        """
        runs = self.runs
        for at, run in enumerate(runs):
            if run.accepted & {site, _EVERY_SITE}:
                runs = self.runs[at:]
        kept = [run for run in runs if run.is_normal(site)]
        first = next((at for at, run in enumerate(kept) if not site or site in run.sites), len(kept))
        return kept[first:]

    def sites(self) -> frozenset[str]:
        """Return the names of all sites that there was something of."""
        return frozenset(site for run in self.runs for site in run.sites)

    @property
    def last_sequence(self) -> int | None:
        """The number of the dataset's last commit at the last check, None where nothing was checked."""
        return self.runs[-1].sequence if self.runs else None


def remembered(measures: Measures, crawl: CrawlMeasures | None, sequence: int) -> dict[str, Any]:
    """Return what is to be kept of a run, as JSON values: its 300 largest sites."""
    largest = sorted(measures.sites.items(), key=lambda item: (-item[1].pages, item[0]))[:_SITES]
    found: dict[str, Any] = msgspec.to_builtins({"sites": dict(largest), "crawl": crawl, "sequence": sequence})
    return found


def load_history(ledger: Ledger, run: Run) -> History:
    """Read what the ledger remembers of the job before `run`: 800 runs at most, fewer of jobs with many sites."""
    marks: dict[int, dict[AlarmState, set[str]]] = {}
    for alarm in ledger.alarms(run.job, limit=100_000):
        marks.setdefault(alarm.run, {}).setdefault(alarm.state, set()).add(alarm.site)
    found: list[Remembered] = []
    before, sites = run.run, 0
    while len(found) < _RUNS and sites < _MOST_SITES:
        pairs = ledger.history(run.job, limit=_RUNS_AT_ONCE, before=before, states=_CHECKED)
        for earlier, attempt in pairs:
            if "sites" in attempt.measures:
                found.append(_remembered(earlier.slot, attempt.measures, marks.get(earlier.run, {})))
                sites += len(found[-1].sites)
        if len(pairs) < _RUNS_AT_ONCE:
            break
        before = pairs[-1][0].run
    return History(sorted(found, key=lambda one: one.slot))


def _remembered(slot: dt.datetime, values: Mapping[str, Any], marks: Mapping[AlarmState, set[str]]) -> Remembered:
    suspect = marks.get(AlarmState.OPEN, set()) | marks.get(AlarmState.DROPPED, set())
    accepted = marks.get(AlarmState.ACKNOWLEDGED, set())
    return Remembered(
        slot=slot,
        sites=msgspec.convert(values["sites"], dict[str, SiteMeasures]),
        crawl=msgspec.convert(values.get("crawl"), CrawlMeasures | None),
        sequence=values.get("sequence", 0),
        suspect=frozenset(suspect),
        accepted=frozenset(accepted),
    )


def layouts_of(site: SiteMeasures | None) -> Iterator[tuple[str, LayoutMeasures]]:
    """Yield each layout of a site in order; nothing where there is no such site."""
    if site is not None:
        yield from sorted(site.layouts.items())
