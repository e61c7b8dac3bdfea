"""Reading a whole answer of another machine: how much, how long, and from where."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from linli.kernel.notify.posting import AddressRefused, TooLong, Unreachable, fetch


class Handler(BaseHTTPRequestHandler):
    """Answers by what stands in the address."""

    def do_GET(self) -> None:
        long, moved = self.path == "/long", self.path == "/moved"
        body = b"x" * 5000 if long else b"[]"
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", "http://169.254.169.254/secret")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told: object) -> None:
        pass


@pytest.fixture
def url(settings) -> Iterator[str]:
    settings.WEBHOOK_PRIVATE = True
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_works(url) -> None:
    answer = fetch("GET", f"{url}/x?y=1", headers={"Accept": "application/json"})

    assert (answer.status, answer.content, answer.content_type) == (200, b"[]", "application/json")


def test_a_redirect_is_told_of_and_not_followed(url) -> None:
    answer = fetch("GET", f"{url}/moved")

    assert (answer.status, answer.location) == (302, "http://169.254.169.254/secret")


def test_an_answer_that_is_too_long_is_left(url) -> None:
    with pytest.raises(TooLong):
        fetch("GET", f"{url}/long", most=1000)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::ffff:10.0.0.1"])
def test_the_own_network_is_not_asked(monkeypatch, settings, address) -> None:
    settings.WEBHOOK_PRIVATE = False
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)

    with pytest.raises(AddressRefused):
        fetch("GET", "https://city.example/services.json")


@pytest.mark.parametrize("url", ["", "ftp://x/", "http://example.org/", "https://a:b@example.org/",
                                 "https://example.org/" + "x" * 4000])  # fmt: skip
def test_what_is_no_address(url) -> None:
    with pytest.raises(AddressRefused):
        fetch("GET", url)


def test_where_nobody_listens(settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unreachable):
        fetch("GET", f"http://127.0.0.1:{port}/")
