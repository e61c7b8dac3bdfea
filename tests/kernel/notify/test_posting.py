"""Which machines may be called, and how long and how much they may answer."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from linli.kernel.notify.posting import (
    ANSWER_BYTES,
    AddressRefused,
    Unreachable,
    check_url,
    is_public,
    post,
)


@pytest.fixture
def resolves(monkeypatch):
    """Let every host have these addresses."""

    def to(*addresses: str) -> None:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)

    return to


def test_a_public_host_may_be_called(resolves) -> None:
    resolves("93.184.216.34")

    check_url("https://example.org/hook?x=1")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_the_own_network_may_not(address, resolves) -> None:
    assert not is_public(address)
    resolves("93.184.216.34", address)
    with pytest.raises(AddressRefused):
        check_url("https://example.org/")
    with pytest.raises(AddressRefused):
        post("https://example.org/", b"", {})


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "https://",
        "https://a:b@example.org/", "https://example.org:99999/", "https://[::1/",
        "https://例子.测试/", "https://example.org/ x", "https://example.org/#x",
        "https://example.org/" + "x" * 500, "https://example.org/\x00",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url, resolves) -> None:
    resolves("93.184.216.34")
    with pytest.raises(AddressRefused):
        check_url(url)


def test_a_host_nobody_knows_is_refused(monkeypatch) -> None:
    def unknown(*args, **kwargs):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(AddressRefused):
        check_url("https://nowhere.example/")


def test_an_answer_is_read_only_so_far(receiver) -> None:
    receiver.status, receiver.body = 200, b"x" * 10_000_000

    reply = post(receiver.url, b"{}", {})

    assert reply.accepted
    assert len(reply.excerpt) <= ANSWER_BYTES


def test_one_that_is_slow_is_left(receiver) -> None:
    receiver.pause = 5
    began = time.monotonic()

    with pytest.raises(Unreachable):
        post(receiver.url, b"", {}, seconds=0.5)

    assert time.monotonic() - began < 2


def test_one_that_drips_is_left_too(settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def drip() -> None:
            connection, _ = server.accept()
            try:
                for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100:
                    connection.sendall(bytes([letter]))
                    time.sleep(0.1)
            except OSError:
                pass

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(Unreachable):
            post(f"http://127.0.0.1:{port}/", b"", {}, seconds=1)
        assert time.monotonic() - began < 3


def test_where_nobody_listens(settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unreachable):
        post(f"http://127.0.0.1:{port}/", b"", {})


def test_the_operators_own_gateway_may_be_near(receiver, settings) -> None:
    settings.WEBHOOK_PRIVATE = False

    assert post(receiver.url, b"{}", {}, trusted=True).accepted
