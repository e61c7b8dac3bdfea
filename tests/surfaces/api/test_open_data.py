"""Open data over the API: what is out, and its files."""

from __future__ import annotations

import hashlib

import pytest

from linli.kernel.access.tokens import issue
from linli.mechanisms.casework.opendata.preparing import prepare
from linli.mechanisms.casework.opendata.releasing import let_out
from tests.mechanisms.casework.opendata.a_month import DAY, a_month


@pytest.fixture
def get(client, here):
    token = issue(here.resident, here.community, "test", None)
    return lambda address: client.get(address, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def released(here):
    a_month(here)
    release = prepare(here.community, DAY)
    let_out(release, here.supervisor, "看过")
    return let_out(release, here.secretary, "同意")


def test_it_works(get, client, released) -> None:
    found = get("/api/v1/open-data").json()
    file = found[0]["files"][0]
    answer = get(f"/api/v1/open-data/files/{file['name']}")

    assert [one["period"] for one in found] == ["2026-03"]
    assert found[0]["rule"]["k"] == 5
    assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
    assert client.get(file["address"]).content == answer.content


def test_what_waits_is_not_listed(get, here) -> None:
    a_month(here)
    release = prepare(here.community, DAY)

    assert get("/api/v1/open-data").json() == []
    name = release.files.first().name
    assert get(f"/api/v1/open-data/files/{name}").status_code == 404


def test_a_token_is_needed(client, released) -> None:
    assert client.get("/api/v1/open-data").status_code == 401


def test_a_file_of_elsewhere_is_not_there(client, elsewhere, released) -> None:
    token = issue(elsewhere.resident, elsewhere.community, "test", None)
    name = released.files.first().name
    answer = client.get(
        f"/api/v1/open-data/files/{name}", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 404


def test_a_name_that_is_none(get, here) -> None:
    assert get("/api/v1/open-data/files/a%20b").status_code == 422


def test_too_many_downloads(get, released, settings) -> None:
    settings.RATE_LIMITS = {"open_data": "1/h"}
    name = released.files.first().name

    assert get(f"/api/v1/open-data/files/{name}").status_code == 200
    assert get(f"/api/v1/open-data/files/{name}").status_code == 429
