"""The reporter's appeal: once, in time, to somebody above who had no part in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.models import Rollup
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed, WrongStage
from linli.kernel.procedures.performing import available_actions, perform

REASON = {"reason": "只补了一半,雨天还是积水。"}
CLOSE = {"text": "内容为空"}


def closed(here):
    matter = here.at_stage("closed")
    matter.refresh_from_db()
    return matter


def appealed(here):
    matter = closed(here)
    perform(matter, "appeal", by=here.resident, facts=REASON)
    matter.refresh_from_db()
    return matter


def decided(here, upheld: bool, matter=None, by=None):
    matter = matter or appealed(here)
    facts = {"upheld": upheld, "grounds": "现场查看过。"}
    event = perform(matter, "decide_appeal", by=by or here.supervisor, facts=facts)
    matter.refresh_from_db()
    return matter, event


def test_it_works(here) -> None:
    matter = appealed(here)

    assert (matter.stage, matter.closed_at, matter.due_clock) == ("appealed", None, "appeal")
    event = matter.events.last()
    assert event.notices.filter(person=here.secretary).exists()
    assert "reason" in event.commitments  # the reporter's own words, erasable

    matter, event = decided(here, True, matter)

    assert (matter.stage, matter.responsible) == ("in_hand", here.roads)
    assert matter.clocks.filter(name="solve", stopped_at__isnull=True).exists()
    assert matter.servicerequest.appeal_upheld is True
    assert event.facts["appeal_clock"] == "kept"
    assert event.notices.filter(person=here.resident).exists()


def test_dismissed_it_is_closed_again_with_reasons(here) -> None:
    matter, event = decided(here, False)

    assert (matter.stage, matter.servicerequest.appeal_upheld) == ("closed", False)
    assert event.facts["grounds"] == "现场查看过。"
    assert not matter.clocks.filter(stopped_at__isnull=True).exists()


def test_a_refusal_can_be_appealed(here) -> None:
    matter = here.at_stage("received")
    facts = {"reason": "other_authority", "referred_to": "区法院", "text": "请起诉"}
    perform(matter, "refer", by=here.dispatcher, facts=facts)
    perform(matter, "appeal", by=here.resident, facts=REASON)

    matter, _event = decided(here, False, matter)
    assert matter.stage == "referred"


def test_upheld_without_a_unit_it_goes_to_the_desk(here) -> None:
    matter = here.at_stage("received")
    perform(matter, "close", by=here.dispatcher, facts=CLOSE)
    perform(matter, "appeal", by=here.resident, facts=REASON)

    matter, _event = decided(here, True, matter)
    assert (matter.stage, matter.due_clock) == ("received", "triage")


def test_once(here) -> None:
    matter, _event = decided(here, False)
    assert "appeal" not in [one.name for one in available_actions(matter, here.resident)]
    with pytest.raises(InvalidFacts):
        perform(matter, "appeal", by=here.resident, facts=REASON)


def test_not_after_the_days_of_the_pack(here) -> None:
    matter = closed(here)
    with pytest.raises(InvalidFacts):
        perform(
            matter, "appeal", by=here.resident, facts=REASON,
            at=timezone.now() + timedelta(days=16),
        )  # fmt: skip


def test_not_by_others_and_not_before_it_is_closed(here) -> None:
    matter = closed(here)
    for person in (here.stranger, here.handler, here.dispatcher, None):
        with pytest.raises(NotAllowed):
            perform(matter, "appeal", by=person, facts=REASON)
    with pytest.raises(WrongStage):
        perform(here.at_stage("in_hand"), "appeal", by=here.resident, facts=REASON)


def test_who_took_part_does_not_review(here) -> None:
    matter = appealed(here)
    perform(matter, "note", by=here.secretary, facts={"text": "我看过"})
    with pytest.raises(InvalidFacts):
        decided(here, False, matter, by=here.secretary)
    for person in (here.handler, here.dispatcher, here.resident):
        with pytest.raises(NotAllowed):
            decided(here, False, matter, by=person)


def test_figures(here) -> None:
    decided(here, True)
    decided(here, False)
    while fold_pending():
        pass
    sums = {
        name: sum(Rollup.objects.filter(indicator=name).values_list("value", flat=True))
        for name in ("casework.appealed", "casework.appeals_upheld", "casework.appeals_dismissed")
    }
    assert list(sums.values()) == [2, 1, 1]


def test_an_appeal_that_waits_is_noticed(here) -> None:
    from linli.kernel.deadlines.tasks import find_overdue

    matter = appealed(here)
    find_overdue(timezone.now() + timedelta(days=60))
    assert matter.events.filter(kind="casework.overdue", facts__clock="appeal").exists()


def test_from_the_tracking_page(here, client) -> None:
    matter = closed(here)
    client.force_login(here.resident)
    page = client.get(f"/matters/{matter.number}/").content.decode()
    assert "do-appeal" in page

    address = f"/matters/{matter.number}/do/appeal/"
    empty = client.post(address, {"appeal-version": matter.version})
    assert empty.status_code == 422
    answer = client.post(
        address, {"appeal-version": matter.version, "appeal-reason": REASON["reason"]}
    )
    assert answer.status_code == 302
    matter, _event = decided(here, False, matter)
    assert "现场查看过" in client.get(f"/matters/{matter.number}/").content.decode()
