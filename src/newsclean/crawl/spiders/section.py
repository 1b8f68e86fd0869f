"""`newsclean crawl section -a url=https://news.example/world`: the articles that any listing links to."""

from __future__ import annotations

from typing import Any

from newsclean.crawl.spider import NewsSpider
from newsclean.crawl.spiders.addresses import addresses

__all__ = ["SectionSpider"]


class SectionSpider(NewsSpider):
    """Argument `url`: one section's page, or several of one site parted by commas or blanks."""

    name = "section"

    def __init__(self, *args: Any, url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = addresses(url, spider=self.name)
