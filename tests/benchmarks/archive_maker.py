"""Make a WARC of news pages in the form of real ones: menus, teasers, share bars, scripts around an invented story.

    python tests/benchmarks/archive_maker.py pages.warc.gz 10000

The same number gives the same bytes. Half a dozen sites, each with a frame of its own; sentences are
drawn from invented words, so that pages are about as long, and pack about as well, as real ones.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
from functools import cache
from pathlib import Path

SITES = ("harbour-gazette", "lowmark-courier", "island-post", "morning-tide", "the-beacon", "coastal-wire")
SYLLABLES = "ba ker lin mo ta ves dor ni pal shu ren gos tir mal fen qua lor bis ten cho".split()
SECTIONS = ("Politics", "Business", "Harbour", "Culture", "Sport", "Weather", "Opinion", "Islands")
SCRIPT = (
    "<script>window.layer=window.layer||[];function track(a,b){layer.push([a,b,Date.now()])}track('view',%d);</script>"
)


@cache
def words():
    dice = random.Random(1)
    found = ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(4000)]
    return found + "the of and to in a is that for on with as was at by it from are has said".split() * 120


@cache
def sentences():
    dice = random.Random(2)
    return [" ".join(dice.choices(words(), k=dice.randint(6, 24))).capitalize() + "." for _ in range(20_000)]


def paragraph(dice):
    return " ".join(dice.choices(sentences(), k=dice.randint(1, 5)))


def headline(dice):
    return " ".join(dice.choices(words(), k=dice.randint(4, 10))).capitalize()


@cache
def frame(site):
    """Return what is the same on all pages of a site: head, menu, foot."""
    dice = random.Random(site)
    links = "".join(f'<li class="menu__item"><a href="/{name.lower()}/">{name}</a></li>' for name in SECTIONS)
    style = "".join(f".c{n}{{margin:{n % 9}px;color:#{dice.randrange(16**6):06x}}}" for n in range(120))
    top = (
        f'<style>{style}</style></head><body class="page"><header class="top"><nav class="menu"><ul>{links}</ul></nav>'
    )
    foot = "".join(f'<li><a href="/about/{n}">{headline(dice)}</a></li>' for n in range(24))
    return (
        f"{top}<div class='ad'>Advertisement</div></header>",
        f"<footer><ul>{foot}</ul><p>© {site} Media</p></footer>",
    )


def teaser(dice, site):
    number = dice.randrange(10**6)
    return (
        f'<li class="teaser"><a href="https://{site}.test/{number}"><img src="/i/{number % 9999}.jpg" alt="">'
        f'<span class="teaser__title">{headline(dice)}</span></a><time>{dice.randint(1, 23)} hours ago</time></li>'
    )


def page(number):
    """Return the address and the HTML of a page; every tenth is a listing."""
    dice = random.Random(number)
    site = SITES[number % len(SITES)]
    url = f"https://{site}.test/2026/{dice.randint(1, 12):02}/{number}"
    title, top_foot = headline(dice), frame(site)
    teasers = "".join(teaser(dice, site) for _ in range(60 if number % 10 == 0 else dice.randint(8, 20)))
    if number % 10 == 0:
        main = f'<main><h1>{dice.choice(SECTIONS)}</h1><ul class="list">{teasers}</ul></main>'
        data = {"@type": "CollectionPage"}
    else:
        author, day = headline(dice).title()[:30], f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}T09:30:00Z"
        body = "".join(f'<p class="story__text">{paragraph(dice)}</p>' for _ in range(dice.randint(5, 30)))
        main = (
            f'<main><article class="story"><h1>{title}</h1><p class="story__lead">{paragraph(dice)}</p>'
            f'<div class="byline">By <a rel="author">{author}</a> <time datetime="{day}">{day[:10]}</time></div>'
            f'<div class="share"><a href="#">Share</a><a href="#">Tweet</a><a href="#">Mail</a></div>{body}</article>'
            f'<aside class="related"><h2>More stories</h2><ul>{teasers}</ul></aside></main>'
        )
        data = {"@type": "NewsArticle", "headline": title, "datePublished": day, "author": {"name": author}}
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | {site}</title>'
        f'<meta property="og:title" content="{title}"><link rel="canonical" href="{url}">'
        f'<script type="application/ld+json">{json.dumps(data)}</script>{SCRIPT % number}'
    )
    return url, f"{head}{top_foot[0]}{main}{top_foot[1]}{SCRIPT % number}</body></html>".encode()


def make(path, count):
    """Write the archive, unless it is there."""
    if path.exists():
        return path
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as out:
        for number in range(count):
            url, body = page(number)
            out.write(gzip.compress(record(url, body), 6, mtime=0))
    partial.rename(path)
    return path


def record(url, body):
    """Return a WARC record of a response."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
    out = io.BytesIO()
    out.write(b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-03-14T10:00:00Z\r\n")
    out.write(f"WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n".encode())
    out.write(b"Content-Length: %d\r\n\r\n" % (len(head) + len(body)) + head + body + b"\r\n\r\n")
    return out.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("pages", type=int, nargs="?", default=10_000)
    chosen = parser.parse_args()
    print(f"{make(chosen.path, chosen.pages)}: {chosen.path.stat().st_size:,} bytes")
