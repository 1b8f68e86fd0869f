"""`--partition-by`, `--bloom-filter` and `newsclean migrate`: what they do, say and refuse."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from newsclean.cli.exit_codes import ExitCode

OLD_LAYOUT = Path(__file__).parents[1] / "dataset" / "old_layout.py"


@pytest.fixture
def aged(folder):
    """A function that makes clean/ a dataset of version 1."""
    spec = importlib.util.spec_from_file_location("cli_old_layout", OLD_LAYOUT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda: module.age(folder / "clean")


def articles(folder):
    """The folders below clean/articles, and the files that lie in none."""
    return sorted(path.name for path in (folder / "clean" / "articles").iterdir())


def test_clean_partitions_and_remembers(clean, newsclean, folder):
    """The choice of the first run holds for the next one; another one is refused with the way to change it."""
    assert clean("--partition-by", "site", "--bloom-filter", "article_id, url").exit_code == 0
    assert articles(folder) == ["site_key=lowmark.test"]
    (folder / "raw" / "0.html").write_bytes((folder / "raw" / "0.html").read_bytes() + b"\n")
    assert clean().exit_code == 0
    assert articles(folder) == ["site_key=lowmark.test"]
    refused = clean("--partition-by", "month")
    assert refused.exit_code == ExitCode.USAGE
    assert "newsclean compact clean --partition-by month" in refused.stderr
    assert clean("--bloom-filter", "none").exit_code == ExitCode.USAGE
    assert clean("--partition-by", "month", "--dry-run").exit_code == ExitCode.USAGE
    assert newsclean("verify", "clean").exit_code == 0


def test_compact_changes_the_form(clean, newsclean, folder):
    """All files are written anew in the chosen form, which is said before and after."""
    clean()
    assert (
        "3 files of 1 shard would become those of 1"
        in newsclean("compact", "clean", "--partition-by", "month", "--dry-run").output
    )
    assert "published_month=__none__" not in articles(folder)
    assert "3 files became 3" in newsclean("compact", "clean", "--partition-by", "month").output
    assert articles(folder) == ["published_month=__none__"]
    assert "nothing to put together" in newsclean("compact", "clean").output
    assert clean().exit_code == 0
    assert newsclean("verify", "clean").exit_code == 0


@pytest.mark.parametrize("option", [("--partition-by", "colour"), ("--bloom-filter", "boddy")])
@pytest.mark.parametrize("command", ["clean", "compact"])
def test_what_there_is_not_is_refused(clean, newsclean, folder, option, command):
    """An unknown partition and a column that cannot have a filter are wrong use; nothing is written."""
    if command == "clean":
        result = clean(*option)
        assert not (folder / "clean").exists()
    else:
        clean()
        result = newsclean("compact", "clean", *option)
    assert result.exit_code == ExitCode.USAGE
    assert option[1] in result.stderr


def test_migrate_brings_an_older_dataset_up(clean, newsclean, folder, aged):
    """Cleaning into an older dataset names the command; after it, the next run finds all pages clean."""
    clean()
    aged()
    assert newsclean("verify", "clean").exit_code == 0
    cleaning = ("clean", "raw", "-o", "clean")
    for command in (cleaning, (*cleaning, "--dry-run"), ("compact", "clean")):
        refused = newsclean(*command)
        assert refused.exit_code == ExitCode.DATASET
        assert "schema version 1" in refused.stderr
        assert "first run newsclean migrate clean" in refused.stderr
    said = "clean: {} from schema version 1 to 2: 1 shard\n"
    assert newsclean("migrate", "clean", "--dry-run").output == said.format("would be brought")
    assert newsclean("migrate", "clean").output == said.format("brought")
    assert newsclean("migrate", "clean").output == "clean: has schema version 2 already; nothing to migrate\n"
    assert json.loads((folder / "clean" / "_newsclean" / "dataset.json").read_bytes())["schema_version"] == 2
    assert "nothing to do" in clean().output
    assert newsclean("verify", "clean").exit_code == 0


def test_every_command_reads_an_older_dataset(clean, newsclean, aged):
    """What only reads takes it as it is, and deduplication writes nothing that could not stand beside it."""
    clean()
    aged()
    for command in (
        ("report", "clean"),
        ("history", "clean"),
        ("dedup", "clean"),
        ("export", "clean", "--to", "jsonl", "-o", "out.jsonl", "--where", "license is null"),
        ("verify", "clean"),
    ):
        result = newsclean(*command)
        assert result.exit_code == 0, (command, result.output)
    assert Path("out.jsonl").read_text(encoding="utf-8").count("\n") == 3


def test_a_program_chooses_too(folder):
    """`newsclean.clean` takes the same choices."""
    import newsclean

    newsclean.clean(
        "raw", "clean", workers=0, language_backend="langdetect", partition_by="site", bloom_filters=["url"]
    )
    assert articles(folder) == ["site_key=lowmark.test"]
    with pytest.raises(newsclean.NewscleanError, match="is partitioned by site, not by none"):
        newsclean.clean("raw", "clean", workers=0, language_backend="langdetect", partition_by="none")
