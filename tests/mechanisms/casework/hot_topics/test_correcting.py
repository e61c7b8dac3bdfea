"""What staff hide or take out stays so through the nights, and is on record."""

from __future__ import annotations

import pytest

from linli.kernel.access.models import AuditEntry
from linli.mechanisms.casework.hot_topics import correcting
from linli.mechanisms.casework.hot_topics.models import HotTopic, TakenOut
from tests.mechanisms.casework.hot_topics.saying import LIFT, count, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(here) -> HotTopic:
    here.said = say(here, [*LIFT, "三号楼电梯又坏了，等了一上午"])
    count(here)
    return HotTopic.objects.get()


def test_it_works(here, topic) -> None:
    correcting.hide(topic, here.supervisor, "  两件事混在一起  ")
    count(here)
    count(here, days=1)

    topic.refresh_from_db()
    assert (topic.hidden_why, topic.hidden_by) == ("两件事混在一起", here.supervisor)
    assert AuditEntry.objects.get(action="hot_topic.hidden").subject == str(topic.uuid)


def test_it_can_be_shown_again(here, topic) -> None:
    correcting.hide(topic, here.supervisor, "错了")
    correcting.show_again(topic, here.dispatcher)

    topic.refresh_from_db()
    assert topic.hidden_at is None
    assert AuditEntry.objects.filter(action="hot_topic.shown_again").exists()


def test_a_report_taken_out_stays_out(here, topic) -> None:
    correcting.take_out(topic, here.said[3], here.supervisor, "是别的楼")
    count(here)
    count(here, days=1)

    topic.refresh_from_db()
    assert topic.reports == 3
    assert not topic.members.filter(matter=here.said[3]).exists()
    assert AuditEntry.objects.get(action="hot_topic.taken_out").details == {
        "matter": here.said[3].number
    }


def test_a_report_put_back_is_found_again(here, topic) -> None:
    correcting.take_out(topic, here.said[3], here.supervisor, "是别的楼")
    correcting.put_back(topic, here.said[3], here.supervisor)
    count(here)

    assert topic.members.count() == 4


@pytest.mark.parametrize("why", ["", "   ", "长" * 201])
def test_a_reason_is_needed_and_short(here, topic, why) -> None:
    for correct in (
        lambda: correcting.hide(topic, here.supervisor, why),
        lambda: correcting.take_out(topic, here.said[0], here.supervisor, why),
    ):
        with pytest.raises(correcting.NotCorrected):
            correct()

    assert topic.members.count() == 4
    assert not AuditEntry.objects.filter(action__startswith="hot_topic").exists()


def test_what_is_done_already_is_refused(here, topic) -> None:
    correcting.hide(topic, here.supervisor, "错了")
    correcting.take_out(topic, here.said[0], here.supervisor, "错了")
    for again in (
        lambda: correcting.hide(topic, here.supervisor, "错了"),
        lambda: correcting.take_out(topic, here.said[0], here.supervisor, "错了"),
        lambda: correcting.put_back(topic, here.said[1], here.supervisor),
    ):
        with pytest.raises(correcting.NotCorrected):
            again()

    assert TakenOut.objects.count() == 1


def test_a_topic_gone_meanwhile_is_said(here, topic) -> None:
    gone = HotTopic.objects.get()
    topic.delete()

    with pytest.raises(correcting.NotCorrected):
        correcting.hide(gone, here.supervisor, "错了")
