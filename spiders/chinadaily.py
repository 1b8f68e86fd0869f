"""China Daily, in English; its mirror hosts carry the same stories, which are fetched once."""

from newsclean.crawl.spider import NewsSpider


class ChinaDaily(NewsSpider):
    """China, world and business of www.chinadaily.com.cn, which asks for 30 s between two requests."""

    name = "chinadaily"
    site = "chinadaily.com.cn"
    feeds = (
        "http://www.chinadaily.com.cn/rss/china_rss.xml",
        "http://www.chinadaily.com.cn/rss/world_rss.xml",
    )
    sections = (
        "http://www.chinadaily.com.cn/china",
        "http://www.chinadaily.com.cn/world",
        "http://www.chinadaily.com.cn/business",
    )
    languages = ("en",)
