"""Take the marks of Markdown out of a dump: what a converter made of a page's links, pictures, headings, emphasis.

Only marks that stand for markup go, by CommonMark's forms (https://spec.commonmark.org): of a link
the address and the brackets, of a picture all. Bullets stay, as in any dump.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["without_marks"]

_LEAST_LINKS: Final = 5  # what has fewer may be a text that happens to have brackets
# White space is bounded: two runs of any length side by side take time by the square of it.
_TARGET: Final = r"\(\s{0,3}<?[^()\s]*(?:\([^()\s]*\)[^()\s]*)*>?(?:\s{1,3}(?:\"[^\"\n]*\"|'[^'\n]*'))?\s{0,3}\)"
_TEXT: Final = r"((?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])*)"
_LINK: Final = re.compile(rf"(?<!!)\[{_TEXT}\]({_TARGET})")
_PICTURE: Final = re.compile(rf"!\[{_TEXT}\]{_TARGET}")
_LINE_MARK: Final = re.compile(r"^\s{0,3}(?:#{1,6}(?:\s+|$)|(?:>\s?)+)")
# A mark, what it stresses (so long at most), and the same mark; within words a line below them is a letter.
_STRONG: Final = re.compile(r"(\*\*|(?<!\w)__)(?=\S)([^\n]{1,400}?)(?<=\S)\1")
_STRESSED: Final = re.compile(r"(?:(?<![\w*])(\*)|(?<!\w)(_))(?=[^\s*_])([^*_\n]{1,400}?)(?<=\S)(?:(?<!\*)\1|\2)(?!\w)")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


def without_marks(text: str) -> tuple[str, Mapping[int, Sequence[str]]]:
    """Return `text` without Markdown's marks, and those that each line had, by the number of the line (from 1).

    A text with hardly any link in that form is returned as it is.
    """
    # Most texts have no bracket at all, which is seen in no time.
    if "]" not in text or text.count("](") < _LEAST_LINKS or not _has_links(text):
        return text, {}
    lines = text.split("\n")
    taken: dict[int, Sequence[str]] = {}
    for at, line in enumerate(lines):
        if not line.isspace() and line:
            marks: list[str] = []
            plain = _unmarked(line, marks)
            if marks:
                lines[at], taken[at + 1] = plain, marks
    return "\n".join(lines), taken


def _has_links(text: str) -> bool:
    return len(list(islice(_LINK.finditer(text), _LEAST_LINKS))) == _LEAST_LINKS


def _unmarked(line: str, marks: list[str]) -> str:
    def picture(found: re.Match[str]) -> str:
        marks.append(found[0])
        return ""

    def link(found: re.Match[str]) -> str:
        marks.append(f"[]{found[2]}")
        return found[1]

    def start(found: re.Match[str]) -> str:
        marks.append(found[0].strip())
        return ""

    def strong(found: re.Match[str]) -> str:
        marks.append(found[1] * 2)
        return found[2]

    def stressed(found: re.Match[str]) -> str:
        marks.append((found[1] or found[2]) * 2)
        return found[3]

    def escaped(found: re.Match[str]) -> str:
        marks.append("\\")
        return found[1]

    if "](" in line:
        line = _LINK.sub(link, _PICTURE.sub(picture, line))
    line = _LINE_MARK.sub(start, line)
    if "*" in line or "_" in line:
        line = _STRESSED.sub(stressed, _STRONG.sub(strong, line))
    return _ESCAPED.sub(escaped, line) if "\\" in line else line
