"""Hot topics of the demo, and the topics of the month that arose from them.

What many say, and what became of it, stands in the texts; nothing here draws by chance.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.hot_topics.counting import count_topics
from linli.mechanisms.casework.hot_topics.models import TopicMember, TopicNight

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linli.kernel.people.models import Person
    from linli.surfaces.cli.demo.world import World

NIGHTS = (37, 30, 23, 16, 9, 5, 3, 2, 1)  # days ago: enough for a history, counted in seconds
Said = dict[str, list[Matter]]


def topics(world: World) -> list[Iterator[datetime]]:
    """Return the lives of what many report, of the nights, and of the topics of the month."""
    said: Said = {}
    told = world.settings.topics
    lives = [
        _report(world, burst, number, said)
        for burst in told["bursts"]
        for number in range(len(burst["days"]))
    ]
    return [*lives, _nights(world), *(_Month(world, one, said).live() for one in told["months"])]


def _ago(world: World, days: float) -> datetime:
    return world.now - timedelta(days=days)


def _report(world: World, burst: dict[str, Any], number: int, said: Said) -> Iterator[datetime]:
    """One of those who report the same: reported, sent, answered, and done where told so."""
    at = _ago(world, burst["days"][number])
    yield at
    plot = world.plots[burst["plot"]]
    address = plot.doorways[number % len(plot.doorways)]
    reporter = world.residents[(burst["first"] + number) % len(world.residents)]
    facts = {"text": burst["says"][number % len(burst["says"])], "address": address.text}
    event = begin("casework", "report", community=world.community, by=reporter, facts=facts, at=at)
    matter = event.matter
    said.setdefault(burst["name"], []).append(matter)
    unit = world.organisations[burst["unit"]]
    handler = world.holders(burst["unit"], "handler", "lead")[0]
    dispatcher = world.holders("desk", "dispatcher")[0]
    sorted_as = {
        "category": burst["category"], "publish": True, "public_title": burst["public_title"],
        "public_text": facts["text"],
        "area": None if matter.area_id else str(plot.area.uuid),
    }  # fmt: skip
    steps: list[tuple[float, str, Person, dict[str, Any]]] = [
        (0.5, "triage", dispatcher, sorted_as),
        (0.6, "dispatch", dispatcher, {"to": str(unit.uuid)}),
        (2.5, "accept", handler, {}),
        (6.0, "reply", handler, {"text": burst["reply"]}),
    ]
    if "done" in burst:
        rating = {"contacted": True, "solved": True, "satisfaction": 4}
        steps += [
            (40.0, "solve", handler, {"text": burst["done"]}),
            (60.0, "rate", reporter, rating),
        ]
    for hours, action, by, given in steps:
        then = at + timedelta(hours=hours)
        yield then
        perform(matter, action, by=by, facts=given, at=then)


def _nights(world: World) -> Iterator[datetime]:
    """Count the topics on some nights, as the nightly task would have."""
    for days in NIGHTS:
        at = _ago(world, days)
        yield at
        if at <= world.begins:
            continue
        day = world.community.day_of(at)
        count_topics(world.community, day)
        TopicNight.objects.update_or_create(
            community=world.community, day=day, defaults={"counted_at": at}
        )


class _Month:
    """One topic of the month, from the proposal to where it stands today."""

    def __init__(self, world: World, told: dict[str, Any], said: Said) -> None:
        self.world, self.told, self.said = world, told, said
        self.supervisor = world.staff[told["proposed_by"], "supervisor"][0]
        self.lead = world.holders(told["lead"], "handler", "lead")[0]
        self.matter: Matter

    def live(self) -> Iterator[datetime]:
        """Live through it, step by step in order of time."""
        proposed = _ago(self.world, self.told["proposed"])
        yield proposed
        self._propose(proposed)
        yield from self._plan()
        later = sorted(self._later(), key=lambda one: -one[0])
        for days, matter, action, by, facts in later:
            at = _ago(self.world, days)
            yield at
            perform(matter, action, by=by, facts=facts, at=at)

    def _propose(self, at: datetime) -> None:
        facts: dict[str, Any] = {"title": self.told["title"], "why": self.told["why"]}
        if "category" in self.told:
            facts["category"] = self.told["category"]
        else:
            first = [matter.pk for matter in self.said[self.told["from"]]]
            members = TopicMember.objects.filter(matter__in=first).select_related("topic")
            facts["topic"] = str(
                members.order_by("-topic__counted_on", "-topic__heat")[0].topic.uuid
            )
        event = begin("monthly_topic", "propose", community=self.world.community,
                      by=self.supervisor, facts=facts, at=at)  # fmt: skip
        self.matter = event.matter

    def _unit(self, code: str) -> str:
        return str(self.world.organisations[code].uuid)

    def _plan(self) -> Iterator[datetime]:
        """Choose it, write the plan with its measures, publish it."""
        told, published = self.told, _ago(self.world, self.told["published"])
        partners = [self._unit(code) for code in told["partners"]]
        units = {"lead": self._unit(told["lead"]), "partners": partners or None}
        steps: list[tuple[str, Person, dict[str, Any]]] = [
            ("choose", self.supervisor, units),
            ("write_plan", self.lead, {"plan": told["plan"], "target": told["target"]}),
        ]
        for one in told["measures"]:
            by_when = self.world.community.day_of(published) + timedelta(days=one["within"])
            facts = {"what": one["what"], "who": self._unit(one["who"]), "by_when": by_when}
            steps.append(("add_measure", self.lead, facts))
        steps.append(("publish_plan", self.supervisor, {}))
        for left, (action, by, facts) in zip(range(len(steps), 0, -1), steps, strict=True):
            at = published - timedelta(hours=left - 1)
            yield at
            perform(self.matter, action, by=by, facts=facts, at=at)

    def _later(self) -> Iterator[tuple[float, Matter, str, Person, dict[str, Any]]]:
        """Give what happened after the plan was published: days ago, on what, what, by whom."""
        rows = self.matter.monthlytopic.measures.select_related("matter").order_by("pk")
        for one, row in zip(self.told["measures"], rows, strict=True):
            unit = self.world.holders(one["who"], "handler", "lead")[0]
            if "done" in one:
                yield one["done"][0], row.matter, "report_done", unit, {"text": one["done"][1]}
            if "confirmed" in one:
                yield one["confirmed"], row.matter, "confirm", self.supervisor, {}
        for days, text in self.told.get("progress", []):
            yield days, self.matter, "note_progress", self.lead, {"text": text}
        if "concluded" in self.told:
            days, outcome = self.told["concluded"]
            yield days, self.matter, "conclude", self.supervisor, {"outcome": outcome}
