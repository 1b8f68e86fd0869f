"""`newsclean export`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.counting import counted
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsclean.dataset.export.delta import Changes
    from newsclean.dataset.export.exporting import Kind

__all__ = ["export"]

_STDOUT = Path("-")
_PRINTED = ("jsonl", "csv")
_KINDS = ("jsonl", "csv", "hf", "delta", "duckdb")


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--to", "kind", required=True, type=click.Choice(_KINDS), help="What to write.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="File, or folder for hf and delta; - prints jsonl and csv.",
)
@click.option("--where", metavar="SQL", help="Only rows that meet this condition over the columns (needs DuckDB).")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only this language; may be repeated.")
@click.option("--latest", is_flag=True, help="Of each article only its latest text.")
@click.option("--dedup", is_flag=True, help="Of the copies of a text only the first; `newsclean dedup` comes before.")
@click.option("--columns", metavar="NAME,...", help="Only these columns, in this order.")
@click.option("--license", "license_id", default="unknown", show_default=True, help="What the card of hf says.")
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def export(dataset: Path, output: Path, **chosen: Any) -> None:
    """Copy articles out for other tools.

    jsonl and csv (packed if the name ends in .gz or .zst), hf: a folder that Hugging Face datasets loads, with a
    dataset card; delta: a Delta Lake table; duckdb: a database with the table articles. Of the choices --latest
    comes first, then --language and --where, and --dedup takes one row a story of what is left.

    The same export to a Delta table again brings in what has changed since, in one new version, or in none if nothing
    has: new articles come, changed ones (by article_id with --latest) are updated, those that are gone go.
    """
    from newsclean.dataset.export.exporting import Kind, Selection  # noqa: PLC0415  (heavy)
    from newsclean.dataset.export.exporting import export as write  # noqa: PLC0415  (same)

    columns = tuple(name.strip() for name in chosen["columns"].split(",")) if chosen["columns"] else None
    selection = Selection(
        latest=chosen["latest"],
        languages=chosen["languages"],
        where=chosen["where"],
        dedup=chosen["dedup"],
        columns=columns,
    )
    kind = Kind(chosen["kind"])
    if output == _STDOUT:
        _print(lambda file: write(dataset, file, kind, selection), kind)
        return
    done = write(dataset, output, kind, selection, overwrite=chosen["overwrite"], license_id=chosen["license_id"])
    if chosen["as_json"]:
        import msgspec  # noqa: PLC0415  (only here)

        click.echo(msgspec.json.encode(done).decode())
    elif not chosen["quiet"]:
        click.echo(f"{done.target}: {counted(done.rows, 'article')} as {done.kind}{_changes_text(done.changes)}")


def _print(write: Callable[[Path], object], kind: Kind) -> None:
    """Print a file that is written whole before, so that a fault leaves no half of it."""
    if kind not in _PRINTED:
        raise ConfigError(f"-: {kind} is no stream; name a file or folder, or take {' or '.join(_PRINTED)}")
    with TemporaryDirectory() as folder:
        file = Path(folder, "articles")
        write(file)
        with file.open("rb") as rows:
            shutil.copyfileobj(rows, sys.stdout.buffer)


def _changes_text(changes: Changes | None) -> str:
    if changes is None:
        return ""
    told = f"{changes.inserted:,} new, {changes.updated:,} changed, {changes.deleted:,} gone"
    return f", version {changes.version}: {told}"
