"""Take articles out of pages: by the profile of a site, or by what news pages have in common."""
