"""Open data of the demo: two months that are out, and the last one, which waits for a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.mechanisms.casework.opendata.models import Release
from linli.mechanisms.casework.opendata.preparing import prepare
from linli.mechanisms.casework.opendata.releasing import POWER, OpenDataRefused, let_out
from linli.mechanisms.casework.rates.periods import period_of

if TYPE_CHECKING:
    from linli.surfaces.cli.demo.world import World

OUT = 2


def release_months(world: World) -> None:
    """Prepare the last closed periods and let all but the last one out; few reports: none."""
    last = period_of(world.pack.open_data.period, world.community.day_of(world.now)).before()
    periods = [last]
    while len(periods) <= OUT:
        periods.append(periods[-1].before())
    people = [
        person
        for (_code, role), holders in world.staff.items()
        if any(POWER in world.pack.roles[one].may for one in world.pack.roles_within(role))
        for person in holders
    ]
    for number, period in enumerate(reversed(periods)):
        try:
            made = prepare(world.community, period.since)
        except OpenDataRefused:
            continue
        for person in people[:2] if number < OUT else ():
            if made.state != Release.State.RELEASED:
                made = let_out(made, person, world.settings.deal("released"))
