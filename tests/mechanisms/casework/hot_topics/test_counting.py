"""Topics are counted from a community's own requests, and keep who they are from night to night."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.matters.models import Audience, Matter
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.hot_topics.counting import count_topics
from linli.mechanisms.casework.hot_topics.models import (
    HotTopic,
    TopicHeat,
    TopicMember,
    TopicNight,
)
from linli.mechanisms.casework.hot_topics.nights import begin_nights, count_night, last_counted
from tests.mechanisms.casework.hot_topics.saying import (
    LAMP,
    LIFT,
    PARKING,
    count,
    publish,
    say,
    today,
)

pytestmark = pytest.mark.django_db


def members(topic: HotTopic) -> set[int]:
    return set(topic.members.values_list("matter", flat=True))


def kept() -> list[list[tuple]]:
    """Return all that is kept, without the keys that bulk writing gives anew."""
    return [
        list(HotTopic.objects.order_by("pk").values_list()),
        list(TopicMember.objects.order_by("pk").values_list()),
        list(TopicHeat.objects.order_by("pk").values_list()),
    ]


def test_it_works(here) -> None:
    lifts = say(here, LIFT)
    say(here, LAMP, first=5)

    assert count(here) == 1
    topic = HotTopic.objects.get()
    assert members(topic) == {one.pk for one in lifts}
    assert (topic.reports, topic.people, topic.likes, topic.areas) == (3, 3, 0, 1)
    assert topic.heat == pytest.approx(topic.voices * topic.spread, abs=0.001)
    assert topic.history.get().day == topic.counted_on == topic.found_on == today(here)
    assert last_counted(here.community) == today(here)


def test_counting_twice_changes_nothing(here) -> None:
    say(here, LIFT)
    say(here, PARKING, first=4)
    count(here)
    before = kept()

    assert count(here) == 2
    assert kept() == before


def test_it_is_the_same_topic_the_next_night_and_has_a_history(here) -> None:
    say(here, LIFT, days_ago=5)
    count(here, days=-2)
    later = say(here, LIFT[:1], days_ago=1, first=7)[0]
    count(here)

    topic = HotTopic.objects.get()
    assert later.pk in members(topic)
    assert [one.reports for one in topic.history.order_by("day")] == [3, 4]
    assert topic.found_on == today(here) - timedelta(days=2)


def test_two_communities_stand_apart(here, elsewhere) -> None:
    say(here, LIFT[:2])
    say(elsewhere, LIFT[2:], first=5)

    assert (count(here), count(elsewhere)) == (0, 0)


def test_one_person_alone_makes_no_topic(here) -> None:
    for text in LIFT:
        begin(
            "casework", "report", community=here.community, by=here.resident,
            facts={"text": text}, at=timezone.now() - timedelta(days=2),
        )  # fmt: skip

    assert count(here) == 0


def test_what_is_for_named_people_or_withdrawn_or_too_old_never_counts(here) -> None:
    say(here, LIFT, days_ago=40)
    named, withdrawn, _third = say(here, LIFT, first=5)
    Matter.objects.filter(pk=named.pk).update(audience=Audience.NAMED)
    perform(withdrawn, "withdraw", by=withdrawn.reporter)

    assert count(here) == 0
    assert not TopicMember.objects.exists()


def test_who_joined_counts_as_a_like(here) -> None:
    lifts = say(here, LIFT)
    publish(here, lifts[:1])
    facts = {"into": lifts[0].number}
    begin("casework", "support", community=here.community, by=here.resident, facts=facts)
    count(here, days=1)

    topic = HotTopic.objects.get()
    assert (topic.reports, topic.people, topic.likes) == (3, 3, 1)
    assert topic.support > 0
    assert topic.members.get(matter=lifts[0]).likes == 1


def test_what_is_found_no_more_falls_back_when_the_day_is_counted_again(here) -> None:
    lifts = say(here, LIFT)
    count(here, days=-1)
    count(here)
    Matter.objects.filter(pk__in=[one.pk for one in lifts]).update(stage="withdrawn")
    count(here)

    topic = HotTopic.objects.get()
    assert topic.counted_on == today(here) - timedelta(days=1)
    assert topic.history.count() == 1


def test_queries_do_not_grow_with_the_matters(here) -> None:
    say(here, LIFT)
    with CaptureQueriesContext(connection) as few:
        count_topics(here.community, today(here))
    count_topics(here.community, today(here))
    say(here, [f"{text}，第{number}次" for number in range(4) for text in LIFT], first=4)
    with CaptureQueriesContext(connection) as many:
        count_topics(here.community, today(here))

    assert len(many) <= len(few) + 2 <= 32


def test_what_the_desk_sorted_into_all_kinds_is_no_topic(here) -> None:
    known = pack_of(here.community).leaf_categories()
    chosen = list({setting.parent: code for code, setting in known.items()}.values())[:4]
    for matter, category in zip(say(here, [*LIFT, LIFT[0]]), chosen, strict=True):
        publish(here, [matter], category)

    assert count(here) == 0


# --- the night ------------------------------------------------------------------------------
def test_each_community_is_counted_once_a_night(here, elsewhere) -> None:
    night = timezone.now().replace(hour=18, minute=30)  # half past two in Shanghai

    assert begin_nights(night) == 2
    assert begin_nights(night + timedelta(minutes=15)) == 0
    assert begin_nights(night + timedelta(hours=8)) == 0
    assert begin_nights(night + timedelta(days=1)) == 2


def test_one_that_fails_does_not_stop_the_others(here, elsewhere, monkeypatch) -> None:
    from linli.mechanisms.casework.hot_topics import nights

    honest = nights.count_topics

    def failing(community, day):
        if community.pk == here.community.pk:
            raise MemoryError
        return honest(community, day)

    monkeypatch.setattr(nights, "count_topics", failing)
    begin_nights(timezone.now().replace(hour=18, minute=30))
    for night in TopicNight.objects.order_by("pk"):
        if night.community_id == here.community.pk:
            with pytest.raises(MemoryError):
                count_night.func(night.community_id, night.day.isoformat())
        else:
            count_night.func(night.community_id, night.day.isoformat())

    assert last_counted(here.community) is None
    assert last_counted(elsewhere.community) is not None


def test_a_community_gone_meanwhile_is_let_be(here) -> None:
    count_night.func(10**9, today(here).isoformat())

    assert not TopicNight.objects.exists()
