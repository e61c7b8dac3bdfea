"""The questions alone, by the link of a message: without an account, once, the first counts."""

from __future__ import annotations

import re

import pytest

from linli.kernel.access.links import link_for, token_of
from linli.kernel.events.models import Event
from linli.kernel.procedures.performing import perform

GOOD = {"rate-contacted": "true", "rate-solved": "true", "rate-satisfaction": "4"}
BY_PHONE = {"contacted": True, "solved": True, "satisfaction": 2}


@pytest.fixture
def asked(here):
    """A guest's matter reported done, and the address of the questions."""
    matter = here.report(phone="13955550137").matter
    for action, by, facts in (
        ("triage", here.dispatcher, {"category": "pothole"}),
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("reply", here.handler, {"text": "办"}),
        ("solve", here.handler, {"text": "灯换好了"}),
    ):
        perform(matter, action, by=by, facts=facts)
    matter.refresh_from_db()
    return matter, f"/t/{token_of(link_for(matter, matter.reporter))}/rate/"


def fields(page: str) -> dict[str, str]:
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
        for name in ("rate-key", "rate-version", "round")
    }


def test_it_works(client, asked) -> None:
    matter, address = asked
    page = client.get(address).content.decode()
    assert "灯换好了" in page

    answer = client.post(address, GOOD | fields(page), follow=True)

    assert answer.context["done"]
    event = Event.objects.get(matter=matter, kind="casework.rated")
    assert (event.facts["through"], event.facts["satisfaction"]) == ("link", 4)


def test_a_note_taken_meanwhile_does_not_stop_the_answer(client, asked, here) -> None:
    matter, address = asked
    page = client.get(address).content.decode()
    perform(matter, "not_reached", by=here.caller)

    assert client.post(address, GOOD | fields(page)).status_code == 302


def test_the_first_answer_counts_and_the_later_one_is_told_so(client, asked, here) -> None:
    matter, address = asked
    page = client.get(address).content.decode()
    perform(matter, "call_back", by=here.caller, facts=BY_PHONE)

    answer = client.post(address, GOOD | fields(page))

    assert (answer.status_code, answer.context["too_late"]) == (409, True)
    assert answer.context["given"].sentence in answer.content.decode()
    assert Event.objects.filter(matter=matter, kind="casework.rated").count() == 0
    assert client.get(address).context["given"] is not None


def test_the_tracking_page_tells_it_too(client, asked, here) -> None:
    matter, address = asked
    tracking = address.removesuffix("rate/")
    page = client.get(tracking).content.decode()
    version = re.search(r'name="rate-version" value="([^"]*)"', page)[1]
    perform(matter, "call_back", by=here.caller, facts=BY_PHONE)

    answer = client.post(f"{tracking}do/rate/", GOOD | {"rate-version": version, "rate-key": "k"})

    assert answer.status_code == 409
    assert "电话" in answer.content.decode() or "telephone" in answer.content.decode()


def test_sent_twice_it_counts_once(client, asked) -> None:
    matter, address = asked
    sent = GOOD | fields(client.get(address).content.decode())

    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 409]
    assert Event.objects.filter(matter=matter, kind="casework.rated").count() == 1


def test_questions_of_an_earlier_round_are_not_answered(client, asked, here) -> None:
    matter, address = asked
    old = fields(client.get(address).content.decode())
    not_solved = {"contacted": True, "solved": False, "satisfaction": 1}
    perform(matter, "call_back", by=here.caller, facts=not_solved)
    perform(matter, "solve", by=here.handler, facts={"text": "又换了"})

    answer = client.post(address, GOOD | old)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert client.post(address, GOOD | fields(page) | {"rate-key": "anew"}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [{"rate-solved": ""}, {"rate-satisfaction": "9"}, {"rate-comment": "长" * 5_001}],
)
def test_what_is_no_answer_is_refused_and_kept(client, asked, wrong) -> None:
    matter, address = asked
    sent = GOOD | fields(client.get(address).content.decode()) | wrong
    answer = client.post(address, sent)

    assert answer.status_code == 422
    matter.refresh_from_db()
    assert matter.stage == "solved"


def test_before_it_is_done_there_is_nothing_to_answer(client, here) -> None:
    matter = here.report().matter
    address = f"/t/{token_of(link_for(matter, matter.reporter))}/rate/"

    assert client.get(address).context["form"] is None
    assert client.post(address, GOOD).status_code == 409


def test_a_wrong_link_leads_nowhere(client, here) -> None:
    assert client.get(f"/t/{'a' * 26}/rate/").status_code == 404
