"""`newsclean eval`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.counting import counted
from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.progress import showing_progress
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.report.floors import Floors
    from newsclean.report.gold import Corpus
    from newsclean.report.scoring import Score

__all__ = ["evaluate"]


@click.command(name="eval")
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--pages",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the pages; that of GOLD by default.",
)
@click.option(
    "--clean",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Score this dataset, and clean nothing; by default a dataset is made and thrown away.",
)
@click.option("--worst", type=click.IntRange(0), default=0, metavar="N", help="Name the N worst bodies.")
@click.option("--floors", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Hold these floors.")
@click.option("--write", is_flag=True, help="Pin what was measured, less half a point, as floors; they only rise.")
@click.option("--allow-lower", is_flag=True, help="With --write: floors may go down, too.")
@click.option("--sites", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="As for clean.")
@click.option("--workers", type=click.IntRange(0), help="As for clean.")
@click.option("--language-backend", default="auto", show_default=True, metavar="NAME", help="As for clean.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and what has fallen.")
def evaluate(gold: Path, pages: Path | None, clean: Path | None, floors: Path | None, **chosen: Any) -> None:
    """Score what newsclean makes of pages against gold records.

    GOLD is a gold.jsonl, or its folder: {"file": PAGE, "articles": [{"title": ..., "body": [BLOCK, ...], ...}]},
    one row a page. Body F1 is the harmonic mean of the mean precision and the mean recall of
    4-token shingles; the other figures are shares of articles that are exactly right. Floors are
    kept beside a hash of gold and pages; a figure below its floor ends with exit code 1.
    """
    from newsclean.report.evaluation import load_corpus, score_corpus, score_dataset  # noqa: PLC0415  (heavy)
    from newsclean.run.options import RunOptions  # noqa: PLC0415  (keeps --help fast)

    if floors is None and (chosen["write"] or chosen["allow_lower"]):
        raise ConfigError("--write and --allow-lower are about floors; name their file by --floors")
    corpus = load_corpus(gold, pages)
    pinned = _pinned(floors, corpus, chosen) if floors else None
    if clean is not None:
        found = score_dataset(corpus, clean)
    else:
        options = RunOptions(workers=chosen["workers"], language_backend=chosen["language_backend"])
        with showing_progress(is_quiet=chosen["quiet"]) as show:
            found = score_corpus(corpus, sites=chosen["sites"], options=options, on_progress=show)
    fallen = pinned.fallen(found.figures) if pinned else {}
    if chosen["as_json"]:
        click.echo(json.dumps(_values(found, corpus, pinned, fallen, chosen["worst"]), indent=1))
    elif not chosen["quiet"]:
        click.echo("\n".join(_lines(found, corpus, pinned, chosen["worst"])))
    if floors and chosen["write"]:
        _write(floors, pinned, corpus, found, allow_lower=chosen["allow_lower"])
    if fallen and not (chosen["write"] and chosen["allow_lower"]):
        for name, floor in fallen.items():
            click.echo(f"newsclean: {name} is {found.figures.get(name, 'gone')}, below its floor {floor}", err=True)
        raise SystemExit(ExitCode.TROUBLE)


def _pinned(path: Path, corpus: Corpus, chosen: dict[str, Any]) -> Floors | None:
    """Return the floors that hold; those of other pages hold only where they are to be written anew."""
    from newsclean.report.floors import load_floors  # noqa: PLC0415  (keeps --help fast)

    found = load_floors(path)
    if chosen["write"]:
        return found
    if found is None:
        raise ConfigError(f"{path}: no such file of floors; --write makes one")
    if not found.is_of(corpus):
        raise ConfigError(
            f"{path}: these floors were measured on other gold or other pages than {corpus.gold}; "
            "measure again with --write, and with --allow-lower if that is to lower some"
        )
    return found


def _write(path: Path, pinned: Floors | None, corpus: Corpus, found: Score, *, allow_lower: bool) -> None:
    from newsclean.report.floors import raised, save_floors  # noqa: PLC0415  (keeps --help fast)

    save_floors(raised(pinned, corpus, found.figures, allow_lower=allow_lower), path)


def _lines(found: Score, corpus: Corpus, pinned: Floors | None, worst: int) -> Iterator[str]:
    pages, articles = counted(len(corpus.pages), "page"), counted(found.articles, "article")
    yield f"{corpus.gold}: {pages}, {articles} in the gold, {found.rows:,} found"
    yield ""
    floors = pinned.figures if pinned else {}
    header = f"{'':<12} {'figure':>7}" + (f" {'floor':>7}" if floors else "")
    yield click.style(header, bold=True)
    for name, figure in found.figures.items():
        line = f"{name:<12} {figure:>7.4f}" + (f" {floors[name]:>7.4f}" if name in floors else "")
        yield click.style(line, fg="red") if figure < floors.get(name, 0.0) else line
    yield ""
    yield f"body precision {found.body.precision:.4f}, recall {found.body.recall:.4f}"
    if found.bad is not None:
        yield f"bodies with F1 below .5: {found.bad:.4f}"
    for name, share in found.snippets.items():
        yield f"snippets {name}: {share:.4f}"
    if worst:
        yield ""
        yield click.style(f"{'F1':>5} {'P':>6} {'R':>6}  worst bodies", bold=True)
    for page in found.worst[:worst]:
        yield f"{page.f1:.3f} {page.precision:>6.3f} {page.recall:>6.3f}  {page.file}"


def _values(
    found: Score, corpus: Corpus, pinned: Floors | None, fallen: dict[str, float], worst: int
) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415  (beside its only use)

    return {
        "gold": str(corpus.gold),
        "pages": len(corpus.pages),
        "articles": found.articles,
        "rows": found.rows,
        "figures": found.figures,
        "body": asdict(found.body),
        "lead": asdict(found.lead),
        "bad": found.bad,
        "snippets": dict(found.snippets),
        "floors": dict(pinned.figures) if pinned else None,
        "fallen": fallen,
        "worst": [asdict(page) for page in found.worst[:worst]],
    }
