"""The calendar of deadlines: a secret link, made and revoked, and what a program reads by it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from linli.kernel.access.models import ApiToken
from linli.kernel.access.tokens import issue
from linli.kernel.deadlines.models import Clock
from linli.kernel.organisations.models import Community, Membership
from linli.kernel.procedures.performing import perform
from tests.mechanisms.whistle.whistling import blow, call_of

ZONE = ZoneInfo("Asia/Shanghai")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def link(here):
    """The path of the handler's calendar."""
    page = signed_in(here.handler).post("/me/calendar/make/").content.decode()
    return re.search(r'id="link">https?://[^/]+(/calendar/[^<]+)<', page)[1]


def events(answer) -> list:
    assert answer.status_code == 200, answer.status_code
    return Calendar.from_ical(answer.content).events


def test_it_works(here, link: str) -> None:
    matter = here.at_stage("dispatched", text="路灯坏了。")
    answer = Client().get(link)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = events(answer)
    assert {str(event["summary"]) for event in found if event["status"] == "CONFIRMED"} == {
        f"答复：{matter.number} 路面破损",  # what the public reads, not the reporter's own words
        f"接收：{matter.number} 路面破损",
    }
    due = Clock.objects.get(matter=matter, name="accept").due_at
    at = next(event for event in found if "接收" in event["summary"])["dtstart"]
    assert at.params["TZID"] == "Asia/Shanghai"
    assert at.dt == due.astimezone(ZONE).replace(microsecond=0)
    assert found[0]["url"].endswith(f"/desk/m/{matter.number}/")


def test_lines_are_short_and_end_as_the_standard_wants(here, link: str) -> None:
    here.at_stage("dispatched", text="很长的标题" * 30 + ",;\\ 😀")
    content = Client().get(link).content
    assert content.count(b"\n") == content.count(b"\r\n") > 0
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert Calendar.from_ical(content).timezones[0]["tzid"] == "Asia/Shanghai"


def test_neither_contact_data_nor_the_text_is_in_it(here, link: str) -> None:
    here.at_stage("dispatched", text="路灯坏了。我的电话13812345678，住301室。")
    content = Client().get(link).content.decode().replace("\r\n ", "")
    assert "DESCRIPTION" not in content
    assert "301" not in content or "138" not in content


def test_a_promised_day_is_a_whole_day(here, link: str) -> None:
    matter = here.at_stage("accepted")
    day = timezone.now().astimezone(ZONE).date() + timedelta(days=9)
    perform(
        matter, "reply", by=here.handler, facts={"text": "好。", "promised_on": day.isoformat()}
    )
    solve = next(one for one in events(Client().get(link)) if "办结" in one["summary"])
    assert (solve["dtstart"].dt, solve["dtend"].dt) == (day, day + timedelta(days=1))
    assert type(solve["dtstart"].dt) is date


def test_what_was_done_is_told_as_cancelled_under_its_old_name(here, link: str) -> None:
    matter = here.at_stage("dispatched")
    before = {event["uid"]: event for event in events(Client().get(link))}
    accept = next(uid for uid, event in before.items() if "接收" in event["summary"])
    perform(matter, "accept", by=here.handler, facts={})
    after = {event["uid"]: event for event in events(Client().get(link))}
    assert after[accept]["status"] == "CANCELLED"
    assert after[accept]["sequence"] > before[accept]["sequence"]


def test_what_rests_is_tentative(here, link: str) -> None:
    matter = here.at_stage("in_hand")
    perform(matter, "ask_reporter", by=here.handler, facts={"text": "哪一盏？"})
    solve = next(one for one in events(Client().get(link)) if "办结" in one["summary"])
    assert solve["status"] == "TENTATIVE"


def test_call_backs_are_the_desks_and_not_the_units(here, link: str) -> None:
    here.at_stage("solved")
    assert not [one for one in events(Client().get(link)) if "回访" in one["summary"]]
    page = signed_in(here.caller).post("/me/calendar/make/").content.decode()
    desk = re.search(r'id="link">https?://[^/]+(/calendar/[^<]+)<', page)[1]
    assert [one for one in events(Client().get(desk)) if "回访" in one["summary"]]


def test_a_whistle_that_calls_the_unit_is_in_it(here, link: str) -> None:
    call_of(blow(here), here.roads)
    assert [one for one in events(Client().get(link)) if "报到" in one["summary"]]


def test_what_lies_with_others_is_not_in_it(here, elsewhere, link: str) -> None:
    here.at_stage("received")
    elsewhere.at_stage("dispatched")
    assert events(Client().get(link)) == []


def test_what_is_for_named_people_only_is_not_in_it(here, link: str) -> None:
    matter = here.at_stage("dispatched")
    type(matter).objects.filter(pk=matter.pk).update(audience="named")
    assert events(Client().get(link)) == []


def test_a_program_that_asks_again_is_told_that_nothing_changed(here, link: str) -> None:
    matter = here.at_stage("dispatched")
    first = Client().get(link)
    again = Client().get(link, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    perform(matter, "accept", by=here.handler, facts={})
    assert Client().get(link, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_the_number_of_entries_is_limited(here, link: str, monkeypatch) -> None:
    monkeypatch.setattr("linli.kernel.deadlines.agenda.MOST", 3)
    for _ in range(3):
        here.at_stage("dispatched")
    assert len(events(Client().get(link))) == 3


def test_summer_time_is_described_and_kept(here, link: str) -> None:
    Community.objects.update(timezone="Europe/Berlin")
    Membership.objects.update(since=date(2026, 1, 1))  # where it is still yesterday
    matter = here.at_stage("dispatched")
    berlin = ZoneInfo("Europe/Berlin")
    for name, due in (
        ("accept", datetime(2027, 3, 27, 12, tzinfo=berlin)),
        ("reply", datetime(2027, 3, 29, 12, tzinfo=berlin)),
    ):
        Clock.objects.filter(matter=matter, name=name).update(due_at=due)
    calendar = Calendar.from_ical(Client().get(link).content)
    zone = calendar.timezones[0]
    assert zone["tzid"] == "Europe/Berlin"
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}
    hours = [event["dtstart"].dt for event in calendar.events if event["status"] == "CONFIRMED"]
    assert {(at.hour, at.utcoffset()) for at in hours} == {
        (12, timedelta(hours=1)),
        (12, timedelta(hours=2)),
    }


# --- the link --------------------------------------------------------------------------------
def test_the_link_is_shown_once_and_only_its_digest_is_stored(here, link: str) -> None:
    token = link.removeprefix("/calendar/").removesuffix(".ics")
    kept = ApiToken.objects.get(scope="calendar")
    assert token not in kept.digest
    assert token not in signed_in(here.handler).get("/me/calendar/").content.decode()


def test_renewed_the_old_one_stops(here, link: str) -> None:
    page = signed_in(here.handler).post("/me/calendar/make/").content.decode()
    assert Client().get(link).status_code == 404
    new = re.search(r'id="link">https?://[^/]+(/calendar/[^<]+)<', page)[1]
    assert Client().get(new).status_code == 200


def test_revoked_it_opens_nothing(here, link: str) -> None:
    client = signed_in(here.handler)
    assert client.post("/me/calendar/revoke/").status_code == 302
    assert Client().get(link).status_code == 404
    assert client.post("/me/calendar/revoke/").status_code == 302  # again changes nothing


def test_who_left_sees_nothing_more(here, link: str) -> None:
    here.at_stage("dispatched")
    Membership.objects.filter(person=here.handler).delete()
    assert events(Client().get(link)) == []
    here.handler.is_active = False
    here.handler.save()
    assert Client().get(link).status_code == 404


def test_it_opens_nothing_but_the_calendar(here, link: str) -> None:
    token = link.removeprefix("/calendar/").removesuffix(".ics")
    answer = Client().get("/api/v1/matters", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    other = issue(here.handler, here.community, "programme", None)
    assert Client().get(f"/calendar/{other}.ics").status_code == 404


@pytest.mark.parametrize("token", ["x", "linli_" + "a" * 49, "A" * 5000])
def test_what_is_no_link_is_not_found(here, token: str) -> None:
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_guessing_is_slowed(here, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "wrong_link": "2/h"}
    answers = [Client().get("/calendar/x.ics") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert int(answers[2]["Retry-After"]) > 0


@pytest.mark.parametrize("who", ["resident", "stranger"])
def test_residents_have_none(here, who: str) -> None:
    client = signed_in(getattr(here, who))
    assert client.get("/me/calendar/").status_code == 403
    assert client.post("/me/calendar/make/").status_code == 403
    assert not ApiToken.objects.exists()


# --- files of one matter ----------------------------------------------------------------------
def test_staff_take_the_deadlines_of_one_matter(here) -> None:
    matter = here.at_stage("dispatched")
    answer = signed_in(here.handler).get(f"/desk/m/{matter.number}/deadlines.ics")
    assert len(events(answer)) == 2
    assert signed_in(here.other_handler).get(
        f"/desk/m/{matter.number}/deadlines.ics"
    ).status_code in (403, 404)


def test_the_reporter_takes_the_promised_day(here) -> None:
    matter = here.at_stage("accepted")
    client, path = signed_in(here.resident), f"/matters/{matter.number}/promise.ics"
    assert client.get(path).status_code == 404
    day = timezone.now().astimezone(ZONE).date() + timedelta(days=9)
    perform(
        matter, "reply", by=here.handler, facts={"text": "好。", "promised_on": day.isoformat()}
    )
    (event,) = events(client.get(path))
    assert event["dtstart"].dt == day
    assert path in client.get(f"/matters/{matter.number}/").content.decode()


def test_the_secret_link_is_not_in_the_file_of_a_guest(here) -> None:
    told = here.report(text="路灯坏了。")
    token, matter = told.result["token"], told.matter
    day = timezone.now().astimezone(ZONE).date() + timedelta(days=9)
    for name, person, facts in (
        ("triage", here.dispatcher, {"category": "pothole"}),
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("accept", here.handler, {}),
        ("reply", here.handler, {"text": "好。", "promised_on": day.isoformat()}),
    ):
        perform(matter, name, by=person, facts=facts)
        matter.refresh_from_db()
    answer = Client().get(f"/t/{token}/promise.ics")
    assert len(events(answer)) == 1
    assert token.encode() not in answer.content


def test_it_takes_few_queries(here, link: str, django_assert_num_queries) -> None:
    for _ in range(4):
        here.at_stage("dispatched")
    Client().get(link)
    with django_assert_num_queries(5):  # link, posts, their areas, what runs, what was done
        Client().get(link)
