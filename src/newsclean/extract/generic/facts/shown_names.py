"""Names as a page shows them: parted by the elements that hold them, beside each other, alone under the headline."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from lxml import etree

from newsclean.extract.generic.facts.byline_words import PARTICLES
from newsclean.extract.generic.facts.names import is_label, names_in, said_by, stands_as_name, tells_role
from newsclean.extract.generic.facts.printed_dates import moment_in
from newsclean.extract.generic.reading.pieces import classes_of
from newsclean.model import BlockKind
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.extract.generic.reading.pieces import Piece

__all__ = ["bare_names", "end_of_top", "names_beside", "names_shown"]

_Look: TypeAlias = tuple[str, str]  # the tag and the class of an element
_PARAGRAPH: Final = BlockKind.PARAGRAPH
_LONGEST: Final = 80
_LONGEST_BEFORE: Final = 24  # of a label that no list knows
_MOST_BESIDE: Final = 6
# A byline has no more.
_MOST_PARTS: Final = 40
_MOST_STEPS: Final = 400
_SOON: Final = 15
# Pieces after the headline the front matter has ended: surely, and at the latest.
_NEAR: Final = 25
_FAR: Final = 60
_SEVERAL: Final = 2
_SIGNS: Final = " ,;:|·•⋅–—-"
_CLOCK: Final = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_DIGIT: Final = re.compile(r"\d")
_MINUTES: Final = re.compile(r"\bmin(?:ute)?s?\b", re.IGNORECASE)


def names_shown(piece: Piece, language: str | None) -> list[str]:
    """The names in a byline: each in an element of its own where the page parts them so, else as the text has them."""
    return _names_by_element(piece) or names_in(piece.text, language=language)


def names_beside(pieces: Sequence[Piece], index: int) -> list[str]:
    """The names in pieces that follow a byline and are made as it is: each author has a line, and perhaps a role."""
    look = _look_of(pieces[index])
    found: list[str] = []
    for piece in pieces[index + 1 : index + 1 + _MOST_BESIDE]:
        if len(piece.text) > _LONGEST or piece.frame.parent is None:
            break
        if _look_of(piece) == look:
            name = _only_name(piece)
            if name is None:
                break
            found.append(name)
    return found


def bare_names(pieces: Sequence[Piece], title_at: int | None) -> list[str]:
    """The names without a word of authorship under the headline: with a date or a role beside them, or said again."""
    if title_at is None:
        return []
    for index in range(title_at + 1, min(len(pieces), title_at + _SOON)):
        piece = pieces[index]
        if len(piece.text) > _LONGEST:
            if piece.is_prose and index > title_at + _SEVERAL:
                break
            continue
        if piece.frame.noise and piece.frame.noise != "author-box":
            continue
        name = _only_name(piece)
        if name is not None and (_says_more(piece.text[len(name) :]) or _is_borne_out(name, pieces, index)):
            return [name, *names_beside(pieces, index)]
    return []


def end_of_top(pieces: Sequence[Piece], start: int) -> int:
    """Where the pieces about the story have ended: those after the headline, up to its second paragraph."""
    seen = 0
    for index in range(start, min(len(pieces), start + _FAR)):
        if pieces[index].is_prose and not pieces[index].frame.noise and pieces[index].frame.tag != "h1":
            seen += 1
            if seen > _SEVERAL:
                return max(index, start + _NEAR)
    return start + _NEAR


def _only_name(piece: Piece) -> str | None:
    """The name that is all a piece says, but for a role or a date after it."""
    words = piece.text.split(None, _SEVERAL)
    if (
        len(words) < _SEVERAL
        or not words[0][0].isupper()
        or not (words[1].lstrip("(")[:1].isupper() or words[1] in PARTICLES)
    ):
        return None  # most are none, which is soon seen
    found = _names_by_element(piece) or names_in(piece.text)
    if len(found) == 1 and piece.text.startswith(found[0]) and stands_as_name(found[0]):
        return found[0]
    return None


def _is_borne_out(name: str, pieces: Sequence[Piece], index: int) -> bool:
    """Whether a label stands before a name, a date, a time to read or a role after it, or the name again by itself."""
    if is_label(pieces[index - 1].text):
        return True
    after = pieces[index + 1 : index + 1 + _SEVERAL]
    if any(len(piece.text) < _LONGEST and _says_more(piece.text) for piece in after):
        return True
    return any(piece.text == name and piece.kind is _PARAGRAPH for piece in pieces[index + 1 :])


def _says_more(text: str) -> bool:
    """Whether a text says what stands beside names: a role, a date, a time, how long it takes to read."""
    return bool(tells_role(text) or _MINUTES.search(text) or _CLOCK.search(text) or _has_date(text))


def _has_date(text: str) -> bool:
    return bool(_DIGIT.search(text)) and moment_in(text) is not None


def _names_by_element(piece: Piece) -> list[str]:
    """The names that stand in elements of one make, the first of them after a label at most."""
    parts = _parts_of(piece)
    if len(parts) < _SEVERAL:
        return []
    look = None
    found: list[str] = []
    for at, text in _after_label(parts):
        bare = text[said_by(text) :].strip(_SIGNS)
        if not bare or (look is None and is_label(text)):
            continue
        if stands_as_name(bare):
            look = look or at
            if at == look:
                found.append(bare)
        elif (look is None and len(bare) > _LONGEST_BEFORE) or (at == look and not _says_more(bare)):
            return []
        elif any(map(stands_as_name, names_in(bare))):
            return []  # not all of them have an element
    return list(dict.fromkeys(found))


def _after_label(parts: list[tuple[_Look, str]]) -> list[tuple[_Look, str]]:
    """The parts from the one on that says who wrote the text, all where none does."""
    for at, (_, text) in enumerate(parts):
        if said_by(text) or is_label(text):
            return parts[at:]
    return parts


def _parts_of(piece: Piece) -> list[tuple[_Look, str]]:
    """The texts of a piece, each with the tag and class of its element; empty where the element holds other pieces."""
    parts = []
    for element, text in _texts_of(piece.frame.element):
        if not text.isspace():
            parts.append(((str(element.tag), element.get("class") or ""), squeeze(text)))
            if len(parts) > _MOST_PARTS:
                return []
    whole = "".join([text for _, text in parts])
    return parts if "".join(whole.split()) == "".join(piece.text.split()) else []


def _texts_of(root: Any) -> Iterator[tuple[Any, str]]:
    for event, element in islice(etree.iterwalk(root, events=("start", "end")), _MOST_STEPS):
        if event == "start":
            if element.text and isinstance(element.tag, str):
                yield element, element.text
        elif element is not root and element.tail:
            yield element.getparent(), element.tail


def _look_of(piece: Piece) -> _Look:
    return (piece.frame.tag, classes_of(piece.frame))
