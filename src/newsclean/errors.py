"""Every error newsclean raises on purpose.

The tree follows the blast radius, so that a handler can say how much it gives up:

    NewscleanError
    ├── PageError             this page: it becomes one rejection, the run goes on
    │   ├── UnreadablePage    the bytes could not be had (missing, no permission, broken gzip)
    │   ├── UndecodablePage   the bytes are not text in any charset that makes sense
    │   ├── NotAnArticle      the page is fine, but it is a listing, a photo tab, a footer
    │   └── ExtractionFailed  an article was expected and none could be taken out
    ├── ConfigError           what the user wrote (option, manifest, profile, newsclean.toml)
    │   └── ProfileError      a site profile: file, key and the way out
    ├── DatasetError          the output folder cannot be used or does not hold what it should
    │   ├── SchemaTooNew      written by a newer newsclean than this one
    │   └── SchemaTooOld      written by an older one, and to be migrated before rows are added
    └── RunError              the run itself: its workers cannot be kept alive, or its counts do not add up
"""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "ConfigError",
    "DatasetError",
    "ExtractionFailed",
    "NewscleanError",
    "NotAnArticle",
    "PageError",
    "ProfileError",
    "Reason",
    "SchemaTooNew",
    "SchemaTooOld",
    "UndecodablePage",
    "UnreadablePage",
]


class Reason(StrEnum):
    """Reason codes of rejections: one of them for each page that gives no article."""

    EMPTY = "empty"
    BINARY = "binary"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    VANISHED = "vanished"
    BROKEN_COMPRESSION = "broken_compression"
    BROKEN_ARCHIVE = "broken_archive"
    UNDECODABLE = "undecodable"
    UNPARSEABLE = "unparseable"
    HTTP_STATUS = "http_status"
    REVISIT = "revisit"
    FILTERED = "filtered"
    MEDIA_TYPE = "media_type"
    LISTING = "listing"
    GALLERY = "gallery"
    FORUM = "forum"
    PRODUCT = "product"
    VIDEO = "video"
    ERROR_PAGE = "error_page"
    COPYRIGHT_ONLY = "copyright_only"
    NOT_AN_ARTICLE = "not_an_article"
    NO_BODY = "no_body"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    DROPPED = "dropped"


class NewscleanError(Exception):
    """Root of all errors raised on purpose; its text is fit to be shown to a user."""


class PageError(NewscleanError):
    """One page cannot become an article; `reason` is the code written to the ledger."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[PageError], tuple[Reason, str]]:
        """Pickle by both arguments: the default would hand only `detail` to `__init__`."""
        return (type(self), (self.reason, self.detail))


class UnreadablePage(PageError):
    """The bytes of a page could not be had."""


class UndecodablePage(PageError):
    """The bytes of a page are no text."""


class NotAnArticle(PageError):
    """The page was understood, and it is no article."""


class ExtractionFailed(PageError):
    """The page looked like an article, and none could be taken out of it."""


class ConfigError(NewscleanError):
    """Something the user wrote cannot be used; the text names the place and the remedy."""


class ProfileError(ConfigError):
    """A site profile cannot be used."""


class DatasetError(NewscleanError):
    """The dataset folder cannot be used, or does not hold what its records say."""


class SchemaTooNew(DatasetError):
    """The dataset was written with a newer schema than this version knows."""


class SchemaTooOld(DatasetError):
    """The dataset has to be migrated before rows of this version fit into it."""


class RunError(NewscleanError):
    """A run cannot go on, or what it did does not add up."""
