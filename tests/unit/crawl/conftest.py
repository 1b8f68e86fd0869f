"""A small news site on loopback, and crawls of it in processes of their own (a reactor runs once)."""

from __future__ import annotations

import hashlib
import http.server
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("crawl_once.py")


class SmallSite:
    """Pages by path: bytes, or (status, location); answers ETags and keeps a log of (path, status)."""

    def __init__(self):
        self.pages, self.log, self.agents, self.delay_s, self.media = {}, [], [], 0.0, {}
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                """Keep quiet."""

            def do_GET(self):
                time.sleep(site.delay_s)
                site.answer(self)

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                """A client that was killed is no error."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answer(self, handler):
        page = self.pages.get(handler.path, (404, ""))
        status, location, body = (*page, b"") if isinstance(page, tuple) else (200, "", page)
        tag = f'"{hashlib.md5(body).hexdigest()}"'
        if status == 200 and handler.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        self.agents.append((handler.path, handler.headers["User-Agent"]))
        self.log.append((handler.path, status))
        handler.send_response(status)
        if location:
            handler.send_header("Location", location)
        if status in {200, 304}:
            handler.send_header("ETag", tag)
        is_html = body[:5].lower() == b"<html"
        handler.send_header("Content-Type", "text/html" if is_html else "text/xml")
        if status != 304:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def story(self, number):
        return f"/news/2026/11/story-{number}.html"

    def add_stories(self, numbers):
        for number in numbers:
            self.pages[self.story(number)] = f"<html><body><h1>Story {number}</h1></body></html>".encode()

    def add_feed(self, path, numbers, day="21"):
        items = "".join(
            f"<item><link>{self.url}{self.story(i)}</link><guid>{i}</guid>"
            f"<pubDate>{day} Nov 2026 10:00:{i % 60:02} GMT</pubDate></item>"
            for i in numbers
        )
        self.pages[path] = f"<rss><channel>{items}</channel></rss>".encode()

    def add_sitemap(self, path, numbers):
        urls = "".join(f"<url><loc>{self.url}{self.story(i)}</loc></url>" for i in numbers)
        self.pages[path] = f"<urlset>{urls}</urlset>".encode()

    def add_listing(self, path, numbers, rest=""):
        links = "".join(f"<a href='{self.story(i)}'>Story {i}</a>" for i in numbers)
        self.pages[path] = f"<html><body>{links}{rest}</body></html>".encode()

    def asked(self):
        """Return how often each path was asked for."""
        return Counter(path for path, _ in self.log)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site():
    small = SmallSite()
    yield small
    small.close()


@pytest.fixture
def crawl(tmp_path, site):
    """Run a spider to its end and return its stats; None if it was killed, when the site had so many requests."""

    def run(spider, *, kill_at=None, settings=None, **arguments):
        given = json.dumps([str(tmp_path / "raw"), spider, arguments, settings or {}])
        process = subprocess.Popen([sys.executable, SCRIPT, given], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 120
        while kill_at is not None and process.poll() is None and time.monotonic() < deadline:
            if len(site.log) >= kill_at:
                process.kill()
                process.communicate()
                return None
            time.sleep(0.002)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
        return json.loads(out)

    return run
