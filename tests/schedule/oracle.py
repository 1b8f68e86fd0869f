"""The rules of docs/scheduling.md once more, in the plainest way: lists, a wall clock, and no code of newsclean.

`cron_slots` looks at every minute (or every wall-clock time) of a span; `expected` walks over the
times at which a tick was made and says what must have become of each slot.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

__all__ = ["Fates", "cron_slots", "every_slots", "expected"]

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def cron_slots(cron, zone, start, end):
    """Return the slots in (start, end], in UTC."""
    local_zone = ZoneInfo(zone)
    minute, hour, day, month, weekday = cron.split()
    minutes, hours = _numbers(minute, 0, 59), _numbers(hour, 0, 23)
    days, months = _numbers(day, 1, 31), _numbers(month, 1, 12)
    weekdays = {number % 7 for number in _numbers(weekday, 0, 7)}

    def is_day(date):
        in_month, in_week = date.day in days, date.isoweekday() % 7 in weekdays
        both = day.startswith("*") or weekday.startswith("*")
        return date.month in months and ((in_month and in_week) if both else (in_month or in_week))

    if minute.startswith("*") or hour.startswith("*"):
        found, at = [], start + MINUTE
        while at <= end:
            local = at.astimezone(local_zone)
            if local.minute in minutes and local.hour in hours and is_day(local):
                found.append(at)
            at += MINUTE
        return found
    found = set()
    date = start.astimezone(local_zone).date() - DAY
    while date <= end.astimezone(local_zone).date() + DAY:
        for one_hour in hours if is_day(date) else ():
            for one_minute in minutes:
                found.add(_real(dt.datetime.combine(date, dt.time(one_hour, one_minute)), local_zone))
        date += DAY
    return sorted(at for at in found if start < at <= end)


def every_slots(every, start, end):
    """Return the multiples of `every` since 1970 in (start, end]."""
    step = int(every.total_seconds())
    first = int(start.timestamp()) // step * step + step
    return [dt.datetime.fromtimestamp(at, dt.UTC) for at in range(first, int(end.timestamp()) + 1, step)]


def _real(wall, zone):
    """Return the first moment at which a clock on the wall shows this time, or the first after a gap with it."""
    while True:
        at = wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
        if at.astimezone(zone).replace(tzinfo=None) == wall:
            return at
        wall += MINUTE


def _numbers(text, low, high):
    found = set()
    for term in text.split(","):
        span, _, step = term.partition("/")
        first, last = (low, high) if span == "*" else (int(one) for one in (span.split("-") * 2)[:2])
        found |= set(range(first, (high if step and "-" not in span and span != "*" else last) + 1, int(step or 1)))
    return found


@dataclass
class Fates:
    """What became of slots: those that ran to their end, in the order in which they started, and the others."""

    started: list = field(default_factory=list)
    ran: set = field(default_factory=set)
    skipped: set = field(default_factory=set)
    cancelled: set = field(default_factory=set)
    missed: int = 0
    left: set = field(default_factory=set)


def expected(  # noqa: C901, PLR0912, PLR0913  (all the rules in one place, in the order of the document)
    slots, ticks, *, overlap, catch_up, most, grace, takes, jitter=lambda _: dt.timedelta(0)
):
    """Say what must have become of the slots; `takes` gives the time that the run of a slot takes."""
    fates, known, cursor = Fates(), set(), ticks[0]
    queue, running, ends_at, is_stopped = [], None, None, False
    for now in ticks:
        if running is not None and ends_at <= now:
            (fates.cancelled if is_stopped else fates.ran).add(running)
            running, is_stopped = None, False
        if cursor > now + DAY:
            cursor = now
        due = []
        for slot in slots[bisect_right(slots, cursor) :]:
            if slot + jitter(slot) > now:
                break
            due.append(slot)
        if due:
            cursor = due[-1]
        late = [slot for slot in due if now - (slot + jitter(slot)) > grace]
        on_time = due[len(late) :]
        if catch_up == "none":
            kept = []
        elif catch_up == "latest":
            kept = [] if on_time else late[-1:]
        else:
            kept = late[-most:]
        fates.missed += len(late) - len(kept)
        queue += [slot for slot in kept if slot not in known]
        known |= set(kept)
        for slot in on_time:
            # A slot that has its run already, because the clock was wrong, is not run again; but it is decided.
            busy = running is not None or bool(queue)
            if busy and overlap == "skip":
                fates.skipped |= {slot} - known
            else:
                if busy and overlap == "cancel":
                    fates.cancelled |= set(queue)
                    queue = []
                    if running is not None:
                        is_stopped, ends_at = True, min(ends_at, now + dt.timedelta(seconds=1))
                if slot not in known:
                    queue.append(slot)
            known.add(slot)
        if running is None and queue:
            queue.sort()
            running = queue.pop(0)
            ends_at = now + takes(running)
            fates.started.append(running)
    fates.left = {running, *queue} - {None}
    return fates
