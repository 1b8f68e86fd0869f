"""What a check looks at: the run, what is remembered of the job, and how an alarm about it is put."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsclean.dataset.counts.measures import Measures, SiteMeasures
from newsclean.schedule.records import Alarm, Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from newsclean.schedule.alarms.history import CrawlMeasures, History

__all__ = ["Subject", "alarm", "percent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The run that is checked. `clean` is the report of its cleaning, None where there was none."""

    job: str
    slot: dt.datetime
    kind: Kind
    measures: Measures
    history: History
    crawl: CrawlMeasures | None = None
    clean: Mapping[str, object] | None = None
    troubles: tuple[str, ...] = ()
    min_runs: int = 3
    name_of_whole: str = field(default="")

    def sites(self) -> Iterator[tuple[str, SiteMeasures]]:
        """Yield each site of this run or of an earlier one, by name, with what this run has of it."""
        for name in sorted(self.measures.sites.keys() | self.history.sites()):
            yield name, self.measures.sites.get(name) or SiteMeasures()

    def is_known(self, site: str) -> bool:
        """Whether enough is remembered of a site to say what is usual."""
        return len(self.history.normal(site)) >= self.min_runs

    def samples(self, *key: str) -> tuple[str, ...]:
        """Return some pages as places to look at: see `Measures.samples`."""
        return tuple(map(str, self.measures.samples.get(key, ())))


def alarm(  # noqa: PLR0913  (an alarm's own fields, by name)
    check: str,
    sentence: str,
    *,
    site: str = "",
    layout: str = "",
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    samples: tuple[str, ...] = (),
) -> Alarm:
    """Return an alarm that the ledger has not seen yet."""
    return Alarm(
        check=check, sentence=sentence, site=site, layout=layout, value=value, low=low, high=high, samples=samples
    )


def percent(share: float) -> str:
    """Return a share as a person reads it."""
    return f"{100 * share:.0f}%" if share == 0 or share >= 0.01 else f"{100 * share:.1f}%"  # noqa: PLR2004  (1%)
