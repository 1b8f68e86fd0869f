"""Take the cards of linked persons out of the sentences that a dump has run them into.

A name in the text opens a small card with the full name and the office; a dump that keeps hidden text
prints it behind the name: `said Anna Smith Smith Anna Governor of the region , and ...`. The card is
known by the name said twice, in the other order. Where it ends is sure only where a space stands
before the mark that closes it, or where the office ends in a name and the sentence goes on with a
verb; any other card stays where it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsclean.model import Block, Removal, RemovalKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.model import Extraction

__all__ = ["without_person_cards"]

_CARD = re.compile(
    r"(?P<last>[A-ZА-ЯЁ][\w’-]{2,})\]? (?P<card>(?P<surname>[A-ZА-ЯЁ][\w’-]{2,}) (?P<given>[A-ZА-ЯЁ][\w’-]+)"
    r"(?: [A-ZА-ЯЁ]\w+(?:вич|ьич|мич|кич|вна|чна)\b)?)(?= )"
)
_CLOSED = re.compile(
    r" (?:[^.!?:;]|\.(?=\S)){0,180}?(?= [,.:;)\]](?:\s|$)| \((?:как переведено|(?:re)?translated|as translated)\))"
)
_WORD = re.compile(r" (\S+)")
_VERB = re.compile(
    r"[a-z]{2,}ed|is|are|was|were|has|have|had|will|would|said|met|made|took|gave"
    r"|(?!(?:от|раз)?дела?$)[а-яё]*[аеёиуыя]л[аои]?(?:ся|сь)?"
)
_GOES_ON = frozenset(
    ["по", "–", "—", "of", "for", "to", "the", "in", "at"]
)  # what an office may go on with after a name
_ADJECTIVE = re.compile(r"[А-ЯЁа-яё].*(?:ой|ей|ого|его|ый|ий|ых|их|ому)")
_NEW_SUBJECT = re.compile(r"(?:и|and) (?:[А-ЯЁA-Z]|[а-яё]+(?:ый|ий)\b)")
_ENDINGS_CHARS = 3  # by which a name in a sentence may differ from the same name on its card
_OPENING_CHARS = 3  # that two forms of a first name share
_NAME_BEFORE_CHARS = 60


def without_person_cards(found: Extraction) -> Extraction:
    """Return `found` without the cards behind names whose end is sure; each becomes a removal."""
    # No card runs over the end of a block, and to look for one in all blocks at once takes half the time.
    whole = "\n".join([block.text for block in found.blocks])
    if _next(whole, 0, len(whole)) is None:
        return found
    removals: list[Removal] = []
    blocks = tuple(_cleared(block, removals) for block in found.blocks)
    return replace(found, blocks=blocks, removals=(*found.removals, *removals)) if removals else found


def _cleared(block: Block, removals: list[Removal]) -> Block:
    kept: list[str] = []
    at = 0
    for begin, end in _cards(block.text):
        kept.append(block.text[at:begin].rstrip())
        removals.append(
            Removal(
                rule="transform:person-card",
                kind=RemovalKind.OTHER,
                where=block.where,
                text=block.text[begin:end].strip(),
            )
        )
        at = end
        if block.text[at : at + 2].strip()[:1] in set(",.:;)]"):
            at += 1  # the space that only the card had put before a closing mark
    return Block(text="".join([*kept, block.text[at:]]), kind=block.kind, where=block.where) if kept else block


def _cards(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := _next(text, at, len(text)):
        end = _end_of(text, match.end())
        if end is not None:
            yield match.start("card"), end
        at = end or match.end("surname")


def _next(text: str, at: int, end: int) -> re.Match[str] | None:
    """Find the next place where a name is said twice, the second time as on a card."""
    while match := _CARD.search(text, at, end):
        if _says_twice(text, match):
            return match
        at = match.end("last")
    return None


def _says_twice(text: str, match: re.Match[str]) -> bool:
    """Tell whether the words before the card are the same name: its surname, with its first name or initial."""
    last, surname, given = match["last"], match["surname"], match["given"]
    if last == surname:
        return True
    shared = min(len(last), len(surname)) - _ENDINGS_CHARS
    if last[: max(shared, _OPENING_CHARS)] != surname[: max(shared, _OPENING_CHARS)]:
        return False
    before = text[max(0, match.start() - _NAME_BEFORE_CHARS) : match.start()]
    return before.endswith(f"{given[0]}.") or any(
        word.lstrip("[(«").startswith(given[:_OPENING_CHARS]) for word in before.split()[-3:]
    )


def _end_of(text: str, at: int) -> int | None:
    """Return where the office that begins at `at` ends, None where that is not sure."""
    closed = _CLOSED.match(text, at)
    if closed and not _next(text, at, closed.end()) and not any(_VERB.fullmatch(word) for word in closed[0].split()):
        return closed.end()
    previous, first = "", True
    while match := _WORD.match(text, at):
        word = match[1]
        if previous and _NEW_SUBJECT.match(text, at + 1):
            return at
        if not first and _ends_in_name(previous) and not _continues(word):
            return at
        if _VERB.fullmatch(word) or word[-1] in ",.:;!?":
            return None
        previous, first, at = word, not previous, match.end()
    return None


def _continues(word: str) -> bool:
    """Tell whether an office may go on with `word` after a name."""
    return not word[0].islower() or word in _GOES_ON or _ADJECTIVE.fullmatch(word) is not None


def _ends_in_name(word: str) -> bool:
    """Tell whether an office may end with this word: a name, and not an adjective that its noun follows."""
    return word.strip('«»“”"()')[:1].isupper() and not _ADJECTIVE.fullmatch(word)
