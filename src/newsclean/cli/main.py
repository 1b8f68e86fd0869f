"""The command line's root: names the sub-commands, turns errors into messages and exit codes."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import click

from newsclean.cli.escaping import shown
from newsclean.cli.exit_codes import EXIT_CODES, ExitCode, exit_code_of
from newsclean.cli.groups import SentenceGroup
from newsclean.cli.process import OWN_PROCESS
from newsclean.errors import NewscleanError

__all__ = ["cli", "main"]

_COMMANDS: Final = {
    "init": "newsclean.cli.init",
    "crawl": "newsclean.cli.crawl",
    "clean": "newsclean.cli.clean",
    "verify": "newsclean.cli.verify",
    "run": "newsclean.cli.run",
    "schedule": "newsclean.cli.schedule",
    "status": "newsclean.cli.status",
    "doctor": "newsclean.cli.doctor",
    "hold": "newsclean.cli.hold",
    "alarms": "newsclean.cli.alarms",
    "compact": "newsclean.cli.compact",
    "migrate": "newsclean.cli.migrate",
    "dedup": "newsclean.cli.dedup",
    "history": "newsclean.cli.history",
    "export": "newsclean.cli.export",
    "explain": "newsclean.cli.explain",
    "eval": "newsclean.cli.evaluate:evaluate",  # a name that Python has taken
    "report": "newsclean.cli.report",
    "audit": "newsclean.cli.audit",
    "sites": "newsclean.cli.sites",
}


class _Root(SentenceGroup):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (same)
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(module), name or cmd_name)
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  (same)
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), meaning) for code, meaning in EXIT_CODES.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NewscleanError as error:
            click.echo(f"newsclean: {shown(str(error))}", err=True)
            ctx.exit(exit_code_of(error))
        except KeyboardInterrupt:
            click.echo("newsclean: interrupted", err=True)
            ctx.exit(ExitCode.INTERRUPTED)


@click.group(cls=_Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="newsclean", message="newsclean %(version)s")
def cli() -> None:
    """From raw news pages to a Parquet dataset that can be trusted."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(cli(prog_name="newsclean", obj=OWN_PROCESS))
