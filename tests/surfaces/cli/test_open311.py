"""`linli open311`, and keys by `linli token create --scope open311`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from linli.kernel.access.models import ApiToken
from linli.kernel.access.tokens import verify
from linli.kernel.exchange import asking, endpoints
from linli.kernel.exchange.endpoints import server_of
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.kernel.matters.models import Matter
from tests.foreign_city import URL, ForeignCity, answer, item


@pytest.fixture
def city(monkeypatch) -> ForeignCity:
    found = ForeignCity()
    monkeypatch.setattr(asking, "fetch", found.fetch)
    monkeypatch.setattr(endpoints, "check_url", lambda url: None)
    return found


@pytest.fixture
def added(linli, here, city, tmp_path):
    """An endpoint added as people add one; returns what was said."""
    key = tmp_path / "key.txt"
    key.write_text("k-1\n")
    return linli("open311", "add", "City", URL, "--key-file", key, "--push", "--pull",
                 "--service", "P1=pothole", "--since", "2026-11-01")  # fmt: skip


def test_it_works(linli, added, city) -> None:
    assert (added.code, added.out) == (0, "Added, with 1 services.\n")
    endpoint = Endpoint.objects.get()
    assert server_of(endpoint).key == "k-1"
    assert endpoint.since == datetime(2026, 11, 1, tzinfo=UTC)
    city.requests = [item("C-1")]

    assert linli("open311", "pull").out == "City: 1 new, 0 changed, 0 refused.\n"
    assert linli("open311", "pull", "City").out == "City: 0 new, 0 changed, 0 refused.\n"
    assert Matter.objects.count() == 1
    assert linli("open311", "push").out == "City: 0 sent, 0 waiting, 0 given up.\n"
    listed = linli("open311", "endpoints")
    assert "1 fetched, 0 sent" in listed.out
    (told,) = json.loads(linli("open311", "endpoints", "--json").out)
    assert (told["name"], told["fetched"]) == ("City", 1)
    assert "k-1" not in str(told)


def test_a_fetch_that_fails_is_said(linli, added, city) -> None:
    city.failing = lambda method, path: answer([], 503)

    done = linli("open311", "pull")

    assert (done.code, done.err) == (1, "City: 503\n")
    assert "503" in linli("open311", "endpoints").out


def test_pausing_trying_again_and_removing(linli, added) -> None:
    endpoint = Endpoint.objects.get()
    Exchanged.objects.create(endpoint=endpoint, way="out", state="dead")

    assert linli("open311", "again", "City").out == "1 will be tried again.\n"
    linli("open311", "pause", "City")
    assert linli("open311", "pull").out == ""
    linli("open311", "resume", "City")
    assert Endpoint.objects.get().active
    linli("open311", "remove", "City")
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize("more, part", [
    (["--push"], "key"), (["--pull", "--service", "P1"], "THEIRS=OURS"),
    (["--pull", "--service", "X9=pothole"], "X9"), (["--pull", "--service", "P1=nonsense"], "nonsense"),
    (["--pull", "--since", "yesterday"], "date"), (["--pull", "--since", "2026-02-30"], "date"),
    (["--pull", "--key-file", "/no/such/file"], "file"), (["--pull", "--community", "x"], "community"),
])  # fmt: skip
def test_what_is_missing_or_wrong(linli, here, city, more, part) -> None:
    done = linli("open311", "add", "City", URL, *more)

    assert done.code == 1
    assert part in done.err
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize("what", ["pull", "push", "pause", "resume", "again", "remove"])
def test_an_endpoint_nobody_has(linli, here, what) -> None:
    done = linli("open311", what, "Nowhere")

    assert (done.code, done.err) == (1, "There is no endpoint “Nowhere”.\n")


def test_a_key_for_open311(linli, here) -> None:
    done = linli("token", "create", here.stranger.username, "--name", "app", "--scope", "open311")

    assert verify(done.out.strip()) is None
    assert verify(done.out.strip(), ApiToken.Scope.OPEN311)
    assert "open311" in linli("token", "list").out
