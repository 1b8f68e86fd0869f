"""Groups of commands, as `--help` lists them."""

from __future__ import annotations

from typing import Final

import click

__all__ = ["SentenceGroup"]

_UNBOUNDED: Final = 10_000


class SentenceGroup(click.Group):
    """A group whose help says of each command its whole first sentence, where click cuts it after some words."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(_UNBOUNDED)) for name, one in commands if one and not one.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
