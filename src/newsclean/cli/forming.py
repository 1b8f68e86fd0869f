"""Options on the form of a dataset's files, as `clean` and `compact` take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsclean.dataset import FormChoice

__all__ = ["form_of", "form_options"]

_NONE: Final = "none"


def form_options(*, untold: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what adds the options to a command; `untold` says for its help what holds without them."""
    partition = click.option(
        "--partition-by",
        type=click.Choice((_NONE, "site", "month")),
        help=f"Put articles into a folder a site or month of publication; kept for later runs.  [default: {untold}]",
    )
    bloom = click.option(
        "--bloom-filter",
        metavar="COLUMN,...",
        help="Write Bloom filters of these columns (article_id,url; none takes them away), to find single rows "
        f"faster; kept, too.  [default: {untold}]",
    )
    return lambda command: partition(bloom(command))


def form_of(chosen: dict[str, Any]) -> FormChoice:
    """Return what the options say, and take them out; raises ConfigError."""
    from newsclean.dataset import FormChoice  # noqa: PLC0415  (keeps --help fast)

    named = chosen.pop("bloom_filter")
    columns = None if named is None else tuple(filter(None, (name.strip() for name in named.split(","))))
    return FormChoice(partition_by=chosen.pop("partition_by"), bloom_filters=() if columns == (_NONE,) else columns)
