"""What a crawl knows of a site: kept in SQLite, committed together with the archive."""
