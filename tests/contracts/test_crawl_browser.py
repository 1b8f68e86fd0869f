"""Pages that a browser loads, by choice: with the extra `playwright` and a Chromium of the system."""

from __future__ import annotations

import json
import shutil

import pytest
from crawling import newsclean
from server import NewsServer

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine")
def test_a_page_that_a_script_writes_is_loaded_by_a_browser(tmp_path, rows):
    """Articles of the chosen host are archived as a browser shows them; the feed is fetched as always."""
    pytest.importorskip("scrapy_playwright")
    url = "http://script.test/2026/11/21/1.html"
    words = "The harbour master of Lowmark told the island on Monday that the ferry was late again. " * 6
    script = (
        f"document.body.innerHTML = '<h1>The ferry is late</h1><article><p>' + {json.dumps(words)} + '</p></article>'"
    )
    with NewsServer() as server:
        server.add(url, f"<html><head><title>Ferry</title></head><body><script>{script}</script></body></html>")
        server.add("http://script.test/rss.xml", f"<rss><channel><item><link>{url}</link></item></channel></rss>")
        done = newsclean(
            *("crawl", "feed", "-aurl=http://script.test/rss.xml", "--json"),
            folder=tmp_path,
            server=server,
            timeout_s=300,
            NEWSCLEAN_JAVASCRIPT="script.test",
            DOWNLOAD_TIMEOUT="120",
            PLAYWRIGHT_LAUNCH_OPTIONS={"executable_path": BROWSER, "args": ["--no-sandbox", "--disable-gpu"]},
        )
        assert done.returncode == 0, done.stderr
        asked = [one.headers.get("User-Agent", "") for one in server.of(url)]
    assert json.loads(done.stdout)["articles"] == 1
    assert len(asked) == 1
    cleaned = newsclean("clean", "raw", "-o", "clean", "-q", folder=tmp_path)
    assert cleaned.returncode == 0, cleaned.stderr
    (article,) = rows(tmp_path / "clean")["articles"]
    assert "the ferry was late again" in article["body"]
