"""吹哨报到 from the whistle to its end: called, there or not, on record, rated both ways."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.matters.models import MatterLink
from linli.kernel.matters.queries import inbox
from linli.kernel.notify.models import Notice
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed
from tests.mechanisms.whistle.whistling import blow, call_of, do

pytestmark = pytest.mark.django_db
RATED = {"on_time": True, "worked": True, "result": 4}


def told(person) -> list[str]:
    rows = Notice.objects.filter(person=person, channel="site").order_by("pk")
    return list(rows.values_list("template", flat=True))


def test_it_works(here) -> None:
    whistle = blow(here)
    roads, company = call_of(whistle, here.roads), call_of(whistle, here.property_company)

    assert told(here.handler) == ["whistle_call.called"]
    roads = do(roads, "report_in", here.handler, how="on_site")
    company = do(company, "report_in", here.other_handler, how="remote")
    do(roads, "supplement", here.handler, text="井盖也坏了。")
    whistle = do(whistle, "record", here.secretary, found="三辆电动车堵住通道。")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    agreed = {"who": str(here.roads.uuid), "what": "装上隔离桩", "by_when": tomorrow}
    whistle = do(whistle, "agree_duty", here.secretary, **agreed)
    for call, judge in ((roads, here.handler), (company, here.other_handler)):
        do(call, "rate", here.secretary, **RATED)
        do(call, "judge", judge, justified=True, clear=True)
    whistle = do(whistle, "close", here.secretary, outcome="通道已经清空。")

    assert whistle.stage == "closed"
    for call in (roads, company):
        call.refresh_from_db()
        assert call.stage == "was_present"
        assert call.whistlecall.late is False
    duty = whistle.whistle.duties.get()
    assert duty.matter.responsible == here.roads
    assert MatterLink.objects.filter(
        source=whistle, target=duty.matter, kind="carried_out_by"
    ).exists()


def test_each_department_has_its_own_clock_and_place_in_the_inbox(here) -> None:
    now = timezone.now()
    whistle = blow(here, at=now)

    call = call_of(whistle, here.roads)
    assert call.due_at == now + timedelta(hours=24)
    assert inbox(here.handler, here.community).matters == [call]
    assert MatterLink.objects.filter(source=call, target=whistle, kind="part_of").exists()


def test_an_emergency_gives_half_an_hour_by_night_and_on_holidays(here) -> None:
    night = timezone.now().replace(month=10, day=2, hour=19, minute=0)  # 03:00 in a holiday week
    whistle = blow(here, case="emergency", at=night)

    assert call_of(whistle, here.roads).due_at == night + timedelta(minutes=30)


def test_a_supervisor_of_a_street_whistles_in_its_name(here) -> None:
    whistle = blow(here, by=here.supervisor)

    assert whistle.desk == here.street


def test_it_arises_from_a_request(here) -> None:
    request = here.at_stage("dispatched")
    whistle = blow(here, about=request.number)

    assert MatterLink.objects.filter(source=whistle, target=request, kind="arises_from").exists()


def test_who_does_not_come_is_shown_and_the_level_above_is_told(here) -> None:
    whistle = blow(here, at=timezone.now() - timedelta(hours=25))
    find_overdue()
    call = call_of(whistle, here.roads)

    assert call.stage == "missing"
    assert call.whistlecall.missed is True
    assert "whistle_call.overdue" in told(here.secretary)
    assert "whistle_call.overdue" in told(here.handler)
    whistle = do(whistle, "record", here.secretary, found="只有我们到场。")
    do(whistle, "close", here.secretary, outcome="另行处理。")
    call.refresh_from_db()
    assert call.stage == "absent"


def test_late_is_late_and_not_absent(here) -> None:
    whistle = blow(here, at=timezone.now() - timedelta(hours=25))
    find_overdue()
    call = do(call_of(whistle, here.roads), "report_in", here.handler)

    assert (call.stage, call.whistlecall.late, call.whistlecall.missed) == ("present", True, True)
    assert call.whistlecall.seconds >= 25 * 3600


def test_late_before_the_worker_noticed(here) -> None:
    whistle = blow(here, at=timezone.now() - timedelta(hours=25))
    call = do(call_of(whistle, here.roads), "report_in", here.handler)

    assert call.whistlecall.missed is True
    assert call.events.get(kind="whistle_call.reported_in").facts["missed"] is True


def test_declining_counts_as_absent_and_coming_after_it_as_late(here) -> None:
    whistle = blow(here)
    call = call_of(whistle, here.roads)
    call = do(call, "decline", here.handler, reason="nobody_free", explanation="都在抢修。")
    assert (call.stage, call.whistlecall.missed) == ("declined", True)
    assert call.clocks.get().kept is None
    call = do(call, "report_in", here.handler)

    assert call.whistlecall.late is True
    last = call.events.order_by("seq").last()
    assert "missed" not in last.facts  # counted once, when it declined


def test_checking_in_says_how_far_away_it_was(here) -> None:
    whistle = blow(here, longitude=114.305, latitude=30.505)
    call = call_of(whistle, here.roads)
    call = do(call, "report_in", here.handler, longitude=114.305, latitude=30.506)

    assert call.whistlecall.distance_m == pytest.approx(111, abs=2)


def test_more_departments_are_called_later(here) -> None:
    whistle = blow(here, departments=[str(here.roads.uuid)])
    do(whistle, "call_more", here.secretary, departments=[str(here.property_company.uuid)],
       why="要拆门禁。")  # fmt: skip

    assert call_of(whistle, here.property_company).stage == "called"


def test_withdrawing_calls_everyone_off(here) -> None:
    whistle = blow(here)
    here_already = do(call_of(whistle, here.roads), "report_in", here.handler)
    whistle = do(whistle, "withdraw", here.secretary, reason="false_alarm")

    here_already.refresh_from_db()
    assert (whistle.stage, here_already.stage) == ("withdrawn", "was_present")
    assert call_of(whistle, here.property_company).stage == "called_off"
    assert "whistle_call.ended" in told(here.other_handler)


def test_a_clock_that_still_runs_is_called_off_at_the_end_not_absent(here) -> None:
    whistle = blow(here)
    whistle = do(whistle, "record", here.secretary, found="已经解决。")
    do(whistle, "close", here.secretary, outcome="解决。")

    assert call_of(whistle, here.roads).stage == "called_off"


def test_a_duty_done_sent_back_and_confirmed(here) -> None:
    whistle = blow(here)
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    do(whistle, "agree_duty", here.secretary, who=str(here.roads.uuid), what="修", by_when=day)
    duty = whistle.whistle.duties.get().matter
    assert duty.due_at.date() >= timezone.localdate() + timedelta(days=2)
    duty = do(duty, "report_done", here.handler, text="修好了。")
    duty = do(duty, "send_back", here.secretary, text="还漏水。")
    assert (duty.stage, duty.due_clock) == ("agreed", "duty")
    duty = do(duty, "report_done", here.handler, text="再修好了。")
    assert do(duty, "confirm", here.secretary).stage == "confirmed"


def test_a_duty_that_is_late_climbs(here) -> None:
    past = timezone.now() - timedelta(days=5)
    whistle = blow(here, at=past)
    do(whistle, "agree_duty", here.secretary, at=past, who=str(here.roads.uuid), what="修",
       by_when=(past + timedelta(days=1)).date().isoformat())  # fmt: skip
    find_overdue()
    duty = whistle.whistle.duties.get()

    assert duty.late is True
    assert "whistle_duty.overdue" in told(here.secretary)


# --- refused --------------------------------------------------------------------------------
def refused(field, do_it) -> str:
    with pytest.raises(InvalidFacts) as error:
        do_it()
    assert list(error.value.errors) == [field]
    return error.value.errors[field][0]


@pytest.mark.parametrize(
    "role", ["resident", "stranger", "handler", "dispatcher", "grid_worker", "caller"]
)
def test_by_who_may_not_whistle(here, role) -> None:
    with pytest.raises(NotAllowed):
        blow(here, by=getattr(here, role))


def test_of_the_neighbourhood_next_door(here, elsewhere) -> None:
    with pytest.raises(NotAllowed):
        blow(here, by=elsewhere.secretary)


def test_calling_nobody_oneself_or_where_nobody_answers(here) -> None:
    refused("departments", lambda: blow(here, departments=[]))
    refused("departments", lambda: blow(here, departments=[str(here.committee.uuid)]))
    sentence = refused("departments", lambda: blow(here, departments=[str(here.grid.uuid)]))
    assert here.grid.name in sentence


def test_calling_a_department_of_another_neighbourhood(here, elsewhere) -> None:
    refused("departments", lambda: blow(here, departments=[str(elsewhere.roads.uuid)]))


def test_calling_too_many(here) -> None:
    refused("departments", lambda: blow(here, departments=[str(here.roads.uuid)] * 31))


def test_calling_somebody_twice(here) -> None:
    whistle = blow(here)
    sentence = refused(
        "departments",
        lambda: do(whistle, "call_more", here.secretary, departments=[str(here.roads.uuid)],
                   why="再叫"),
    )  # fmt: skip
    assert here.roads.name in sentence


def test_a_meeting_in_the_past_or_far_away(here) -> None:
    for days in (-3, 40):
        at = (timezone.now() + timedelta(days=days)).isoformat()
        refused("meet_at", lambda at=at: blow(here, meet_at=at))


def test_a_meeting_without_a_zone(here) -> None:
    refused("meet_at", lambda: blow(here, meet_at="2026-11-24T10:00"))


def test_half_a_point(here) -> None:
    refused("place", lambda: blow(here, longitude=114.3))


def test_about_a_matter_the_whistler_may_not_see(here, elsewhere) -> None:
    refused("about", lambda: blow(here, about=elsewhere.report().matter.number))


def test_where_the_pack_has_no_such_clock(here, monkeypatch) -> None:
    monkeypatch.setattr("linli.mechanisms.whistle.blowing.CLOCK", "none")
    refused("__all__", lambda: blow(here))


def test_closing_before_those_who_came_are_rated(here) -> None:
    whistle = blow(here)
    do(call_of(whistle, here.roads), "report_in", here.handler)
    whistle = do(whistle, "record", here.secretary, found="看过了。")
    sentence = refused("__all__", lambda: do(whistle, "close", here.secretary, outcome="好"))
    assert here.roads.name in sentence


def test_a_duty_for_who_was_not_called_or_for_a_day_that_passed(here) -> None:
    whistle = blow(here, departments=[str(here.roads.uuid)])
    today = timezone.localdate()

    def agree(who, days):
        facts = {"who": str(who.uuid), "what": "修", "by_when": (today + timedelta(days=days))}
        do(whistle, "agree_duty", here.secretary, **facts)

    refused("who", lambda: agree(here.property_company, 1))
    refused("by_when", lambda: agree(here.roads, -2))
    refused("by_when", lambda: agree(here.roads, 400))
    assert not whistle.whistle.duties.exists()


def test_a_department_does_not_answer_for_another(here) -> None:
    whistle = blow(here)
    for action in ("report_in", "decline", "judge", "supplement"):
        with pytest.raises(NotAllowed):
            do(call_of(whistle, here.roads), action, here.other_handler)
    with pytest.raises(NotAllowed):
        do(call_of(whistle, here.roads), "rate", here.handler, **RATED)


def test_a_rating_stands_after_the_end(here) -> None:
    whistle = blow(here)
    call = do(call_of(whistle, here.roads), "report_in", here.handler)
    do(call, "rate", here.secretary, **RATED)
    do(call, "judge", here.handler, justified=False, clear=True)
    whistle = do(whistle, "record", here.secretary, found="看过了。")
    do(whistle, "close", here.secretary, outcome="好")

    refused("__all__", lambda: do(call, "rate", here.secretary, **RATED))
    refused("__all__", lambda: do(call, "judge", here.handler, justified=True, clear=True))
