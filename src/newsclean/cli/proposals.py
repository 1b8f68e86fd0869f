"""`newsclean sites suggest` and `newsclean sites new`: from pages of an unknown site to its profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.report.suggest.starting import StartedSite

__all__ = ["new", "suggest"]

_USUAL_SOURCES: Final = ("raw", "clean")


@click.command()
@click.argument("targets", metavar="FOLDER|HOST...", nargs=-1, required=True)
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="DIR",
    help="Raw folder or dataset in which the pages of a HOST are looked for; raw and clean by default.",
)
@click.option("--site", metavar="DOMAIN", help="The site's registered domain, where no page says it.")
@click.option("--most", type=click.IntRange(1), default=200, show_default=True, metavar="N", help="Pages to look at.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE, which must be new."
)
def suggest(
    targets: tuple[str, ...], sources: tuple[str, ...], site: str | None, most: int, output: Path | None
) -> None:
    """Find what repeats on many pages of a site and print a profile made of it, to be reviewed.

    FOLDER is a file, a folder or a pattern with pages of one site, HTML or dumps; of a HOST, the
    pages fetched from it are taken. Comments say on how many pages each rule was found and what it
    would take. Nothing uses the profile until you save it.
    """
    from newsclean.report.suggest.proposing import propose  # noqa: PLC0415  (heavy)
    from newsclean.report.suggest.sample import load_sample  # noqa: PLC0415  (heavy)

    if output is not None and output.exists():
        raise ConfigError(f"{output}: is there already, and nothing is overwritten; name another file")
    proposal = propose(load_sample(targets, sources=sources or _USUAL_SOURCES, most=most), site=site)
    if output is None:
        click.echo(proposal.toml, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(proposal.toml)
    except OSError as error:
        raise ConfigError(f"{output}: cannot be written: {error.strerror}; name another file") from error
    click.echo(f"{output}: a profile for {proposal.site}, to be reviewed")


@click.command()
@click.argument("site")
@click.argument("pages", metavar="PAGE...", nargs=-1, required=True)
@click.option("--url", help="The page's address, where one page is given and no manifest.jsonl says it.")
@click.option(
    "--sites",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("sites"),
    show_default=True,
    metavar="DIR",
    help="Folder for the profile.",
)
@click.option(
    "--cases",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("tests/sites"),
    show_default=True,
    metavar="DIR",
    help="Folder for the golden cases.",
)
def new(site: str, pages: tuple[str, ...], url: str | None, sites: Path, cases: Path) -> None:
    """Start a profile for SITE, a registered domain, from sample pages (files, folders, patterns).

    Writes SITE.toml as `suggest` would print it, and golden cases with what it reads now; both are
    yours to correct. Nothing is overwritten.
    """
    from newsclean.report.suggest.starting import start_site  # noqa: PLC0415  (heavy)

    started = start_site(site, pages, sites=sites, cases=cases, url=url)
    click.echo("\n".join(_next_steps(started, sites, cases)))


def _next_steps(started: StartedSite, sites: Path, cases: Path) -> Iterator[str]:
    yield f"{started.profile}  the proposed profile"
    for case in started.cases:
        yield f"{case.folder}  a case of {case.page}, {case.outcome}"
    where = "" if started.is_in_use else f" --sites {sites}"
    url = started.cases[0].page
    yield ""
    yield "Next:"
    yield f"  1. Read {started.profile}, and correct it; its comments say what each rule takes."
    yield f"  2. newsclean explain {url}{where}   shows what becomes of each piece of a page."
    yield "  3. Correct each expected.json until it is what the page says."
    yield f"  4. newsclean sites check {started.profile} && newsclean sites test {cases}{where}"
    if not started.is_in_use:
        yield f"\n{sites} is used where it is named by --sites, or lies beside a newsclean.toml (which may be empty)."
