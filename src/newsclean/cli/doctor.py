"""`newsclean doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from newsclean.cli.exit_codes import ExitCode

__all__ = ["doctor"]

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what is not well.")
def doctor(*, as_json: bool, quiet: bool) -> None:
    """Check the installation, the machine and the project in this folder, and say what to do.

    Looks at versions, libraries and Scrapy plug-ins, time zone data, disk space, write access, locks,
    newsclean.toml, site profiles, jobs and datasets. Changes nothing. Exit code 1 if something is broken.
    """
    from newsclean.cli.diagnosis import Level, examine  # noqa: PLC0415  (keeps --help fast)

    findings = list(examine(Path.cwd()))
    failures = sum(one.level is Level.FAIL for one in findings)
    warnings = sum(one.level is Level.WARN for one in findings)
    if as_json:
        rows = [asdict(one) for one in findings]
        told = {"findings": rows, "failures": failures, "warnings": warnings}
        click.echo(json.dumps(told, ensure_ascii=False, sort_keys=True))
    else:
        for one in findings:
            if one.level is not Level.OK or not quiet:
                click.echo(f"{click.style(f'{one.level:<4}', fg=_COLOURS[one.level])}  {one.what}: {one.says}")
                if one.remedy:
                    click.echo(f"      -> {one.remedy}")
        if not quiet:
            click.echo(_verdict(failures, warnings))
    if failures:
        raise SystemExit(ExitCode.TROUBLE)


def _verdict(failures: int, warnings: int) -> str:
    if not failures and not warnings:
        return "everything is well"
    return f"{failures} broken, {warnings} to look at"
