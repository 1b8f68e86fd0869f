"""The spiders of this project, one file a site: they find and fetch, and never extract."""
