"""`newsclean crawl sitemap -a url=https://news.example/robots.txt`: the articles of any sitemap."""

from __future__ import annotations

from typing import Any

from newsclean.crawl.spider import NewsSpider
from newsclean.crawl.spiders.addresses import addresses

__all__ = ["SitemapSpider"]


class SitemapSpider(NewsSpider):
    """Argument `url`: one sitemap, index or robots.txt, or several of one site parted by commas or blanks."""

    name = "sitemap"

    def __init__(self, *args: Any, url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sitemaps = addresses(url, spider=self.name)
