"""`newsclean init` and `newsclean crawl`: a new project works at once, and a crawl's end is told by its exit code."""

from __future__ import annotations

import io
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from crawling import newsclean
from server import NewsServer
from warcio.archiveiterator import ArchiveIterator

from newsclean.crawl import project
from newsclean.crawl.project import create_project
from newsclean.errors import ConfigError

HOST = "https://www.harbour-gazette.example"
RECORDED = Path(project.__file__).parent / "template" / "recorded"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "my-news"
    create_project(made, contact="https://research.test/crawler")
    return made


@pytest.fixture
def gazette():
    """The site that the new project knows, live."""
    with NewsServer() as server:
        server.robots(
            "www.harbour-gazette.example", (RECORDED / "robots.txt").read_text().replace("delay: 1", "delay: 0")
        )
        server.add(f"{HOST}/rss.xml", (RECORDED / "rss.xml").read_bytes(), media_type="application/rss+xml")
        server.add_file(f"{HOST}/2026/03/14/ferry-bell.html", RECORDED / "story.html")
        server.add_file(f"{HOST}/2026/03/13/mussels.html", RECORDED / "second.html")
        yield server


def test_a_new_project_has_all_that_a_project_has(folder):
    """Files of the shape that the documentation shows; the recorded crawl holds the feed and both stories."""
    for name in ("scrapy.cfg", "newsclean.toml", "README.md", ".gitignore", "spiders/harbour_gazette.py"):
        assert (folder / name).is_file(), name
    assert "project = my_news" in (folder / "scrapy.cfg").read_text()
    warcs = list(folder.glob("raw/*/*.warc.gz"))
    assert len(warcs) == 1
    urls = [
        record.rec_headers.get_header("WARC-Target-URI")
        for record in ArchiveIterator(io.BytesIO(warcs[0].read_bytes()))
        if record.rec_type == "response"
    ]
    assert urls == [f"{HOST}{path}" for path in project._PAGES]


def test_the_profile_and_its_golden_case_hold(folder):
    """`sites check` compiles what is there, `sites test` finds nothing that differs."""
    assert newsclean("sites", "check", folder=folder).returncode == 0
    done = newsclean("sites", "test", folder=folder)
    assert done.returncode == 0, done.stdout
    assert "0 cases differ" in done.stdout
    assert (folder / "tests/sites/harbour-gazette.example/story/page.html").read_bytes() == (
        RECORDED / "story.html"
    ).read_bytes()


def test_its_spider_finds_both_stories(folder, gazette):
    """The spider follows the feed, and with -O the articles are in a Parquet file at once."""
    done = newsclean("crawl", "harbour_gazette", "-O", "out.parquet", "--json", folder=folder, server=gazette)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["articles"], report["items"], report["finish_reason"]) == (2, 2, "finished")
    rows = sorted(pq.read_table(folder / "out.parquet").to_pylist(), key=lambda row: row["title"])
    assert [row["title"] for row in rows] == [
        "Ferry bell rings again after forty years",
        "How many mussels hold a pier together",
    ]
    assert {row["site"] for row in rows} == {"harbour-gazette.example"}
    assert gazette.requests[0].headers["User-Agent"].endswith("(+https://tests.example/contact)")


def test_a_spiders_own_state_is_kept_in_jobdir(folder, gazette):
    """`spider.state` is Scrapy's dict for whoever sets JOBDIR."""
    with (folder / "spiders" / "harbour_gazette.py").open("a") as file:
        file.write(
            "\n    def parse_article(self, response):\n"
            "        self.state['stories'] = self.state.get('stories', 0) + 1\n"
            "        return super().parse_article(response)\n"
        )
    done = newsclean("crawl", "harbour_gazette", "-s", "JOBDIR=job", folder=folder, server=gazette)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert pickle.loads((folder / "job" / "spider.state").read_bytes()) == {"stories": 2}


def scrapy(folder, server, *arguments):
    settings = {
        name: json.dumps(value) if name.isupper() and isinstance(value, dict) else str(value)
        for name, value in server.settings().items()
    }
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments, *(f"-s{name}={value}" for name, value in settings.items())],
        cwd=folder,
        env={**os.environ, **server.environment()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def test_looking_at_a_page_with_scrapy_leaves_no_trace(folder, gazette):
    """`scrapy parse` shows what the spider makes of an address, and a crawl after it finds all the same."""
    before = sorted(folder.rglob("raw/**/*"))
    story = f"{HOST}/2026/03/14/ferry-bell.html"
    for callback in ([], ["-c", "parse_feed"]):
        found = scrapy(folder, gazette, "parse", "--nocolour", "--spider=harbour_gazette", *callback, f"{HOST}/rss.xml")
        assert f"<GET {story}>" in found
    for command in (["parse", "--nolinks"], ["fetch", "--nolog"]):
        scrapy(folder, gazette, *command, "--spider=harbour_gazette", story)
    shown = scrapy(folder, gazette, "shell", "--nolog", "--spider=harbour_gazette", story, "-c", "response.status")
    assert shown.strip() == "200"
    assert sorted(folder.rglob("raw/**/*")) == before
    done = newsclean("crawl", "harbour_gazette", "--json", folder=folder, server=gazette)
    assert json.loads(done.stdout)["articles"] == 2


def test_a_second_crawl_has_nothing_to_fetch_and_that_is_no_fault(folder, gazette):
    """What is known and not due costs no request, and ends with 0."""
    assert newsclean("crawl", "harbour_gazette", folder=folder, server=gazette).returncode == 0
    gazette.forget()
    done = newsclean("crawl", "harbour_gazette", folder=folder, server=gazette)
    assert done.returncode == 0, done.stderr
    assert [url for url in gazette.urls() if not url.endswith("rss.xml")] == []


def test_a_spider_that_finds_nothing_ends_with_1(folder, gazette):
    """A night's crawl that brings nothing is seen by whoever looks at exit codes."""
    gazette.add(f"{HOST}/rss.xml", '<rss version="2.0"><channel><title>x</title></channel></rss>')
    done = newsclean("crawl", "harbour_gazette", folder=folder, server=gazette)
    assert done.returncode == 1
    assert "found nothing" in done.stderr


def test_a_feed_that_cannot_be_had_ends_with_1(folder, gazette):
    """So does a source that fails."""
    gazette.fault(f"{HOST}/rss.xml", "error_then_good", times=99)
    done = newsclean("crawl", "harbour_gazette", folder=folder, server=gazette, RETRY_TIMES=0)
    assert done.returncode == 1
    assert "1 requests for a feed failed" in done.stderr


def test_what_the_user_wrote_wrong_ends_with_2(folder, gazette):
    """An unknown spider (with the one that was meant), a bad argument, a bad option: nothing is done."""
    done = newsclean("crawl", "harbor_gazette", folder=folder, server=gazette)
    assert (done.returncode, "did you mean harbour_gazette?" in done.stderr) == (2, True)
    done = newsclean("crawl", "harbour_gazette", "-a", "limit=few", folder=folder, server=gazette)
    assert (done.returncode, "limit" in done.stderr) == (2, True)
    done = newsclean("crawl", "harbour_gazette", "-a", "limit", folder=folder, server=gazette)
    assert (done.returncode, "KEY=VALUE" in done.stderr) == (2, True)
    done = newsclean("crawl", "harbour_gazette", "-O", "out.docx", folder=folder, server=gazette)
    assert (done.returncode, "parquet" in done.stderr) == (2, True)
    assert not gazette.requests


def test_without_a_contact_nothing_is_asked_for(tmp_path, gazette):
    """A project that names nobody cannot crawl, and is told where to write whom."""
    made = tmp_path / "anonymous"
    create_project(made)
    done = newsclean("crawl", "harbour_gazette", folder=made, server=gazette, NEWSCLEAN_CONTACT="")
    assert done.returncode == 2
    assert "newsclean.toml" in done.stderr
    assert not gazette.requests


def test_ctrl_c_ends_a_crawl_in_order_and_the_next_goes_on(folder, gazette):
    """Exit code 130; what was not fetched yet is fetched by the next crawl, and nothing twice."""
    gazette.fault(f"{HOST}/2026/03/14/ferry-bell.html", "slow", seconds=3)
    settings = gazette.settings()
    options = [f"-s{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in settings.items()]
    running = subprocess.Popen(
        [sys.executable, "-m", "newsclean", "crawl", "harbour_gazette", *options],
        cwd=folder,
        env={**os.environ, **gazette.environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60
    while not any(url.endswith("rss.xml") for url in gazette.urls()) and time.monotonic() < end:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "run it again" in out
    done = newsclean("crawl", "harbour_gazette", folder=folder, server=gazette)
    assert done.returncode == 0, done.stderr
    stories = [url for url in gazette.urls() if url.endswith(".html")]
    assert len(stories) == len(set(stories)) == 2


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    """`init` overwrites nothing."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="not empty"):
        create_project(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    done = newsclean("init", str(tmp_path), folder=tmp_path)
    assert done.returncode == 2


def test_a_contact_that_would_break_the_file_is_refused(tmp_path):
    """What goes into newsclean.toml is a plain address."""
    with pytest.raises(ConfigError, match="contact"):
        create_project(tmp_path / "new", contact='x"\n[evil]')


def test_init_says_what_it_made_and_what_to_do_next(tmp_path):
    """The output names every file and the first commands."""
    done = newsclean("init", "new", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "spiders/harbour_gazette.py" in done.stdout
    assert "newsclean crawl harbour_gazette --replay" in done.stdout
    assert newsclean("init", "other", "-q", folder=tmp_path).stdout == ""
