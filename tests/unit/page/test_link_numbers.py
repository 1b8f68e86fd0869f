"""The numbers that lynx gives to links go with their list; numbers of the text itself stay."""

from __future__ import annotations

import pytest

from newsclean.extract.routing import load_router
from newsclean.model import RawPage
from newsclean.page import PageView
from newsclean.page.link_numbers import without_link_numbers
from newsclean.run.conservation import lost_pieces

LIST = """
References

   Visible links
   1. https://harbour.example/
   2. https://harbour.example/politics
   3. mailto:?subject=Bridge&body=Read this: https://harbour.example/bridge
   5. https://harbour.example/council

   Hidden links:
   6. javascript:;
"""
MENU = "[1]Home [2]Politics\n[3]Mail\n"
STORY = """
Old bridge over the harbour to be rebuilt

The [5]town council decided on Tuesday evening [2], after a long debate, that the old iron bridge comes down.

It had been closed to lorries since 2019 [7], when engineers found cracks in three of its eleven girders.

Work is to begin in March and to last eighteen months, said the mayor, who put the cost at forty million.
"""
DUMP = f"{MENU}{STORY}{LIST}"


def test_numbers_go_in_the_order_of_the_list() -> None:
    """A number that is not in the list, or comes out of turn, is the text's own; each line says what it had."""
    text, taken = without_link_numbers(DUMP)
    assert text.startswith("Home Politics\nMail\n")
    assert "The town council decided on Tuesday evening [2], after" in text
    assert "since 2019 [7], when" in text
    assert text.endswith(LIST)
    assert taken == {1: ["[1]", "[2]"], 2: ["[3]"], 6: ["[5]"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        MENU + STORY,
        f"{MENU}{STORY}\nReferences\n\n1. Smith, J. (2019): Bridges of the north. Harbour Press.\n2. Minutes.\n",
        f"{MENU}{STORY}\nReferences\n\n1. https://harbour.example/\n2. https://harbour.example/politics\n",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    """Without lynx's list, or with a list of references that a text has of its own."""
    assert without_link_numbers(text) == (text, {})


def test_what_was_taken_out_is_in_the_account() -> None:
    """The rows of an article say which numbers stood where, and nothing of the page is missing."""
    view = PageView(RawPage(body=DUMP.encode(), raw_path="a.txt"))
    (found,) = load_router().extract(view).extractions
    taken = [(one.where, one.text) for one in found.removals if one.rule == "page:link-number"]
    assert taken == [("L1", "[1] [2]"), ("L2", "[3]"), ("L6", "[5]")]
    assert found.blocks[0].text.startswith("The town council decided")
    assert lost_pieces(view, [piece.text for piece in (*found.blocks, *found.removals)]) == []
    assert lost_pieces(view, [piece.text for piece in (*found.blocks, *found.removals[:-1])]) != []
