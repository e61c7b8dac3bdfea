"""The queue of call-backs: take one, see the number on record, note what came of it."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.people.contacts import set_contact
from linli.kernel.people.models import ContactReveal
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.models import CallClaim

CALLS = "/desk/calls/"
ANSWER = {"call_back-contacted": "true", "call_back-solved": "true", "call_back-satisfaction": "4"}
NUMBER = "13955550137"


@pytest.fixture
def done(here):
    """A matter reported done, its reporter with a telephone."""
    set_contact(here.resident, "phone", NUMBER)
    return here.at_stage("solved", text="楼道灯不亮")


def hidden(page: str, action: str) -> dict[str, str]:
    return {
        f"{action}-{name}": re.search(rf'name="{action}-{name}" value="([^"]*)"', page)[1]
        for name in ("version", "key")
    }


def taken(client, matter) -> str:
    """Take the next call and return the page of it."""
    answer = client.post(f"{CALLS}next/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{CALLS}{matter.number}/"
    return answer.content.decode()


def test_it_works(done, desk) -> None:
    client = desk("caller")
    page = taken(client, done)
    assert NUMBER not in page
    assert "139" in page

    answer = client.post(f"{CALLS}{done.number}/do/call_back/", ANSWER | hidden(page, "call_back"))

    assert answer["Location"] == CALLS
    done.refresh_from_db()
    assert (done.stage, done.servicerequest.satisfaction) == ("closed", 4)
    assert not CallClaim.objects.exists()


def test_the_number_is_shown_to_whom_has_the_call_and_kept(done, desk) -> None:
    client, other = desk("caller"), desk("secretary")
    taken(client, done)

    assert other.post(f"{CALLS}{done.number}/contact/", {"kind": "phone"}).status_code == 403
    page = client.post(f"{CALLS}{done.number}/contact/", {"kind": "phone"}).content.decode()

    assert f'href="tel:{NUMBER}"' in page
    kept = ContactReveal.objects.get()
    assert (kept.matter, kept.kind) == (done, "phone")
    assert done.number in kept.reason


def test_a_kind_that_is_none_is_not_there(done, desk) -> None:
    client = desk("caller")
    taken(client, done)

    assert client.post(f"{CALLS}{done.number}/contact/", {"kind": "shoe"}).status_code == 404
    gone = client.post(f"{CALLS}{done.number}/contact/", {"kind": "email"})
    assert gone["Location"] == f"{CALLS}{done.number}/"


def test_another_sees_who_is_calling_and_gets_no_form(done, desk) -> None:
    taken(desk("caller"), done)
    other = desk("secretary")

    page = other.get(f"{CALLS}{done.number}/").content.decode()
    assert "Dh-Caller" in page
    assert "call_back-solved" not in page
    assert other.post(f"{CALLS}{done.number}/take/")["Location"] == CALLS
    assert other.post(f"{CALLS}next/")["Location"] == CALLS


def test_put_back_it_is_free(done, desk) -> None:
    client = desk("caller")
    taken(client, done)
    client.post(f"{CALLS}{done.number}/let-go/")

    taken(desk("secretary"), done)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"not_reached-outcome": "later"}, "call_at"),
        ({"not_reached-outcome": "later", "not_reached-call_at": "soon"}, "call_at"),
        ({"not_reached-outcome": "asleep"}, "outcome"),
    ],
)
def test_a_wrong_outcome_is_said_beside_its_field_and_keeps_what_was_typed(
    done, desk, typed, wrong
) -> None:
    client = desk("caller")
    page = taken(client, done)
    data = typed | hidden(page, "not_reached") | {"not_reached-note": "说在开会"}
    answer = client.post(f"{CALLS}{done.number}/do/not_reached/", data)

    assert answer.status_code == 422
    assert wrong in answer.context["forms"]["not_reached"].errors
    assert "说在开会" in answer.content.decode()
    done.refresh_from_db()
    assert done.servicerequest.contact_tries == 0


def test_a_wish_is_taken_down_in_the_communitys_time(done, desk) -> None:
    client = desk("caller")
    page = taken(client, done)
    wish = timezone.localtime(timezone=ZoneInfo("Asia/Shanghai")) + timedelta(days=1)
    typed = {"not_reached-outcome": "later", "not_reached-call_at": f"{wish:%Y-%m-%dT%H:%M}"}
    client.post(f"{CALLS}{done.number}/do/not_reached/", typed | hidden(page, "not_reached"))

    done.refresh_from_db()
    again = done.servicerequest.call_again_at
    assert again == wish.replace(second=0, microsecond=0)
    assert [row["matter"] for row in client.get(CALLS).context["later"]] == [done]


def test_the_first_answer_counts_and_the_caller_is_told(done, here, desk) -> None:
    client = desk("caller")
    page = taken(client, done)
    given = {"contacted": True, "solved": True, "satisfaction": 5}
    perform(done, "rate", by=here.resident, facts=given)

    sent = ANSWER | hidden(page, "call_back")
    answer = client.post(f"{CALLS}{done.number}/do/call_back/", sent, follow=True)

    assert answer.redirect_chain[-1][0] == CALLS
    assert done.number in answer.content.decode()
    done.refresh_from_db()
    assert done.servicerequest.satisfaction == 5


def test_sent_twice_it_is_noted_once(done, desk) -> None:
    client = desk("caller")
    sent = ANSWER | hidden(taken(client, done), "call_back")
    for _ in range(2):
        answer = client.post(f"{CALLS}{done.number}/do/call_back/", sent)
        assert answer["Location"] == CALLS
    done.refresh_from_db()
    assert done.servicerequest.contact_tries == 1


def test_the_question_is_sent_by_message_with_its_own_page(here, desk) -> None:
    from linli.kernel.notify.models import Notice
    from linli.kernel.notify.texts import compose_all

    matter = here.report(phone=NUMBER).matter
    for action, by, facts in (
        ("triage", here.dispatcher, {"category": "pothole"}),
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("reply", here.handler, {"text": "办"}),
        ("solve", here.handler, {"text": "好"}),
    ):
        perform(matter, action, by=by, facts=facts)
    client = desk("caller")
    page = taken(client, matter)
    Notice.objects.all().delete()
    client.post(f"{CALLS}{matter.number}/do/send_question/", hidden(page, "send_question"))

    notices = list(Notice.objects.select_related("person", "matter__pack", "matter__community",
                                                 "event__answerable"))  # fmt: skip
    assert notices
    assert all(text.path.endswith("/rate/") for text in compose_all(notices).values())


@pytest.mark.parametrize("role", ["handler", "supervisor", "grid_worker", "resident"])
def test_only_callers_come_in(done, desk, role) -> None:
    client = desk(role)

    assert client.get(CALLS).status_code == 403
    for address in ("next/", f"{done.number}/take/", f"{done.number}/contact/"):
        assert client.post(CALLS + address).status_code == 403


def test_what_is_not_to_be_called_is_not_there(here, desk) -> None:
    matter = here.at_stage("in_hand")
    client = desk("caller")

    assert client.get(f"{CALLS}{matter.number}/").status_code == 404
    assert client.get(f"{CALLS}DH-2026-999999/").status_code == 404
    assert client.post(f"{CALLS}{matter.number}/do/withdraw/").status_code == 404


def test_the_queue_costs_the_same_however_long(here, desk) -> None:
    here.at_stage("solved")
    client = desk("caller")
    client.get(CALLS)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(CALLS)
    for _ in range(3):
        here.at_stage("solved", by=here.stranger)
    with CaptureQueriesContext(connection) as many:
        client.get(CALLS)
    assert len(many) == len(few)
