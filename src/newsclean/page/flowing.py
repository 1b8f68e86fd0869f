"""A dump as it was before a program set it: lines wrapped at a width, links numbered, Markdown's marks put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from newsclean.page.link_numbers import without_link_numbers
from newsclean.page.markdown import without_marks
from newsclean.page.wraps import unwrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Flowing", "TakenOut", "flowing"]

_MARKDOWN: Final = "page:markdown"
_LINK_NUMBER: Final = "page:link-number"


class TakenOut(NamedTuple):
    """What is not in the text any more: the number of its line (from 1), the rule that took it, and its characters."""

    line: int
    rule: str
    text: str


class Flowing(NamedTuple):
    """The text, its lines with the numbers that they have in the file, and what was done to it.

    A paragraph that was wrapped stands on the line that it began on, the others are blank; `ends`
    has the numbers of its first and its last line. No character is lost but white space: what is
    not in `text` is in `taken`.
    """

    text: str
    lines: Sequence[str]  # of `text`
    ends: Mapping[int, int]
    taken: Sequence[TakenOut]


def flowing(text: str) -> Flowing:
    """Undo what programs that print pages do to a dump; most dumps are left as they are, and are the same object."""
    lines = text.split("\n")
    wrapped = unwrapped(lines)
    ends: Mapping[int, int] = wrapped.ends if wrapped else {}
    before = "\n".join(wrapped.lines) if wrapped else text
    unmarked, marks = without_marks(before)
    plain, numbers = without_link_numbers(unmarked)
    taken = [
        TakenOut(line, rule, " ".join(parts))
        for rule, found in ((_MARKDOWN, marks), (_LINK_NUMBER, numbers))
        for line, parts in found.items()
    ]
    return Flowing(plain, lines if plain is text else plain.split("\n"), ends, taken)
