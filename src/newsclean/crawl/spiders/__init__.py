"""Spiders that need no code: `feed`, `sitemap` and `section`, for any site, by URL."""
