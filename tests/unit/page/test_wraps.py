"""Lines wrapped at a width are put together again, and nothing else is."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import pytest

from newsclean.errors import PageError
from newsclean.extract.generic.dumps.extractor import GenericText
from newsclean.model import RawPage
from newsclean.page import PageView
from newsclean.page.wraps import Unwrapped, place
from newsclean.page.wraps import unwrapped as unwrapped_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PARAGRAPHS = """\
Old bridge over the harbour to be rebuilt
The town council decided on Tuesday evening, after a debate of more than four hours, that the old iron bridge \
over the harbour will be taken down next spring and rebuilt in the same place with two lanes for bicycles.
It had been closed to lorries since 2019, when engineers found cracks in three of its eleven girders; buses \
have used a long-drawn detour through the northern suburbs since then – to the anger of many who live there.
Work is to begin in March and to last eighteen months, said the mayor, who put the cost at forty million, of \
which the region is to pay a third.""".split("\n")
JAPANESE = (
    "港にかかる古い鉄橋を来年の春に取り壊し、同じ場所に自転車用の車線を設けて架け替えることを町議会が火曜日の夜に決めた。"
    * 3
)


def wrapped(paragraphs: list[str], width: int, *, between: str = "\n\n", **options: str) -> str:
    return between.join("\n".join(textwrap.wrap(one, width, **options)) for one in paragraphs)


def unwrapped(text: str) -> Unwrapped | None:
    return unwrapped_lines(text.split("\n"))


def squeezed(lines: Iterable[str]) -> list[str]:
    return [" ".join(line.split()) for line in lines if line.strip()]


@pytest.mark.parametrize("between", ["\n\n", "\n"])
@pytest.mark.parametrize("width", [60, 65, 78, 96])
def test_paragraphs_come_back_as_they_were(width: int, between: str) -> None:
    """Whatever the width, with blank lines between paragraphs and without, and compounds cut at their hyphen."""
    menu = ["Home", "Politics", "Sport", "Weather"]
    text = wrapped([*menu, *PARAGRAPHS, *menu], width, between=between)
    found = unwrapped(text)
    assert found is not None
    assert squeezed(found.lines) == [*menu, *PARAGRAPHS, *menu]


def test_lines_keep_their_numbers() -> None:
    """A paragraph stands on the line that it began on; where it ended is told."""
    text = wrapped(PARAGRAPHS, 60)
    found = unwrapped(text)
    assert found is not None
    before, after = text.split("\n"), found.lines
    assert len(before) == len(after)
    assert len(found.ends) == 3
    for first, last in found.ends.items():
        assert " ".join(before[first - 1 : last]).replace("long- drawn", "long-drawn") == after[first - 1]
        assert not any(after[first:last])


def test_sets_of_indents_and_lists() -> None:
    """An indent as wide for all lines, hanging ones of list items, and those of first lines."""
    items = [f"* {one}" for one in PARAGRAPHS[1:]]
    hanging = {"initial_indent": "     ", "subsequent_indent": "       "}
    as_lynx_does = wrapped(items, 79, between="\n", **hanging)
    even = textwrap.indent(wrapped(PARAGRAPHS, 76), "   ")
    book = "\n".join(textwrap.fill(one, 70, initial_indent="    ") for one in PARAGRAPHS)
    for text, wanted in ((as_lynx_does, items), (even, PARAGRAPHS), (book, PARAGRAPHS)):
        found = unwrapped(text)
        assert found is not None
        assert squeezed(found.lines) == wanted


def test_words_without_spaces_are_joined_without() -> None:
    """Japanese is broken between any two characters, of which each takes two columns."""
    text = "\n".join(JAPANESE[at : at + 39] for at in range(0, len(JAPANESE), 39))
    found = unwrapped(text)
    assert found is not None
    assert "".join(found.lines) == JAPANESE


def test_a_ruled_line_and_an_early_end() -> None:
    """A line drawn across the page is nobody's next word; a sentence goes on though some room was left."""
    text = wrapped(PARAGRAPHS, 72)
    ruled = text.replace("Old bridge", f"Menu\n{'_' * 70}\n{'_' * 70}\nOld bridge")
    found = unwrapped(ruled)
    assert found is not None
    assert squeezed(found.lines) == ["Menu", "_" * 70, "_" * 70, *PARAGRAPHS]
    first = textwrap.wrap(PARAGRAPHS[1], 60)[0]
    early = f"{first}\n{wrapped([PARAGRAPHS[1][len(first) + 1 :], *PARAGRAPHS[2:]], 72)}"
    found = unwrapped(early)
    assert found is not None
    assert squeezed(found.lines) == PARAGRAPHS[1:]


def test_an_article_is_read_from_whole_paragraphs() -> None:
    """The generic extractor gives each paragraph in one block, and says on which lines it stands."""
    text = wrapped(["Home", "Sport", *PARAGRAPHS, PARAGRAPHS[2], "© Harbour Times"], 72)
    found = GenericText().extract(PageView(RawPage(body=text.encode(), raw_path="a.txt")))[0]
    assert found.title == PARAGRAPHS[0]
    assert [block.text for block in found.blocks[:3]] == PARAGRAPHS[1:4]
    assert [block.where for block in found.blocks[:3]] == ["L7-9", "L11-13", "L15-17"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n".join(PARAGRAPHS),
        "\n".join(["Council votes on bridge", "Storm closes harbour road for a second day", "Sport", "Weather"] * 20),
        "\n".join(f"{n}. Headline number {n} of a listing that has many more of them" for n in range(60)),
        wrapped(PARAGRAPHS, 40),  # columns as narrow as a menu's lines
    ],
)
def test_what_is_not_wrapped_is_left_alone(text: str) -> None:
    """Paragraphs in one line, menus, lists of headlines."""
    assert unwrapped(text) is None


def test_where_a_paragraph_stands() -> None:
    """One line or several."""
    assert (place(3, 3), place(3, 7)) == ("L3", "L3-7")


def test_real_dumps_are_left_alone_and_come_back_when_wrapped(shared: Path) -> None:
    """No dump of the corpora is taken for wrapped; wrapped by us, nearly all lines come back."""
    root = shared / "pages" / "dumps"
    back = total = seen = 0
    for name in ("publishers", "wcxb"):
        for row in map(json.loads, (root / name / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
            try:
                text = PageView(RawPage(body=(root / name / row["file"]).read_bytes(), raw_path=row["file"])).text
            except PageError:
                continue
            assert unwrapped(text) is None, row["file"]
            paragraphs = squeezed(text.split("\n"))
            found = unwrapped(wrapped(paragraphs, 72))
            seen += found is not None
            if found:
                wanted = set(paragraphs)
                back += sum(line in wanted for line in squeezed(found.lines))
                total += len(squeezed(found.lines))
    assert seen > 260
    assert back > 0.98 * total
