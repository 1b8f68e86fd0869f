"""`newsclean history`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsclean.cli.escaping import shown
from newsclean.cli.places import DATASET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsclean.run.history import History, Revision

__all__ = ["history"]


@click.command()
@click.argument("dataset", type=DATASET)
@click.argument("article", required=False)
@click.option("--view", is_flag=True, help="Print the SQL of the views `latest` and `revisions`, and do nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an article, one a line.")
@click.option("--full", is_flag=True, help="Print the blocks that came and went, too.")
def history(dataset: Path, article: str | None, *, view: bool, as_json: bool, full: bool) -> None:
    """Show the texts that an article has had, and what each changed.

    ARTICLE is an article_id (its beginning will do) or an address; without it, all articles with more than
    one text are shown. A change is one of headline, standfirst, correction (a note says so), added, cut
    (text only came, or only went) and edited (both).
    """
    if view:
        from newsclean.dedup.stories import latest_sql  # noqa: PLC0415  (keeps --help fast)

        click.echo(latest_sql(dataset.as_posix()), nl=False)
        return
    from newsclean.run.history import histories  # noqa: PLC0415  (heavy)

    is_any = False
    for found in histories(dataset, article):
        is_any = True
        if as_json:
            import msgspec  # noqa: PLC0415  (only here)

            click.echo(msgspec.json.encode(found).decode())
        else:
            click.echo("\n".join(_lines(found, is_full=full)))
    if not is_any and not as_json:
        click.echo(f"{dataset}: no article has had more than one text")


def _lines(found: History, *, is_full: bool) -> Iterator[str]:
    address = f"  {shown(found.url)}" if found.url else ""
    yield click.style(f"{found.article_id}{address}", bold=True)
    for number, revision in enumerate(found.revisions, start=1):
        yield f"  {number}  {_time(revision)}  {revision.word_count:>5} words  {_changes(revision)}"
        yield f"     {shown(revision.title or '(no title)')}"
        changes = revision.changes
        if is_full and changes:
            yield from (click.style(f"     - {shown(block)}", fg="red") for block in changes.blocks_cut)
            yield from (click.style(f"     + {shown(block)}", fg="green") for block in changes.blocks_added)


def _time(revision: Revision) -> str:
    return f"{revision.seen_at:%Y-%m-%d %H:%M} UTC" if revision.seen_at else "(time not known)    "


def _changes(revision: Revision) -> str:
    changes = revision.changes
    if changes is None:
        return "first"
    kinds = ", ".join(changes.kinds)
    if kinds == "headline":
        return "headline only"
    if changes.words_added or changes.words_cut:
        return f"{kinds} (+{changes.words_added} -{changes.words_cut} words)"
    return kinds
