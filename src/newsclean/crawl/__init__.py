"""Find and fetch news pages with Scrapy; the only package that imports Scrapy. It never extracts.

spider ──> StateScheduler (frontier in SQLite) ──> downloader ──> archive (WARC) ──> spider callback
                 ^                                                                        │
                 └───────────────── discovery: feeds, sitemaps, listings <────────────────┘
"""
