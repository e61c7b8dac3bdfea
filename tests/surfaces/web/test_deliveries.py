"""The page of what waits and what was given up, and trying again."""

from __future__ import annotations

from uuid import uuid4

import pytest

from linli.kernel.access.models import AuditEntry
from linli.kernel.notify.models import Notice

pytestmark = pytest.mark.django_db
PAGE = "/desk/deliveries/"


@pytest.fixture
def dead(here, client):
    """A letter that was given up; the secretary looks."""
    here.report(by=here.resident, text="王大妈家漏水")
    notice = Notice.objects.filter(channel="email").first()
    Notice.objects.filter(pk=notice.pk).update(state="dead", attempts=9, last_error="450 <busy>")
    client.force_login(here.secretary)
    return notice


def test_it_works(client, dead) -> None:
    page = client.get(PAGE)

    assert page.status_code == 200
    assert "450 &lt;busy&gt;" in page.text
    assert dead.matter.number in page.text


def test_nobody_is_named(here, client, dead) -> None:
    page = client.get(PAGE).text

    assert here.dispatcher.display_name not in page
    assert "王大妈" not in page


def test_what_waits_stands_on_a_list_of_its_own(client, dead) -> None:
    page = client.get(PAGE, {"state": "waiting"})

    assert [notice.channel for notice, _ in page.context["rows"]] == ["push"]
    assert not client.get(PAGE, {"way": "push"}).context["rows"]


@pytest.mark.parametrize("asked", [{"state": "x"}, {"way": "site"}, {"page": "x"}, {"page": "99"}])
def test_an_unknown_choice_shows_what_was_given_up(client, dead, asked) -> None:
    page = client.get(PAGE, asked)

    assert [notice.pk for notice, _ in page.context["rows"]] == [dead.pk]


@pytest.mark.parametrize("role", ["resident", "dispatcher", "handler", "supervisor", "stranger"])
def test_without_the_power_it_is_closed(here, client, dead, role) -> None:
    client.force_login(getattr(here, role))

    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}again/").status_code == 403
    assert client.post(f"{PAGE}{dead.uuid}/again/").status_code == 403


def test_one_can_be_tried_again(client, dead) -> None:
    client.post(f"{PAGE}{dead.uuid}/again/")

    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("waiting", 0)
    assert client.post(f"{PAGE}{dead.uuid}/again/").status_code == 302


def test_all_can_be_tried_again(here, client, dead) -> None:
    client.post(f"{PAGE}again/")

    assert not Notice.objects.filter(state="dead").exists()
    assert AuditEntry.objects.get(action="notices.tried_again").details == {"number": 1}
    client.post(f"{PAGE}again/")
    assert AuditEntry.objects.filter(action="notices.tried_again").count() == 1


def test_another_communitys_are_not_there(here, elsewhere, client, dead) -> None:
    client.force_login(elsewhere.secretary)

    assert not client.get(PAGE).context["rows"]
    assert client.post(f"{PAGE}{dead.uuid}/again/").status_code == 404
    client.post(f"{PAGE}again/")
    dead.refresh_from_db()
    assert dead.state == "dead"


def test_what_is_not_there(client, dead) -> None:
    assert client.post(f"{PAGE}{uuid4()}/again/").status_code == 404
    assert client.get(f"{PAGE}{dead.uuid}/again/").status_code == 405


def test_many_cost_no_more_queries(here, client, dead, django_assert_max_num_queries) -> None:
    for _ in range(5):
        here.report(by=here.resident)
    Notice.objects.filter(state="waiting").update(state="dead")

    with django_assert_max_num_queries(12):
        client.get(PAGE)
