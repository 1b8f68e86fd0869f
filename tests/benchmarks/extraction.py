"""What extraction with metadata costs, ours against trafilatura's, page by page in one process, CPU time.

    python tests/benchmarks/extraction.py [SET ...] [--rounds N] [--every N] [--profile] [--json FILE]

Both sides are given a page's bytes: ours decodes, parses and extracts with all metadata, theirs is
`trafilatura.bare_extraction(bytes, with_metadata=True)`. The sides take turns page by page, the one
that begins changes with every page and round. The first round, in which every page is new to both,
is told apart from the later ones, in which both remember what they keep (names of classes, dates).
A page's figure is the median of its rounds. Ratios are ours divided by theirs: that of the means
and of the medians, and the mean and median over the pages of each page's own.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import pstats
import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import trafilatura

from newsclean.errors import PageError
from newsclean.extract.generic.html import GenericHtml
from newsclean.extract.generic.story import fallback
from newsclean.model import RawPage
from newsclean.page import PageView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsclean.model import Block

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "eval"))
from gold_sets import GOLD_SETS

SHARED = Path(__file__).resolve().parents[3] / "shared"
DEFAULT_SETS = ("publishers", "wcxb")


def pages_of(names: Sequence[str]) -> list[RawPage]:
    """Read all pages of the gold sets, unpacked, each with the URL in its set's manifest."""
    pages = []
    for name in names:
        folder = SHARED / GOLD_SETS[name]
        manifest = folder / "manifest.jsonl"
        urls = {row["file"]: row.get("url") for row in _rows(manifest)} if manifest.exists() else {}
        for row in _rows(folder / "gold.jsonl"):
            body = (folder / row["file"]).read_bytes()
            body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            pages.append(RawPage(body=body, raw_path=row["file"], url=urls.get(row["file"])))
    return pages


def _rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.open(encoding="utf-8")]


def ours(page: RawPage) -> None:
    """Extract by our generic extractor, from bytes."""
    with suppress(PageError):
        GenericHtml().extract(PageView(page))


def theirs(page: RawPage) -> None:
    """Extract by trafilatura, from the same bytes."""
    trafilatura.bare_extraction(page.body, with_metadata=True)


def cpu_ms(side: Callable[[RawPage], None], page: RawPage) -> float:
    """Return the CPU milliseconds that one side takes for one page."""
    began = time.process_time()
    side(page)
    return (time.process_time() - began) * 1000


def turn(page: RawPage, *, we_begin: bool) -> tuple[float, float]:
    """Return what both sides take for a page, (ours, theirs), one after the other."""
    if we_begin:
        mine = cpu_ms(ours, page)
        return mine, cpu_ms(theirs, page)
    other = cpu_ms(theirs, page)
    return cpu_ms(ours, page), other


def ratios(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Return the figures of a run: milliseconds a page of both sides, and the four ratios."""
    mine, other = zip(*pairs, strict=True)
    each = [one / two for one, two in pairs]
    figures = {
        "ours_mean_ms": statistics.mean(mine),
        "theirs_mean_ms": statistics.mean(other),
        "ours_median_ms": statistics.median(mine),
        "theirs_median_ms": statistics.median(other),
        "ratio_of_means": statistics.mean(mine) / statistics.mean(other),
        "ratio_of_medians": statistics.median(mine) / statistics.median(other),
        "mean_of_ratios": statistics.mean(each),
        "median_of_ratios": statistics.median(each),
    }
    return {name: round(value, 3) for name, value in figures.items()}


def measure(pages: Sequence[RawPage], rounds: int) -> dict[str, object]:
    """Return the figures of the first round and of the medians of all later ones."""
    for side in (ours, theirs):  # imports and compiled patterns are no page's cost
        side(pages[0])
    taken: list[list[tuple[float, float]]] = [[] for _ in pages]
    for number in range(rounds):
        for index, page in enumerate(pages):
            taken[index].append(turn(page, we_begin=(number + index) % 2 == 0))
    figures: dict[str, object] = {"pages": len(pages), "first_round": ratios([pairs[0] for pairs in taken])}
    if rounds > 1:
        middle = [
            (statistics.median(a for a, _ in pairs[1:]), statistics.median(b for _, b in pairs[1:])) for pairs in taken
        ]
        figures["later_rounds"] = ratios(middle)
    return figures


def asked_for_second_opinion(pages: Sequence[RawPage]) -> int:
    """Count the pages on which our own finding is so thin that trafilatura is asked."""
    asked: list[str] = []
    real = fallback.second_opinion

    def counted(view: PageView) -> tuple[Block, ...]:
        asked.append(view.raw.raw_path)
        return real(view)

    fallback.second_opinion = counted
    try:
        for page in pages:
            ours(page)
    finally:
        fallback.second_opinion = real
    return len(asked)


def show_profile(pages: Sequence[RawPage]) -> None:
    """Print where our time goes, function by function, once all is warm."""
    for page in pages:
        ours(page)
    profile = cProfile.Profile()
    profile.enable()
    for page in pages:
        ours(page)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(45)


def main() -> None:
    """Print the figures of the named sets, all pages together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(DEFAULT_SETS))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each N-th page")
    parser.add_argument("--profile", action="store_true", help="print where our own time goes instead")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pages = pages_of(options.sets)[:: options.every]
    if options.profile:
        show_profile(pages)
        return
    figures = measure(pages, options.rounds)
    figures["second_opinions"] = asked_for_second_opinion(pages)
    text = json.dumps(figures, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
