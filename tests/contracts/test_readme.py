"""The README says what is so: its examples run and print what stands there, its columns and commands exist."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
_TIMES = re.compile(r"in [\d.]+ s \(\d+ pages/s\)")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Python blocks and the output block that follows each of them."""
    pattern = r"^```python\n(.*?)^```\n\n<!-- prints -->\n```text\n(.*?)^```$"
    return re.findall(pattern, README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory, repository) -> Path:
    """A folder with raw/ as in the repository, cleaned by the README's own command."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(repository / "raw", folder / "raw")
    command = [sys.executable, "-m", "newsclean", "clean", "raw/", "-o", "clean/"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    (folder / "printed.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return folder


def test_the_first_two_blocks_are_the_two_lines_of_a_newcomer():
    """One line sets up and cleans raw/ into clean/, the next sets up and runs the tests."""
    first, second = re.findall(r"^```\w*\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[:2]
    assert first.count("\n") == second.count("\n") == 1
    assert first.rstrip().endswith("newsclean clean raw/ -o clean/")
    assert second.rstrip().endswith("pytest -q -n auto --dist worksteal")
    assert [first, second] == blocks("sh")[:2]


def test_the_first_command_prints_what_the_readme_shows(project):
    """The shown summary is the real one, times aside."""
    shown = re.search(r"<!-- prints: newsclean clean .*? -->\n```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    printed = (project / "printed.txt").read_text(encoding="utf-8")
    assert _TIMES.sub("", shown[1]).strip() in _TIMES.sub("", printed)


@pytest.mark.parametrize("number", range(len(examples())))
def test_python_examples_print_what_the_readme_shows(number, project, monkeypatch):
    """Each Python example runs in the cleaned project and prints the block below it."""
    monkeypatch.chdir(project)
    code, shown = examples()[number]
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue() == shown


def test_every_python_block_is_an_example_that_is_run():
    """No Python block stands in the README without its output."""
    assert len(examples()) == len(blocks("python")) > 0


def test_every_column_of_articles_is_documented():
    """The table of columns names each column of the schema, and nothing else."""
    from newsclean.dataset.parquet.schema import ARTICLES

    table = README.split("## Columns of `articles`")[1].split("\n\n")[1]
    first_cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    named = [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(ARTICLES.names)


def test_every_reason_is_documented(repository):
    """The table of reasons names each code that a rejection may have, and nothing else."""
    from newsclean.errors import Reason

    text = (repository / "docs" / "reasons.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)` \| [a-z]", text, re.MULTILINE)) == sorted(map(str, Reason))


def test_every_command_is_documented(repository):
    """Each sub-command of the command line stands in the README's table."""
    done = subprocess.run([sys.executable, "-m", "newsclean", "--help"], capture_output=True, text=True, check=True)
    commands = re.findall(r"^  ([a-z]+) ", done.stdout.split("Commands:")[1].split("\n\n")[0], re.MULTILINE)
    assert commands
    for command in commands:
        assert f"`newsclean {command}" in README, command


STORY = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><nav>Home Isles</nav>
<h1 class="headline">{title}</h1><div class="story"><p>The {topic} master of Lowmark said on Monday that it would open
again this week, after two winters without it.</p><p>Nobody on the island had expected the old {topic} to be back before
the spring tide of the year, he said, and many would come.</p></div></body></html>"""


def test_the_walkthrough_for_a_new_site_works(tmp_path):
    """Every command of the walkthrough does its work, one after the other, in a folder with pages of a new site."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (tmp_path / "newsclean.toml").touch()
    rows = []
    for topic in ("ferry", "market", "quarry", "library"):
        (pages / f"{topic}.html").write_text(STORY.format(topic=topic, title=f"The {topic} of Lowmark opens again"))
        rows.append(json.dumps({"file": f"{topic}.html", "url": f"https://www.lowmark.example/news/{topic}"}))
    (pages / "manifest.jsonl").write_text("\n".join(rows))
    (commands,) = re.findall(r"^<!-- runs -->\n```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    printed = ""
    for command in commands.splitlines():
        arguments = [sys.executable, "-m", "newsclean", *shlex.split(command)[1:]]
        done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
        printed += done.stdout
    assert "body = ['div.story']" in printed
    assert "read as html:main by lowmark.example" in printed
    assert printed.rstrip().endswith(" 0 cases differ")


def test_every_command_of_sites_is_documented():
    """Each sub-command of `newsclean sites` stands in the README's table."""
    from newsclean.cli.sites import sites

    rows = "".join(line for line in README.splitlines() if line.startswith("| `newsclean sites "))
    named = [name for group in re.findall(r"`newsclean sites ([a-z\\|]+)`", rows) for name in group.split("\\|")]
    assert sorted(named) == sorted(sites.commands)


def test_the_example_profile_loads(tmp_path):
    """The profile shown is one that newsclean takes."""
    from newsclean.extract.profile_loading import load_profile
    from newsclean.extract.site import site_extractor

    path = tmp_path / "example.com.toml"
    path.write_text(blocks("toml")[0], encoding="utf-8")
    assert site_extractor(load_profile(path)).site == "example.com"


def test_the_example_manifest_row_is_read(tmp_path, repository):
    """The manifest row shown gives a page its URL and its label."""
    shutil.copy(repository / "raw" / "tass_old.txt", tmp_path)
    (tmp_path / "manifest.jsonl").write_text(blocks("json")[0], encoding="utf-8")
    from newsclean.sources import discover

    found = discover([os.fspath(tmp_path)], base=tmp_path)
    assert not found.problems
    assert [(file.url, file.labels) for file in found.files] == [
        ("https://tass.com/science/9900001", (("batch", "may"),))
    ]
