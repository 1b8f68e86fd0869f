"""What a run came to: from the reports of crawl and clean to counts, a state, an exit code, and a report of its own."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from newsclean.schedule.ledger_tables import time_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsclean.schedule.records import Alarm, Attempt, Run, State

__all__ = ["Result", "counts_of", "details_of", "report_name", "write_report"]

_OF_CRAWL: Final = {
    "articles": "fetched",
    **{
        name: name
        for name in (
            *("requests", "responses", "received_bytes", "unchanged", "known", "items"),
            *("failed", "refused", "forbidden", "robots_unavailable", "retries"),
        )
    },
}
_OF_CLEAN: Final = {
    **{name: name for name in "files pages articles rejections".split()},
    "unchanged": "files_unchanged",
    "trouble_count": "troubles",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How an attempt ended, and with which exit code `newsclean run` says so.

    `is_repeat`: the slot was done before, and nothing was done now. `alarms` are those of this attempt.
    """

    run: Run
    attempt: Attempt
    state: State
    exit_code: int
    message: str = ""
    alarms: tuple[Alarm, ...] = ()
    is_repeat: bool = False
    crawl: Mapping[str, Any] | None = None
    clean: Mapping[str, Any] | None = field(default=None)

    def values(self) -> dict[str, Any]:
        """Return the result as plain values, for `--json` and for the report's file."""
        attempt = self.attempt
        return {
            "job": self.run.job,
            "run": self.run.run,
            "slot": time_text(self.run.slot),
            "kind": str(self.run.kind),
            "attempt": attempt.attempt,
            "state": str(self.state),
            "exit_code": self.exit_code,
            "message": self.message,
            "is_repeat": self.is_repeat,
            "started_at": attempt.started_at and time_text(attempt.started_at),
            "ended_at": attempt.ended_at and time_text(attempt.ended_at),
            "durations": dict(attempt.durations),
            "counts": dict(attempt.counts),
            "by_site": {site: asdict(counts) for site, counts in attempt.by_site.items()},
            "by_reason": dict(attempt.by_reason),
            "by_strategy": dict(attempt.by_strategy),
            "alarms": [_alarm_values(alarm) for alarm in self.alarms],
            "report": attempt.report,
            "log": attempt.log,
        }


def counts_of(crawl: Mapping[str, Any] | None, clean: Mapping[str, Any] | None) -> dict[str, float]:
    """Return the figures of both reports by the names of the ledger."""
    found = {ours: crawl[theirs] for theirs, ours in _OF_CRAWL.items() if theirs in crawl} if crawl else {}
    return found | ({ours: clean[theirs] for theirs, ours in _OF_CLEAN.items() if theirs in clean} if clean else {})


def details_of(clean: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the ledger keeps of the report of `newsclean clean`, by the names of the attempt."""
    has_rows = clean["state"] in {"done", "interrupted"}
    return {
        "by_site": clean["by_site"],
        "by_reason": clean["by_reason"],
        "by_strategy": clean["by_strategy"],
        "versions": {"newsclean": clean["newsclean_version"], **clean["versions"]},
        "clean_run_id": clean["run_id"] if has_rows else None,
    }


def report_name(run: Run, attempt: int) -> str:
    """Return where the report of an attempt lies, relative to the state folder."""
    return f"reports/{run.job}/{run.run}-{attempt}.json"


def write_report(path: Path, result: Result) -> None:
    """Write the report of an attempt, with those of crawl and clean whole, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    values = result.values() | {"crawl": result.crawl, "clean": result.clean}
    partial.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def _alarm_values(alarm: Alarm) -> dict[str, Any]:
    values = asdict(alarm)
    return values | {"raised_at": alarm.raised_at and time_text(alarm.raised_at), "state": str(alarm.state)}
