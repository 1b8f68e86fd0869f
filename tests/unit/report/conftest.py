"""Fixtures of the report's tests: pages of an invented site, in markup and as dumps, with the same chrome."""

from __future__ import annotations

import json

import pytest

TOPICS = ("ferry", "harbour", "library", "orchard", "lighthouse", "market", "quarry", "school")

PAGE = """<!doctype html><html lang="en"><head><title>{title} - The Lowmark Courier</title>
<meta property="og:site_name" content="The Lowmark Courier"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="2024-03-{day:02}T09:00:00+00:00">
<meta name="author" content="{author}">
<link rel="canonical" href="https://www.lowmark.test/news/2024/{number}"></head><body>
<nav class="menu"><a href="/">Home</a> <a href="/isles">Isles</a></nav>
<div class="page"><h1 class="headline">{title}</h1>
<p class="intro">What the {topic} means for the island is still open, and many people are asking now.</p>
<div class="byline">By {author}</div>
<div class="story-text"><p>{first}</p><div class="promo-box"><a href="/x">Read our letter from the isles</a></div>
<p>{second}</p><p>{third}</p></div>
<div class="more"><h3>More stories</h3><ul><li><a href="/a">{other} is open</a></li></ul></div></div>
<footer>All rights reserved by The Lowmark Courier</footer></body></html>"""

LISTING = """<!doctype html><html lang="en"><head><title>Archive - The Lowmark Courier</title></head><body>
<nav class="menu"><a href="/">Home</a> <a href="/isles">Isles</a></nav><h1>Archive</h1><ul>{items}</ul></body></html>"""

DUMP = """Home
Isles
The Lowmark Courier
{title}
March {day}, 2024
Share this story

{first}

{second}
{third}

More stories
{other} is open
All rights reserved by The Lowmark Courier
"""


def story(number):
    topic = TOPICS[number]
    return {
        "number": 1000 + 7 * number,
        "day": number + 3,
        "topic": topic,
        "title": f"The old {topic} of Lowmark opens again",
        "author": f"{('Ann', 'Bo', 'Cy', 'Eve')[number % 4]} {('Other', 'Else')[number % 2]}",
        "other": f"The new {TOPICS[(number + 1) % len(TOPICS)]}",
        "first": f"The {topic} master of Lowmark said on Monday that the place would open again before the week is over"
        f", and that all who had waited for the {topic} since the winter storm should come and see it for themselves.",
        "second": f"Nobody on the island had expected the {topic} back before spring, he added, for the repair took "
        "two years longer than planned and had cost the parish more than three of its fishing boats together.",
        "third": f"A council meeting on the future of the {topic} is to be held in the town hall at the end of May, "
        "where everybody who lives on the island may speak, and where a vote will be taken on the last evening.",
    }


def body_of(number):
    return [story(number)[name] for name in ("first", "second", "third")]


@pytest.fixture
def pages(tmp_path):
    """Return a folder with eight stories and two listings in HTML, their URLs in a manifest."""
    folder = tmp_path / "pages"
    folder.mkdir()
    rows = []
    for number in range(len(TOPICS)):
        values = story(number)
        (folder / f"{values['topic']}.html").write_text(PAGE.format(**values))
        rows.append(
            {"file": f"{values['topic']}.html", "url": f"https://www.lowmark.test/news/2024/{values['number']}"}
        )
    items = "".join(f'<li><a href="/news/2024/{n}">Story {n} of the year</a></li>' for n in range(40))
    for number in range(2):
        (folder / f"list{number}.html").write_text(LISTING.format(items=items))
        rows.append({"file": f"list{number}.html", "url": f"https://www.lowmark.test/archive/{number}"})
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


@pytest.fixture
def dumps(tmp_path):
    """Return a folder with the same stories as text dumps, without URLs."""
    folder = tmp_path / "dumps"
    folder.mkdir()
    for number in range(len(TOPICS)):
        (folder / f"{TOPICS[number]}.txt").write_text(DUMP.format(**story(number)))
    return folder


@pytest.fixture
def bodies():
    """Return the bodies of the stories by the stem of their files."""
    return {topic: body_of(number) for number, topic in enumerate(TOPICS)}
