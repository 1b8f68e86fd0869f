"""The recipes of docs/cluster.md bring the shards to other engines, and the rows are those of a local run."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys

import pytest

import newsclean

ENGINES = {"pyspark": "pyspark", "dask.distributed": "distributed"}
PAGES = 56  # three shards


@pytest.fixture(scope="module")
def project(repository, tmp_path_factory):
    """Copies of the sample pages, and what a local run makes of them."""
    folder = tmp_path_factory.mktemp("engines")
    pages = sorted(path for path in (repository / "raw").iterdir() if path.suffix in {".html", ".txt"})
    for number in range(PAGES):
        page = pages[number % len(pages)]
        target = folder / "raw" / str(number) / page.name
        target.parent.mkdir(parents=True)
        shutil.copyfile(page, target)
    newsclean.clean(folder / "raw", folder / "local", workers=1)
    return folder


def recipe(repository, module):
    """The script in the docs that imports a module."""
    text = (repository / "docs" / "cluster.md").read_text(encoding="utf-8")
    (found,) = [
        code
        for code in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        if f"from {module}" in code
    ]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("module", ENGINES)
def test_a_recipe_gives_the_rows_of_a_local_run(module, project, repository, rows):
    """Each script runs as it stands, in a process of its own; a second run finds nothing to do."""
    if importlib.util.find_spec(ENGINES[module]) is None:
        pytest.skip(f"{ENGINES[module]} is not installed")
    if module == "pyspark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("there is no Java for Spark")
    code = recipe(repository, module)
    assert len(code.splitlines()) < 25
    (project / "recipe.py").write_text(code)
    shutil.rmtree(project / "clean", ignore_errors=True)
    local = {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    environment = (
        os.environ | local | {"PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false pyspark-shell"}
    )
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(repository / "src"), environment.get("PYTHONPATH")]))

    done = subprocess.run(
        [sys.executable, "recipe.py"], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    articles = len(rows(project / "local")["articles"])
    assert done.stdout.splitlines()[-1] == f"done {articles}"
    assert rows(project / "clean") == rows(project / "local")
    commits = list((project / "clean" / "_newsclean" / "commits").glob("*.json"))
    assert len(commits) == 3
    assert newsclean.clean(project / "raw", project / "clean").state == "nothing_to_do"
