"""The spiders of this project on their sites, served on loopback in the form of the real ones."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

import pytest
from crawling import newsclean
from server import NewsServer, key_of

from newsclean.crawl.spider import NewsSpider
from sites import real_pages, set_up

SPIDERS = ("tass_com", "tass_ru", "chinadaily", "kremlin_en", "kremlin_ru", "xinhuanet")
# What tells where a page comes from, and not what is in it.
OF_THE_SOURCE = {"raw_path", "raw_offset", "raw_media_type", "http_status", "fetched_at", "removals"}
# Visits for as long as any article is old: whether a feed that calls it new is read before a list with a day of years
# ago in its address is a matter of chance, and all are old to who runs this later.
REVISIT = "1h 6h 1d 36500d"
# All spiders side by side in one process: each has an archive and a state of its own.
RUN = """
import json, sys
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
given = json.loads(sys.argv[1])
sys.path.insert(0, given["repository"])
settings = Settings()
settings.setmodule("newsclean.crawl.settings", priority="project")
settings.setdict({"SPIDER_MODULES": ["spiders"], "LOG_LEVEL": "WARNING", **given["settings"]}, priority="cmdline")
process = AsyncCrawlerProcess(settings)
crawlers = {name: process.create_crawler(name) for name in given["spiders"]}
for name, crawler in crawlers.items():
    process.crawl(crawler, **given["arguments"])
process.start()
with open(given["result"], "w") as file:
    json.dump({name: crawler.stats.get_stats() for name, crawler in crawlers.items()}, file, default=str)
"""


def spider_classes(repository):
    """Return the spider classes of the folder spiders/ by name."""
    found = {}
    for path in sorted((repository / "spiders").glob("[a-z]*.py")):
        spec = importlib.util.spec_from_file_location(f"spiders_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, NewsSpider) and one is not NewsSpider:
                found[one.name] = one
    return found


def run(server, repository, folder, **arguments):
    """Run all spiders and return their stats by name."""
    result = folder / "result.json"
    settings = server.settings(NEWSCLEAN_RAW=str(folder / "raw"), NEWSCLEAN_REVISIT=REVISIT)
    given = {
        "repository": str(repository),
        "spiders": SPIDERS,
        "settings": settings,
        "arguments": arguments,
        "result": str(result),
    }
    environment = {**os.environ, **server.environment()}
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(given)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(result.read_text()), done.stderr


@pytest.fixture(scope="module")
def crawled(shared, repository, tmp_path_factory):
    """One crawl of all sites for as far back as they go: server, sites by spider, stats, folder."""
    folder = tmp_path_factory.mktemp("sites")
    classes, pages = spider_classes(repository), real_pages(shared)
    with NewsServer() as server:
        sites = {name: set_up(server, name, classes[name], pages[name]) for name in SPIDERS}
        stats, log = run(server, repository, folder, since="2005-01-01")
        yield server, sites, stats, folder, log


def test_there_is_a_spider_for_each_site(repository):
    """The folder spiders/ has those and no others; each names its site and where to look."""
    classes = spider_classes(repository)
    assert set(classes) == set(SPIDERS)
    assert all(one.site and one.feeds and one.sections for one in classes.values())
    assert len({one.site for one in classes.values()}) == len(classes), "two at once would meet in one archive"


@pytest.mark.parametrize("name", SPIDERS)
def test_a_spider_finds_all_articles_and_no_listing(crawled, name):
    """What is asked for are the sources, robots.txt and the articles, each once, and nothing else of the site."""
    server, sites, stats, _, log = crawled
    site = sites[name]
    hosts = {key_of(page.url).partition("/")[0] for page in site.pages} | {
        key_of(one).partition("/")[0] for one in site.feeds
    }
    asked = [
        one.url for one in server.requests if one.url.partition("/")[0] in hosts and not one.url.endswith("/robots.txt")
    ]
    articles, sources = {key_of(page.url) for page in site.pages}, {key_of(one) for one in site.sources}
    assert articles <= set(asked), log[-2000:]
    assert {one for one in asked if one not in articles} <= sources
    assert all(asked.count(url) == 1 for url in articles)
    assert stats[name]["finish_reason"] == "finished"
    assert stats[name]["newsclean/fetched/article"] == len(articles)
    assert not [name for name in stats[name] if name.startswith(("newsclean/failed", "newsclean/broken"))]


def test_cleaning_the_archive_gives_the_rows_of_the_pages_themselves(crawled, rows):
    """Every article of every site, whether it comes out of the archive or from a file; the rest is accounted for."""
    _, sites, _, folder, _ = crawled
    files = folder / "files"
    files.mkdir()
    pages = [page for site in sites.values() for page in site.pages]
    manifest = []
    for number, page in enumerate(pages):
        name = f"{number}.{'txt' if page.media_type.startswith('text/plain') else 'html'}"
        (files / name).write_bytes(page.body)
        manifest.append(json.dumps({"file": name, "url": page.url, "media_type": page.media_type.split(";")[0]}))
    (files / "manifest.jsonl").write_text("\n".join(manifest))
    for source, output in (("raw", "from_archive"), ("files", "from_files")):
        done = newsclean("clean", source, "-o", output, "-q", folder=folder)
        assert done.returncode == 0, done.stderr
    from_archive, from_files = rows(folder / "from_archive"), rows(folder / "from_files")
    assert articles(from_archive) == articles(from_files)
    assert len(articles(from_files)) > 0.9 * len(pages)
    assert {row["site"] for row in from_files["articles"]} == {
        "tass.com",
        "tass.ru",
        "chinadaily.com.cn",
        "kremlin.ru",
        "xinhuanet.com",
    }


def articles(tables):
    """Return the articles without what belongs to their source."""
    found = [{k: v for k, v in row.items() if k not in OF_THE_SOURCE} for row in tables["articles"]]
    return sorted(found, key=lambda row: (row["url"], row["article_id"]))


def test_a_second_crawl_asks_conditionally_and_finds_one_change(crawled, repository, rows):
    """Nothing has changed: every answer is a 304 and no article is fetched; one that has is one revision more."""
    server, sites, _, folder, _ = crawled
    page = sites["kremlin_en"].pages[3]
    changed = page.body.replace(b"</p>", b" It was corrected.</p>", 40)
    assert changed != page.body
    server.add(page.url, changed, media_type=page.media_type)
    server.forget()
    stats, log = run(server, repository, folder, since="2005-01-01", revisit="all")
    pages = {key_of(one.url) for site in sites.values() for one in site.pages}
    answers = {one.url: one.status for one in server.requests if one.url in pages}
    assert answers == dict.fromkeys(pages, 304) | {key_of(page.url): 200}, log[-2000:]
    for name, site in sites.items():
        fetched, unchanged = (stats[name].get(f"newsclean/{what}/article", 0) for what in ("fetched", "not_modified"))
        assert fetched == (name == "kremlin_en"), name
        assert fetched + unchanged == len(site.pages), name
    done = newsclean("clean", "raw", "-o", "revised", "-q", folder=folder)
    assert done.returncode == 0, done.stderr
    urls = [row["url"] for row in rows(folder / "revised")["articles"]]
    assert urls.count(page.url) == 2
    assert all(urls.count(url) == 1 for url in set(urls) - {page.url})
