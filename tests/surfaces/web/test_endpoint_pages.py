"""Administering other cities' servers on the workbench."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django_tasks_db.models import DBTaskResult

from linli.kernel.access.models import AuditEntry
from linli.kernel.exchange import asking, endpoints
from linli.kernel.exchange.endpoints import add_endpoint, server_of
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.kernel.notify.posting import AddressRefused, Unreachable
from tests.foreign_city import URL, ForeignCity, answer

pytestmark = pytest.mark.django_db
PAGE = "/desk/endpoints/"
FORM = {"name": "邻市", "url": f"{URL}/services.json", "key": "k-1", "pulls": "on", "pushes": "on",
        "services": "P1 = pothole\n\nL1=streetlight"}  # fmt: skip


@pytest.fixture
def city(monkeypatch) -> ForeignCity:
    found = ForeignCity()
    monkeypatch.setattr(asking, "fetch", found.fetch)
    monkeypatch.setattr(endpoints, "check_url", lambda url: None)
    return found


@pytest.fixture
def desk(here, client):
    client.force_login(here.secretary)
    return client


@pytest.fixture
def endpoint(here, city) -> Endpoint:
    return add_endpoint(here.community, name="邻市", url=URL, key="k-1", services={"P1": "pothole"},
                        pulls=True, pushes=True)  # fmt: skip


def test_it_works(here, desk, city) -> None:
    assert desk.post(PAGE, FORM).status_code == 302

    endpoint = Endpoint.objects.get()
    assert (endpoint.url, endpoint.format) == (URL, "json")
    assert endpoint.services == {"P1": "pothole", "L1": "streetlight"}
    assert b"k-1" not in bytes(endpoint.key)
    assert server_of(endpoint).key == "k-1"
    page = desk.get(PAGE).text
    assert URL in page
    assert "k-1" not in page
    assert AuditEntry.objects.get(action="open311.added").actor == here.secretary


def test_services_of_the_same_code_by_default(desk, city, monkeypatch) -> None:
    offered = [{"service_code": "pothole"}, {"service_code": "X9"}]
    monkeypatch.setattr("tests.foreign_city.SERVICES", offered)

    desk.post(PAGE, FORM | {"services": ""})

    assert Endpoint.objects.get().services == {"pothole": "pothole"}


def test_one_that_speaks_xml_alone(desk, city) -> None:
    services = b"<services><service><service_code>P1</service_code></service></services>"
    city.failing = lambda method, path: (
        answer(services) if path.endswith("xml") else answer([], 404)
    )

    desk.post(PAGE, FORM | {"services": "P1=pothole"})

    assert Endpoint.objects.get().format == "xml"


@pytest.mark.parametrize("given, field", [
    ({"name": ""}, "name"), ({"name": "x" * 81}, "name"), ({"url": ""}, "url"),
    ({"url": "https://" + "x" * 300}, "url"), ({"url": URL + "?x=1"}, "url"), ({"key": ""}, "key"),
    ({"services": "P1"}, "services"), ({"services": "X9=pothole"}, "services"),
    ({"services": "P1=nonsense"}, "services"), ({"services": "P1=roads"}, "services"),
    ({"pulls": "", "pushes": ""}, "__all__"),
])  # fmt: skip
def test_what_is_missing_or_wrong(desk, city, given, field) -> None:
    answered = desk.post(PAGE, FORM | given)

    assert answered.status_code == 422
    assert set(answered.context["form"].errors) == {field}
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize("failure", [answer(b"<html>"), answer([]), answer({}, 500),
                                     Unreachable("ConnectError")])  # fmt: skip
def test_a_server_that_is_none(desk, city, failure) -> None:
    def fail(method: str, path: str):
        if isinstance(failure, Exception):
            raise failure
        return failure

    city.failing = fail

    assert "url" in desk.post(PAGE, FORM).context["form"].errors


def test_an_address_inside_a_private_network(desk, city, monkeypatch) -> None:
    def refuse(url: str) -> None:
        raise AddressRefused("private")

    monkeypatch.setattr(endpoints, "check_url", refuse)

    assert "url" in desk.post(PAGE, FORM).context["form"].errors
    assert city.asked == []


def test_one_name_once(desk, city, endpoint) -> None:
    assert "name" in desk.post(PAGE, FORM).context["form"].errors


def test_pausing_and_going_on(desk, endpoint) -> None:
    for active in (False, True):
        desk.post(f"{PAGE}{endpoint.uuid}/active/", {"active": "1" if active else "0"})
        endpoint.refresh_from_db()
        assert endpoint.active is active


def test_asking_now(desk, endpoint) -> None:
    desk.post(f"{PAGE}{endpoint.uuid}/now/")

    assert DBTaskResult.objects.count() == 2


def test_removing(desk, endpoint) -> None:
    Exchanged.objects.create(endpoint=endpoint, way="in", state="dead", their_id="C-1")

    desk.post(f"{PAGE}{endpoint.uuid}/remove/")

    assert not Endpoint.objects.exists()


def test_what_was_given_up_is_shown_and_tried_again(here, desk, endpoint) -> None:
    row = Exchanged.objects.create(
        endpoint=endpoint, way="out", state="dead", last_error="403 bad key",
        matter=here.report().matter,
    )  # fmt: skip
    page = desk.get(PAGE).text
    assert "403 bad key" in page
    assert row.matter.number in page

    desk.post(f"{PAGE}shared/{row.uuid}/again/")

    row.refresh_from_db()
    assert row.state == Exchanged.State.WAITING


def test_as_many_queries_for_one_as_for_many(
    here, desk, city, endpoint, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        desk.get(PAGE)
    for number in range(3):
        add_endpoint(here.community, name=str(number), url=URL, services={}, pulls=True)
    with django_assert_num_queries(len(one)):
        desk.get(PAGE)


@pytest.mark.parametrize("role", ["resident", "handler", "dispatcher", "supervisor"])
def test_only_for_those_who_may(here, client, endpoint, role) -> None:
    client.force_login(getattr(here, role))

    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{endpoint.uuid}/remove/").status_code == 403
    assert Endpoint.objects.exists()


@pytest.mark.parametrize("what", ["active", "now", "remove"])
def test_one_of_another_community(elsewhere, client, endpoint, what) -> None:
    client.force_login(elsewhere.secretary)

    assert client.post(f"{PAGE}{endpoint.uuid}/{what}/").status_code == 404
    assert client.post(f"{PAGE}{uuid4()}/{what}/").status_code == 404
    assert client.post(f"{PAGE}shared/{uuid4()}/again/").status_code == 404


def test_the_desk_is_asked_only_where_something_can_be_sent(here, client, city) -> None:
    client.force_login(here.dispatcher)
    matter = here.at_stage("received", by=here.resident)
    page = f"/desk/m/{matter.number}/"
    shown = client.get(page).text
    assert 'type="hidden" name="refer-endpoint"' in shown
    assert 'type="hidden" name="refer-handover"' in shown

    add_endpoint(
        here.community, name="邻市", url=URL, key="k", services={"P1": "pothole"}, pushes=True
    )

    assert "邻市" in client.get(page).text
