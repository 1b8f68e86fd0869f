"""A news site on loopback: real URLs, virtual hosts, HTTP and HTTPS at one port, and whatever may go wrong.

    with NewsServer() as server:
        server.add("https://news.example/1.html", "<h1>One</h1>")
        server.robots("news.example", "User-agent: *\\nCrawl-delay: 1\\n")
        server.fault("https://news.example/2.html", "error_then_good", times=1)
        settings = server.settings()        # has Scrapy resolve every name to this server
        environment = server.environment()  # has TLS trust its certificates
        ...
        server.urls()                       # what was asked for, in order

An address is host, path and query; the scheme makes no difference. Unknown addresses answer 404.
"""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
import time
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from certificates import TestAuthority
from faults import FAULTS

if TYPE_CHECKING:
    import datetime as dt
    import ssl
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Self

__all__ = ["Answer", "NewsServer", "Seen"]

_TLS_HANDSHAKE = 0x16
_HTML = "text/html; charset=utf-8"


@dataclass(slots=True, kw_only=True)
class Answer:
    """What an address answers with; `etag` and `last_modified` make it conditional."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it came, and the status it got (0: the connection was dealt with by a fault)."""

    method: str
    url: str
    headers: Mapping[str, str]
    status: int
    at: float


class NewsServer:
    """The server; `with` starts and stops it."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.answers: dict[str, Answer] = {}
        self.requests: list[Seen] = []
        self._faults: dict[str, Callable[[Any, Answer], bool]] = {}
        self._lock = threading.Lock()
        self._authority: TestAuthority | None = None
        self._http = _Listener((host, 0), _handler_of(self))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        if self._authority is not None:
            self._authority.close()

    @property
    def port(self) -> int:
        return self._http.server_address[1]

    @property
    def address(self) -> str:
        """Where it listens, as host:port."""
        return f"{self.host}:{self.port}"

    @property
    def authority(self) -> TestAuthority:
        """The certificate authority of this server; made when it is first needed."""
        with self._lock:
            if self._authority is None:
                self._authority = TestAuthority()
            return self._authority

    def settings(self, **more: Any) -> dict[str, Any]:
        """Settings for a quick crawl of this server under the real names: all names resolve to it, no literal does."""
        return {
            "NEWSCLEAN_RESOLVE": {"*": self.address},
            "NEWSCLEAN_CONTACT": "https://tests.example/contact",
            "AUTOTHROTTLE_ENABLED": False,
            "DOWNLOAD_DELAY": 0,
            "DOWNLOAD_TIMEOUT": 10,
            "RETRY_TIMES": 2,
            **more,
        }

    def environment(self) -> dict[str, str]:
        """Environment variables that have TLS clients trust this server."""
        return {"SSL_CERT_FILE": str(self.authority.path)}

    def add(
        self,
        url: str,
        body: str | bytes,
        *,
        media_type: str = _HTML,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        is_conditional: bool = True,
        last_modified: dt.datetime | None = None,
    ) -> None:
        """Answer `url` with `body`; by default with an ETag made of it."""
        content = body.encode() if isinstance(body, str) else body
        etag = f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"' if is_conditional else None
        self.answers[key_of(url)] = Answer(
            body=content,
            status=status,
            headers={"Content-Type": media_type, **(headers or {})},
            etag=etag,
            last_modified=last_modified,
        )

    def add_file(self, url: str, path: Path, **options: Any) -> None:
        """Answer `url` with a file; a .gz is unpacked."""
        body = path.read_bytes()
        self.add(url, gzip.decompress(body) if path.suffix == ".gz" else body, **options)

    def robots(self, host: str, text: str, *, status: int = 200) -> None:
        """Give `host` a robots.txt."""
        self.add(f"http://{host}/robots.txt", text, media_type="text/plain", status=status)

    def redirect(self, url: str, to: str, *, status: int = 302) -> None:
        """Send who asks for `url` to another address."""
        location = to.encode().decode("latin-1")  # as bytes of UTF-8, which is how servers send what is not ASCII
        self.answers[key_of(url)] = Answer(status=status, headers={"Location": location})

    def fault(self, url: str, name: str, **options: Any) -> None:
        """Have `url` go wrong in the way `name` (see faults.py); what it answers when it is well stays."""
        self._faults[key_of(url)] = FAULTS[name](**options)

    def heal(self, url: str) -> None:
        """Take a fault away."""
        self._faults.pop(key_of(url), None)

    def urls(self, *, but_robots: bool = True) -> list[str]:
        """The addresses that were asked for, in order, without the scheme."""
        found = [one.url for one in self.requests]
        return [url for url in found if not url.endswith("/robots.txt")] if but_robots else found

    def of(self, url: str) -> list[Seen]:
        """The requests for `url`."""
        return [one for one in self.requests if one.url == key_of(url)]

    def forget(self) -> None:
        """Empty the log of requests."""
        self.requests.clear()

    def fault_of(self, key: str) -> Callable[[Any, Answer], bool] | None:
        return self._faults.get(key) or self._faults.get(key.partition("?")[0])

    def log(self, handler: BaseHTTPRequestHandler, key: str, status: int) -> None:
        seen = Seen(
            method=handler.command, url=key, headers=dict(handler.headers.items()), status=status, at=time.monotonic()
        )
        with self._lock:
            self.requests.append(seen)


@cache
def key_of(url: str) -> str:
    """Return an address without scheme, port and fragment."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname}{parts.path or '/'}{query}"


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what this server is for."""


def _handler_of(server: NewsServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        site = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 30
    site: NewsServer

    def setup(self) -> None:
        self.request.settimeout(self.timeout)
        first = self.request.recv(1, socket.MSG_PEEK)
        self.scheme = "http"
        if first and first[0] == _TLS_HANDSHAKE:
            self.scheme = "https"
            self.request = _shielded(self.request, self.site.authority)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.request.close()  # http.server would close only the plain socket under TLS

    def do_GET(self) -> None:
        key = self._key()
        answer = self.site.answers.get(key)
        missing = Answer(status=404, body=b"<h1>Not found</h1>", headers={"Content-Type": _HTML})
        fault = self.site.fault_of(key)
        self.status_sent = 0
        try:
            if not (fault and fault(self, answer or missing)):
                self.send(answer or missing)
            self.wfile.flush()
        finally:
            self.site.log(self, key, self.status_sent)

    do_HEAD = do_POST = do_CONNECT = do_GET  # noqa: N815  (http.server's names)

    def send(self, answer: Answer, *, status: int | None = None, headers: Mapping[str, str] | None = None) -> None:
        """Send an answer in order; 304 where the client has it already."""
        status = status or (304 if self._is_known(answer) else answer.status)
        body = b"" if status == 304 else answer.body
        self.start(
            status, {**answer.headers, **_validators(answer), **(headers or {}), "Content-Length": str(len(body))}
        )
        if self.command != "HEAD":
            self.wfile.write(body)

    def start(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the head of an answer."""
        self.status_sent = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def cut(self) -> None:
        """Hang up hard, with whatever was sent."""
        self.wfile.flush()
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.connection.close()

    def log_message(self, *_: Any) -> None:
        """Keep quiet: `requests` has it all."""

    def _key(self) -> str:
        if "://" in self.path:  # as a proxy is asked
            return key_of(self.path)
        return key_of(f"{self.scheme}://{self.headers.get('Host', '')}{self.path}")

    def _is_known(self, answer: Answer) -> bool:
        if answer.status != 200:
            return False
        if answer.etag and (known := self.headers.get("If-None-Match")):
            return answer.etag in [one.strip() for one in known.split(",")]
        since = self.headers.get("If-Modified-Since")
        return bool(answer.last_modified and since and parsedate_to_datetime(since) >= answer.last_modified)


def _validators(answer: Answer) -> dict[str, str]:
    found = {}
    if answer.etag:
        found["ETag"] = answer.etag
    if answer.last_modified:
        found["Last-Modified"] = format_datetime(answer.last_modified, usegmt=True)
    return found


def _shielded(plain: socket.socket, authority: TestAuthority) -> ssl.SSLSocket:
    context = authority.context("localhost")

    def choose(tls: ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        if name:
            tls.context = authority.context(name)

    context.sni_callback = choose
    return context.wrap_socket(plain, server_side=True)
