"""A closed month of a small neighbourhood: what people reported, back in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.kernel.matters.models import Matter
from linli.kernel.places.models import Area
from linli.kernel.procedures.performing import perform
from tests.neighbourhood import square

if TYPE_CHECKING:
    from linli.kernel.people.models import Person
    from tests.neighbourhood import Neighbourhood

BEGUN = datetime(2026, 3, 2, 4, tzinfo=UTC)  # noon in Shanghai, a Monday
DAY = BEGUN.date()


def residents(here: Neighbourhood, count: int) -> list[Person]:
    """Return people with accounts of their own."""
    return [here.person(f"{here.community.code}-neighbour-{one}", None) for one in range(count)]


def second_grid(here: Neighbourhood) -> Area:
    """Return one more grid of the community."""
    return Area.objects.create(
        community=here.community, kind="grid", level=5, code=f"{here.community.code}-grid-2",
        name="第二网格", organisation=here.grid, boundary=square(114.32, 30.50),
    )  # fmt: skip


def reported(
    here: Neighbourhood, by: Person | None, category: str = "pothole", area: Area | None = None,
    day: int = 0, **facts: Any,
) -> Matter:  # fmt: skip
    """Return a request of so many days after the beginning of the month, triaged."""
    matter = here.report(by=by, text="秘密的话，电话 13900001111。", **facts).matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": category})
    at = BEGUN + timedelta(days=day)
    Matter.objects.filter(pk=matter.pk).update(created_at=at, area=area or here.grid_area)
    matter.refresh_from_db()
    return matter


def a_month(here: Neighbourhood) -> list[Matter]:
    """Return twelve requests of six people about potholes and lamps, and one about health."""
    people = residents(here, 6)
    found = [reported(here, one) for one in people]
    found += [reported(here, one, "streetlight", day=1) for one in people[:5]]
    found.append(reported(here, people[0], "health", second_grid(here), day=20))
    return found
