"""Measure what newsclean makes of a corpus: clean its pages, or take a dataset, and score it against the gold."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from newsclean.dataset import Dataset
from newsclean.report.gold import load_corpus
from newsclean.report.scoring import COLUMNS, score
from newsclean.run.api import run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsclean.report.gold import Corpus
    from newsclean.report.scoring import Score
    from newsclean.run.main_job import Progress
    from newsclean.run.options import RunOptions

__all__ = ["clean_corpus", "load_corpus", "score_corpus", "score_dataset"]


def score_corpus(
    corpus: Corpus,
    *,
    sites: Sequence[str | Path] = (),
    options: RunOptions | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Score:
    """Clean the corpus's pages into a dataset that is thrown away, and score that."""
    with tempfile.TemporaryDirectory(prefix="newsclean-eval-") as folder:
        output = Path(folder) / "clean"
        clean_corpus(corpus, output, sites=sites, options=options, on_progress=on_progress)
        return score_dataset(corpus, output)


def clean_corpus(
    corpus: Corpus,
    output: Path,
    *,
    sites: Sequence[str | Path] = (),
    options: RunOptions | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> None:
    """Clean the pages that the gold names, and no others, into the dataset at `output`."""
    run(corpus.files, output, sites=sites, options=options, on_progress=on_progress)


def score_dataset(corpus: Corpus, dataset: Path) -> Score:
    """Score a dataset that the corpus's pages were cleaned into; raises DatasetError where none is."""
    with Dataset.open(dataset, create=False) as opened:
        return score(corpus.pages, opened.iter_rows("articles", COLUMNS))
