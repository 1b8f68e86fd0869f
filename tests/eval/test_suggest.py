"""What proposed profiles reach as they are, on half of the pages that they were not made from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsclean.cleaning import cleaned
from newsclean.errors import PageError
from newsclean.extract.profile_loading import load_profile
from newsclean.extract.routing import Router
from newsclean.report.comparing import overlap
from newsclean.report.gold import load_corpus
from newsclean.report.suggest.proposing import propose
from newsclean.report.suggest.sample import load_sample

# name -> folder of the gold, pages in it, least mean precision and recall of bodies
SETS = {
    "kremlin": ("kremlin", "html", 0.975, 0.97),
    "tass dumps": ("dumps/tass_chinadaily", "tass_*", 0.99, 0.99),
    "chinadaily dumps": ("dumps/tass_chinadaily", "chinadaily_*", 0.98, 0.99),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SETS))
@pytest.mark.parametrize("half", [0, 1])
def test_a_proposal_reads_the_other_half(name, half, shared, tmp_path):
    """A profile proposed from every second page, unreviewed, reads the bodies of the others."""
    folder, pattern, least_precision, least_recall = SETS[name]
    place = shared / "pages" / folder
    if not place.is_dir():
        pytest.skip(f"no pages to propose from: {place} is not there")
    sample = load_sample([str(place / pattern)], sources=(), most=1000)
    path = tmp_path / "unknown.example.toml"
    path.write_text(propose(replace(sample, pages=sample.pages[half::2]), site="unknown.example").toml)
    (extractor,) = Router([load_profile(path)]).sites
    gold = {page.file: page.articles[0] for page in load_corpus(place).pages if page.articles}
    found = []
    for page in sample.pages[1 - half :: 2]:
        article = next((one for file, one in gold.items() if page.raw.raw_path.endswith(file)), None)
        if article is not None:
            found.append(overlap("\n".join(article["body"]), _body(extractor, page)))
    assert found
    assert sum(one[0] for one in found) / len(found) >= least_precision
    assert sum(one[1] for one in found) / len(found) >= least_recall


def _body(extractor, page):
    try:
        return "\n".join(block.text for block in cleaned(extractor.extract(page.view)[0]).blocks)
    except PageError:
        return ""
