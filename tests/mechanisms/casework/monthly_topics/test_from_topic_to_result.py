"""每月一题 from a hot topic to its result: rules that no single refusal shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.events.models import Event
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.notify.models import Notice
from linli.kernel.notify.texts import compose_all
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.hot_topics.models import HotTopic
from linli.mechanisms.casework.monthly_topics.reports import add_tonight
from tests.mechanisms.casework.hot_topics.saying import LIFT, count, say, today
from tests.mechanisms.casework.monthly_topics.months import (
    chosen,
    do,
    hot_topic,
    measure_of,
    proposed,
    published,
    with_measure,
)

pytestmark = pytest.mark.django_db


def test_it_works(here) -> None:
    topic = hot_topic(here, days_ago=43)
    then = timezone.now() - timedelta(days=40)
    matter = published(here, at=then, topic=str(topic.uuid))

    assert (matter.audience, matter.stage) == (Audience.PUBLIC, "under_way")
    assert matter.monthlytopic.before == 3
    measure = measure_of(matter)
    assert (measure.audience, measure.stage) == (Audience.PUBLIC, "open")
    do(measure, "report_done", here.other_handler, text="换好了。")
    do(measure, "confirm", here.supervisor)
    do(matter, "note_progress", here.handler, text="换了一台。")
    matter = do(matter, "conclude", here.supervisor, outcome="不再停梯。")

    assert matter.stage == "concluded"
    assert (matter.monthlytopic.before, matter.monthlytopic.after) == (3, 0)
    event = Event.objects.get(kind="monthly_topic.concluded")
    assert (event.facts["before"], event.facts["after"], event.facts["days"]) == (3, 0, 30)


def test_reports_that_come_later_count(here) -> None:
    topic = hot_topic(here)
    matter = published(here, topic=str(topic.uuid))
    say(here, [LIFT[0]], days_ago=0.1, first=9)
    count(here, days=1)

    assert matter.links_out.filter(kind="arises_from").count() == 4
    assert Event.objects.filter(kind="monthly_topic.reports_counted").count() == 1
    assert add_tonight(here.community, today(here) + timedelta(days=1)) == 0


def test_a_report_long_after_the_others_is_still_found(here) -> None:
    topic = hot_topic(here, days_ago=45)
    matter = published(here, at=timezone.now() - timedelta(days=40), topic=str(topic.uuid))
    later = say(here, [LIFT[0]], days_ago=1, first=9)[0]
    count(here)

    assert matter.links_out.filter(kind="arises_from", target=later).exists()
    assert HotTopic.objects.get().reports == 1


def test_who_reported_is_told_once_of_plan_and_result(here) -> None:
    topic = hot_topic(here)
    matter = published(here, topic=str(topic.uuid))

    told = Notice.objects.filter(
        template="monthly_topic.plan_published", channel="site", person__in=[
            one.reporter for one in here.said
        ]
    ).select_related("person", "matter__pack", "matter__community", "event__answerable")  # fmt: skip
    assert told.count() == 3
    texts = compose_all(list(told))
    assert {one.path for one in texts.values()} == {f"/topics/{matter.number}/"}
    assert all("三号楼电梯常坏" in one.body for one in texts.values())


def test_no_more_than_the_pack_allows_are_chosen_for_a_month(here) -> None:
    topic = hot_topic(here)
    others = [proposed(here, category="pothole", title=f"题目{n}") for n in range(3)]
    for one in others:
        chosen(here, one)
    matter = proposed(here, topic=str(topic.uuid))

    with pytest.raises(InvalidFacts) as error:
        chosen(here, matter)
    assert list(error.value.errors) == ["month"]
    assert chosen(here, matter, month="next").stage == "chosen"
    do(others[0], "drop", here.supervisor, reason="不办了。")
    assert chosen(here, proposed(here, category="pothole")).stage == "chosen"


def test_a_hot_topic_has_one_running_topic_of_the_month(here) -> None:
    topic = hot_topic(here)
    proposed(here, topic=str(topic.uuid))

    with pytest.raises(InvalidFacts) as error:
        proposed(here, topic=str(topic.uuid))
    assert list(error.value.errors) == ["topic"]


def test_no_plan_is_published_without_words_or_measures(here) -> None:
    hot_topic(here)
    matter = chosen(here, proposed(here, category="pothole"))
    for step in (
        lambda: None,
        lambda: do(matter, "write_plan", here.handler, plan="修", target="好"),
    ):
        step()
        with pytest.raises(InvalidFacts):
            perform(matter, "publish_plan", by=here.supervisor)


def test_units_without_anybody_cannot_be_named(here) -> None:
    hot_topic(here)
    matter = proposed(here, category="pothole")
    for facts in (
        {"lead": str(here.grid.uuid)},
        {"lead": str(here.roads.uuid), "partners": [str(here.grid.uuid)]},
    ):
        with pytest.raises(InvalidFacts):
            perform(matter, "choose", by=here.supervisor, facts=facts)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_measure_lies_ahead_and_not_too_far(here, days) -> None:
    hot_topic(here)
    matter = chosen(here, proposed(here, category="pothole"))
    day = (today(here) + timedelta(days=days)).isoformat()
    facts = {"what": "换件", "who": str(here.roads.uuid), "by_when": day}
    with pytest.raises(InvalidFacts) as error:
        perform(matter, "add_measure", by=here.handler, facts=facts)
    assert list(error.value.errors) == ["by_when"]


def test_it_is_not_concluded_before_as_many_days_or_with_open_measures(here) -> None:
    hot_topic(here, days_ago=40)
    matter = published(here, at=timezone.now() - timedelta(days=36), category="pothole")
    with pytest.raises(InvalidFacts):
        perform(matter, "conclude", by=here.supervisor, facts={"outcome": "好了"})
    do(measure_of(matter), "drop", here.supervisor, text="不用了。")
    assert do(matter, "conclude", here.supervisor, outcome="好了").stage == "concluded"

    early = published(here, category="pothole", at=timezone.now() - timedelta(days=20))
    do(measure_of(early), "drop", here.supervisor, text="不用了。")
    with pytest.raises(InvalidFacts):
        perform(early, "conclude", by=here.supervisor, facts={"outcome": "好了"})


def test_late_plans_progress_and_measures_are_found_once(here) -> None:
    hot_topic(here)
    matter = published(here, category="pothole")
    later = timezone.now() + timedelta(days=40)
    assert find_overdue(later) >= 2
    assert find_overdue(later) == 0

    matter.refresh_from_db()
    assert matter.monthlytopic.late
    assert measure_of(matter).measure.late
    assert Notice.objects.filter(template="monthly_measure.overdue").exists()
    plan = chosen(here, proposed(here, category="pothole"))
    find_overdue(later)
    assert Matter.objects.get(pk=plan.pk).monthlytopic.late


def test_dropping_ends_the_measures(here) -> None:
    hot_topic(here)
    matter = published(here, category="pothole")
    do(matter, "drop", here.supervisor, reason="整楼改造。")

    assert measure_of(matter).stage == "dropped"
    assert not Clock.objects.filter(
        matter__procedure__startswith="monthly", stopped_at__isnull=True
    ).exists()


def test_a_measure_added_to_a_public_plan_is_open_at_once(here) -> None:
    hot_topic(here)
    matter = with_measure(here, published(here, category="pothole"))
    second = matter.monthlytopic.measures.order_by("-pk")[0].matter

    assert (second.stage, second.audience) == ("open", Audience.PUBLIC)
    assert Clock.objects.filter(matter=second, stopped_at__isnull=True).exists()


def test_reports_of_elsewhere_are_not_counted_in(here, elsewhere) -> None:
    hot_topic(here)
    matter = proposed(here, category="pothole")
    stranger = say(elsewhere, LIFT[:1])[0]

    with pytest.raises(InvalidFacts):
        perform(matter, "count_reports", by="system", facts={"reports": [stranger.number]})
