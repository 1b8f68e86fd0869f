"""Lines with a date near a headline, and the one pattern that they all match."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from newsclean.extract.dates import read_date
from newsclean.report.suggest.lines import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Dated", "dated_line", "dated_pattern"]

_LETTERS: Final = r"[^\W\d_]"
_TIME: Final = r"(?:,? \d{1,2}:\d\d(?::\d\d)?(?: (?:UTC|GMT|MSK)(?:[+-]\d{1,2})?)?)?"
_FORMS: Final = (
    r"\d{4}-\d\d-\d\d",
    r"\d{1,2}[./]\d{1,2}[./]\d{4}",
    r"\d{4}年\d{1,2}月\d{1,2}日",
    rf"{_LETTERS}{{3,10}}\.? \d{{1,2}}(?:, \d{{4}})?",
    rf"\d{{1,2}}\.? {_LETTERS}{{3,10}}\.?(?: \d{{4}})?",
)
_LONGEST: Final = 160
_LONGEST_BEFORE: Final = 30
_LONGEST_AFTER: Final = 40
_UPDATED: Final = re.compile(r"updat|modifi|обновл|изменен|更新|actuali|aktuali", re.IGNORECASE)
_BY: Final = re.compile(r"By (?P<authors>[^|(]{2,60}?)(?= ?[|(])")
_LEAST_BY: Final = 0.2
_PART_OF_WORD: Final = re.compile(r"^\w+")


@dataclass(frozen=True, slots=True)
class Dated:
    """A line with a date: the words before it, the number of the date's form, the words after it."""

    before: str
    form: int
    after: str

    @property
    def label(self) -> str:
        """What the date is said to be, such as `Updated:`; empty where it stands alone."""
        word = self.before.rsplit(None, 1)[-1] if self.before.strip() else ""
        return f"{word}{self.form}" if word.endswith(":") else str(self.form)


def dated_line(line: str) -> Dated | None:
    """Return what is around the date of a short line, None for a line without one."""
    if len(line) > _LONGEST or read_date(line) is None:
        return None
    for number, form in enumerate(_FORMS):
        for match in re.finditer(f"(?<![\\w-]){form}{_TIME}(?![\\w-])", line):
            if read_date(match[0]) is not None and not _is_told(line[: match.start()], line[match.end() :]):
                return Dated(line[: match.start()], number, line[match.end() :])
    return None


def _is_told(before: str, after: str) -> bool:
    """Tell whether a date stands within a sentence, by what is around it."""
    if len(before) > _LONGEST_BEFORE and not before.rstrip().endswith((":", "|", ")", "·")):
        return True
    return len(after) > _LONGEST_AFTER or after.rstrip().endswith((".", "]", "?", "!", "”", '"'))


def dated_pattern(lines: Sequence[Dated]) -> str:
    """Return the pattern of lines with the same form of date, its group being `published` or `modified`."""
    form = Counter(line.form for line in lines).most_common(1)[0][0]
    befores = [line.before for line in lines]
    shared = _common_start([text[::-1] for text in befores])[::-1]
    if any(text != shared for text in befores):
        shared = _PART_OF_WORD.sub("", shared)
    group = "modified" if _UPDATED.search(shared) else "published"
    before = escaped(shared) if all(text == shared for text in befores) else f".*?{escaped(shared)}"
    if sum(_BY.match(text) is not None for text in befores) >= _LEAST_BY * len(befores):
        rest_of_line = before if before.startswith(".*?") else f".*?{before}"
        before = f"(?:{_BY.pattern}{rest_of_line}|(?!By ){before})"
    after = _common_start([line.after for line in lines])
    rest = escaped(after) if all(line.after == after for line in lines) else f"{escaped(after)}.*"
    return f"{before}(?P<{group}>{_FORMS[form]}{_TIME}){rest}"


def _common_start(texts: Sequence[str]) -> str:
    least, most = min(texts), max(texts)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False))
    return "".join(letter for letter, _ in same)
