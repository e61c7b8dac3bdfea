"""The life of one matter, from the report to the rating, told as a generator.

Each ``yield`` is the moment at which the matter acts next; what stands after it happens then.
Everything goes through `begin` and `perform`, in the name of people who may.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import begin, perform
from linli.surfaces.cli.demo import pictures
from linli.surfaces.cli.demo.cases import alike
from linli.surfaces.cli.demo.fates import ABOUT_THE_COMPANY, UNPUBLISHED
from linli.surfaces.cli.demo.people import phone_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.kernel.organisations.models import Organisation
    from linli.kernel.people.models import Person
    from linli.surfaces.cli.demo.cases import Case
    from linli.surfaces.cli.demo.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DESK_HOURS = {"emergency": 0.2, "urgent": 1.0, "normal": 2.0}  # until sorted and sent, working time
UNIT_HOURS = {"emergency": 0.4, "urgent": 3.0, "normal": 10.0}  # until answered


class Living:
    """One matter and whoever deals with it."""

    def __init__(self, world: World, case: Case, fate: str, open_ones: dict[int, Living]) -> None:
        self.world, self.case, self.fate = world, case, fate
        self.open_ones = open_ones
        self.random, self.deal = world.settings.random, world.settings.deal
        self.at = case.at
        self.matter: Matter
        self.unit = self._unit_in_charge()
        self.handler: Person

    # --- time ---------------------------------------------------------------------------------
    def work(self, hours: float) -> datetime:
        """Move on by so much working time, a little more or less."""
        spent = hours * self.random.uniform(0.3, 1.5)
        if self.matter.urgency == "emergency":
            return self.wait(timedelta(hours=spent))  # somebody is on duty
        return self._to(self.world.calendar.add(self.at, hours=spent))

    def wait(self, span: timedelta) -> datetime:
        """Move on by so much time."""
        return self._to(self.at + span)

    def _to(self, moment: datetime) -> datetime:
        # Round offices open at the full minute, people do not.
        self.at = moment + timedelta(seconds=self.random.randint(1, 400))
        return self.at

    def office(self, days: int, hour: float) -> datetime:
        """Move on to an hour of a day, so many days ahead, or of the next workday after it."""
        zone = ZoneInfo(self.world.community.timezone)
        day = self.at.astimezone(zone) + days * DAY
        moment = day.replace(hour=0, minute=0, second=0, microsecond=0) + hour * HOUR
        return self._to(self.world.calendar.add(max(moment, self.at), minutes=1))

    # --- acting -------------------------------------------------------------------------------
    def do(self, action: str, by: Person, **facts: Any) -> None:
        """Perform an action now."""
        self.matter = perform(self.matter, action, by=by, facts=facts, at=self.at).matter

    def one(self, code: str, *roles: str) -> Person:
        """Return one of those who hold a role."""
        return self.random.choice(self.world.holders(code, *roles))

    @property
    def dispatcher(self) -> Person:
        """One of the desk's dispatchers."""
        return self.one("desk", "dispatcher")

    def _unit_in_charge(self) -> Organisation:
        code = self.world.pack.categories[self.case.category].organisation or "committee"
        if code == "property" or self.case.category in ABOUT_THE_COMPANY:
            code = "committee" if code != "property" else self.case.plot.values["company"]
        if code not in self.world.organisations:
            code = self.world.settings.values.get("else", "committee")
        return self.world.organisations[code]

    def reason(self, name: str, texts: str) -> tuple[str, Any]:
        """Return one of the pack's reasons with the text that goes with it."""
        number = self.random.randrange(len(self.world.pack.reasons[name]))
        return self.world.pack.reasons[name][number].code, self.world.settings.phrases[texts][
            number
        ]

    # --- the way ------------------------------------------------------------------------------
    def live(self) -> Iterator[datetime]:
        """Live through it; ends where the matter does."""
        yield self.at
        main = self._main() if self.fate == "joined" else None
        if main is not None:
            self.case = alike(self.world, self.case, main.case)
            self.unit = main.unit
        self._report()
        if self.fate == "withdrawn":
            yield self.wait(self.random.uniform(0.3, 4) * HOUR)
            self.do("withdraw", self.reporter, text=self.deal("withdraw") or None)
            return
        yield from self.go_on(main)

    def go_on(self, main: Living | None = None) -> Iterator[datetime]:
        """Live on from the desk; ``main`` is what it says again."""
        yield self.work(DESK_HOURS[self.matter.urgency])
        self._triage()
        if self.fate in ("referred", "closed"):
            yield self.work(1)
            self._end_at_the_desk()
            return
        if main is not None and self._join(main.matter):
            yield from self._wait_with_another()
        else:
            yield from self._work_of_the_unit()
        yield from self._rating()

    def _main(self) -> Living | None:
        """Return one that the units work on and that nobody has said again yet."""
        found = [one for one in self.open_ones.values() if one.case.category not in UNPUBLISHED]
        return self.random.choice(found[-8:]) if found else None

    @property
    def reporter(self) -> Person:
        """Who reported."""
        return cast("Person", self.matter.reporter)

    def _report(self) -> None:
        case, world = self.case, self.world
        facts: dict[str, Any] = {"text": case.text, "may_publish": self.random.random() < 0.7}
        place = dict(case.place)
        if case.channel != "doorway":
            place.pop("doorway", None)
        facts |= place
        if self.random.random() < 0.45:
            facts["category"] = case.category
        scene = pictures.scene_of(case.category)
        if scene and self._recent(90) and self.random.random() < 0.18:
            shown = pictures.upload(world, scene, False, None)
            facts["pictures"] = [str(shown.uuid)]
        if case.channel == "account":
            by: Person | None = self.random.choice(
                world.residents[: max(40, len(world.residents) // 2)]
            )
            start = "report"
        elif case.channel in ("guest", "doorway"):
            by, start = None, "report"
            if self.random.random() < 0.6:
                facts["phone"] = phone_of(world)
        else:
            start, facts["channel"], facts["phone"] = "take_down", case.channel, phone_of(world)
            by = self.dispatcher if case.channel != "visit" else self._grid_worker()
        event = begin("casework", start, community=world.community, by=by, facts=facts, at=self.at)
        self.matter = event.matter

    def _grid_worker(self) -> Person:
        code = self.world.settings.values.get("visits_at", "") or next(
            code for code, one in self.world.organisations.items()
            if one.pk == self.case.plot.area.organisation_id
        )  # fmt: skip
        return self.one(code, "grid_worker", "dispatcher")

    def _recent(self, days: int) -> bool:
        return self.world.now - self.at < days * DAY

    def _triage(self) -> None:
        publish = self.case.category not in UNPUBLISHED
        category = self.world.pack.categories[self.case.category]
        self.do(
            "triage", self.dispatcher, category=self.case.category, urgency=category.urgency,
            public_title=self.case.title, public_text=self.case.public_text, publish=publish,
            area=str(self.case.plot.area.uuid) if self.matter.area_id is None else None,
        )  # fmt: skip

    def _end_at_the_desk(self) -> None:
        if self.fate == "closed":
            self.do("close", self.dispatcher, text=self.deal("close_text"))
            return
        reason, (to, text) = self.reason("refer", "refer")
        self.do("refer", self.dispatcher, reason=reason, referred_to=to, text=text)

    def _join(self, main: Matter) -> bool:
        stage = Matter.objects.filter(pk=main.pk).values_list("stage", flat=True).get()
        if stage not in ("dispatched", "accepted", "in_hand"):
            return False
        self.do("merge", self.dispatcher, into=main.number)
        return True

    def _wait_with_another(self) -> Iterator[datetime]:
        """Wait until the other matter is done; what is said there is passed on to this one."""
        while self.matter.stage == "joined":
            yield self.office(1, self.random.uniform(9, 16))
            self.matter = Matter.objects.select_related("reporter").get(pk=self.matter.pk)

    def _work_of_the_unit(self) -> Iterator[datetime]:
        from linli.surfaces.cli.demo.handling import Handling

        yield from Handling(self).dispatch()
        yield from Handling(self).handle()

    def _rating(self) -> Iterator[datetime]:
        from linli.surfaces.cli.demo.handling import Handling
        from linli.surfaces.cli.demo.rating import Rating

        yield from Rating(self, Handling(self)).ask()
