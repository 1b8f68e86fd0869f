"""Fixtures of the command line's tests: a folder with pages, and a way to call the command in it."""

from __future__ import annotations

import json

import pytest

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><nav>Home</nav><h1>{title}</h1>
<article><p>The harbour master of Lowmark said on Monday that the ferry {number} would sail again this week.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide of the year.</p></article>
</body></html>"""

PROFILE = """publisher = "The Lowmark Courier"
[[layout]]
name = "one"
[layout.html]
evidence = ["article"]
body = ["article"]
[layout.html.fields]
title = ["css:h1"]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory that is a project: raw/ with three pages and an empty file, sites/ with a profile."""
    (tmp_path / "newsclean.toml").touch()
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "lowmark.test.toml").write_text(PROFILE)
    raw = tmp_path / "raw"
    raw.mkdir()
    rows = []
    for number in range(3):
        (raw / f"{number}.html").write_text(PAGE.format(title=f"Ferry {number} is back", number=number))
        rows.append(json.dumps({"file": f"{number}.html", "url": f"https://lowmark.test/{number}"}))
    (raw / "empty.txt").write_text("")
    (raw / "manifest.jsonl").write_text("\n".join(rows))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def newsclean():
    """Return what calls the command in this process and gives its result."""
    from click.testing import CliRunner

    from newsclean.cli.main import cli

    return lambda *arguments: CliRunner().invoke(cli, [str(one) for one in arguments], prog_name="newsclean")


@pytest.fixture
def clean(newsclean, folder):
    """Return what cleans raw/ into clean/ in this process."""
    return lambda *options: newsclean(
        "clean", "raw", "-o", "clean", "--workers", 0, "--language-backend", "langdetect", *options
    )
