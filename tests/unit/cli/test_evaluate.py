"""`newsclean eval`: figures, floors and exit codes."""

from __future__ import annotations

import json

import pytest

from newsclean.cli.exit_codes import ExitCode

BODY = [
    "The harbour master of Lowmark said on Monday that the ferry {number} would sail again this week.",
    "Nobody on the island had expected the old ship to be back before the spring tide of the year.",
]


@pytest.fixture
def gold(folder):
    """Write gold for the three pages; one title is not what the page says."""
    rows = [
        {
            "file": f"{number}.html",
            "articles": [
                {"title": f"Ferry {number or 'none'} is back", "body": [text.format(number=number) for text in BODY]}
            ],
        }
        for number in range(3)
    ]
    path = folder / "raw" / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture
def evaluate(newsclean, gold):
    return lambda *options: newsclean("eval", gold, "--workers", 0, "--language-backend", "langdetect", *options)


def test_figures_are_printed(evaluate):
    """Body, lead and the shares of what gold says, and nothing else."""
    result = evaluate("--worst", 1)
    assert result.exit_code == 0
    assert "3 pages, 3 articles in the gold, 3 found" in result.stdout
    assert "body          1.0000" in result.stdout
    assert "title         0.6667" in result.stdout
    assert "standfirst" not in result.stdout
    assert result.stdout.rstrip().endswith("0.html")


def test_json_is_one_object(evaluate):
    """For machines: all figures, and the worst bodies that were asked for."""
    values = json.loads(evaluate("--json", "-q", "--worst", 2).stdout)
    assert values["figures"] == {"body": 1.0, "lead": 1.0, "exact": 1.0, "title": 0.6667, "articles": 1.0}
    assert len(values["worst"]) == 2
    assert values["floors"] is None


def test_a_dataset_can_be_scored(evaluate, clean):
    """`--clean` scores what is there; a folder that is none is an error."""
    clean()
    assert "title         0.6667" in evaluate("--clean", "clean").stdout
    assert evaluate("--clean", "raw").exit_code == ExitCode.DATASET


def test_floors_are_written_and_held(evaluate, folder):
    """What was measured less half a point is pinned, a perfect figure as it is; then it holds."""
    assert evaluate("--floors", "floors.json", "--write").exit_code == 0
    pinned = json.loads((folder / "floors.json").read_text())
    assert pinned["figures"] == {"articles": 1.0, "body": 1.0, "exact": 1.0, "lead": 1.0, "title": 0.6617}
    result = evaluate("--floors", "floors.json")
    assert result.exit_code == 0
    assert "title         0.6667  0.6617" in result.stdout


@pytest.fixture
def fallen(evaluate, folder):
    """Pin a floor that is above what is reached."""
    evaluate("--floors", "floors.json", "--write")
    path = folder / "floors.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"figures": {"title": 0.9, "date": 0.1}}))
    return path


def test_a_fall_ends_with_exit_code_1_and_the_figures(evaluate, fallen):
    """The figures are printed, and each fallen one with its floor; a figure that is gone has fallen."""
    result = evaluate("--floors", fallen)
    assert result.exit_code == ExitCode.TROUBLE
    assert "title         0.6667  0.9000" in result.stdout
    assert "newsclean: title is 0.6667, below its floor 0.9" in result.stderr
    assert "newsclean: date is gone, below its floor 0.1" in result.stderr


def test_lowering_needs_its_flag(evaluate, fallen):
    """`--write` keeps the higher floors and says so by its exit code; `--allow-lower` takes what was measured."""
    assert evaluate("--floors", fallen, "--write").exit_code == ExitCode.TROUBLE
    assert json.loads(fallen.read_text())["figures"]["title"] == 0.9
    assert evaluate("--floors", fallen, "--write", "--allow-lower").exit_code == 0
    figures = json.loads(fallen.read_text())["figures"]
    assert figures["title"] == 0.6617
    assert "date" not in figures


def test_floors_of_other_pages_do_not_hold(evaluate, folder):
    """A changed page is another corpus: floors must be measured again."""
    evaluate("--floors", "floors.json", "--write")
    page = folder / "raw" / "0.html"
    page.write_text(page.read_text() + "\n")
    result = evaluate("--floors", "floors.json")
    assert result.exit_code == ExitCode.USAGE
    assert "measured on other gold or other pages" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--write"], "name their file by --floors"),
        (["--floors", "none.json"], "no such file of floors; --write makes one"),
        (["--pages", "sites"], "and it is not there; name its folder by --pages"),
        (["--floors", "newsclean.toml"], "cannot be read"),
        (["--floors", "raw/list.json"], "gold_sha256, pages_sha256, figures is needed"),
    ],
)
def test_wrong_use_is_an_error(evaluate, folder, options, message):
    """What cannot be used is named, with the way out."""
    (folder / "raw" / "list.json").write_text("[]")
    result = evaluate(*options)
    assert result.exit_code == ExitCode.USAGE
    assert message in result.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "gold.jsonl:1: no JSON"),
        ('{"file": "0.html"}', 'an object with "file" and a list "articles"'),
        ('{"file": "0.html", "articles": [{}]}', 'an object with a list "body"'),
        ("", "no gold records in it"),
    ],
)
def test_bad_gold_names_its_line(evaluate, gold, line, message):
    """A line that is no gold record is named."""
    gold.write_text(line)
    result = evaluate()
    assert result.exit_code == ExitCode.USAGE
    assert message in result.stderr
