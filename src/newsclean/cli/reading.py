"""Options on what of the input is read: columns of tables, and conditions on pages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import click

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsclean.sources import Reading

__all__ = ["reading_of", "reading_options"]

_OPTIONS: Final = (
    click.option("--html-column", metavar="NAME", help="Column of JSONL and Parquet files that holds HTML pages."),
    click.option("--text-column", metavar="NAME", help="The same for pages that are text; without either: html, text."),
    click.option("--host", "hosts", multiple=True, metavar="HOST", help="Only pages of this host and those below it."),
    click.option("--fetched-since", metavar="TIME", help="Only pages fetched then or later (2026-01-31, UTC)."),
    click.option("--fetched-before", metavar="TIME", help="Only pages fetched earlier."),
    click.option("--status", "statuses", multiple=True, metavar="N", help="Only this HTTP status: 200, or 2xx."),
    click.option("--media-type", "media_types", multiple=True, metavar="TYPE", help="Only text/html, or text/*."),
    click.option(
        "--language-header", "languages", multiple=True, metavar="LANG", help="Only pages whose header says so."
    ),
)


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command; all that may be given more than once are joined by `or`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reading_of(chosen: dict[str, Any]) -> Reading:
    """Return what the options say; raises ConfigError."""
    from newsclean.sources import Choice, Reading  # noqa: PLC0415  (keeps --help fast)

    choice = Choice(
        hosts=chosen["hosts"],
        fetched_since=_moment("--fetched-since", chosen["fetched_since"]),
        fetched_before=_moment("--fetched-before", chosen["fetched_before"]),
        statuses=chosen["statuses"],
        media_types=chosen["media_types"],
        languages=chosen["languages"],
    )
    return Reading(html_column=chosen["html_column"], text_column=chosen["text_column"], choice=choice)


def _moment(option: str, text: str | None) -> dt.datetime | None:
    """Read a date or a time; one without a zone is UTC, as archives write theirs."""
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{option} {text}: no date; write 2026-01-31 or 2026-01-31T09:30:00Z") from error
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found
