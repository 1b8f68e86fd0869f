"""Run one crawl: [folder, spider or file:class, arguments, settings] as JSON; prints the stats."""

from __future__ import annotations

import importlib.util
import json
import sys

from scrapy.crawler import AsyncCrawlerProcess

SETTINGS = {
    "SCHEDULER": "newsclean.crawl.frontier.StateScheduler",
    "SPIDER_MIDDLEWARES": {"newsclean.crawl.frontier.FrontierMiddleware": 10},
    "SPIDER_MODULES": ["newsclean.crawl.spiders"],
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "RETRY_TIMES": 1,
    "DOWNLOAD_DELAY": 0,
}


def spider_class(name):
    if ":" not in name:
        return name
    path, _, attribute = name.rpartition(":")
    spec = importlib.util.spec_from_file_location("spiders_of_test", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, attribute)


def main():
    folder, name, arguments, settings = json.loads(sys.argv[1])
    process = AsyncCrawlerProcess({**SETTINGS, "NEWSCLEAN_RAW": folder, **settings})
    crawler = process.create_crawler(spider_class(name))
    process.crawl(crawler, **arguments)
    process.start()
    print(json.dumps({key: value for key, value in crawler.stats.get_stats().items() if isinstance(value, int)}))


main()
