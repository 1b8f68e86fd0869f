"""A site on loopback that goes wrong: `newsclean run` raises the alarm on the first run after, and names the cause.

An emptied feed, a redesign, a cookie wall for everybody, dates in 2099: minutes of work, so NEWSCLEAN_SITE_ALARMS=1 has
to ask for it. The same from a folder of the site's pages is in tests/unit/schedule/alarms/test_folder.py.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from server import NewsServer

NEWSROOM = Path(__file__).parents[1] / "unit" / "schedule" / "alarms" / "newsroom.py"
DAYS = 4
pytestmark = pytest.mark.skipif("NEWSCLEAN_SITE_ALARMS" not in os.environ, reason="set NEWSCLEAN_SITE_ALARMS=1")
FAULTS = {
    "feed": ("zero_yield", "name no article, not even a known one"),
    "layout": ("fallback", "the layout of the site has changed"),
    "wall": ("same_page", "a cookie wall, a login or a check for robots is served in place of articles"),
    "2099": ("future_dates", "dated after the fetch"),
}


@pytest.fixture(scope="module")
def newsroom():
    spec = importlib.util.spec_from_file_location("alarms_newsroom", NEWSROOM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def server():
    with NewsServer() as running:
        yield running


def publish(server, newsroom, pages, day, *, is_empty=False):
    """Put a day's pages on the server, and a feed that names them and the day before."""
    for url, html in pages.items():
        server.add(url, html)
    date = newsroom.FIRST_DAY + dt.timedelta(days=day)
    feed = newsroom.feed([] if is_empty else [*pages, *before(newsroom, day)], date)
    server.add(f"https://{newsroom.HOST}/rss.xml", feed, media_type="application/rss+xml; charset=utf-8")


def before(newsroom, day):
    last = min(day, DAYS) - 1
    return newsroom.Newsroom().day(last) if last >= 0 else []


def run(server, project):
    """Run the job; return its exit code and what it says, as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "newsclean", "run", "lowmark", "--json"],
        cwd=project,
        env={**os.environ, **server.environment()},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def ordinary(server, newsroom, tmp_path_factory):
    """A project after some ordinary days of the site, none of which raised anything."""
    project = tmp_path_factory.mktemp("ordinary") / "project"
    (project / "sites").mkdir(parents=True)
    (project / "sites" / "lowmark.test.toml").write_text(newsroom.PROFILE)
    settings = {
        key: json.dumps(value) if not isinstance(value, str) else value for key, value in server.settings().items()
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    (project / "newsclean.toml").write_text(
        '[jobs.lowmark]\nspider = "feed"\nevery = "1d"\nworkers = 1\nretries = 0\non_alarm = "hold"\n'
        f'arguments = {{ url = "https://{newsroom.HOST}/rss.xml" }}\n[jobs.lowmark.settings]\n'
        + "\n".join(lines)
        + "\n"
    )
    room = newsroom.Newsroom()
    for day in range(DAYS):
        publish(server, newsroom, room.day(day), day)
        code, told, errors = run(server, project)
        assert (code, told["alarms"]) == (0, []), errors
    return project


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_site_that_goes_wrong_is_told_on_the_first_run_after(fault, ordinary, server, newsroom, tmp_path):
    """Exit code 1, one alarm, the cause in its sentence; what came of it is held, the dataset is as it was."""
    from newsclean.dataset import Dataset, held, verify

    project = tmp_path / "project"
    shutil.copytree(ordinary, project)
    before = len(Dataset.open(project / "clean", create=False).read("articles", ["raw_path"]))
    room = newsroom.Newsroom(seed=7)
    day = DAYS + 3
    pages = room.day(day, layout="new" if fault == "layout" else "2026", year=2099 if fault == "2099" else None)
    if fault == "wall":
        pages = dict.fromkeys(pages, newsroom.WALL)
    publish(server, newsroom, pages, day, is_empty=fault == "feed")
    code, told, errors = run(server, project)
    check, cause = FAULTS[fault]
    assert code == 1, errors
    assert [alarm["check"] for alarm in told["alarms"]] == [check]
    assert cause in told["alarms"][0]["sentence"]
    assert told["alarms"][0]["samples"] or fault == "feed"
    dataset = Dataset.open(project / "clean", create=False)
    assert len(dataset.read("articles", ["raw_path"])) == before
    assert [batch.articles > 0 for batch in held.batches_of(dataset)] == ([True] if fault in {"layout", "2099"} else [])
    assert list(verify(project / "clean")) == []
