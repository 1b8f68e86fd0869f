"""The Harbour Gazette, a newspaper that does not exist: copy this file for one that does."""

from newsclean.crawl.spider import NewsSpider


class HarbourGazette(NewsSpider):
    """What its feed names; which addresses are articles is for sites/harbour-gazette.example.toml to say."""

    name = "harbour_gazette"
    feeds = ("https://www.harbour-gazette.example/rss.xml",)
