"""A news site in the form of files or on a loopback server, day by day, and what may go wrong with it."""

from __future__ import annotations

import datetime as dt
import json
import random

HOST = "www.lowmark.test"
FIRST_DAY = dt.date(2026, 3, 2)
WORDS = (
    "the harbour master said on the ferry that would sail again after two weeks of repairs in spring tide and nobody "
    "expected old ships to be back before summer while islanders waited with boats nets lanterns letters bread"
).split()
PROFILE = """publisher = "The Lowmark Courier"
language = "en"
[urls]
article = ['/\\d{4}-\\d{2}-\\d{2}/(?P<key>[\\w-]+)$']
[[layout]]
name = "2026"
[layout.html]
evidence = ["article.story"]
body = ["article.story div.text"]
[layout.html.fields]
title = ["css:h1.headline"]
standfirst = ["css:p.intro"]
published = ["css:time.published@datetime"]
authors = ["css:span.author"]
"""
WALL = """<!doctype html><html lang="en"><head><title>Before you continue</title></head><body>
<h1>Before you continue</h1>
<div><p>We and our 812 partners store and read information on a device, such as cookies, and process personal data to
show advertising and content that fits you, to measure both, and to learn about those who see them.</p>
<p>With your consent, we and our partners may use precise location data and read the features of your device. You may
change your mind at any time by the link at the foot of every page of this site, or refuse now.</p>
<p>Some partners do not ask for your consent, and rely on their legitimate interest. Look at our list of partners to see
for what purposes they believe they have one, and how you may object to that in a few steps.</p></div>
<button>Accept all</button><button>Refuse</button></body></html>"""


class Newsroom:
    """What the site publishes each day; the same numbers give the same pages."""

    def __init__(self, seed=1, a_day=9):
        self.seed = seed
        self.a_day = a_day

    def day(self, number, *, layout="2026", year=None):
        """Return a day's stories, HTML by address."""
        dice = random.Random(self.seed * 1_000 + number)
        date = FIRST_DAY + dt.timedelta(days=number)
        found = {}
        for story in range(self.a_day + dice.randint(-2, 3)):
            stated = date if year is None else date.replace(year=year)
            html = (old_page if layout == "2026" else new_page)(dice, f"{stated}T{6 + story:02}:15:00Z", story)
            found[f"https://{HOST}/{date}/story-{story}-{dice.randrange(10**6)}"] = html
        return found


def sentences(dice, count):
    return " ".join(
        " ".join(
            [WORDS[dice.randrange(len(WORDS))].capitalize(), *(dice.choice(WORDS) for _ in range(dice.randint(9, 22)))]
        )
        + "."
        for _ in range(count)
    )


def body(dice):
    return "".join(f"<p>{sentences(dice, dice.randint(2, 4))}</p>" for _ in range(dice.randint(3, 8)))


def old_page(dice, published, story):
    """A page in the layout that the profile knows."""
    title = sentences(dice, 1)[:60].strip(" .")
    return (
        f'<!doctype html><html lang="en"><head><title>{title} - Courier</title></head><body>'
        '<nav><a href="/">Home</a></nav>'
        f'<article class="story"><h1 class="headline">{title}</h1><p class="intro">{sentences(dice, 1)}</p>'
        f'<span class="author">Ann Other</span><time class="published" datetime="{published}">{published[:10]}</time>'
        f'<div class="text">{body(dice)}</div></article><footer>The Lowmark Courier</footer></body></html>'
    )


def new_page(dice, published, story):
    """The same kind of story after a redesign: other classes, no byline, no date in the markup."""
    title = sentences(dice, 1)[:60].strip(" .")
    return (
        f'<!doctype html><html lang="en"><head><title>{title} - Courier</title></head><body>'
        '<header><a href="/">Home</a></header>'
        f'<main><div class="c-head"><h1>{title}</h1></div><div class="c-body">{body(dice)}</div></main></body></html>'
    )


def save(folder, pages, fetched_at):
    """Write pages to files, with a manifest."""
    folder.mkdir(parents=True)
    rows = []
    for number, (url, html) in enumerate(pages.items()):
        (folder / f"{number}.html").write_text(html)
        rows.append(json.dumps({"file": f"{number}.html", "url": url, "fetched_at": fetched_at, "status": 200}))
    (folder / "manifest.jsonl").write_text("\n".join(rows))


def feed(pages, date):
    """Return an RSS feed that names some pages."""
    items = "".join(
        f"<item><title>{url[-12:]}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{dt.datetime.combine(date, dt.time(6)):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for url in pages
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>'
