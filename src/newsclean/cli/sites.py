"""`newsclean sites`: what is known of sites, and whether it can be used and does what it should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.groups import SentenceGroup
from newsclean.cli.proposals import new, suggest
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.extract.routing import Router
    from newsclean.run.cases import CaseResult

__all__ = ["sites"]

_SITES_OPTION: Final = click.option(
    "--sites", "folders", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="As for clean."
)
_USUAL_CASES: Final = Path("tests/sites")


@click.group(cls=SentenceGroup)
def sites() -> None:
    """Site profiles: list, show, check, test; suggest and start new ones."""


sites.add_command(suggest)
sites.add_command(new)


@sites.command(name="list")
@_SITES_OPTION
def list_sites(folders: tuple[Path, ...]) -> None:
    """List the sites that have a profile, with their layouts and hosts."""
    router = _router(folders)
    width = max(len(one.site) for one in router.profiles)
    for one in sorted(router.profiles, key=lambda one: one.site):
        layouts = " ".join(
            f"{layout.name}({'+'.join(kind for kind in ('html', 'text') if getattr(layout, kind))})"
            for layout in one.profile.layout
        )
        click.echo(f"{one.site:<{width}}  {one.profile.publisher}: {layouts}; {', '.join(one.hosts)}")


@sites.command()
@click.argument("name")
@_SITES_OPTION
def show(name: str, folders: tuple[Path, ...]) -> None:
    """Print the profile of a site, and where it is."""
    known = {one.site: one for one in _router(folders).profiles}
    if name not in known:
        raise ConfigError(f"{name}: no such site; known are {', '.join(sorted(known))}")
    click.echo(f"# {known[name].path}\n# sha256 {known[name].sha256}\n")
    click.echo(known[name].path.read_text(encoding="utf-8"))


@sites.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """Load and compile profiles (files or folders; all that are in use by default) and say what is wrong."""
    from newsclean.run.profiles import check_profiles, folders_in_use  # noqa: PLC0415  (heavy)

    good, errors = check_profiles(paths or folders_in_use())
    for error in errors:
        click.echo(error, err=True)
    click.echo(f"{len(good)} profiles are good: {', '.join(good)}" if good else "no good profile")
    if errors:
        raise SystemExit(ExitCode.USAGE)


@sites.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@_SITES_OPTION
@click.option("-q", "--quiet", is_flag=True, help="Print only what differs.")
def test(paths: tuple[Path, ...], folders: tuple[Path, ...], *, quiet: bool) -> None:
    """Run golden cases and report field by field; PATHS are folders of cases, tests/sites by default.

    A case is a folder <site>/<case>/ with page.html or page.txt, meta.json (url, fetched_at,
    status, media_type, charset; may be missing) and expected.json: {"articles": [{field: value,
    ..., "body": [block, ...]}]} or {"rejection": reason}. A case names every field that its page
    has; one that is read and not named is a difference.
    """
    from newsclean.run.cases import check_case, find_cases  # noqa: PLC0415  (heavy)

    router = _router(folders)
    results = [check_case(case, router) for path in paths or (_USUAL_CASES,) for case in find_cases(path)]
    if not results:
        raise ConfigError(f"{', '.join(map(str, paths or (_USUAL_CASES,)))}: no cases there (no expected.json)")
    for result in results:
        for line in _verdict(result, is_quiet=quiet):
            click.echo(line)
    failed = sum(bool(result.differences) for result in results)
    click.echo(f"{len(results)} cases, {sum(result.compared for result in results)} fields, {failed} cases differ")
    if failed:
        raise SystemExit(ExitCode.TROUBLE)


def _router(folders: tuple[Path, ...]) -> Router:
    from newsclean.extract.routing import load_router  # noqa: PLC0415  (heavy)
    from newsclean.run.api import site_folders  # noqa: PLC0415  (heavy)

    return load_router(site_folders(folders))


def _verdict(result: CaseResult, *, is_quiet: bool) -> Iterator[str]:
    name = f"{result.case.site}/{result.case.name}"
    if not result.differences:
        if not is_quiet:
            yield f"{click.style('good', fg='green')}    {name} ({result.compared} fields)"
        return
    yield f"{click.style('differs', fg='red')} {name}"
    for one in result.differences:
        yield f"    {one.field}"
        yield f"        expected {json.dumps(one.expected, ensure_ascii=False)}"
        yield f"        found    {json.dumps(one.found, ensure_ascii=False)}"
