"""The cookbook says what is so: every block of every page runs, in order, and prints what stands below it.

Spark's page runs where pyspark and Java are installed. NEWSCLEAN_WRITE_COOKBOOK writes what the blocks print
into the pages.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
import shlex
import shutil
import socket
import sys
from contextlib import chdir, redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsclean.cli.main import cli

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted((DOCS / "cookbook").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$(\n\n<!-- prints -->\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
NEEDED = {"huggingface": "datasets", "spark": "pyspark", "delta": "deltalake"}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory, repository) -> Path:
    """A folder with the sample pages, cleaned and searched for copies by the commands of the first page."""
    folder = tmp_path_factory.mktemp("cookbook")
    shutil.copytree(repository / "raw", folder / "raw")
    for command in next(BLOCK.finditer(DOCS.joinpath("cookbook", "README.md").read_text()))[2].splitlines():
        run(command, folder)
    return folder


@pytest.fixture
def project(cleaned, tmp_path, monkeypatch):
    """The same in a folder of its own, with no network to be reached and `newsclean` to be called by its name."""
    shutil.copytree(cleaned, tmp_path / "project")
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "newsclean").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newsclean "$@"\n')
    (bin_folder / "newsclean").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_DATASETS_DISABLE_PROGRESS_BARS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def run(command, folder):
    """Run a command of a page in this process, in which most is loaded already."""
    program, *arguments = shlex.split(command)
    assert program == "newsclean"
    with chdir(folder):
        done = CliRunner().invoke(cli, arguments, prog_name="newsclean")
    assert done.exit_code == 0, (command, done.output)


def refuse_strangers(connect):
    """Return a `connect` that reaches this machine alone."""

    def connect_here(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        assert host in ("", "localhost", "127.0.0.1", "::1"), f"the network was asked for: {address}"
        return connect(self, address)

    return connect_here


@pytest.mark.filterwarnings("default::ResourceWarning")  # a page is a script, which leaves some to the end
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_runs_from_its_first_block_to_its_last(path, project, monkeypatch):
    """Each page's blocks run one after the other in one session, and print what is shown."""
    if needed := NEEDED.get(path.stem):
        pytest.importorskip(needed, reason=f"{needed} is not installed, and {path.name} is about it")
    monkeypatch.setattr(socket.socket, "connect", refuse_strangers(socket.socket.connect))
    text = path.read_text(encoding="utf-8")
    session, made = {"__name__": "__main__"}, text
    for match in BLOCK.finditer(text):
        language, code, _, shown = match.groups()
        printed = io.StringIO()
        if language == "sh":
            for command in code.splitlines():
                run(command, project)
        elif language == "python":
            assert shown is not None, f"{path.name}: a block without what it prints:\n{code}"
            with redirect_stdout(printed):
                exec(compile(code, path.name, "exec"), session)
            if os.environ.get("NEWSCLEAN_WRITE_COOKBOOK"):
                made = made.replace(match[0], match[0][: match.start(4) - match.start()] + printed.getvalue() + "```")
            else:
                assert printed.getvalue() == shown, code
        else:
            assert language == "text"
    if made != text:
        path.write_text(made, encoding="utf-8")


def test_every_page_is_listed():
    """The first page names all others."""
    first = (DOCS / "cookbook" / "README.md").read_text(encoding="utf-8")
    assert {f"{path.name}" for path in PAGES} - {"README.md"} == set(re.findall(r"\]\((\w+\.md)\)", first))


def test_the_queries_on_copies_and_revisions_run(project):
    """Each SQL block of docs/copies.md is a query that DuckDB answers over the sample dataset."""
    import duckdb

    from newsclean.dedup.stories import latest_sql, stories_sql

    blocks = re.findall(r"^```sql\n(.*?)^```$", (DOCS / "copies.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    with duckdb.connect() as connection:
        connection.execute(latest_sql("clean") + stories_sql("clean"))
        for block in blocks:
            connection.execute(block).fetchall()


def test_the_columns_of_clusters_are_documented():
    """The table of columns in docs/copies.md names each of them."""
    from newsclean.dataset.clusters import CLUSTERS

    rows = re.findall(r"^\| (`.*?) \|", (DOCS / "copies.md").read_text(), re.MULTILINE)
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == CLUSTERS.names


def test_spark_is_asked_for_where_it_is():
    """Where pyspark is installed, Java is looked for; the page's blocks are Python in any case."""
    for match in BLOCK.finditer((DOCS / "cookbook" / "spark.md").read_text()):
        if match[1] == "python":
            compile(match[2], "spark.md", "exec")
    if importlib.util.find_spec("pyspark"):
        assert shutil.which("java") or os.environ.get("JAVA_HOME")
