"""The page for everyone, the files, and the page on which a release is decided."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.organisations.models import Membership
from linli.mechanisms.casework.opendata.models import Release
from linli.mechanisms.casework.opendata.preparing import prepare
from linli.mechanisms.casework.opendata.releasing import let_out
from tests.mechanisms.casework.opendata.a_month import DAY, a_month


@pytest.fixture
def release(here) -> Release:
    a_month(here)
    return prepare(here.community, DAY)


@pytest.fixture
def released(here, release) -> Release:
    let_out(release, here.supervisor, "看过")
    return let_out(release, here.secretary, "同意")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def csv_of(release: Release):
    return release.files.get(name__endswith=".csv")


def test_it_works(client, released) -> None:
    page = client.get("/open-data/?c=dh")
    file = csv_of(released)
    answer = client.get(f"/open-data/files/{file.name}")

    assert page.status_code == 200
    assert file.name in page.content.decode()
    assert file.sha256 in page.content.decode()
    assert hashlib.sha256(answer.content).hexdigest() == file.sha256
    assert answer["ETag"] == f'"{file.sha256}"'
    assert "immutable" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_known_file_is_not_sent_again_and_gzip_where_it_is_taken(client, released) -> None:
    address = f"/open-data/files/{csv_of(released).name}"
    tag = client.get(address)["ETag"]
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(client.get(address).content)


def test_what_waits_is_nobodys(client, release) -> None:
    assert client.get(f"/open-data/files/{csv_of(release).name}").status_code == 404
    assert csv_of(release).name not in client.get("/open-data/?c=dh").content.decode()


@pytest.mark.parametrize("name", ["nonsense", "..%2f..%2fetc", "x" * 300, "%00.csv"])
def test_a_file_that_is_not_there(client, here, name) -> None:
    assert client.get(f"/open-data/files/{name}").status_code == 404


def test_too_many_downloads(client, released, settings) -> None:
    settings.RATE_LIMITS = {"open_data": "2/h"}
    address = f"/open-data/files/{csv_of(released).name}"

    answers = [client.get(address) for _again in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_the_page_asks_few_questions_of_the_database(client, released) -> None:
    client.get("/open-data/?c=dh")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/open-data/?c=dh")

    assert len(asked) <= 8


def test_two_people_release_it_on_the_workbench(here, release) -> None:
    address = f"/desk/open-data/{release.uuid}/"
    first, second = signed_in(here.supervisor), signed_in(here.secretary)
    page = first.get(address).content.decode()
    first.post(f"{address}decide/", {"reason": "看过最小的组合", "decision": "release"})
    own = first.post(f"{address}decide/", {"reason": "再看", "decision": "release"})
    second.post(f"{address}decide/", {"reason": "同意", "decision": "release"})
    release.refresh_from_db()

    assert "dh-grid-1" in page
    assert own.status_code == 422
    assert release.state == Release.State.RELEASED
    assert release.reason == "同意"


def test_a_reason_that_lacks_or_is_too_long_changes_nothing(here, release) -> None:
    client, address = signed_in(here.supervisor), f"/desk/open-data/{release.uuid}/decide/"
    without = client.post(address, {"decision": "release"})
    long = client.post(address, {"decision": "refuse", "reason": "长" * 501})
    release.refresh_from_db()

    assert (without.status_code, long.status_code) == (422, 422)
    assert "长" * 501 in long.content.decode()
    assert release.state == Release.State.PREPARED


def test_refusing_and_preparing_again(here, release, monkeypatch) -> None:
    Membership.objects.update(since="2026-01-01")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 4, 20, tzinfo=UTC))
    client = signed_in(here.supervisor)
    client.post(f"/desk/open-data/{release.uuid}/decide/",
                {"decision": "refuse", "reason": "太小"})  # fmt: skip
    made = client.post("/desk/open-data/prepare/")
    again = client.post("/desk/open-data/prepare/", follow=True)

    assert made.status_code == 302
    assert Release.objects.filter(state=Release.State.PREPARED).count() == 1
    assert again.status_code == 200


def test_a_correction_waits_for_people_again(here, released) -> None:
    client, address = signed_in(here.supervisor), f"/desk/open-data/{released.uuid}/correct/"

    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "漏算"}).status_code == 302
    assert client.post(address, {"reason": "漏算"}).status_code == 422
    assert Release.objects.get(edition=2).state == Release.State.PREPARED


@pytest.mark.parametrize("role", ["handler", "caller", "dispatcher", "resident", "stranger"])
def test_who_may_not_look(here, release, role) -> None:
    client, address = signed_in(getattr(here, role)), f"/desk/open-data/{release.uuid}/"

    assert client.get("/desk/open-data/").status_code == 403
    assert client.get(address).status_code == 403
    assert client.post(f"{address}decide/", {"reason": "x"}).status_code == 403


def test_a_release_of_elsewhere_is_not_there(here, elsewhere, release) -> None:
    client = signed_in(elsewhere.supervisor)

    assert client.get(f"/desk/open-data/{release.uuid}/").status_code == 404


def test_the_list_of_the_workbench(here, released) -> None:
    page = signed_in(here.supervisor).get("/desk/open-data/")

    assert "2026-03" in page.content.decode()
