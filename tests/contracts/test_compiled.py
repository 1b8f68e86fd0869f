"""What mypyc makes of the hot modules does what they do in plain Python, on every real page and on hostile ones.

It takes an install that is not editable, on a machine with a C compiler: `pip install .`. Where NEWSCLEAN_COMPILE is
`yes`, one that was not compiled fails here; else these tests are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from newsclean.extract.generic.reading import walk

SETS = ("publishers", "wcxb", "dumps/publishers", "dumps/wcxb", "other_text")
# Cleans every page of the folders named, and the hostile ones, and prints a hash of each outcome.
OUTCOMES = """
import hashlib, json, pathlib, sys
from newsclean.extract.generic.reading import walk
from newsclean.extract.routing import load_router
from newsclean.model import RawPage
from newsclean.run.pipeline import Toolbox, clean_page
import gzip

assert walk.__file__.endswith(".py") == (sys.argv[1] == "plain"), walk.__file__
tools = Toolbox(router=load_router(), language_backend="langdetect")
DEEP = {
    "nested-blocks": "<div>" * 4_000 + "<p>A ferry sailed on Monday, the harbour master said, and came back.</p>" * 9,
    "nested-data": '<script type="application/ld+json">{"author": ' + "[" * 900 + "]" * 900 + "}</script><p>Ferry.</p>",
}
pages = [(name, f"<html><body>{body}".encode()) for name, body in DEEP.items()]
for folder in sys.argv[2:]:
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file() and path.suffix not in {".jsonl", ".md", ".csv"}:
            body = path.read_bytes()
            pages.append((str(path), gzip.decompress(body) if body[:2] == b"\\x1f\\x8b" else body))
for name, body in pages:
    outcome = clean_page(RawPage(body=body, raw_path=name), tools)
    said = (outcome.extractor, outcome.strategy, outcome.articles, outcome.rejection, outcome.removals)
    print(json.dumps([name, hashlib.sha256(repr(said).encode()).hexdigest()]))
"""


def outcomes(kind, folders, path):
    """Return the hash of each page's outcome, from a process that finds newsclean in `path` first, if any."""
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", OUTCOMES, kind, *folders], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(map(json.loads, done.stdout.splitlines()))


@pytest.mark.slow
def test_compiled_modules_give_the_outcomes_of_plain_ones(shared, repository):
    """Every outcome, removals and all, is the same whether the hot modules are compiled or not."""
    if walk.__file__.endswith(".py"):
        assert os.environ.get("NEWSCLEAN_COMPILE") != "yes", f"{walk.__file__} was to be compiled"
        pytest.skip(f"newsclean is not compiled here: {walk.__file__}")
    folders = [str(shared / "pages" / name) for name in SETS]
    compiled = outcomes("compiled", folders, "")
    plain = outcomes("plain", folders, str(repository / "src"))
    assert len(plain) > 800
    assert [name for name in plain if compiled.get(name) != plain[name]] == []
