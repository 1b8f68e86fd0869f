"""`newsclean init`."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["init"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--contact", metavar="TEXT", help="URL or e-mail address of yours that crawled sites see.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def init(folder: Path, contact: str | None, *, quiet: bool) -> None:
    """Write a new project to DIR: one spider, one site profile with its golden case, and a recorded crawl.

    DIR must be empty or not exist. The project works at once and offline; its README says how.
    """
    from newsclean.crawl.project import create_project  # noqa: PLC0415  (only where something is written)

    files = create_project(folder, contact=contact)
    if quiet:
        return
    for file in files:
        click.echo(f"  {file.as_posix()}")
    click.echo(f"{folder} is a newsclean project; to see it work:\n")
    click.echo(f"  cd {folder}")
    click.echo("  newsclean crawl harbour_gazette --replay raw/harbour-gazette.example --raw replayed")
    click.echo("  newsclean clean raw -o clean")
    if not contact:
        click.echo("\nBefore the first crawl of a real site, put a contact into newsclean.toml.")
