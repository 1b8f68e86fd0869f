"""Simulated reprints of a text: under another dateline, cut, with changed words, half of it in another story."""

from __future__ import annotations

import random
import re

__all__ = ["KINDS", "reprinted"]

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")
_PLACES = ("LOWMARK", "EAST FERRY", "OLD HARBOUR", "TALLGATE")


def with_other_dateline(body, dice, foreign):
    """The same text under a dateline of another house."""
    return f"{dice.choice(_PLACES)}, May {dice.randint(1, 31)} (Isles Wire) - {body}"


def cut(body, dice, foreign):
    """The first 70% of the words; of the letters where no spaces part words."""
    if len(_UNSPACED.findall(body)) * 2 > len(body):
        return body[: len(body) * 7 // 10]
    words = list(re.finditer(r"\S+", body))
    return body[: words[max(0, len(words) * 7 // 10 - 1)].end()]


def with_changed_words(body, dice, foreign):
    """6% of the words, taken by chance, are others."""
    others = _WORD.findall(" ".join(foreign[:50]))
    if len(_UNSPACED.findall(body)) * 2 > len(body):
        return "".join(dice.choice(body) if dice.random() < 0.06 else letter for letter in body)
    return _WORD.sub(lambda match: dice.choice(others) if dice.random() < 0.06 else match[0], body)


def half_in_another_story(body, dice, foreign):
    """Half of the paragraphs, in order, and two foreign ones among them."""
    paragraphs = body.split("\n\n")
    count = max(1, round(len(paragraphs) / 2))
    start = dice.randint(0, len(paragraphs) - count)
    kept = paragraphs[start : start + count]
    for paragraph in dice.sample(foreign, 2):
        kept.insert(dice.randint(0, len(kept)), paragraph)
    return "\n\n".join(kept)


KINDS = {
    "other dateline": with_other_dateline,
    "cut to 70%": cut,
    "6% of words changed": with_changed_words,
    "half with two foreign paragraphs": half_in_another_story,
}


def reprinted(body, kind, foreign, *, seed):
    """Return a reprint of a body; the same seed gives the same one."""
    return KINDS[kind](body, random.Random(f"{seed} {kind}"), foreign)
