"""Page objects: an article's fields for those who work with web-poet."""

from __future__ import annotations

import asyncio

import pytest
from crawling import crawl_spider
from server import NewsServer

from newsclean.errors import ExtractionFailed

pytest.importorskip("web_poet", reason="needs newsclean[poet]")

from web_poet import HttpResponse, field

from newsclean.crawl.pages import ArticlePage, _cleaner

PAGE = """<html lang="en"><head><title>The ferry sails</title></head><body><h1>The ferry sails</h1><article>
<p>The harbour master of Lowmark said on Monday that the ferry would sail again before the tide.</p>
<p>Nobody on the island had expected the old ship to be back before the spring, he said.</p></article></body></html>"""
SPIDER = """
import scrapy
from scrapy_poet import DummyResponse
from newsclean.crawl.pages import ArticlePage

class Poet(scrapy.Spider):
    name = "poet"
    start_urls = ["http://news.example/1.html"]

    async def parse(self, response: DummyResponse, page: ArticlePage):
        article = await page.to_item()
        yield {"title": article.title, "body": article.body, "url": article.url}
"""


class Louder(ArticlePage):
    @field
    async def title(self):
        return (await super().title).upper()


@pytest.fixture(scope="module", autouse=True)
def closed_in_the_end():
    yield
    _cleaner().worker.close()
    _cleaner().thread.shutdown()


def page_of(kind, text):
    return kind(HttpResponse("http://news.example/1.html", body=text.encode(), headers={"Content-Type": "text/html"}))


def test_a_page_object_gives_the_article():
    """Its item is the article that cleaning the page gives, its fields are the article's."""
    page = page_of(ArticlePage, PAGE)
    article = asyncio.run(page.to_item())
    assert article.title == "The ferry sails"
    assert article.body.startswith("The harbour master of Lowmark")


def test_a_field_can_be_overridden():
    """A subclass changes one field and keeps the others."""
    article = asyncio.run(page_of(Louder, PAGE).to_item())
    assert article.title == "THE FERRY SAILS"
    assert article.body.startswith("The harbour master of Lowmark")


def test_a_page_without_an_article_says_why():
    """There is no item, and an error with the reason."""
    with pytest.raises(ExtractionFailed, match=r"http://news\.example/1\.html"):
        asyncio.run(page_of(ArticlePage, "<html><body></body></html>").to_item())


def test_a_spider_may_ask_for_the_page_object():
    """With scrapy-poet's add-on a callback gets it by its annotation."""
    with NewsServer() as server:
        server.add("http://news.example/1.html", PAGE)
        addons = {"newsclean.crawl.addon.NewscleanAddon": 500, "scrapy_poet.Addon": 300}
        result = crawl_spider(server, SPIDER, name="poet", settings={"ADDONS": addons})
    assert [(one["title"], one["url"]) for one in result.items] == [
        ("The ferry sails", "http://news.example/1.html")
    ], result.log
