"""The head of a form of dumps: the lines from a label above the headline down to the body, in their order."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from newsclean.report.suggest.datelines import dated_pattern
from newsclean.report.suggest.lines import escaped
from newsclean.report.suggest.writing import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.report.suggest.dumps import Dump, Form

__all__ = ["head_rows"]

_ALWAYS: Final = 0.97
_NEARLY_ALL: Final = 0.9
_SOME: Final = 0.3
_MOST_ABOVE: Final = 3  # lines from a headline down to the date, at most
_LONGEST_LABEL: Final = 60
_STANDFIRST: Final = ".{20,}"
_CLOCK: Final = r"\d{1,2}:\d\d"


def head_rows(form: Form) -> list[Row]:
    """Return the entries of the head."""
    rows = _dated(form) if form.is_dated else _labelled(form)
    return rows + _standfirst(form)


def _labelled(form: Form) -> list[Row]:
    of = len(form.dumps)
    titles = tuple(dump.lines[dump.anchor] for dump in form.dumps)
    return [
        Row(values={"line": escaped(form.label), "rule": "above-headline"}, pages=of, of=of),
        Row(values={"field": "title"}, pages=of, of=of, samples=titles),
    ]


def _dated(form: Form) -> list[Row]:
    of = len(form.dumps)
    heights = _heights(form)
    label = _label(form, heights)
    titles = tuple(dump.lines[dump.anchor - height] for dump, height in zip(form.dumps, heights, strict=True))
    lines = tuple(dump.lines[dump.anchor] for dump in form.dumps)
    pattern = dated_pattern([dump.dated for dump in form.dumps if dump.dated])
    return [
        *label,
        Row(values={"field": "title"}, pages=of, of=of, samples=titles),
        *_between(form, heights, is_labelled=bool(label)),
        Row(values={"line": pattern, "rule": "date"}, pages=of, of=of, samples=lines),
        *_time(form, pattern),
    ]


def _heights(form: Form) -> list[int]:
    """Return how many lines the headline of each dump is above its date; where it is not known, as on most others."""
    known = [dump.anchor - dump.title if dump.title is not None else 0 for dump in form.dumps]
    usual = Counter(height for height in known if 0 < height <= _MOST_ABOVE).most_common(1)
    other = usual[0][0] if usual else 1
    heights = [height if 0 < height <= _MOST_ABOVE else other for height in known]
    return [min(height, dump.anchor) for dump, height in zip(form.dumps, heights, strict=True)]


def _label(form: Form, heights: Sequence[int]) -> list[Row]:
    """Return the line that stands above the headline on nearly all pages, where there is one."""
    places = [dump.anchor - height - 1 for dump, height in zip(form.dumps, heights, strict=True)]
    above = Counter(dump.lines[at] for dump, at in zip(form.dumps, places, strict=True) if at >= 0)
    line, count = above.most_common(1)[0] if above else ("", 0)
    if count < _NEARLY_ALL * len(form.dumps):
        return []
    return [Row(values={"line": escaped(line), "rule": "above-headline"}, pages=count, of=len(form.dumps))]


def _between(form: Form, heights: Sequence[int], *, is_labelled: bool) -> list[Row]:
    """Return the entry for a line between headline and date: a section if always short, else a standfirst.

    One that may be missing is safe only below a headline that a label is above.
    """
    found = [dump.lines[dump.anchor - 1] for dump, height in zip(form.dumps, heights, strict=True) if height > 1]
    of = len(form.dumps)
    is_always = len(found) >= _ALWAYS * of
    if not is_always and not (is_labelled and len(found) >= _SOME * of):
        return []
    is_short = is_always and all(len(line) <= _LONGEST_LABEL for line in found)
    values: dict[str, Any] = {"field": "section", "line": ".{2,60}"} if is_short else _optional(is_always=is_always)
    return [Row(values=values, pages=len(found), of=of, samples=tuple(found))]


def _optional(*, is_always: bool) -> dict[str, Any]:
    values: dict[str, Any] = {"field": "standfirst", "line": _STANDFIRST}
    return values if is_always else values | {"optional": True}


def _time(form: Form, pattern: str) -> list[Row]:
    """Return the entry for a time that is printed on the line below its date."""
    below = [dump.lines[dump.anchor + 1] for dump in form.dumps if dump.anchor + 1 < len(dump.lines)]
    found = tuple(line for line in below if re.fullmatch(_CLOCK, line))
    if len(found) < _SOME * len(form.dumps):
        return []
    field = "modified_time" if "(?P<modified>" in pattern else "published_time"
    values = {"field": field, "line": _CLOCK, "optional": True}
    return [Row(values=values, pages=len(found), of=len(form.dumps), samples=found)]


def _standfirst(form: Form) -> list[Row]:
    """Return the entry for a standfirst right below the head; one that may be missing needs a sure next line."""
    found = [line for dump in form.dumps if (line := _below_head(dump, form.opening)) is not None]
    sure = sum(
        _below_head(dump, form.opening) is not None and form.opening in dump.lines[dump.begin] for dump in form.dumps
    )
    of = len(form.dumps)
    row = Row(values=_optional(is_always=True), pages=len(found), of=of, samples=tuple(found))
    if len(found) >= _ALWAYS * of:
        return [row]
    if form.opening and sure >= _SOME * of:
        then = {"then": f".*{escaped(form.opening)}.*"}
        return [Row(values=_optional(is_always=False) | then, pages=len(found), of=of, samples=tuple(found))]
    return []


def _below_head(dump: Dump, opening: str) -> str | None:
    """Return the line below the head if it is a standfirst; above a known opening of the body, any line is one."""
    at = dump.anchor + 1
    if at < dump.begin and (dump.moved.get(at) == "standfirst" or opening):
        return dump.lines[at]
    return None
