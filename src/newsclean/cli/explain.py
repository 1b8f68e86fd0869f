"""`newsclean explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.escaping import shown, shown_name
from newsclean.cli.places import DATASET
from newsclean.errors import ConfigError, DatasetError, PageError

if TYPE_CHECKING:
    from rich.text import Text

    from newsclean.model import Article
    from newsclean.run.explaining import Explanation, Piece

__all__ = ["explain"]


@click.command()
@click.argument("what", metavar="FILE|ID|URL")
@click.option(
    "--dataset",
    type=DATASET,
    default=Path("clean"),
    show_default=True,
    metavar="DIR",
    help="Where an article's id or a URL is looked up.",
)
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write an HTML page.")
@click.option(
    "--url",
    help="The page's address, or a file's name in a zip or tar; without it a manifest.jsonl beside FILE is asked.",
)
@click.option("--sites", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="As for clean.")
@click.option("--language-backend", default="auto", show_default=True, metavar="NAME", help="As for clean.")
@click.option("--plain", is_flag=True, help="No colours: a sign before each piece instead.")
def explain(what: str, dataset: Path, html: Path | None, url: str | None, *, plain: bool, **tools: Any) -> None:
    """Show a raw page piece by piece: what is kept, what became which field, what was removed by which rule.

    The page is a file, or one of a dataset: named by an article's id (its first characters do) or a URL.
    """
    from rich.console import Console  # noqa: PLC0415  (only where something is drawn)

    explanation = _explained(what, dataset, url, **tools)
    if html is not None:
        from newsclean.report.html.article import article_page  # noqa: PLC0415  (heavy)
        from newsclean.report.html.rendering import write_page  # noqa: PLC0415  (same)

        click.echo(write_page(html, article_page(explanation)))
        return
    console = Console(no_color=plain, highlight=False, soft_wrap=True)
    console.print(_head(explanation))
    for piece in explanation.pieces:
        console.print(_line(piece, is_rejected=not explanation.outcome.articles, is_plain=plain))
    for text in explanation.lost:
        console.print(_styled(f"LOST     {text}", "bold white on red"))


def _explained(what: str, dataset: Path, url: str | None, **tools: Any) -> Explanation:
    from newsclean.run.explaining import explain_file, explain_row  # noqa: PLC0415  (heavy)

    file = Path(what)
    if file.is_dir():
        raise ConfigError(f"{what}: is a folder; name one of the pages in it")
    try:
        return explain_file(file, url=url, **tools) if file.is_file() else explain_row(dataset, what, **tools)
    except PageError as error:
        raise ConfigError(f"{what}: {error.reason}: {error.detail}") from error
    except DatasetError as error:
        raise type(error)(f"{what}: no such file, and no dataset to look it up in: {error}") from error


def _styled(text: str, style: str) -> Text:
    from rich.text import Text  # noqa: PLC0415  (only where something is drawn)

    return Text(shown(text), style=style)


def _head(explanation: Explanation) -> Text:
    outcome = explanation.outcome
    facts = outcome.page
    lines = [f"{shown_name(facts.raw_path)}  ({facts.kind or 'unknown kind'}, {facts.charset or 'unknown charset'})"]
    if outcome.rejection:
        lines.append(f"rejected: {outcome.rejection.reason}: {outcome.rejection.detail}")
        return _styled("\n".join(lines) + "\n", "bold red")
    lines.append(f"read as {outcome.strategy} by {outcome.extractor}")
    for number, article in enumerate(outcome.articles):
        lines.append(_article_line(number, article))
        if article.witnesses:
            lines.append(f"  told by: {', '.join(f'{field} {witness}' for field, witness in article.witnesses)}")
    return _styled("\n".join(lines) + "\n", "bold")


def _article_line(number: int, article: Article) -> str:
    date = f"{article.published.at:%Y-%m-%d %H:%M} UTC" if article.published else "no date"
    flags = f", {', '.join(article.flags)}" if article.flags else ""
    language = article.language.language
    return (
        f"article {number + 1}: {article.title or '(no title)'} [{date}, {language}, {article.word_count} words{flags}]"
    )


def _line(piece: Piece, *, is_rejected: bool, is_plain: bool) -> Text:
    if is_rejected:
        return _styled(piece.text, "dim")
    fate = "kept" if piece.rule is None else piece.moved_to or "removed"
    style = {"kept": "green", "removed": "red"}.get(fate, "cyan")
    sign = {"kept": "+", "removed": "-"}.get(fate, ">") if is_plain else ""
    why = f"  [{fate}{'' if piece.rule is None else f' by {piece.rule}'}, {piece.where}]" if piece.rule else ""
    return _styled(f"{sign}{' ' if sign else ''}{piece.text}{why}", style)
