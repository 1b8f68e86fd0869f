"""Fixtures of the run tests: a project of invented pages, and what happens on pages that are poison."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<nav>Home Islands Weather</nav><h1>{title}</h1>
<article><p>{text} The harbour master of Lowmark said on Monday that the ferry would sail again.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide.</p></article>
<footer>All rights reserved by nobody at all</footer></body></html>"""

PROFILE = """publisher = "The Lowmark Courier"
hosts = ["{site}"]
{extra}
[[layout]]
name = "one"
[layout.html]
evidence = ["article"]
body = ["article"]
[layout.html.fields]
title = ["css:h1"]
"""


class Project:
    """A folder with raw/, sites/ and a manifest: pages are written into it, and runs are made over it."""

    def __init__(self, root):
        self.root = root
        self.raw = root / "raw"
        self.sites = root / "sites"
        self.output = root / "clean"
        self.raw.mkdir()
        self.sites.mkdir()

    def page(self, name, text="Some words.", *, title=None, url=None, body=None):
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            body if body is not None else PAGE.format(title=title or f"Title of {name}", text=text).encode()
        )
        if url:
            with (self.raw / "manifest.jsonl").open("a", encoding="utf-8") as manifest:
                manifest.write(json.dumps({"file": name, "url": url}) + "\n")
        return path

    def profile(self, site="lowmark.test", extra="", publisher=None):
        text = PROFILE.format(site=site, extra=extra)
        if publisher:
            text = text.replace("The Lowmark Courier", publisher)
        (self.sites / f"{site}.toml").write_text(text, encoding="utf-8")

    def run(self, *paths, workers=0, limits=None, **options):
        from newsclean.run.api import run
        from newsclean.run.options import Limits, RunOptions

        chosen = {name: options.pop(name) for name in ("retry", "language_backend") if name in options}
        return run(
            paths or [self.raw],
            self.output,
            sites=[self.sites],
            options=RunOptions(
                workers=workers, limits=limits or Limits(), **{"language_backend": "langdetect", **chosen}
            ),
            **options,
        )

    def rows(self, table="pages"):
        """Return the rows by raw path and segment, without what belongs to the run that made them."""
        from newsclean.dataset import Dataset

        rows = Dataset.open(self.output, create=False).iter_rows(table)
        own = {"run_id", "cleaned_at", "cpu_ms"}
        found = [{key: value for key, value in row.items() if key not in own} for row in rows]
        return sorted(
            found, key=lambda row: (row["raw_path"], row.get("segment") or 0, row.get("where") or "", str(row))
        )

    def reasons(self):
        return {Path(row["raw_path"]).name: row["reason"] for row in self.rows()}


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture
def make_project():
    return Project


@pytest.fixture
def poisonous(project, monkeypatch):
    """Return a project whose site's extractor hangs, dies, raises or eats memory as its pages tell it to."""
    monkeypatch.syspath_prepend(str(HERE))
    project.profile("poison.test", 'extractor = "poison_extractor:Poison"')
    return project
