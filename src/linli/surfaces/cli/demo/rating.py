"""The reporter's part: asked whether it is solved, reached or not, content or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.mechanisms.casework.independence import is_of_unit
from linli.surfaces.cli.demo.account import leave_out
from linli.surfaces.cli.demo.life import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linli.surfaces.cli.demo.handling import Handling
    from linli.surfaces.cli.demo.life import Living

RATES_ALONE = 0.55  # of those who reported on the web
CALLED = ("phone", "visit", "wechat", "letter")
SATISFACTION = {True: ([5, 4, 3, 2], [46, 36, 14, 4]), False: ([3, 2, 1], [20, 55, 25])}


class Rating:
    """Asking the reporter, and what follows from the answer."""

    def __init__(self, living: Living, handling: Handling) -> None:
        self.living, self.handling, self.random = living, handling, living.random

    def ask(self) -> Iterator[datetime]:
        """Let the reporter rate, or call; not solved is worked on again, and asked again."""
        living = self.living
        if self.random.random() < 0.04:
            yield living.wait(self.random.uniform(0.2, 1) * DAY)
            living.do("answer", living.reporter, text=living.deal("answer"))
        if living.fate == "not_reached":
            yield from self._not_reached()
            return
        yield from self._rate(solved=living.fate != "not_solved")
        if living.fate == "left_out":
            yield from leave_out(living)
        elif living.fate == "not_solved":
            living.fate = "usual"
            yield from self._again()
        elif living.fate == "reopened":
            yield living.wait(self.random.uniform(3, 20) * DAY)
            living.do("reopen", living.reporter, text=living.deal("reopen"))
            living.fate = "usual"
            yield from self._again()

    def _again(self) -> Iterator[datetime]:
        if self.living.matter.stage != "in_hand" or not hasattr(self.living, "handler"):
            return
        yield from self.handling.finish()
        yield from self._rate(solved=True)

    def _rate(self, *, solved: bool) -> Iterator[datetime]:
        living = self.living
        if living.matter.stage != "solved":
            return
        alone = living.case.channel not in CALLED and self.random.random() < RATES_ALONE
        if alone:
            yield living.wait(self.random.uniform(0.1, 2) * DAY)
            living.do("rate", living.reporter, **self._answers(solved))
            return
        if self.random.random() < 0.12:
            yield living.office(1, self.random.uniform(9, 17))
            living.do("not_reached", self._caller(), note=living.deal("not_reached"))
        yield living.office(self.random.choice([0, 1, 1, 2]), self.random.uniform(14, 17))
        living.do("call_back", self._caller(), **self._answers(solved))

    def _answers(self, solved: bool) -> dict[str, Any]:
        found, weights = SATISFACTION[solved]
        satisfaction = self.random.choices(found, weights)[0]
        mood = "good" if satisfaction > 3 else "fair" if satisfaction == 3 else "bad"
        answers = {"contacted": self.random.random() < 0.94, "solved": solved,
                   "satisfaction": satisfaction}  # fmt: skip
        comment = self.living.deal(mood) if self.random.random() < 0.6 else ""
        return answers | ({"comment": comment} if comment else {})

    def _caller(self) -> Any:
        """Return a caller who is not of the unit: nobody takes down how the own work was."""
        matter = self.living.matter
        held = self.living.world.holders("desk", "caller", "dispatcher")
        free = [one for one in held if not is_of_unit(one, matter.responsible, matter)]
        return self.random.choice(free)

    def _not_reached(self) -> Iterator[datetime]:
        """Try as often as the pack says; the last try closes it as not reached."""
        living = self.living
        yield living.office(1, self.random.uniform(9, 17))
        for _ in range(living.world.pack.casework.contact_tries):
            living.do("not_reached", self._caller(), note=living.deal("not_reached"))
            again = living.matter.servicerequest.call_again_at
            if again is not None:  # the interval the pack wants between two tries
                yield living.wait(again - living.at + self.random.uniform(0.1, 3) * HOUR)
