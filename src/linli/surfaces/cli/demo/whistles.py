"""Whistles of the demo, each told as a generator like the matters of `life`.

Who comes when, and what is found, stands in the texts; nothing here draws by chance.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import begin, perform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from linli.kernel.organisations.models import Organisation
    from linli.kernel.people.models import Person
    from linli.surfaces.cli.demo.world import World

Step = tuple[float, "Callable[[datetime], None]"]


def whistles(world: World) -> list[Iterator[datetime]]:
    """Return the lives of the whistles that were blown since the neighbourhood began."""
    told = [one for one in world.settings.whistles if _began(world, one) > world.begins]
    return [Whistling(world, one).live() for one in told]


def _began(world: World, told: dict[str, Any]) -> datetime:
    return world.now - timedelta(hours=told["hours"])


class Whistling:
    """One whistle and whoever it calls."""

    def __init__(self, world: World, told: dict[str, Any]) -> None:
        self.world, self.told = world, told
        self.whistler = world.staff[world.settings.values.get("whistlers", "committee"),
                                    "secretary"][0]  # fmt: skip
        self.matter: Matter

    def live(self) -> Iterator[datetime]:
        """Live through it; ends where the whistle does, or now."""
        began = _began(self.world, self.told)
        yield began
        self._blow(began)
        for minutes, step in sorted(self._steps(), key=lambda one: one[0]):
            at = began + timedelta(minutes=minutes)
            yield at
            step(at)

    def _unit(self, code: str) -> Organisation:
        return self.world.organisations[code]

    def _handler(self, code: str) -> Person:
        return self.world.holders(code, "handler", "lead")[0]

    def _blow(self, at: datetime) -> None:
        names = ("case", "what", "why", "place", "public_title")
        facts = {name: self.told[name] for name in names if name in self.told}
        facts["departments"] = [str(self._unit(code).uuid) for code in self.told["departments"]]
        event = begin("whistle", "blow", community=self.world.community, by=self.whistler,
                      facts=facts, at=at)  # fmt: skip
        self.matter = event.matter

    def _steps(self) -> Iterator[Step]:
        told = self.told
        for code, minutes in told.get("came", {}).items():
            yield minutes, self._of(code, "report_in", how="on_site")
        for code, (minutes, reason, words) in told.get("declined", {}).items():
            yield minutes, self._of(code, "decline", reason=reason, explanation=words)
        for code, (minutes, words) in told.get("supplement", {}).items():
            yield minutes, self._of(code, "supplement", text=words)
        for code, minutes, what, days in told.get("duties", []):
            yield minutes, self._agree(code, what, days)
        if "found" in told:
            yield told["found"][0], self._own("record", found=told["found"][1])
        if "closed" in told:
            closed = told["closed"][0]
            for code, result in told["rated"].items():
                yield closed - 2, self._rate(code, result)
                yield closed - 1, self._of(code, "judge", justified=True, clear=result > 3)
            yield closed, self._own("close", outcome=told["closed"][1])

    def _own(self, action: str, **facts: Any) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            perform(self.matter, action, by=self.whistler, facts=facts, at=at)

        return step

    def _agree(self, code: str, what: str, days: int) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            by_when = (at + timedelta(days=days)).date()
            facts = {"who": str(self._unit(code).uuid), "what": what, "by_when": by_when}
            perform(self.matter, "agree_duty", by=self.whistler, facts=facts, at=at)

        return step

    def _call(self, code: str) -> Matter:
        return Matter.objects.get(whistlecall__whistle=self.matter.pk, responsible=self._unit(code))

    def _of(self, code: str, action: str, **facts: Any) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            perform(self._call(code), action, by=self._handler(code), facts=facts, at=at)

        return step

    def _rate(self, code: str, result: int) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            call = self._call(code)
            facts = {"on_time": not call.whistlecall.late, "worked": True, "result": result}
            perform(call, "rate", by=self.whistler, facts=facts, at=at)

        return step
