"""What cannot be solved now, and what a unit asks to leave out of the rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.mechanisms.casework.independence import is_of_unit
from linli.surfaces.cli.demo.life import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linli.kernel.people.models import Person
    from linli.surfaces.cli.demo.life import Living


class Account:
    """The way of one matter over the public account."""

    def __init__(self, living: Living) -> None:
        self.living, self.random = living, living.random

    def stand(self) -> Iterator[datetime]:
        """Be proposed, put there, looked at each quarter until it can be solved at last."""
        living = self.living
        supervisor = judge(living)
        if supervisor is None:
            return
        reason, text = living.reason("on_account", "on_account")
        facts = {"reason": reason, "text": text, "owner": str(living.unit.uuid)}
        yield living.work(3)
        living.do("propose_account", living.handler, **facts)
        yield living.office(self.random.randint(1, 3), self.random.uniform(9, 12))
        living.do("put_on_account", supervisor, **facts)
        while self.random.random() < 0.7:
            yield living.wait(self.random.uniform(70, 88) * DAY)
            living.do("review_account", supervisor, outcome="kept", text=text)
        yield living.wait(self.random.uniform(20, 80) * DAY)


def leave_out(living: Living) -> Iterator[datetime]:
    """Let the unit ask that it does not count; somebody else decides some days later."""
    supervisor = judge(living)
    if supervisor is None or living.matter.stage != "closed":
        return
    reason, text = living.reason("exclude", "exclude")
    yield living.office(1, _morning(living))
    living.do("ask_exclusion", living.handler, reason=reason, text=text)
    yield living.office(living.random.randint(2, 12), _morning(living))
    decision = "accept" if living.random.random() < 0.65 else "refuse"
    living.do("decide_exclusion", supervisor, decision=decision, grounds=living.deal("decided"))


def _morning(living: Living) -> float:
    """Return an hour of the morning."""
    return living.random.uniform(9, 12)


def judge(living: Living) -> Person | None:
    """Return a supervisor who is not of the unit in charge, or None where there is none."""
    found: list[Any] = [
        one
        for (_code, role), held in living.world.staff.items()
        if role == "supervisor"
        for one in held
        if not is_of_unit(one, living.matter.responsible, living.matter)
    ]
    return living.random.choice(found) if found else None
