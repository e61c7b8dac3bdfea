"""How often one address may do something, and which address a request comes from."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from linli.kernel.access import rates
from linli.kernel.access.rates import allowed, sender_of, within_rate


@pytest.fixture(autouse=True)
def limits(settings, monkeypatch):
    """Two an hour, on a clock that the test turns."""
    settings.RATE_LIMITS = {"report": "2/h", "free": ""}
    now = [1_000_000 * 3600.0]
    monkeypatch.setattr(rates.time, "time", lambda: now[0])
    cache.clear()
    yield now
    cache.clear()


def test_it_works() -> None:
    assert [allowed("report", "a") for _ in range(3)] == [True, True, False]


def test_each_counts_for_oneself() -> None:
    assert all(allowed("report", "a") for _ in range(2))
    assert allowed("report", "b")


def test_the_next_hour_begins_anew(limits) -> None:
    assert [allowed("report", "a") for _ in range(3)][-1] is False
    limits[0] += 3600
    assert allowed("report", "a")


@pytest.mark.parametrize("name", ["free", "never named"])
def test_without_a_limit_all_is_free(name) -> None:
    assert all(allowed(name, "a") for _ in range(50))


def test_the_sender_is_who_connects(settings) -> None:
    settings.PROXY_HOPS = 0
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.2.3.4"})

    assert sender_of(request) == "127.0.0.1"


@pytest.mark.parametrize(
    ("hops", "claimed", "sender"),
    [
        (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"),  # what stands left of it is the sender's own claim
        (2, "9.9.9.9, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),  # came past the outer proxy
        (1, "", "127.0.0.1"),
        (1, " , ", "127.0.0.1"),
    ],
)
def test_behind_proxies_it_is_whom_the_outermost_saw(settings, hops, claimed, sender) -> None:
    settings.PROXY_HOPS = hops
    request = RequestFactory().get("/", headers={"X-Forwarded-For": claimed})

    assert sender_of(request) == sender


def test_a_made_up_address_gains_no_tries(settings) -> None:
    settings.PROXY_HOPS = 1
    asked = [
        RequestFactory().get("/", headers={"X-Forwarded-For": f"10.0.0.{n}, 1.2.3.4"})
        for n in range(3)
    ]

    assert [within_rate("report", request) for request in asked] == [True, True, False]
