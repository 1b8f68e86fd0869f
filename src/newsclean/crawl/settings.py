"""The settings of a newsclean project: what scrapy.cfg names, and what the add-on brings to another project.

Whatever is set here can be set otherwise: in a spider's `custom_settings`, by `-s NAME=VALUE`, or in
the settings of a project that has the add-on. What begins with NEWSCLEAN_ is ours, the rest is
Scrapy's own, with values that are safe to be left alone.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Final

BOT_NAME: Final = "newsclean"
# A folder spiders/ beside scrapy.cfg, if there is one, and the spiders for any site.
SPIDER_MODULES: Final = [*(["spiders"] if find_spec("spiders") else []), "newsclean.crawl.spiders"]
NEWSPIDER_MODULE: Final = "spiders"
ADDONS: Final = {"newsclean.crawl.addon.NewscleanAddon": 500}

# ---- who we are: without a contact no crawl starts ----
NEWSCLEAN_CONTACT: Final[str | None] = None  # URL or e-mail; also from the environment or newsclean.toml

# ---- where things go ----
NEWSCLEAN_RAW: Final = "raw"  # a folder, or s3://bucket/prefix (needs newsclean[s3])
NEWSCLEAN_ARCHIVE: Final = True  # False: nothing is archived; what was fetched is lost with the process
NEWSCLEAN_SPOOL: Final = ".newsclean/spool"  # where an archive is written before it goes to s3://
NEWSCLEAN_UPLOAD_EVERY_S: Final = 900.0  # and how often it goes there, besides at the end; 0: at the end
NEWSCLEAN_MAX_WARC_BYTES: Final = 256 * 2**20  # a file of the archive that has these is followed by another
NEWSCLEAN_REPLAY: Final[str | None] = None  # a WARC, or a folder of them, that takes the network's place
NEWSCLEAN_STATE_DIR: Final[str | None] = None  # where the state of crawls lies, if not in NEWSCLEAN_RAW
NEWSCLEAN_REVISIT: Final = "1h 6h 1d 3d 7d"  # ages at which an article is asked for changes; "": never
NEWSCLEAN_RESUME: Final = True  # a crawl that was cut goes on; False: it is dropped, and a new one begins
SCHEDULER: Final = "newsclean.crawl.frontier.StateScheduler"
SPIDER_MIDDLEWARES: Final = {"newsclean.crawl.frontier.FrontierMiddleware": 10}

# ---- cleaning during the crawl, by choice ----
NEWSCLEAN_CLEAN: Final = False  # True: pages are cleaned in processes as they come, and their articles are the items
NEWSCLEAN_WORKERS: Final[int | None] = None  # processes; one a core but one, if not set
NEWSCLEAN_PAGE_TIMEOUT_S: Final = 30.0
NEWSCLEAN_LANGUAGE: Final = "auto"  # how languages are told: auto, langdetect, py3langid
NEWSCLEAN_SITES: Final[list[str]] = []  # folders with site profiles besides the built-in ones and sites/

# ---- manners ----
ROBOTSTXT_OBEY: Final = True
NEWSCLEAN_MAX_CRAWL_DELAY_S: Final = 120.0  # a host that asks for more is not crawled
NEWSCLEAN_MAX_RETRY_AFTER_S: Final = 600.0
AUTOTHROTTLE_ENABLED: Final = True
AUTOTHROTTLE_START_DELAY: Final = 1.0
AUTOTHROTTLE_TARGET_CONCURRENCY: Final = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN: Final = 1
DOWNLOAD_DELAY: Final = 0.5
COOKIES_ENABLED: Final = False
RETRY_TIMES: Final = 3

# ---- safety: where a crawl may go ----
NEWSCLEAN_ALLOWED: Final[list[str]] = []  # networks and host names of an intranet
NEWSCLEAN_RESOLVE: Final[
    dict[str, str]
] = {}  # names with fixed addresses: {"news.example": "127.0.0.1:8000"}; "*": all
NEWSCLEAN_PORTS: Final = [80, 443, 8080, 8443]
NEWSCLEAN_PROXIES: Final[list[str]] = []  # those that request.meta["proxy"] may name
HTTPPROXY_ENABLED: Final = False  # would take proxies from the environment
DOWNLOAD_VERIFY_CERTIFICATES: Final = True
TWISTED_DNS_RESOLVER: Final = "newsclean.crawl.guard.GuardedResolver"
DOWNLOAD_HANDLERS: Final = {
    "http": "newsclean.crawl.limits.BoundedHttpHandler",
    "https": "newsclean.crawl.limits.BoundedHttpHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES: Final = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newsclean.crawl.manners.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "newsclean.crawl.unpacking.UnpackingMiddleware": 590,
    "newsclean.crawl.archiving.ArchiveMiddleware": 980,
    "newsclean.crawl.replay.ReplayMiddleware": 985,
    "newsclean.crawl.guard.GuardMiddleware": 990,
}

# ---- safety: what a crawl may cost ----
DOWNLOAD_MAXSIZE: Final = 50 * 2**20
DOWNLOAD_WARNSIZE: Final = 10 * 2**20
DOWNLOAD_TIMEOUT: Final = 60
NEWSCLEAN_MAX_HEAD_BYTES: Final = 256 * 2**10
REDIRECT_MAX_TIMES: Final = 8
CONCURRENT_ITEMS: Final = 16  # Scrapy makes so many tasks for each response, 100 of them by default
MEMUSAGE_WARNING_MB: Final = 1_024
MEMUSAGE_LIMIT_MB: Final = 4_096

# ---- safety: nobody steers a crawl from outside ----
TELNETCONSOLE_ENABLED: Final = False
REMOTE_CONTROL_ENABLED: Final = False
EXTENSIONS: Final = {"newsclean.crawl.manners.Pace": 100, "newsclean.crawl.pauses.ShortPauses": 900}

# ---- what comes out ----
FEED_EXPORTERS: Final = {"parquet": "newsclean.crawl.exporter.ParquetItemExporter"}
FEED_EXPORT_ENCODING: Final = "utf-8"

# ---- pages that need a browser: host names; needs newsclean[playwright] ----
NEWSCLEAN_JAVASCRIPT: Final[list[str]] = []

LOG_LEVEL: Final = "INFO"


def values_for_addon() -> dict[str, Any]:
    """Return what the add-on sets in somebody's project: all of this but what is the project's own affair."""
    own = {"BOT_NAME", "SPIDER_MODULES", "NEWSPIDER_MODULE", "ADDONS", "LOG_LEVEL"}
    return {name: value for name, value in globals().items() if name.isupper() and name not in own}
