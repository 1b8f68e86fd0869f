"""From `newsclean.toml` to jobs: every value is checked, and an error names the line and the key, and the remedy."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from newsclean.config import PROJECT_FILE, find_project
from newsclean.errors import ConfigError
from newsclean.remote.path import StorePath, place_of
from newsclean.schedule.jobs import JOB_NAME, CatchUp, Job, Jobs, OnAlarm, Overlap
from newsclean.schedule.slots import Times, TimesError, read_duration, read_zone
from newsclean.schedule.toml_lines import line_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

__all__ = ["load"]

_S = TypeVar("_S", bound=msgspec.Struct)
_T = TypeVar("_T")

_UNKNOWN: Final = re.compile(r"unknown field `(?P<key>[^`]*)`(?: - at `\$\.?(?P<path>[^`]*)`)?")
_AT: Final = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?$", re.DOTALL)
_MOST_CAUGHT_UP: Final = 1_000
_MOST_RETRIES: Final = 100


class _ScheduleTable(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    timezone: str = "UTC"
    raw: str = "raw"
    output: str = "clean"
    state: str = ".newsclean"
    parallel: int = 4
    keep: str = "90d"


class _JobTable(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    spider: str | None = None
    clean: str | list[str] | None = None
    arguments: dict[str, str | int | float | bool] = {}
    settings: dict[str, str | int | float | bool] = {}
    sites: list[str] = []
    raw: str | None = None
    output: str | None = None
    workers: int | None = None
    cron: str | None = None
    every: str | None = None
    timezone: str | None = None
    jitter: str = "0s"
    timeout: str = "6h"
    retries: int = 2
    backoff: str = "5m"
    overlap: Overlap = Overlap.SKIP
    catch_up: CatchUp = CatchUp.LATEST
    catch_up_most: int = 10
    grace: str = "15m"
    after: list[str] = []
    on_alarm: OnAlarm = OnAlarm.NOTE
    alarms: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class _Source:
    """The file that is read, for its errors."""

    path: Path
    text: str

    def place(self, keys: Sequence[str]) -> str:
        line = line_of(self.text, keys)
        return f"{self.path}{'' if line is None else f':{line}'}: {'.'.join(keys)}"

    def error(self, keys: Sequence[str], message: str) -> ConfigError:
        return ConfigError(f"{self.place(keys)}: {message}")


def load(folder: Path) -> Jobs:
    """See `jobs.load_jobs`."""
    folder = folder.resolve()
    path = folder / PROJECT_FILE
    find_project(folder)  # what it says of other things has to be right, too
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    values = tomllib.loads(text)
    source = _Source(path, text)
    schedule = _table(_ScheduleTable, values.get("schedule", {}), ("schedule",), source)
    if schedule.parallel < 1:
        raise source.error(("schedule", "parallel"), "must be 1 or more")
    _spelled(read_zone, schedule.timezone, ("schedule", "timezone"), source)
    tables = _mapping(values.get("jobs", {}), ("jobs",), source)
    alarms = _mapping(values.get("alarms", {}), ("alarms",), source)
    jobs = {name: _job(name, table, schedule, source, alarms) for name, table in tables.items()}
    _check_order(jobs, source)
    _check_alarms({(): alarms} | {("jobs", name): job.alarms for name, job in jobs.items()}, source)
    return Jobs(
        folder=folder,
        state=folder / schedule.state,
        parallel=schedule.parallel,
        keep=_spelled(read_duration, schedule.keep, ("schedule", "keep"), source),
        jobs=jobs,
        alarms=alarms,
    )


def _job(name: str, values: Any, schedule: _ScheduleTable, source: _Source, alarms: Mapping[str, Any]) -> Job:
    keys = ("jobs", name)
    if not JOB_NAME.fullmatch(name):
        raise source.error(keys, "a job is named by small letters, digits, - and _, with a letter or digit first")
    table = _table(_JobTable, values, keys, source)
    _check_work(table, keys, source)
    _check_numbers(table, keys, source)

    raw = table.raw or schedule.raw
    is_address = "://" in raw

    def span(key: str) -> dt.timedelta:
        return _spelled(read_duration, getattr(table, key), (*keys, key), source)

    return Job(
        name=name,
        times=_times(name, table, schedule, source),
        raw=source.path.parent / ("raw" if is_address else raw),
        raw_address=raw.rstrip("/") if is_address else None,
        output=_output(table, schedule, keys, source),
        spider=table.spider,
        clean=(table.clean,) if isinstance(table.clean, str) else tuple(table.clean or ()),
        arguments={key: _text(value) for key, value in table.arguments.items()},
        settings={key: _text(value) for key, value in table.settings.items()},
        sites=tuple(table.sites),
        workers=table.workers,
        timeout=span("timeout"),
        retries=table.retries,
        backoff=span("backoff"),
        overlap=table.overlap,
        catch_up=table.catch_up,
        catch_up_most=table.catch_up_most,
        grace=span("grace"),
        after=tuple(table.after),
        on_alarm=table.on_alarm,
        alarms={**alarms, **table.alarms},
    )


def _output(table: _JobTable, schedule: _ScheduleTable, keys: tuple[str, ...], source: _Source) -> Path:
    """Return where the dataset is: a folder, or an address in an object store, where nothing can be held back."""
    given = (*keys, "output") if table.output else ("schedule", "output")
    text = table.output or schedule.output
    if "://" not in text:
        return source.path.parent / text
    place = place_of(text.rstrip("/"))
    if not isinstance(place, StorePath):
        raise source.error(given, f"{text!r}: must be a folder, or an address s3://bucket/folder")
    if table.on_alarm is OnAlarm.HOLD:
        message = f'"hold" keeps rows back on a disk, and the output is {place}: make it "note", or the output a folder'
        raise source.error((*keys, "on_alarm"), message)
    return place


def _check_work(table: _JobTable, keys: tuple[str, ...], source: _Source) -> None:
    if table.spider and table.clean:
        raise source.error((*keys, "clean"), "a job has a spider or something to clean; make two jobs of it")
    if not table.spider and not table.clean:
        raise source.error(keys, 'what is to be done? add spider = "NAME" or clean = "FOLDER"')
    for key in ("arguments", "settings", "raw"):
        if table.clean and getattr(table, key):
            raise source.error((*keys, key), "is for a spider, and this job only cleans; take it out")
    if table.cron is not None and table.every is not None:
        raise source.error((*keys, "every"), "a job has cron or every; take one out")


def _check_numbers(table: _JobTable, keys: tuple[str, ...], source: _Source) -> None:
    bounds = {"retries": (0, _MOST_RETRIES), "catch_up_most": (1, _MOST_CAUGHT_UP), "workers": (0, None)}
    for key, (low, high) in bounds.items():
        value = getattr(table, key)
        if value is not None and (value < low or (high is not None and value > high)):
            raise source.error((*keys, key), f"must be {low} {'or more' if high is None else f'to {high}'}")


def _times(name: str, table: _JobTable, schedule: _ScheduleTable, source: _Source) -> Times:
    keys = ("jobs", name)
    zone = table.timezone or schedule.timezone
    _spelled(read_zone, zone, (*keys, "timezone"), source)
    every = None if table.every is None else _spelled(read_duration, table.every, (*keys, "every"), source)
    jitter = _spelled(read_duration, table.jitter, (*keys, "jitter"), source)
    key = "cron" if table.cron is not None else "every"
    try:
        return Times(job=name, cron=table.cron, every=every, zone=zone, jitter=jitter)
    except TimesError as error:
        raise source.error((*keys, key), f"{getattr(table, key)!r}: {error}") from error


def _check_order(jobs: Mapping[str, Job], source: _Source) -> None:
    """Refuse unknown names in `after`, and jobs that would wait for each other."""
    for job in jobs.values():
        for i, name in enumerate(job.after):
            if name not in jobs:
                near = difflib.get_close_matches(name, jobs, n=1)
                hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(jobs)}"
                raise source.error(("jobs", job.name, "after"), f"[{i}]: no job {name!r}; {hint}")
    done: set[str] = set()
    for name in jobs:
        _follow(name, (), jobs, done, source)


def _follow(name: str, path: tuple[str, ...], jobs: Mapping[str, Job], done: set[str], source: _Source) -> None:
    if name in path:
        circle = " after ".join((*path[path.index(name) :], name))
        raise source.error(("jobs", name, "after"), f"jobs wait for each other: {circle}; take one out")
    if name not in done:
        for other in jobs[name].after:
            _follow(other, (*path, name), jobs, done, source)
        done.add(name)


def _check_alarms(tables: Mapping[tuple[str, ...], Mapping[str, Any]], source: _Source) -> None:
    """Have the checks look at their own tables, where there are checks that care to."""
    from newsclean.schedule.checking import options_check  # noqa: PLC0415  (as late as the checks)

    check = options_check()
    if check is not None:
        for keys, table in tables.items():
            check(table, partial(_inner_place, source, (*keys, "alarms")))


def _inner_place(source: _Source, keys: tuple[str, ...], inner: Sequence[str]) -> str:
    return source.place((*keys, *inner))


def _table(kind: type[_S], values: Any, keys: tuple[str, ...], source: _Source) -> _S:
    try:
        return msgspec.convert(_mapping(values, keys, source), kind)
    except msgspec.ValidationError as error:
        raise _explained(str(error), kind, keys, source) from error


def _explained(message: str, kind: type[msgspec.Struct], keys: tuple[str, ...], source: _Source) -> ConfigError:
    if match := _UNKNOWN.search(message):
        known = kind.__struct_fields__
        near = difflib.get_close_matches(match["key"], known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
        return source.error((*keys, match["key"]), f"unknown key; {hint}")
    found = _AT.match(message)
    assert found is not None
    inner = [part for part in re.split(r"[.\[\]]+", found["path"] or "") if part and part != "..."]
    what = found["what"].replace("`", "")
    if what.startswith("Invalid enum value"):
        field = next(field for field in msgspec.structs.fields(kind) if field.name == inner[0])
        what = f"{what.removeprefix('Invalid enum value ')}: must be one of {', '.join(field.type)}"
    return source.error((*keys, *inner), what)


def _mapping(value: Any, keys: tuple[str, ...], source: _Source) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise source.error(keys, f"must be a table: [{'.'.join(keys)}]")
    return value


def _spelled(read: Callable[[str], _T], text: str, keys: tuple[str, ...], source: _Source) -> _T:
    try:
        return read(text)
    except TimesError as error:
        raise source.error(keys, str(error)) from error


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
