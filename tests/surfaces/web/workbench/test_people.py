"""Accounts and posts, given by those who administer them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.access.models import AuditEntry
from linli.kernel.organisations.models import Membership
from linli.kernel.people.models import Person

PEOPLE = "/desk/people/"


def filled(here, **other) -> dict[str, str]:
    return {"username": "new-handler", "display_name": "李师傅", "role": "handler",
            "organisation": str(here.roads.uuid), **other}  # fmt: skip


def test_it_works(here, desk, text) -> None:
    page = text(desk("secretary").get(PEOPLE))
    assert str(here.handler) in page
    assert here.roads.name in page


def test_an_account_is_made_and_its_password_shown_once(here, desk, text) -> None:
    client = desk("secretary")
    answer = client.post(f"{PEOPLE}new/", filled(here))
    person = Person.objects.get(username="new-handler")
    password = answer.context["password"]
    assert person.check_password(password)
    assert password in text(answer)
    assert password not in text(client.get(f"{PEOPLE}{person.uuid}/"))
    assert Membership.objects.get(person=person).organisation == here.roads


@pytest.mark.parametrize(
    "wrong",
    [{"username": ""}, {"username": "DH-HANDLER"}, {"username": "a b"}, {"username": "x" * 200},
     {"role": ""}, {"role": "nonsense"}, {"organisation": ""}, {"organisation": "nonsense"},
     {"since": "gestern"}, {"since": "2026-05-02", "until": "2026-05-01"}],
)  # fmt: skip
def test_what_is_wrong_is_told_and_all_else_kept(here, desk, text, wrong) -> None:
    before = Person.objects.count()
    answer = desk("secretary").post(f"{PEOPLE}new/", filled(here, **wrong))
    assert answer.status_code == 422
    assert 'value="李师傅"' in text(answer)
    assert "ll-field--wrong" in text(answer)
    assert Person.objects.count() == before


def test_nobody_gives_more_than_they_hold(here, desk) -> None:
    clerk = here.person("dh-second", here.committee, "secretary")
    answer = desk("secretary").post(
        f"{PEOPLE}new/", filled(here, organisation=str(here.street.uuid))
    )
    assert answer.status_code == 422  # the street lies above the committee
    assert clerk.is_active


def test_a_post_is_given_and_ended(here, desk) -> None:
    client, person = desk("secretary"), here.handler
    sent = {"organisation": str(here.property_company.uuid), "role": "handler", "title": "副组长"}
    assert client.post(f"{PEOPLE}{person.uuid}/posts/", sent).status_code == 302
    post = Membership.objects.get(person=person, organisation=here.property_company)
    assert client.post(f"{PEOPLE}{person.uuid}/posts/", sent).status_code == 422  # held already
    client.post(f"{PEOPLE}{person.uuid}/posts/{post.pk}/end/")
    assert post not in Membership.objects.current()
    assert AuditEntry.objects.filter(action="people.post_ended").exists()


def test_an_account_is_closed_and_opened_again(here, desk, text) -> None:
    client, address = desk("secretary"), f"{PEOPLE}{here.handler.uuid}/"
    client.post(f"{address}active/", {"active": "0"})
    here.handler.refresh_from_db()
    assert not here.handler.is_active
    client.post(f"{address}active/", {"active": "1"})
    here.handler.refresh_from_db()
    assert here.handler.is_active


def test_a_forgotten_password_is_replaced(here, desk) -> None:
    answer = desk("secretary").post(f"{PEOPLE}{here.handler.uuid}/password/")
    here.handler.refresh_from_db()
    assert here.handler.check_password(answer.context["password"])


def test_nobody_does_this_to_themselves(here, desk, text) -> None:
    client, address = desk("secretary"), f"{PEOPLE}{here.secretary.uuid}/"
    post = Membership.objects.get(person=here.secretary)
    client.post(f"{address}active/", {"active": "0"})
    client.post(f"{address}posts/{post.pk}/end/")
    here.secretary.refresh_from_db()
    assert here.secretary.is_active
    assert post in Membership.objects.current()
    assert "/end/" not in text(client.get(address))


@pytest.mark.parametrize("role", ["dispatcher", "handler", "supervisor", "resident"])
@pytest.mark.parametrize("path", ["", "new/"])
def test_who_does_not_administer_is_refused(here, desk, role, path) -> None:
    assert desk(role).get(PEOPLE + path).status_code == 403
    assert desk(role).post(f"{PEOPLE}new/", filled(here)).status_code == 403
    assert not Person.objects.filter(username="new-handler").exists()


def test_people_of_elsewhere_are_not_there(here, elsewhere, desk, text) -> None:
    client = desk("secretary")
    assert client.get(f"{PEOPLE}{elsewhere.handler.uuid}/").status_code == 404
    assert client.post(f"{PEOPLE}{elsewhere.handler.uuid}/password/").status_code == 404
    assert "Xh-" not in text(client.get(PEOPLE))


@pytest.mark.parametrize("words", ["", "handler", "\x00", "%", "x" * 5000])
@pytest.mark.parametrize("page", ["", "0", "999", "x"])
def test_search_and_pages_take_anything(here, desk, words, page) -> None:
    assert desk("secretary").get(PEOPLE, {"q": words, "page": page}).status_code == 200


def test_queries_do_not_grow(here, desk) -> None:
    client, counts = desk("secretary"), []
    for first in (0, 5):
        for number in range(first, first + 5):
            here.person(f"dh-more-{number}", here.roads, "handler")
        with CaptureQueriesContext(connection) as counted:
            client.get(PEOPLE)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 10
