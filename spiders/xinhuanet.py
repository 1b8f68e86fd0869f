"""Xinhua, the Chinese news agency: news.cn and, before 2021, xinhuanet.com."""

from newsclean.crawl.spider import NewsSpider


class Xinhuanet(NewsSpider):
    """China and world in English and Chinese."""

    name = "xinhuanet"
    site = "xinhuanet.com"
    feeds = (
        "http://www.xinhuanet.com/english/rss/worldrss.xml",
        "http://www.xinhuanet.com/english/rss/chinarss.xml",
    )
    sections = (
        "https://english.news.cn/china/index.htm",
        "https://english.news.cn/world/index.htm",
        "https://www.news.cn/politics/",
        "https://www.news.cn/world/",
    )
