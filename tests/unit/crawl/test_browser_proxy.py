"""A browser's way out: what it asks the proxy for is judged as any request of a crawl is."""

from __future__ import annotations

import asyncio
import base64
import ssl

import pytest
from scrapy.settings import Settings
from server import NewsServer

from newsclean.crawl.addon import NewscleanAddon
from newsclean.crawl.addresses import AddressPolicy
from newsclean.crawl.browser_proxy import GuardedProxy
from newsclean.errors import ConfigError


@pytest.fixture(scope="module")
def server():
    with NewsServer() as running:
        running.add("http://news.example/", "news")
        yield running


def policy(server):
    return AddressPolicy.of(allowed=[], resolve={"*": server.address}, ports=[80, 443], proxies=[])


async def ask(proxy, first_line, *, token=None, extra=""):
    """Send one head to the proxy and return all that comes back."""
    token = token or base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(f"{first_line}\r\nProxy-Authorization: Basic {token}\r\n{extra}\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer


def served(server, *requests, rules=None, max_bytes=2**20):
    """Return the answers of a proxy to (first line, options)."""

    async def run():
        proxy = GuardedProxy(rules or policy(server), max_bytes=max_bytes)
        await proxy.start()
        try:
            return [await ask(proxy, line, **options) for line, options in requests]
        finally:
            await proxy.close()

    return asyncio.run(run())


def test_what_a_crawl_may_fetch_passes(server):
    """A plain request is passed on as the server would get it, without the proxy's own headers."""
    server.forget()
    (answer,) = served(server, ("GET http://news.example/ HTTP/1.1", {"extra": "Host: news.example\r\n"}))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"news")
    assert "Proxy-Authorization" not in server.requests[-1].headers


def test_a_tunnel_to_a_permitted_host_holds(server):
    """CONNECT gives a connection on which TLS proves the server's name."""

    async def run():
        proxy = GuardedProxy(policy(server), max_bytes=2**20)
        await proxy.start()
        token = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(f"CONNECT news.example:443 HTTP/1.1\r\nProxy-Authorization: Basic {token}\r\n\r\n".encode())
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        trust = ssl.create_default_context(cafile=str(server.authority.path))
        await writer.start_tls(trust, server_hostname="news.example")
        writer.write(b"GET / HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
        await proxy.close()
        return answer

    assert asyncio.run(run()).endswith(b"news")


@pytest.mark.parametrize(
    "line",
    [
        "GET http://127.0.0.1/ HTTP/1.1",
        "GET http://169.254.169.254/latest/meta-data/ HTTP/1.1",
        "GET http://localhost/ HTTP/1.1",
        "GET http://0x7f.1/ HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET http://news.example:22/ HTTP/1.1",
        "CONNECT 10.0.0.1:443 HTTP/1.1",
        "CONNECT [::1]:443 HTTP/1.1",
        "CONNECT news.example:25 HTTP/1.1",
    ],
)
def test_a_browser_is_not_let_inside(server, line):
    """The table of the guard holds for a browser's own requests too."""
    (answer,) = served(server, (line, {}))
    assert answer.startswith(b"HTTP/1.1 403")


def test_a_name_that_leads_inside_is_not_connected_to(server):
    """A name is judged by its addresses."""
    rules = AddressPolicy.of(allowed=[], resolve={}, ports=[80, 443], proxies=[])

    async def run():
        proxy = GuardedProxy(rules, max_bytes=2**20)
        await proxy.start()
        loop = asyncio.get_running_loop()

        async def inside(host, port, **_):
            return [(2, 1, 6, "", ("10.1.2.3", port))]

        loop.getaddrinfo = inside
        try:
            return await ask(proxy, "GET http://named.example/ HTTP/1.1")
        finally:
            del loop.getaddrinfo
            await proxy.close()

    assert asyncio.run(run()).startswith(b"HTTP/1.1 403")


def test_only_who_knows_the_token_is_served(server):
    """Another process of the machine cannot use the proxy."""
    server.forget()
    (answer,) = served(server, ("GET http://news.example/ HTTP/1.1", {"token": "bm9ib2R5"}))
    assert answer.startswith(b"HTTP/1.1 407")
    assert not server.requests


def test_a_connection_is_cut_at_its_limit(server):
    """No page can fill the machine through its browser."""
    server.add("http://news.example/large", "x" * 500_000)
    line = "GET http://news.example/large HTTP/1.1"
    (answer,) = served(server, (line, {"extra": "Host: news.example\r\n"}), max_bytes=100_000)
    assert len(answer) < 300_000


def test_without_the_extra_a_site_for_the_browser_is_an_error():
    """The message says what to install; nothing is fetched in another way than was asked for."""
    try:
        import scrapy_playwright  # noqa: F401
    except ImportError:
        with pytest.raises(ConfigError, match=r"newsclean\[playwright\]"):
            NewscleanAddon().update_settings(Settings({"NEWSCLEAN_JAVASCRIPT": ["site.example"]}))
    else:
        settings = Settings({"NEWSCLEAN_JAVASCRIPT": ["site.example"]})
        NewscleanAddon().update_settings(settings)
        assert settings["DOWNLOAD_HANDLERS"]["https"] == "newsclean.crawl.javascript.BrowserHandler"
