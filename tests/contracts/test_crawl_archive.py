"""What the archive promises: all that was fetched, as it was served, once, whenever the crawl was killed.

NEWSCLEAN_KILLS sets how many kills there are (10 without it).
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from crawling import crawl_urls, newsclean
from server import NewsServer, key_of

from newsclean.sources import SourceFile, WarcFile

KILLS = int(os.environ.get("NEWSCLEAN_KILLS", "10"))
IN_FLIGHT = 4
VISITS = "-sNEWSCLEAN_REVISIT=1h 1d 36500d"  # the pages' dates stay what they are, whenever this is run
HOST = "https://lowmark.test"
FEED = f"{HOST}/rss.xml"
# What tells where a page comes from, and not what is in it.
OF_THE_SOURCE = {"raw_path", "raw_offset", "raw_media_type", "http_status", "fetched_at", "removals"}


def story(number, text="the ferry"):
    paragraphs = "".join(
        f"<p>Story {number}.{part}: the harbour master of Lowmark told the island on Monday about {text}.</p>"
        for part in range(6)
    )
    return (
        f"<html><head><title>Story {number}</title></head><body><h1>Story {number}</h1><article>{paragraphs}</article>"
    )


def url_of(number):
    return f"{HOST}/2026/11/21/{number}.html"


def add_site(server, count, **options):
    for number in range(count):
        server.add(url_of(number), story(number), **options)
    times = [f"Sat, 21 Nov 2026 10:{number // 60:02}:{number % 60:02} GMT" for number in range(count)]
    items = "".join(
        f"<item><link>{url_of(number)}</link><guid>{number}</guid><pubDate>{at}</pubDate></item>"
        for number, at in enumerate(times)
    )
    server.add(FEED, f"<rss version='2.0'><channel>{items}</channel></rss>", media_type="application/rss+xml")
    server.robots("lowmark.test", "User-agent: *\nDisallow: /private/\n")


def crawl(folder, server, *options):
    done = newsclean("crawl", "feed", f"-aurl={FEED}", "--json", *options, folder=folder, server=server)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def cleaned(folder, rows, name="clean"):
    done = newsclean("clean", "raw", "-o", name, "-q", folder=folder)
    assert done.returncode == 0, done.stderr
    assert newsclean("verify", name, folder=folder).returncode == 0
    return rows(folder / name)


def archived(folder):
    """Return (type, URL, HTTP status) of all records that another reader finds in all archives."""
    from warcio.archiveiterator import ArchiveIterator

    found = []
    for path in sorted(folder.glob("raw/*/*.warc.gz")):
        for record in ArchiveIterator(io.BytesIO(path.read_bytes())):
            status = record.http_headers.get_statuscode() if record.http_headers else None
            found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), status))
    return found


@pytest.mark.slow
def test_cleaning_the_archive_gives_the_rows_that_cleaning_the_files_gives(shared, tmp_path, rows):
    """Real pages under their addresses, fetched into the archive: the articles are those of the files themselves."""
    from scrapy import Request

    listed = [json.loads(line) for line in (shared / "pages" / "MANIFEST.jsonl").read_text().splitlines()]
    sites = ("kremlin/html/", "publishers/")
    pages = {Request(row["url"]).url: row["file"] for row in listed if row["file"].startswith(sites) and row["url"]}
    chosen = dict(sorted(pages.items())[::2])
    assert len(chosen) > 100
    files = tmp_path / "files"
    files.mkdir()
    with NewsServer() as server:
        for number, (url, file) in enumerate(chosen.items()):
            server.add_file(url, shared / "pages" / file, media_type="text/html")
            (files / f"{number}.html.gz").write_bytes((shared / "pages" / file).read_bytes())
        settings = {"NEWSCLEAN_RAW": str(tmp_path / "raw"), "CONCURRENT_REQUESTS": 4}
        result = crawl_urls(server, list(chosen), settings=settings)
    assert len(result.responses) == len(chosen), result.failures
    manifest = [json.dumps({"file": f"{number}.html.gz", "url": url}) for number, url in enumerate(chosen)]
    (files / "manifest.jsonl").write_text("\n".join(manifest))
    assert newsclean("clean", "files", "-o", "direct", "-q", folder=tmp_path).returncode == 0

    def articles(tables):
        found = [{k: v for k, v in row.items() if k not in OF_THE_SOURCE} for row in tables["articles"]]
        return sorted(found, key=lambda row: (row["url"], row["article_id"]))

    from_archive, from_files = cleaned(tmp_path, rows), rows(tmp_path / "direct")
    assert len(articles(from_files)) > 90
    assert articles(from_archive) == articles(from_files)
    rejected = {row["url"]: row["reason"] for row in from_files["pages"] if row["reason"]}
    assert rejected.items() <= {row["url"]: row["reason"] for row in from_archive["pages"]}.items()


def start(folder, server, turn):
    chosen = server.settings(CONCURRENT_REQUESTS_PER_DOMAIN=2, CONCURRENT_REQUESTS=IN_FLIGHT)
    # Each turn shows another address, so that a request that comes late is not taken for one of the next turn.
    chosen["NEWSCLEAN_CONTACT"] = f"https://tests.example/turn-{turn}"
    settings = [f"-s{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in chosen.items()]
    command = [sys.executable, "-m", "newsclean", "crawl", "feed", f"-aurl={FEED}", "-q", *settings]
    environment = {**os.environ, **server.environment()}
    return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, start_new_session=True)


def is_killed(process, server, dice):
    """Kill a crawl at a random moment, mostly after some more answers, at times before the first; False if it ended."""
    answers = len(server.requests) + dice.randint(1, 50)
    deadline = time.monotonic() + (dice.uniform(0.1, 1.5) if dice.random() < 0.15 else 300)
    while process.poll() is None and time.monotonic() < deadline and len(server.requests) < answers:
        time.sleep(0.002)
    time.sleep(dice.uniform(0, 0.02))
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    _, errors = process.communicate()
    assert process.returncode == 0, errors.decode()
    return False


@pytest.mark.slow
def test_a_crawl_killed_at_any_moment_goes_on_and_has_every_article_once(tmp_path, rows):
    """After any number of kills: each article is in the dataset once, each archive can be read to its end.

    What is in the archive when a crawl is killed is never asked for again. In flight is what the server
    was asked for and the archive does not have: at most as many pages as may be under way at once.
    """
    dice = random.Random(31)
    kills = rounds = 0
    count = 150
    while kills < KILLS:
        folder = tmp_path / str(rounds)
        folder.mkdir()
        rounds += 1
        with NewsServer() as server:
            add_site(server, count)
            for number in range(0, count, 3):
                server.fault(url_of(number), "slow", seconds=0.02)
            kept = [set()]
            while is_killed(start(folder, server, len(kept)), server, dice):
                kept.append(kept_pages(folder))
                asked = {one.url for one in server.requests if one.url.endswith(".html")}
                assert len(asked - kept[-1]) <= IN_FLIGHT
            kills += len(kept) - 1
            for one in server.requests:
                turn = int(one.headers["User-Agent"].rpartition("turn-")[2].rstrip(")"))
                assert one.url not in kept[turn - 1], f"{one.url} was in the archive before turn {turn}"
            assert {one.url for one in server.requests if one.url.endswith(".html")} == {
                key_of(url_of(number)) for number in range(count)
            }
        responses = Counter(url for kind, url, _ in archived(folder) if kind == "response" and url.endswith(".html"))
        assert set(responses.values()) == {1}
        found = Counter(row["url"] for row in cleaned(folder, rows)["articles"])
        assert found == {url_of(number): 1 for number in range(count)}


CRASH = """
import os
from newsclean.crawl.state import store as state
keep, calls = state.State.record_fetch, []

def crash(self, fingerprint, row, **how):
    if fingerprint is not None:
        calls.append(row)
    if len(calls) == {at}:
        os._exit(9)
    keep(self, fingerprint, row, **how)

state.State.record_fetch = crash
"""


@pytest.mark.parametrize("at", [1, 2, 7])
@pytest.mark.parametrize("torn_bytes", [0, 100])
def test_what_was_archived_and_not_noted_is_not_fetched_again(tmp_path, rows, at, torn_bytes):
    """A death between the archive's write and the state's: the fetch is taken up whole, and asked for again if torn."""
    settings = {"NEWSCLEAN_RAW": str(tmp_path / "raw"), "NEWSCLEAN_STATE_DIR": str(tmp_path / "raw")}
    with NewsServer() as server:
        add_site(server, 10)
        urls = [url_of(number) for number in range(10)]
        with pytest.raises(AssertionError, match="the crawl gave no result"):
            crawl_urls(server, urls, settings=settings, before=CRASH.format(at=at))
        (path,) = tmp_path.glob("raw/*/*.warc.gz")
        if torn_bytes:
            # Request and metadata of the last fetch, and an end of its response.
            path.write_bytes(path.read_bytes()[: last_response(path).place.offset + torn_bytes])
        kept = kept_pages(tmp_path)
        result = crawl_urls(server, urls, settings=settings)
        asked = Counter(one.url for one in server.requests if one.url.endswith(".html"))
    assert len(result.responses) >= 10 - at
    assert set(asked) == {key_of(url) for url in urls}
    assert len(kept) >= at - bool(torn_bytes)
    assert {asked[url] for url in kept} <= {1}
    # What is written before it is noted may be more than one: the next pages come while the disk is waited for.
    assert result.stats.get("newsclean/archive/recovered", 0) >= (0 if torn_bytes else 1)
    assert path.with_name(f"{path.name}.torn").exists() == bool(torn_bytes)
    assert Counter(row["url"] for row in cleaned(tmp_path, rows)["articles"]) == dict.fromkeys(urls, 1)


def test_what_was_archived_in_several_files_and_not_noted_is_not_fetched_again(tmp_path):
    """A death before the state knew of any fetch of the last files."""
    raw = str(tmp_path / "raw")
    settings = {"NEWSCLEAN_RAW": raw, "NEWSCLEAN_STATE_DIR": raw, "NEWSCLEAN_MAX_WARC_BYTES": 2_000}
    with NewsServer() as server:
        add_site(server, 12)
        urls = [url_of(number) for number in range(12)]
        with pytest.raises(AssertionError, match="the crawl gave no result"):
            crawl_urls(server, urls, settings=settings, before=CRASH.format(at=9))
        assert len(list(tmp_path.glob("raw/*/*.warc.gz"))) > 2
        kept = kept_pages(tmp_path)
        result = crawl_urls(server, urls, settings=settings)
        asked = Counter(one.url for one in server.requests if one.url.endswith(".html"))
    assert len(kept) >= 9
    assert asked == {key_of(url): 1 for url in urls} | {url: asked[url] for url in asked if url not in kept}
    assert result.stats["newsclean/archive/recovered"] >= 9


def last_response(path):
    from newsclean.crawl.recovery import recovered

    return recovered(path)[-1]


def kept_pages(folder):
    """Return the articles in the archives as a kill has left them, torn end and all, as a run of `clean` reads them."""
    found = set()
    for path in folder.glob("raw/*/*.warc.gz"):
        file = SourceFile(path=path, raw_path=path.name, size_bytes=0, mtime_ns=0)
        pages = [page for page in WarcFile(file, max_bytes=10**7).pages() if page]
        assert all(page.record for page in pages[:-1]), "only the last one may be torn"
        found |= {key_of(page.facts.url) for page in pages if page.record and page.facts.url.endswith(".html")}
    return found


def test_a_second_crawl_fetches_what_has_changed(tmp_path, rows):
    """Unchanged articles are answered 304 and kept as revisits; one that changed is one revision more."""
    with NewsServer() as server:
        add_site(server, 12)
        assert crawl(tmp_path, server, VISITS)["articles"] == 12
        server.add(url_of(5), story(5, "another ship"))
        again = crawl(tmp_path, server, "-arevisit=all", VISITS)
    assert (again["articles"], again["unchanged"]) == (1, 12)
    articles = Counter(row["url"] for row in cleaned(tmp_path, rows)["articles"])
    assert articles == {url_of(number): 1 + (number == 5) for number in range(12)}
    assert Counter(kind for kind, _, status in archived(tmp_path) if status == "304") == {"revisit": 12}


def test_the_same_body_fetched_twice_is_one_article(tmp_path, rows):
    """A server without validators sends everything again: what is the same is a revisit, and no second article."""
    with NewsServer() as server:
        add_site(server, 5, is_conditional=False)
        crawl(tmp_path, server, VISITS)
        again = crawl(tmp_path, server, "-arevisit=all", VISITS)
    assert again["counts"]["archive/same"] >= 5
    tables = cleaned(tmp_path, rows)
    assert len(tables["articles"]) == 5
    assert [row["reason"] for row in tables["pages"] if row["raw_offset"]].count("revisit") >= 5


def test_every_hop_and_every_answer_is_archived(tmp_path, rows):
    """Redirects, errors and robots.txt are records of their own, and each ends in the ledger with its reason."""
    with NewsServer() as server:
        add_site(server, 1)
        server.redirect(f"{HOST}/old", f"{HOST}/newer")
        server.redirect(f"{HOST}/newer", url_of(0))
        server.add(f"{HOST}/broken", b"<h1>no</h1>", status=404)
        crawl_urls(server, [f"{HOST}/old", f"{HOST}/broken"], settings={"NEWSCLEAN_RAW": str(tmp_path / "raw")})
    found = {(url.removeprefix(HOST), status) for kind, url, status in archived(tmp_path) if kind == "response"}
    hops = {("/old", "302"), ("/newer", "302"), (url_of(0).removeprefix(HOST), "200")}
    assert found == {("/robots.txt", "200"), ("/broken", "404"), *hops}
    reasons = Counter(row["reason"] for row in cleaned(tmp_path, rows)["pages"])
    assert reasons == {None: 1, "http_status": 3, "not_an_article": 1}


def test_a_recorded_crawl_can_be_run_again_without_a_network(tmp_path):
    """The spider finds in the recording what it found on the net, and leaves neither archive nor state."""
    with NewsServer() as server:
        add_site(server, 12)
        crawl(tmp_path, server)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.warc.gz")}
    done = newsclean(
        *("crawl", "feed", f"-aurl={FEED}", "--json", "--replay", str(tmp_path / "raw"), "--raw", "other"),
        folder=tmp_path,
    )
    report = json.loads(done.stdout)
    assert (done.returncode, report["articles"], report["counts"]["replay/answered"]) == (0, 12, 14)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.warc.gz")} == before
    assert not (tmp_path / "other").exists()


def test_a_disk_that_is_full_ends_the_crawl_and_loses_nothing(tmp_path):
    """Where the archive cannot be written, the crawl ends at once and says why; what is there can be read.

    When there is room again, the crawl goes on with what it could not keep, and asks for nothing that it has.
    """
    before = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))"
    noise = random.Random(5)
    with NewsServer() as server:
        urls = [f"{HOST}/{number}" for number in range(40)]
        for url in urls:
            server.add(url, noise.randbytes(20_000).hex())
        settings = {"NEWSCLEAN_RAW": str(tmp_path / "raw"), "NEWSCLEAN_STATE_DIR": str(tmp_path / "raw")}
        settings |= {"CONCURRENT_REQUESTS_PER_DOMAIN": 8}
        result = crawl_urls(server, urls, settings=settings, before=before)
        assert result.stats["finish_reason"] == "archive_not_writable"
        kept = kept_urls(tmp_path)
        assert 5 < len(kept) < 40
        assert set(result.responses) <= set(kept)
        server.forget()
        again = crawl_urls(server, urls, settings=settings)
        asked = {url for url in urls if server.of(url)}
    assert again.stats["finish_reason"] == "finished"
    assert not asked & set(kept)
    assert sorted(kept_urls(tmp_path)) == sorted(urls)


def kept_urls(folder):
    return [url for kind, url, _ in archived(folder) if kind == "response" and "robots" not in url]
