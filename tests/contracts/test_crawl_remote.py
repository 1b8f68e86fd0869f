"""An archive in an object store: machines crawl into it without meeting, and what one leaves another goes on with."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager

import pytest
from crawling import newsclean
from server import NewsServer, key_of

VISITS = "1h 1d 36500d"  # the pages' dates stay what they are, whenever this is run
HOST = "https://lowmark.test"
FEED = f"{HOST}/rss.xml"
RAW = "s3://news/raw"
COUNT = 40


@pytest.fixture(scope="module")
def store():
    """An object store on loopback with an empty bucket; its client."""
    pytest.importorskip("moto.server")
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    patch = pytest.MonkeyPatch()
    for name, value in {**keys, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
        patch.setenv(name, value)
    client = boto3.client("s3")
    yield client
    client.close()
    patch.undo()
    server.stop()


@pytest.fixture
def bucket(store):
    """The store with an empty bucket `news`."""
    store.create_bucket(Bucket="news")
    yield store
    for one in store.list_objects_v2(Bucket="news").get("Contents", ()):
        store.delete_object(Bucket="news", Key=one["Key"])
    store.delete_bucket(Bucket="news")


def url_of(number):
    return f"{HOST}/2026/11/21/{number}.html"


def add_site(server):
    for number in range(COUNT):
        text = (
            f"<p>The harbour master of Lowmark told the island on Monday about ferry {number}, which was late.</p>" * 5
        )
        server.add(
            url_of(number), f"<html><title>Ferry {number}</title><h1>Ferry {number}</h1><article>{text}</article>"
        )
    items = "".join(f"<item><link>{url_of(n)}</link><guid>{n}</guid></item>" for n in range(COUNT))
    server.add(FEED, f"<rss version='2.0'><channel>{items}</channel></rss>", media_type="application/rss+xml")


def crawl(machine, server, *options):
    """Crawl on a machine, which is a folder of its own."""
    machine.mkdir(exist_ok=True)
    command = ("crawl", "feed", f"-aurl={FEED}", "--raw", RAW, "--json", *options)
    return newsclean(*command, folder=machine, server=server, NEWSCLEAN_REVISIT=VISITS)


def keys(client):
    return {one["Key"]: one["Size"] for one in client.list_objects_v2(Bucket="news").get("Contents", ())}


def archived(client):
    """Return the articles in all archives of the store, each as often as there is a response of it."""
    import io

    from warcio.archiveiterator import ArchiveIterator

    found = Counter()
    for key in keys(client):
        if key.endswith(".warc.gz"):
            body = client.get_object(Bucket="news", Key=key)["Body"].read()
            for record in ArchiveIterator(io.BytesIO(body)):
                if record.rec_type == "response" and record.rec_headers.get_header("WARC-Target-URI").endswith(".html"):
                    found[record.rec_headers.get_header("WARC-Target-URI")] += 1
    return found


def known(client, folder):
    """Return the addresses that the state in the store knows of."""
    if "raw/lowmark.test/state.sqlite" not in keys(client):
        return set()
    path = folder / "state-of-store"
    path.write_bytes(client.get_object(Bucket="news", Key="raw/lowmark.test/state.sqlite")["Body"].read())
    with closing(sqlite3.connect(path)) as state:
        return {url for (url,) in state.execute("SELECT url FROM seen")}


def start(machine, server):
    machine.mkdir(exist_ok=True)
    chosen = server.settings(NEWSCLEAN_UPLOAD_EVERY_S=0.3, DOWNLOAD_TIMEOUT=170, NEWSCLEAN_REVISIT=VISITS)
    settings = [f"-s{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in chosen.items()]
    command = [sys.executable, "-m", "newsclean", "crawl", "feed", f"-aurl={FEED}", "--raw", RAW, "-q", *settings]
    environment = {**os.environ, **server.environment()}
    return subprocess.Popen(command, cwd=machine, env=environment, stderr=subprocess.PIPE, start_new_session=True)


@contextmanager
def waiting_at(server, number):
    """Have a crawl wait at a page until the block ends."""
    gate = threading.Event()
    server._faults[key_of(url_of(number))] = lambda *_: not gate.wait(160)
    try:
        yield
    finally:
        gate.set()


def wait_until(is_so, process, seconds=120):
    end = time.monotonic() + seconds
    while not is_so() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.1)


def kill(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def expire(client):
    """Have the lease of a machine that is gone run out, as two minutes would."""
    key = "raw/lowmark.test/lease.json"
    lease = json.loads(client.get_object(Bucket="news", Key=key)["Body"].read())
    client.put_object(
        Bucket="news", Key=key, Body=json.dumps(lease | {"expires_at": "2026-01-01T00:00:00+00:00"}).encode()
    )


def kill_in_the_middle(machine, server, client, meanwhile=lambda running: None):
    """Crawl on a machine until some pages are in the store, then kill it; return what the store has and knows of."""

    def is_up():
        # An upload that is cut between archives and state has what it brought fetched again.
        return len(archived(client)) > 3 and known(client, machine) >= set(archived(client))

    with waiting_at(server, 20):
        running = start(machine, server)
        wait_until(is_up, running)
        assert is_up(), running.poll()
        meanwhile(running)
        kill(running)
    assert list(machine.rglob("*.warc.gz"))
    return {key_of(url) for url in archived(client)}


def test_a_site_is_one_machines_at_a_time_and_what_a_kill_leaves_is_gone_on_with(bucket, tmp_path):
    """Another machine is refused, and told who has the site; the same one asks again only for what was in flight."""

    def refused(running):
        done = crawl(tmp_path / "two", server)
        assert done.returncode == 4, done.stdout
        assert f"process {running.pid}" in done.stderr

    with NewsServer() as server:
        add_site(server)
        kept = kill_in_the_middle(tmp_path / "one", server, bucket, refused)
        asked = Counter(one.url for one in server.requests)
        server.forget()
        done = crawl(tmp_path / "one", server)
        assert done.returncode == 0, done.stderr
        again = {one.url for one in server.requests if asked[one.url] and one.url.endswith(".html")}
    assert not again & kept
    assert len(again) <= 2
    assert archived(bucket) == dict.fromkeys(map(url_of, range(COUNT)), 1)
    assert not list((tmp_path / "one").rglob("*.warc.gz")), "what is in the store is not kept"


def test_another_machine_goes_on_with_what_is_in_the_store(bucket, tmp_path):
    """One takes over from one that is gone when its lease has run out; a third one finds nothing new."""
    with NewsServer() as server:
        add_site(server)
        kept = kill_in_the_middle(tmp_path / "one", server, bucket)
        expire(bucket)
        server.forget()
        done = crawl(tmp_path / "two", server)
        assert done.returncode == 0, done.stderr
        assert not {one.url for one in server.requests} & kept
        assert set(archived(bucket)) == set(map(url_of, range(COUNT)))
        third = crawl(tmp_path / "three", server, "-arevisit=all")
    report = json.loads(third.stdout)
    assert (report["articles"], report["unchanged"]) == (0, COUNT + 1), third.stderr


def test_without_a_bucket_the_crawl_says_so(store, tmp_path):
    """An address that leads nowhere ends the crawl before anything is fetched."""
    with NewsServer() as server:
        add_site(server)
        done = crawl(tmp_path / "one", server)
    assert done.returncode == 3, (done.returncode, done.stderr)
    assert "s3://news/raw/lowmark.test/lease.json" in done.stderr
    assert not server.requests
