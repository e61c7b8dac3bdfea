"""A neighbourhood where many say the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.hot_topics.models import HotTopic, TopicNight
from linli.mechanisms.casework.hot_topics.nights import count_day

if TYPE_CHECKING:
    from datetime import date

    from tests.neighbourhood import Neighbourhood

LIFT = (
    "三号楼电梯又坏了，老人下不了楼",
    "三号楼的电梯坏了三天没人修，老人上不去",
    "三号楼电梯天天坏，关过人",
)
PARKING = (
    "小区门口乱停车，消防通道堵死了",
    "消防通道被乱停的车堵了，乱停车没人管",
    "门口乱停车，消防车进不来",
)
LAMP = ("广场路灯不亮",)


def people(here: Neighbourhood, many: int) -> list[Person]:
    """Return so many residents, the same each time."""
    return [
        Person.objects.get_or_create(username=f"{here.community.code}-neighbour-{number}")[0]
        for number in range(many)
    ]


def say(here: Neighbourhood, texts: Any, *, days_ago: float = 3, first: int = 0) -> list[Matter]:
    """Have each text reported by somebody else, some days ago; sent to the desk as usual."""
    at = timezone.now() - timedelta(days=days_ago)
    speakers = people(here, first + len(texts))[first:]
    found = []
    for text, person in zip(texts, speakers, strict=True):
        facts = {"text": text, "doorway": here.doorway.doorway_code}
        event = begin("casework", "report", community=here.community, by=person, facts=facts, at=at)
        found.append(event.matter)
    return found


def publish(here: Neighbourhood, matters: list[Matter], category: str = "pothole") -> None:
    """Have the desk sort and publish reports."""
    for matter in matters:
        facts = {"category": category, "publish": True, "public_title": "电梯常坏"}
        perform(matter, "triage", by=here.dispatcher, facts=facts)


def today(here: Neighbourhood) -> date:
    """Return the day it is in the neighbourhood."""
    return here.community.day_of(timezone.now())


def count(here: Neighbourhood, days: int = 0) -> int:
    """Count the topics as of today, or of so many days from now."""
    return count_day(here.community, today(here) + timedelta(days=days))


def found_topic(here: Neighbourhood, *matters: Matter) -> HotTopic:
    """Return a topic of these reports, as if a night had found it."""
    now, day = timezone.now(), today(here)
    topic = HotTopic.objects.create(
        community=here.community, found_on=day, counted_on=day, heat=2.0, voices=2.0, support=0.0,
        spread=1.0, reports=len(matters), people=len(matters), likes=0, days=1, areas=1,
        first_at=now - timedelta(days=1), last_at=now,
    )  # fmt: skip
    for rank, matter in enumerate(matters):
        topic.members.create(matter=matter, rank=rank)
    topic.history.create(day=day, heat=2.0, reports=len(matters), people=len(matters))
    TopicNight.objects.create(community=here.community, day=day, counted_at=now)
    return topic
