"""The forms that the dumps of a site come in, and what the head of each hangs on.

Dumps of one site come in several forms. A form is told by the line that the head hangs on: one
with a date below the headline, else one that always stands above it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newsclean.report.suggest.datelines import Dated, dated_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsclean.model import Block, Removal
    from newsclean.report.suggest.sample import SamplePage

__all__ = ["Dump", "Form", "dump_forms"]

_LEAST_PAGES: Final = 3
_LEAST_SHARE: Final = 0.1
_OFTEN: Final = 0.15
_NEAR: Final = 8  # lines from a head's date to the body, at most
_OPENING_LINES: Final = 3
_MOST: Final = 0.6
_LONGEST_LABEL: Final = 60


@dataclass(slots=True)
class Dump:
    """A dump's lines, and what the generic extractor made of them, by index."""

    lines: list[str]
    body: set[int]
    moved: dict[int, str]
    begin: int
    end: int  # index of the last body line
    anchor: int = -1  # index of the line that the head hangs on
    dated: Dated | None = None

    @classmethod
    def of(cls, page: SamplePage) -> Dump:
        """Read a page that has an article."""
        assert page.found is not None
        numbers = {line.number: at for at, line in enumerate(page.view.dense_lines)}
        body = {numbers[_first_line(block)] for block in page.found.blocks}
        moved = {numbers[_first_line(one)]: one.moved_to for one in page.found.removals if one.moved_to}
        return cls([line.text for line in page.view.dense_lines], body, moved, min(body), max(body))

    @property
    def title(self) -> int | None:
        """Index of the headline."""
        return next((at for at, column in self.moved.items() if column == "title"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Dumps of the same form; `label` is the repeated line above the headline, empty where a date is the anchor."""

    label: str
    dumps: tuple[Dump, ...]
    opening: str  # what opens the first body line, such as /TASS/; or empty
    fixed: frozenset[str]  # lines that stand on many dumps of all forms and are no headlines

    @property
    def is_dated(self) -> bool:
        """Whether the head hangs on a line with a date."""
        return not self.label


def _first_line(piece: Block | Removal) -> int:
    return int(piece.where[1:].partition("-")[0])


def dump_forms(pages: Sequence[SamplePage]) -> list[Form]:
    """Part the dumps with articles into forms, the most frequent first; those that fit in none are left out."""
    dumps = [Dump.of(page) for page in pages if page.found]
    fixed = _fixed_lines(dumps)
    groups: defaultdict[tuple[str, str], list[Dump]] = defaultdict(list)
    for dump in dumps:
        key = _anchored(dump, fixed)
        if key is not None:
            groups[key].append(dump)
    least = max(min(_LEAST_PAGES, len(dumps)), int(_LEAST_SHARE * len(dumps)))
    forms = [_form(key[0], group, fixed) for key, group in groups.items() if len(group) >= least]
    return sorted(forms, key=lambda form: (not form.is_dated, -len(form.dumps), form.label))


def _fixed_lines(dumps: Sequence[Dump]) -> frozenset[str]:
    """Return the lines that stand on many dumps, without headlines, which lists of stories repeat."""
    counts = Counter(line for dump in dumps for line in set(dump.lines))
    titles = {dump.lines[dump.title] for dump in dumps if dump.title is not None}
    least = max(_LEAST_PAGES, int(_OFTEN * len(dumps)))
    return frozenset(line for line, count in counts.items() if count >= least) - titles


def _anchored(dump: Dump, fixed: frozenset[str]) -> tuple[str, str] | None:
    """Find what the head of a dump hangs on, and return it: a label, or the words before a date."""
    title = dump.title
    for at in range(max(1, dump.begin - _NEAR), min(dump.begin + _OPENING_LINES, dump.end)):
        dated = dated_line(dump.lines[at]) if at not in dump.body else None
        if dated is not None and (dump.lines[at - 1] not in fixed or title in {at - 1, at - 2, at - 3}):
            dump.anchor, dump.dated = at, dated
            # A standfirst above the date may have been taken for the body's first line.
            dump.body -= set(range(at + 1))
            dump.begin = min(dump.body)
            return "", dated.label
    if title and dump.lines[title - 1] in fixed and len(dump.lines[title - 1]) <= _LONGEST_LABEL:
        dump.anchor = title
        return dump.lines[title - 1], ""
    return None


def _form(label: str, dumps: Sequence[Dump], fixed: frozenset[str]) -> Form:
    opening = _opening(dumps)
    for dump in dumps if opening else ():
        first = (at for at in range(dump.anchor + 1, min(dump.begin + _OPENING_LINES, len(dump.lines))))
        begin = next((at for at in first if opening in dump.lines[at]), None)
        if begin is not None:
            dump.body -= set(range(begin))
            dump.begin = begin
    return Form(label=label, dumps=tuple(dumps), opening=opening, fixed=fixed)


def _opening(dumps: Sequence[Dump]) -> str:
    """Return the sign of an agency that stands in the first body line of most dumps: a word in brackets or slashes."""
    counts: Counter[str] = Counter()
    for dump in dumps:
        words = {
            word.rstrip(".,:;")
            for line in dump.lines[dump.begin : dump.begin + _OPENING_LINES]
            for word in line.split()
        }
        counts.update(word for word in words if len(word) > 2 and word[0] in "/([" and word[-1] in "/)]")  # noqa: PLR2004
    word, count = counts.most_common(1)[0] if counts else ("", 0)
    return word if count >= _MOST * len(dumps) else ""
