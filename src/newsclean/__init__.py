"""newsclean: from raw news pages to a Parquet dataset that can be trusted.

The public names; each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from newsclean.dataset import Finding as Finding
    from newsclean.errors import NewscleanError as NewscleanError
    from newsclean.model import PageOutcome as PageOutcome
    from newsclean.model import RawPage as RawPage
    from newsclean.run.job import Job as Job
    from newsclean.run.public import clean as clean
    from newsclean.run.public import clean_page as clean_page
    from newsclean.run.public import plan as plan
    from newsclean.run.public import verify as verify
    from newsclean.run.report import RunReport as RunReport
    from newsclean.sources import Choice as Choice
    from newsclean.sources import Reading as Reading

__all__ = [  # noqa: RUF022  (functions first)
    "clean",
    "clean_page",
    "plan",
    "verify",
    "Finding",
    "NewscleanError",
    "PageOutcome",
    "RawPage",
    "Job",
    "Choice",
    "Reading",
    "RunReport",
    "__version__",
]

_PLACES: Final = {
    "clean": "newsclean.run.public",
    "clean_page": "newsclean.run.public",
    "plan": "newsclean.run.public",
    "verify": "newsclean.run.public",
    "Job": "newsclean.run.job",
    "Finding": "newsclean.dataset",
    "NewscleanError": "newsclean.errors",
    "PageOutcome": "newsclean.model",
    "RawPage": "newsclean.model",
    "Choice": "newsclean.sources",
    "Reading": "newsclean.sources",
    "RunReport": "newsclean.run.report",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  (costs more than all the rest)

        return version("newsclean")
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
