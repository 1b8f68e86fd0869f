"""`newsclean crawl feed -a url=https://news.example/rss.xml`: the articles of any feed, or of several."""

from __future__ import annotations

from typing import Any

from newsclean.crawl.spider import NewsSpider
from newsclean.crawl.spiders.addresses import addresses

__all__ = ["FeedSpider"]


class FeedSpider(NewsSpider):
    """Argument `url`: one RSS or Atom feed, or several of one site parted by commas or blanks."""

    name = "feed"

    def __init__(self, *args: Any, url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.feeds = addresses(url, spider=self.name)
