"""The rules of a form of dumps: its head, the lines below and amid its bodies, and what it is known by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from newsclean.report.suggest.dump_head import head_rows
from newsclean.report.suggest.lines import escaped
from newsclean.report.suggest.writing import Layout, Row
from newsclean.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.report.suggest.dumps import Dump, Form

__all__ = ["is_weak", "text_layout"]

_LEAST_SHARE: Final = 0.1
_MOST: Final = 0.6
_REACHES: Final = 0.4  # the generic extractor takes headlines below a text for text on many a page
_NEARLY_ALL: Final = 0.9
_BELOW: Final = 0.1  # of a body's lines, those that may follow a line that ends it
_LONGEST_LABEL: Final = 60
_SPECIFIC_CHARS: Final = 12
_MOST_ROWS: Final = 12
_HEADLINE: Final = re.compile(r"(?=\S+ \S+).{8,120}(?<![.…\"”:;,)])")
_CREDITED: Final = re.compile(r".{8,500}\[[^\[\]]{2,60}\]\W{0,3}")
_SHOWN_START: Final = 50  # characters of a line that a signature asks for


def text_layout(form: Form, total: int) -> tuple[Layout, Row]:
    """Return the layout of a form and its signature."""
    head = head_rows(form)
    tail = _tail(form)
    drop = _drop(form, {str(row.values["line"]) for row in (*head, *tail) if "line" in row.values})
    count = len(form.dumps)
    what = "a date below the headline" if form.is_dated else f"the line {form.label!r} above the headline"
    layout = Layout(
        kind="text",
        note=f"Dumps with {what}: {count} of {total} pages",
        rows={"head": tuple(head), "tail": tuple(tail), "drop": tuple(drop)},
    )
    return layout, _signature(form)


def _tail(form: Form) -> list[Row]:
    """Return the lines that are the first below a body, and stand below it wherever they stand."""
    follows: defaultdict[str, list[float]] = defaultdict(list)
    places = [_first_places(dump, form.fixed) for dump in form.dumps]
    for dump, found in zip(form.dumps, places, strict=True):
        for line, at in found.items():
            follows[line].append(sum(one > at for one in dump.body) / len(dump.body))
    ends = {line for line, shares in follows.items() if len(shares) > 1 and sum(shares) <= _BELOW * len(shares)}
    firsts: defaultdict[str, list[tuple[Dump, int]]] = defaultdict(list)
    for dump, found in zip(form.dumps, places, strict=True):
        first = min(((at, line) for line, at in found.items() if line in ends), default=None)
        if first is not None:
            firsts[first[1]].append((dump, first[0]))
    most = sorted(firsts, key=lambda line: (-len(firsts[line]), line))[:_MOST_ROWS]
    return [_tail_row(line, firsts[line], pages=len(follows[line]), of=len(form.dumps)) for line in most]


def _tail_row(line: str, firsts: Sequence[tuple[Dump, int]], *, pages: int, of: int) -> Row:
    """Return the entry for a line; where headlines stand straight above it on most pages, it reaches up to them."""
    values: dict[str, object] = {"line": escaped(line), "rule": "below-article"}
    above = [_headlines(dump.lines[dump.end + 1 : at]) for dump, at in firsts]
    if sum(map(bool, above)) >= _REACHES * len(above):
        values |= {"reach": _HEADLINE.pattern, "reach_most": max(map(len, above))}
    below = [one for dump, at in firsts for one in dump.lines[at + 1 : at + 2]]
    reached = [one for lines in above for one in lines] if "reach" in values else []
    return Row(values=values, pages=pages, of=of, samples=(*reached[:1], line, *below))


def _headlines(lines: Sequence[str]) -> list[str]:
    """Return the last lines that look like headlines, with no other between them."""
    return list(takewhile(_HEADLINE.fullmatch, reversed(lines)))


def _first_places(dump: Dump, fixed: frozenset[str]) -> dict[str, int]:
    """Return where each fixed line that is no body stands first below the body's first line."""
    found: dict[str, int] = {}
    for at in range(dump.begin + 1, len(dump.lines)):
        if at not in dump.body and dump.lines[at] in fixed and fold(dump.lines[at]):
            found.setdefault(dump.lines[at], at)
    return found


def _drop(form: Form, known: set[str]) -> list[Row]:
    """Return the lines between head and end that repeat and are no body, alike or by how they open."""
    seen: defaultdict[str, set[int]] = defaultdict(set)
    opened: defaultdict[str, list[str]] = defaultdict(list)
    kept: Counter[str] = Counter()
    for number, dump in enumerate(form.dumps):
        for at in range(dump.anchor + 1, dump.end + 1):
            line = dump.lines[at]
            if at in dump.body:
                kept[line] += 1
                kept[_sign(line)] += 1
            elif escaped(line) not in known and dump.moved.get(at) != "standfirst":
                seen[line].add(number)
                if _sign(line):
                    opened[_sign(line)].append(line)
    of = len(form.dumps)
    least = max(2, int(_LEAST_SHARE * of))
    rows = [
        Row(
            values={"line": escaped(line), "rule": "repeated"},
            pages=len(pages),
            of=len(form.dumps),
            samples=(line,),
        )
        for line, pages in sorted(seen.items(), key=lambda item: (-len(item[1]), item[0]))
        if fold(line)
        and len(pages) >= least
        and kept[line] <= _BELOW * len(pages)
        and (line in form.fixed or len(pages) > _MOST * of)
    ]
    rows += [
        Row(
            values={"line": f"{escaped(sign)} .*", "rule": "marked"},
            pages=len(lines),
            of=len(form.dumps),
            samples=tuple(lines),
        )
        for sign, lines in sorted(opened.items())
        if len(set(lines)) >= least and not kept[sign]
    ]
    return [*rows[: 2 * _MOST_ROWS], *_captions(form)]


def _captions(form: Form) -> list[Row]:
    """Return the rule for lines that end in a credit in square brackets: captions, on whatever side of the text."""
    found = [
        [line for line in dump.lines[dump.anchor + 1 : dump.end + 1] if _CREDITED.fullmatch(line)]
        for dump in form.dumps
    ]
    pages = sum(map(bool, found))
    if pages < max(2, int(_LEAST_SHARE * len(form.dumps))):
        return []
    values = {"line": _CREDITED.pattern, "rule": "caption", "field": "captions", "kind": "caption"}
    samples = tuple(line[-_LONGEST_LABEL:] for lines in found for line in lines)
    return [Row(values=values, pages=pages, of=len(form.dumps), samples=samples)]


def _sign(line: str) -> str:
    """Return the first word of a line if it is a sign, or a label with a colon; else nothing."""
    word, _, rest = line.partition(" ")
    if not rest or word[0] in "\"'“«‘(-–—•*":
        return ""
    return word if not any(letter.isalnum() for letter in word) else ""


def _signature(form: Form) -> Row:
    """Return what a page of this form is known by without a URL: the longest lines that nearly all of them have."""
    counts = Counter(line for dump in form.dumps for line in set(dump.lines))
    of = len(form.dumps)
    always = [line for line, count in counts.items() if count >= _NEARLY_ALL * of and line in form.fixed]
    chosen = sorted(always, key=lambda line: (-min(len(line), _SHOWN_START), line))[:2]
    patterns = [
        f"^{escaped(line)}$" if len(line) <= _SHOWN_START else f"^{escaped(line[:_SHOWN_START])}" for line in chosen
    ]
    if form.opening:
        patterns.append(escaped(form.opening))
    pages = sum(
        all(line in dump.lines for line in chosen) and form.opening in "\n".join(dump.lines) for dump in form.dumps
    )
    return Row(values={"all": patterns}, pages=pages, of=of, samples=tuple(chosen))


def is_weak(signature: Row) -> bool:
    """Tell whether a signature is so common that pages of other sites may bear it."""
    return not any(len(line) >= _SPECIFIC_CHARS for line in signature.samples) and len(signature.values["all"]) < 2  # noqa: PLR2004
