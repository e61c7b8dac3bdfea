"""The unit's part: sent, perhaps returned, accepted, answered, worked on, done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter
from linli.surfaces.cli.demo import pictures
from linli.surfaces.cli.demo.account import Account
from linli.surfaces.cli.demo.fates import ABOUT_THE_COMPANY
from linli.surfaces.cli.demo.life import DAY, UNIT_HOURS, Living

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linli.kernel.organisations.models import Organisation

LATE = timedelta(days=16)  # longer than the slowest clock for the answer


class Handling:
    """What desk, units and supervisor do with one matter."""

    def __init__(self, living: Living) -> None:
        self.living, self.world, self.random = living, living.world, living.random
        self.promised: date | None = None

    # --- who answers for it -------------------------------------------------------------------
    def dispatch(self) -> Iterator[datetime]:
        """Send it to the unit in charge, by way of wrong ones where that is its fate."""
        living = self.living
        wrong = {"returned": 1, "ping_pong": 3}.get(living.fate, 0)
        asked = [
            self.random.choice(self._others()),
            living.unit,
            self.random.choice(self._others()),
        ]
        for unit in asked[:wrong]:
            yield living.wait(timedelta(minutes=3))
            self._send(unit)
            yield living.work(2)
            reason, explanation = living.reason("return", "return")
            living.do("return_to_desk", self._handler(unit), reason=reason,
                      explanation=explanation)  # fmt: skip
        if living.matter.stage == "disputed":
            yield living.office(self.random.randint(3, 6), 10)
            living.do("assign", self._supervisor(), to=str(living.unit.uuid),
                      grounds=living.deal("grounds"))  # fmt: skip
        else:
            yield living.wait(timedelta(minutes=2))
            self._send(living.unit)
        living.open_ones[living.matter.pk] = living

    def _others(self) -> list[Organisation]:
        return [
            unit
            for code, unit in self.world.organisations.items()
            if unit.pk != self.living.unit.pk and self.world.holders(code, "handler")
        ]

    def _send(self, unit: Organisation) -> None:
        facts: dict[str, Any] = {"to": str(unit.uuid)}
        if note := self.living.deal("dispatch_note"):
            facts["note"] = note
        company = self.living.case.plot.values.get("company")
        if self.living.case.category in ABOUT_THE_COMPANY and company:
            facts["complained_of"] = str(self.world.organisations[company].uuid)
        self.living.do("dispatch", self.living.dispatcher, **facts)

    def _handler(self, unit: Organisation) -> Any:
        return self.living.one(unit.code, "handler", "lead")

    def _supervisor(self) -> Any:
        return self.random.choice(
            [one for (_code, role), held in self.world.staff.items() if role == "supervisor"
             for one in held]
        )  # fmt: skip

    # --- the work -----------------------------------------------------------------------------
    def handle(self) -> Iterator[datetime]:
        """Accept, answer, work, report it done."""
        living = self.living
        living.handler = self._handler(living.unit)
        urgency = living.matter.urgency
        yield living.work(UNIT_HOURS[urgency] / 4)
        living.do("accept", living.handler)
        if living.fate == "asked":
            yield from self._question()
        yield (
            living.wait(LATE)
            if living.fate == "answered_late"
            else living.work(UNIT_HOURS[urgency])
        )
        self._reply()
        if living.fate == "split":
            yield living.work(0.5)
            self._split()
        if living.fate == "on_account":
            yield from Account(living).stand()
        yield from self.finish()

    def _question(self) -> Iterator[datetime]:
        living = self.living
        question, answer = living.deal("question")
        yield living.work(1)
        living.do("ask_reporter", living.handler, text=question)
        yield living.wait(self.random.uniform(0.1, 1.5) * DAY)
        living.do("answer", living.reporter, text=answer)

    def _split(self) -> None:
        """Make a matter of the second wish, which then lives on its own."""
        living, told = self.living, self.world.settings.phrases["split"]
        living.do("split", living.handler, text=told["says"], category=told["category"])
        number = Event.objects.get(matter=living.matter, kind="casework.split").facts["second"]
        place = living.case.plot.values["estate"]
        second = Living(
            self.world,
            replace(living.case, at=living.at, category=told["category"],
                    title=told["title"].format(p=place), public_text=told["text"].format(p=place)),
            "usual", living.open_ones,
        )  # fmt: skip
        second.matter = Matter.objects.get(number=number)
        self.world.newborn.append(second.go_on())

    def _today(self) -> date:
        return self.world.community.day_of(self.living.at)

    def _reply(self) -> None:
        living = self.living
        texts = self.world.settings.reports[living.case.category]["reply"]
        facts: dict[str, Any] = {
            "text": self.world.settings.dealt(f"reply {living.case.category}", texts)
        }
        if living.fate in ("broken", "extended") or self.random.random() < 0.72:
            longest = {"emergency": 1, "urgent": 5, "normal": 12}[living.matter.urgency]
            self.promised = (
                self._today() + self.random.randint(0 if longest == 1 else 2, longest) * DAY
            )
            facts["promised_on"] = self.promised
        living.do("reply", living.handler, **facts)

    def finish(self) -> Iterator[datetime]:
        """Work on it until it is done: before the promised day, unless fate has it otherwise."""
        living = self.living
        if living.fate == "extended":
            yield from self._extend()
        if living.matter.stage == "on_account":
            self.promised = None  # what was promised rested, and is counted anew
        left = (self.promised - self._today()).days if self.promised else self.random.randint(1, 9)
        working = living.matter.stage == "in_hand"
        if working and left >= 3 and self.random.random() < 0.3:
            yield living.office(1, self.random.uniform(9, 17))
            living.do("inform", living.handler, text=living.deal("inform"))
            left -= 1
        if living.fate == "broken":
            yield living.office(left + self.random.randint(1, 6), self.random.uniform(9, 17))
        elif left > 0:
            # A workday that is none moves on; so aim early enough to keep the word.
            yield living.office(
                self.random.randint(0, max(left - 3, 0)), self.random.uniform(14, 17)
            )
        else:
            yield living.work(1.5)
        if self.random.random() < 0.06:
            living.do("note", living.handler, text=living.deal("note"))
        self._solve()
        living.open_ones.pop(living.matter.pk, None)

    def _extend(self) -> Iterator[datetime]:
        living = self.living
        yield living.work(4)
        reason, explanation = living.reason("extend", "extend")
        self.promised = (self.promised or self._today()) + self.random.randint(3, 8) * DAY
        living.do("extend_promise", living.handler, until=self.promised, reason=reason,
                  explanation=explanation)  # fmt: skip

    def _solve(self) -> None:
        living = self.living
        category = living.case.category
        texts = self.world.settings.reports[category]["done"]
        facts: dict[str, Any] = {"text": self.world.settings.dealt(f"done {category}", texts)}
        scene = pictures.scene_of(category)
        if scene and living._recent(120) and self.random.random() < 0.3:
            for name, after in (("before", False), ("after", True)):
                shown = pictures.upload(self.world, scene, after, living.handler)
                facts[name] = [str(shown.uuid)]
        living.do("solve", living.handler, **facts)
