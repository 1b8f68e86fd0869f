"""TASS, the Russian news agency: tass.com in English, tass.ru in Russian."""

from newsclean.crawl.spider import NewsSpider


class TassCom(NewsSpider):
    """All sections of tass.com."""

    name = "tass_com"
    site = "tass.com"
    feeds = ("https://tass.com/rss/v2.xml",)
    archives = ("https://tass.com/robots.txt",)
    sections = (
        "https://tass.com/politics",
        "https://tass.com/world",
        "https://tass.com/economy",
        "https://tass.com/defense",
        "https://tass.com/emergencies",
        "https://tass.com/science",
        "https://tass.com/society",
        "https://tass.com/sport",
        "https://tass.com/pressreview",
    )


class TassRu(NewsSpider):
    """All sections of tass.ru."""

    name = "tass_ru"
    site = "tass.ru"
    feeds = ("https://tass.ru/rss/v2.xml",)
    archives = ("https://tass.ru/robots.txt",)
    sections = (
        "https://tass.ru/politika",
        "https://tass.ru/mezhdunarodnaya-panorama",
        "https://tass.ru/ekonomika",
        "https://tass.ru/armiya-i-opk",
        "https://tass.ru/obschestvo",
        "https://tass.ru/proisshestviya",
        "https://tass.ru/nauka",
        "https://tass.ru/kultura",
        "https://tass.ru/sport",
    )
