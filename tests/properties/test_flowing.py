"""Whatever a dump holds: undoing wraps, link numbers and Markdown loses no character and moves no line."""

from __future__ import annotations

import textwrap
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.page.flowing import flowing

WORDS = st.sampled_from(
    (
        *("the", "Bridge", "town-", "[3]", "[Home](/a)", "![x](/y z)", "**old**", "_new_", "*", "#", "> ", "\\*", "- "),
        *(
            "1. ",
            "https://a.example/b",
            "橋を架け替える",
            "[",
            "](",
            ")",
            "（",
            "\t",
            "\u00a0",
            "\u200b",
            "end.",
            "café",
        ),
    )
)
LINES = st.lists(WORDS, max_size=30).map(" ".join)
TAIL = st.sampled_from(["", "\nReferences\n\n" + "\n".join(f"  {n}. https://a.example/{n}" for n in range(1, 9))])
PROSE = "the old iron bridge over the harbour is closed to lorries and buses until further notice, said the mayor; " * 9
WRAPPED = st.integers(50, 80).map(lambda width: textwrap.fill(PROSE, width))


def letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


@settings(max_examples=400, deadline=None)
@given(lines=st.lists(LINES, max_size=40), wrapped=st.booleans(), tail=TAIL, block=WRAPPED)
def test_every_character_is_in_the_text_or_in_what_was_taken(
    lines: list[str], block: str, tail: str, *, wrapped: bool
) -> None:
    """White space aside; the lines keep their numbers, and each piece taken names a line that is there."""
    text = "\n".join([*lines, *([block] if wrapped else []), *(["[a](/b)"] * 5 if wrapped else [])]) + tail
    found = flowing(text)
    assert letters(found.text) + letters("".join(one.text for one in found.taken)) == letters(text)
    assert found.text.count("\n") == text.count("\n")
    count = text.count("\n") + 1
    assert all(1 <= one.line <= count and one.text for one in found.taken)
    assert all(1 <= first < last <= count for first, last in found.ends.items())
