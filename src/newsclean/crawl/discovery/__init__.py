"""Where articles are found: feeds, sitemaps and listings, read by pure functions that never fetch."""

from newsclean.crawl.discovery.feeds import Feed, FeedEntry, read_feed
from newsclean.crawl.discovery.listings import Listing, article_pages, read_listing
from newsclean.crawl.discovery.places import PlaceKind, Places
from newsclean.crawl.discovery.sitemaps import SitemapEntry, read_sitemap, robots_sitemaps
from newsclean.crawl.discovery.window import Window

__all__ = [
    "Feed",
    "FeedEntry",
    "Listing",
    "PlaceKind",
    "Places",
    "SitemapEntry",
    "Window",
    "article_pages",
    "read_feed",
    "read_listing",
    "read_sitemap",
    "robots_sitemaps",
]
