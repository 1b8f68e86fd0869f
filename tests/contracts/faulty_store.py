"""A store between the store and its users that fails as stores do: puts that break off, refusals."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Fault:
    """What goes wrong: with requests of a method whose path holds `part`, the first `times` of each address."""

    def __init__(self, kind, part, *, method="PUT", times=10**9):
        self.kind, self.part, self.method, self.times = kind, part, method, times
        self.struck = {}
        self._lock = threading.Lock()

    def strikes(self, method, path):
        with self._lock:
            if method != self.method or self.part not in path or self.struck.get(path, 0) >= self.times:
                return False
            self.struck[path] = self.struck.get(path, 0) + 1
            return True


@contextmanager
def faulty(endpoint, faults):
    """Give the block the address of a store that passes requests on to `endpoint`, but for the faults."""
    origin = urlsplit(endpoint)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self):
            fault = next((one for one in faults if one.strikes(self.command, self.path)), None)
            size = int(self.headers.get("Content-Length") or 0)
            if fault is not None and fault.kind == "half":
                self.rfile.read(size // 2)
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            body = self.rfile.read(size)
            if fault is not None:
                code = {"slow": "SlowDown", "denied": "AccessDenied"}[fault.kind]
                self.send(503 if fault.kind == "slow" else 403, [], f"<Error><Code>{code}</Code></Error>".encode())
                return
            onward = http.client.HTTPConnection(origin.hostname, origin.port, timeout=60)
            onward.request(self.command, self.path, body, dict(self.headers))
            found = onward.getresponse()
            content = found.read()
            onward.close()
            self.send(found.status, found.getheaders(), content)

        def send(self, status, headers, content):
            self.send_response_only(status)
            has_length = False
            for name, value in headers:
                if name.lower() not in {"connection", "transfer-encoding"}:
                    has_length |= name.lower() == "content-length"
                    self.send_header(name, value)
            if not has_length:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer  # noqa: N815  (http.server's names)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
