"""The President of Russia's site: one document has the same number in English and in Russian.

Each language has an archive and a state of its own, so that both can be crawled at once.
"""

from newsclean.crawl.spider import NewsSpider


class KremlinEn(NewsSpider):
    """News, transcripts, trips and letters of en.kremlin.ru."""

    name = "kremlin_en"
    site = "en.kremlin.ru"
    feeds = ("http://en.kremlin.ru/events/president/news/feed",)
    sections = (
        "http://en.kremlin.ru/events/president/news",
        "http://en.kremlin.ru/events/president/transcripts",
        "http://en.kremlin.ru/events/president/trips",
        "http://en.kremlin.ru/events/president/letters",
    )
    languages = ("en",)


class KremlinRu(NewsSpider):
    """News, transcripts, trips and letters of kremlin.ru."""

    name = "kremlin_ru"
    site = "kremlin.ru"
    feeds = ("http://kremlin.ru/events/president/news/feed",)
    sections = (
        "http://kremlin.ru/events/president/news",
        "http://kremlin.ru/events/president/transcripts",
        "http://kremlin.ru/events/president/trips",
        "http://kremlin.ru/events/president/letters",
    )
    languages = ("ru",)
