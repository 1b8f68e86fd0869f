"""newsclean in somebody's Scrapy project: archive, manners, guard and limits by one line.

    ADDONS = {"newsclean.crawl.addon.NewscleanAddon": 500}

What the project sets itself stays as it is.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.settings import SETTINGS_PRIORITIES

from newsclean.config import find_project
from newsclean.crawl.manners import with_contact
from newsclean.crawl.settings import values_for_addon
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

__all__ = ["NewscleanAddon"]


class NewscleanAddon:
    """Sets what `newsclean.crawl.settings` says where the project is silent; puts the contact in the user agent."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Set what is read before there is a crawler: the resolver."""
        settings.set("TWISTED_DNS_RESOLVER", values_for_addon()["TWISTED_DNS_RESOLVER"], "addon")

    def update_settings(self, settings: BaseSettings) -> None:
        """Set all the rest."""
        for name, value in values_for_addon().items():
            if isinstance(value, dict):
                _merge(settings, name, value)
            else:
                settings.set(name, value, "addon")
        if settings.getbool("NEWSCLEAN_CLEAN"):
            _merge(settings, "ITEM_PIPELINES", {"newsclean.crawl.pipeline.CleaningPipeline": 100})
            _merge(settings, "SPIDER_MIDDLEWARES", {"newsclean.crawl.pipeline.PageItemMiddleware": 60})
        if settings.getlist("NEWSCLEAN_JAVASCRIPT"):
            _use_browser(settings)
        _name_contact(settings)


def _use_browser(settings: BaseSettings) -> None:
    if find_spec("scrapy_playwright") is None:
        raise ConfigError(
            "NEWSCLEAN_JAVASCRIPT: no browser to load pages with; pip install 'newsclean[playwright]' and then "
            "playwright install chromium, or take the setting away"
        )
    handler = "newsclean.crawl.javascript.BrowserHandler"
    handlers = {**settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler}
    settings.set("DOWNLOAD_HANDLERS", handlers, settings.getpriority("DOWNLOAD_HANDLERS") or 0)
    settings.set("PLAYWRIGHT_ABORT_REQUEST", "newsclean.crawl.javascript.is_left_out", "addon")
    _merge(settings, "DOWNLOADER_MIDDLEWARES", {"newsclean.crawl.javascript.JavascriptMiddleware": 980})


def _merge(settings: BaseSettings, name: str, ours: dict[str, Any]) -> None:
    priority = max(settings.getpriority(name) or 0, SETTINGS_PRIORITIES["addon"])
    settings.set(name, {**ours, **settings.getdict(name)}, priority)


def _name_contact(settings: BaseSettings) -> None:
    contact = settings["NEWSCLEAN_CONTACT"] or os.environ.get("NEWSCLEAN_CONTACT") or find_project(Path.cwd()).contact
    priority = settings.getpriority("USER_AGENT") or 0
    user_agent = settings["USER_AGENT"] if priority else f"newsclean/{version('newsclean')}"
    settings.set("USER_AGENT", with_contact(user_agent, contact), max(priority, SETTINGS_PRIORITIES["addon"]))
