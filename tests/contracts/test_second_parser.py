"""Nothing lost, by the word of another parser: what a browser's tree shows of a page is in our account of it.

The account that a run keeps is held against the tree that was read. Were the tree itself not whole
(libxml2 leaves things out without a word), no such check would see it: so a parser that shares no
code with it, Lexbor, says here what there is to be seen.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter

import pytest

from newsclean.extract.routing import load_router
from newsclean.model import RawPage
from newsclean.page import PageView
from newsclean.page.units import INVISIBLE_TAGS
from newsclean.run.pipeline import Toolbox, clean_page

HTML_SETS = ("publishers", "wcxb", "kremlin")
# What is written at once in one place, a card or a short menu; less is a matter of taste (select, option).
MOST_LOST = 40
_WORDS = re.compile(r"\w+")


def letters(text):
    """Count the letters and digits: how words are parted where markup stands between is not the question."""
    return Counter("".join(_WORDS.findall(text)))


def shown(text):
    """Return what a browser shows of a page, invisible elements and lists to choose from aside."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    tree.strip_tags([*INVISIBLE_TAGS, "select", "textarea", "xmp"], recursive=True)
    return tree.root.text(separator=" ")


@pytest.mark.parametrize("name", HTML_SETS)
def test_all_that_a_browser_shows_is_in_the_account(name, shared):
    """No page has more than a few letters that are in no body, no column and no removal."""
    folder = shared / "pages" / name
    tools = Toolbox(router=load_router(), language_backend="langdetect")
    lost = {}
    taken = 0
    for row in map(json.loads, (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
        body = (folder / row["file"]).read_bytes()
        raw = RawPage(body=gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body, raw_path=row["file"])
        outcome = clean_page(raw, tools)
        if outcome.rejection is not None:
            continue
        taken += 1
        kept = [article.body for article in outcome.articles] + [
            removal.text for part in outcome.removals for removal in part
        ]
        missing = letters(shown(PageView(raw).text)) - letters("".join(kept))
        if missing.total() > MOST_LOST:
            lost[row["file"]] = missing.total()
    assert taken > 50
    assert lost == {}
