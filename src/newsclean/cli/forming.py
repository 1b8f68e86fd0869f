"""Options on the form of a dataset's files, as `clean` and `compact` take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsclean.dataset import FormChoice

__all__ = ["form_of", "form_options"]

_NONE: Final = "none"
_OPTIONS: Final = (
    click.option(
        "--partition-by",
        type=click.Choice((_NONE, "site", "month")),
        help="Put articles into a folder a site or month of publication; kept for later runs.  [default: none]",
    ),
    click.option(
        "--bloom-filter",
        metavar="COLUMN,...",
        help="Write Bloom filters of these columns (article_id,url), to find single rows faster; kept, too.",
    ),
)


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def form_of(chosen: dict[str, Any]) -> FormChoice:
    """Return what the options say, and take them out; raises ConfigError."""
    from newsclean.dataset import FormChoice  # noqa: PLC0415  (keeps --help fast)

    named = chosen.pop("bloom_filter")
    columns = None if named is None else tuple(filter(None, (name.strip() for name in named.split(","))))
    return FormChoice(partition_by=chosen.pop("partition_by"), bloom_filters=() if columns == (_NONE,) else columns)
