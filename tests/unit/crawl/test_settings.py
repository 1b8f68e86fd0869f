"""The settings as a project has them, and the add-on in somebody else's project."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object
from server import NewsServer

from newsclean.crawl import settings as ours
from newsclean.crawl.addon import NewscleanAddon
from newsclean.crawl.settings import values_for_addon

PROJECT = """
BOT_NAME = "theirs"
SPIDER_MODULES = ["theirs"]
ADDONS = {{"newsclean.crawl.addon.NewscleanAddon": 500}}
{more}
"""
SPIDER = """
import scrapy

class Theirs(scrapy.Spider):
    name = "theirs"
    start_urls = ["http://news.example/"]

    def parse(self, response):
        yield {"url": response.url, "title": response.css("h1::text").get()}
        yield response.follow("http://10.0.0.1/inside")
"""


def project_of(settings):
    """Return settings as they are once the add-on has been there."""
    NewscleanAddon.update_pre_crawler_settings(settings)
    NewscleanAddon().update_settings(settings)
    return settings


def test_every_component_that_is_named_exists():
    """A path in the settings that cannot be imported would be found by a user, in the middle of the night."""
    settings = ours.values_for_addon()
    paths = [settings["TWISTED_DNS_RESOLVER"], *settings["EXTENSIONS"], *settings["FEED_EXPORTERS"].values()]
    paths += [*settings["DOWNLOADER_MIDDLEWARES"], *settings["SPIDER_MIDDLEWARES"], settings["SCHEDULER"]]
    paths += [path for path in settings["DOWNLOAD_HANDLERS"].values() if path]
    for path in paths:
        assert load_object(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROBOTSTXT_OBEY", True),
        ("AUTOTHROTTLE_ENABLED", True),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 1),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("DOWNLOAD_MAXSIZE", 50 * 2**20),
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("HTTPPROXY_ENABLED", False),
        ("NEWSCLEAN_ALLOWED", []),
        ("NEWSCLEAN_PROXIES", []),
    ],
)
def test_what_is_unsafe_is_off_by_itself(name, value):
    """The defaults are those of a crawl that nobody watches."""
    assert getattr(ours, name) == value
    assert project_of(Settings())[name] == value


@pytest.mark.parametrize("scheme", ["file", "ftp", "data", "s3"])
def test_only_the_web_is_fetched_from(scheme):
    """There is no handler for any other scheme."""
    assert project_of(Settings())["DOWNLOAD_HANDLERS"][scheme] is None


def test_what_a_project_sets_itself_stays():
    """The add-on fills in; it overrides neither values nor single entries of component lists."""
    settings = Settings()
    settings.set("DOWNLOAD_MAXSIZE", 1, priority="project")
    settings.set("DOWNLOADER_MIDDLEWARES", {"theirs.Middleware": 5}, priority="project")
    settings.set("NEWSCLEAN_RESOLVE", '{"a.example": "127.0.0.1:1"}', priority="cmdline")
    found = project_of(settings)
    assert found.getint("DOWNLOAD_MAXSIZE") == 1
    assert found["DOWNLOADER_MIDDLEWARES"]["theirs.Middleware"] == 5
    assert found["DOWNLOADER_MIDDLEWARES"]["newsclean.crawl.guard.GuardMiddleware"] == 990
    assert found.getdict("NEWSCLEAN_RESOLVE") == {"a.example": "127.0.0.1:1"}
    assert "BOT_NAME" not in values_for_addon()


def test_the_contact_comes_from_settings_environment_or_project_file(tmp_path, monkeypatch):
    """In this order; a user agent of the project's own keeps its name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsclean.toml").write_text('contact = "https://file.test/"\n', encoding="utf-8")
    assert "(+https://file.test/)" in project_of(Settings())["USER_AGENT"]
    monkeypatch.setenv("NEWSCLEAN_CONTACT", "https://environment.test/")
    assert "(+https://environment.test/)" in project_of(Settings())["USER_AGENT"]
    settings = Settings({"NEWSCLEAN_CONTACT": "https://setting.test/", "USER_AGENT": "theirs/2"})
    assert project_of(settings)["USER_AGENT"] == "theirs/2 (+https://setting.test/)"


def test_cleaning_during_the_crawl_is_asked_for():
    """The pipeline is there only with NEWSCLEAN_CLEAN."""
    assert not project_of(Settings())["ITEM_PIPELINES"]
    assert (
        "newsclean.crawl.pipeline.CleaningPipeline" in project_of(Settings({"NEWSCLEAN_CLEAN": True}))["ITEM_PIPELINES"]
    )


def scrapy(*arguments, folder, **environment):
    """Run the command `scrapy` in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_add_on_guards_somebody_elses_project(tmp_path):
    """One line in ADDONS: their spider runs as before, and what its pages link to inside is refused."""
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = settings\n", encoding="utf-8")
    (tmp_path / "theirs.py").write_text(SPIDER, encoding="utf-8")
    with NewsServer() as server:
        server.add("http://news.example/", "<h1>Title</h1>")
        more = "\n".join(f"{name} = {value!r}" for name, value in server.settings().items())
        (tmp_path / "settings.py").write_text(PROJECT.format(more=more), encoding="utf-8")
        done = scrapy("crawl", "theirs", "-O", "out.jsonl", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert server.urls() == ["news.example/"]
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8").strip() == (
        '{"url": "http://news.example/", "title": "Title"}'
    )
    assert "refused http://10.0.0.1/" in done.stderr


def test_the_repository_is_a_scrapy_project(repository):
    """`scrapy list` names a spider for each site, and those for any site."""
    done = scrapy("list", folder=repository)
    assert done.returncode == 0, done.stderr
    assert {"tass_com", "tass_ru", "chinadaily", "kremlin_en", "kremlin_ru", "feed", "sitemap", "section"} <= set(
        done.stdout.split()
    )


def test_the_usual_commands_work_at_its_root(repository, tmp_path):
    """`scrapy check` has nothing to object to, and `scrapy shell` fetches within the guard."""
    done = scrapy("check", folder=repository)
    assert done.returncode == 0, done.stderr
    with NewsServer() as server:
        server.add("http://news.example/", "<h1>Title</h1>")
        options = [f"-s{name}={value}".replace("'", '"') for name, value in server.settings().items()]
        code = "print('title:', response.css('h1::text').get())"
        done = scrapy("shell", "http://news.example/", "-c", code, *options, folder=repository)
        assert "title: Title" in done.stdout, done.stderr
        done = scrapy("shell", "http://127.0.0.1/", "-c", "print('got', response)", *options, folder=repository)
        assert "got <" not in done.stdout
        assert "127.0.0.1 is loopback" in done.stderr
