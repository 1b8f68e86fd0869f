"""The way out for a browser: a proxy on loopback that goes only where the guard lets a crawl go.

A browser resolves names and follows redirects by itself, out of reach of Scrapy's middlewares. So
it is given this proxy and nothing else: each connection it wants is judged here, and made to the
very address that was judged. Only who knows the token is served.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from newsclean.crawl.addresses import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.crawl.addresses import AddressPolicy

__all__ = ["GuardedProxy"]

_log: Final = logging.getLogger(__name__)
_HEAD_MAX_BYTES: Final = 64 * 2**10
_CHUNK_BYTES: Final = 64 * 2**10
_CONNECT_S: Final = 20.0
_IDLE_S: Final = 60.0
_PORTS: Final = {"http": 80, "https": 443}


class _NotServedError(Exception):
    """A request that the proxy answers itself: a status line, and why."""


class GuardedProxy:
    """Listens from the start at 127.0.0.1:`port`, and serves once it is started.

    A connection ends after `max_bytes` in either direction.
    """

    def __init__(self, policy: AddressPolicy, *, max_bytes: int) -> None:
        self._policy = policy
        self._max_bytes = max_bytes
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._server: asyncio.Server | None = None
        self.port: int = self._socket.getsockname()[1]
        self.user = "newsclean"
        self.password = secrets.token_urlsafe(24)

    async def start(self) -> None:
        """Serve from now on; nothing happens if it does already."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, sock=self._socket, limit=_HEAD_MAX_BYTES)

    async def close(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.close()
        self._socket.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except _NotServedError as refusal:
            status, _, why = str(refusal).partition(": ")
            _log.warning("the browser was refused: %s", why)
            extra = 'Proxy-Authenticate: Basic realm="newsclean"\r\n' if status.startswith("407") else ""
            writer.write(f"HTTP/1.1 {status}\r\n{extra}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            _log.debug("a connection of the browser ended: %s", error)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE_S)
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        self._check_token(lines[1:])
        url = f"https://{target}/" if method == "CONNECT" else target
        there_reader, there_writer = await self._connect(url)
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                there_writer.write(_direct(method, url, lines[1:]))
            await asyncio.gather(self._pour(reader, there_writer), self._pour(there_reader, writer))
        finally:
            there_writer.close()

    def _check_token(self, headers: list[str]) -> None:
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        given = next((line.partition(":")[2].strip() for line in headers if _is(line, "proxy-authorization")), "")
        if not secrets.compare_digest(given.encode(), f"Basic {token}".encode()):
            raise _NotServedError("407 Proxy Authentication Required: somebody without the token")

    async def _connect(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if refusal := self._policy.url_refusal(url):
            raise _NotServedError(f"403 Forbidden: {url}: {refusal}")
        parts = urlsplit(url)
        host = parts.hostname or ""
        found = await self._endpoints(host, parts.port or _PORTS[parts.scheme])
        for endpoint in found:
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(endpoint.host, endpoint.port), _CONNECT_S)
        raise _NotServedError(f"502 Bad Gateway: {host}: nobody answers")

    async def _endpoints(self, host: str, port: int) -> list[Endpoint]:
        if pin := self._policy.pin_of(host):
            return [pin]
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))
        good = [one for one in addresses if self._policy.is_trusted_name(host) or not self._policy.address_refusal(one)]
        if addresses and not good:
            raise _NotServedError(f"403 Forbidden: {host}: {self._policy.address_refusal(addresses[0])}")
        return [Endpoint(one, port) for one in good]

    async def _pour(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        left = self._max_bytes
        with suppress(OSError, TimeoutError):
            while left > 0 and (piece := await asyncio.wait_for(source.read(_CHUNK_BYTES), _IDLE_S)):
                left -= len(piece)
                target.write(piece)
                await target.drain()
        target.close()


def _direct(method: str, url: str, headers: list[str]) -> bytes:
    """Return the head of a request as the server itself is asked; one request a connection."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return "\r\n".join([f"{method} {path} HTTP/1.1", *_passed_on(headers), "Connection: close", "", ""]).encode(
        "latin-1"
    )


def _passed_on(headers: list[str]) -> Iterator[str]:
    own = ("proxy-authorization", "proxy-connection", "connection", "keep-alive")
    return (line for line in headers if line and not any(_is(line, name) for name in own))


def _is(line: str, name: str) -> bool:
    return line.partition(":")[0].strip().lower() == name
