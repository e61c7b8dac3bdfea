"""A machine on this computer that takes calls, notes them, and answers as it is told to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Call:
    """One call: its headers in lower case, its body, and when it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def signed_with(self, secret: str) -> bool:
        """Check the signature as the specification of Standard Webhooks tells receivers to."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        head = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}."
        mac = hmac.new(key, head.encode() + self.body, hashlib.sha256).digest()
        return f"v1,{base64.b64encode(mac).decode()}" in self.headers["webhook-signature"].split()


@dataclass
class Receiver:
    """Answers with ``status`` and ``headers`` after ``pause`` seconds, and keeps every call."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause: float = 0
    calls: list[Call] = field(default_factory=list)

    def wait_for(self, number: int, seconds: float) -> bool:
        """Wait until so many calls came; return whether they did in time."""
        ends = time.monotonic() + seconds
        while len(self.calls) < number and time.monotonic() < ends:
            time.sleep(0.02)
        return len(self.calls) >= number


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Take calls until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.calls.append(Call(self.path, headers, body, time.monotonic()))
            time.sleep(receiver.pause)
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.body)))
            self.end_headers()
            self.wfile.write(receiver.body)

        def log_message(self, *told: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *told: Any) -> None:
            """Say nothing of callers that left early: that is what they are tested for."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/in"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
