"""A whistle and whoever is called by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import begin, perform

if TYPE_CHECKING:
    from linli.kernel.events.models import Event
    from linli.kernel.organisations.models import Organisation
    from linli.kernel.people.models import Person
    from tests.neighbourhood import Neighbourhood


def right_facts(here: Neighbourhood, **other: Any) -> dict[str, Any]:
    """Return facts with which one may whistle for the two units of the neighbourhood."""
    called = [str(unit.uuid) for unit in (here.roads, here.property_company)]
    return {
        "case": "joint_enforcement",
        "what": "一起清理消防通道。\n多次劝说无效。",
        "place": "东湖路1号2栋1单元",
        "departments": called,
        **other,
    }


def blow(here: Neighbourhood, *, by: Person | None = None, at: Any = None, **other: Any) -> Matter:
    """Whistle, and return the whistle's matter as it is stored."""
    return Matter.objects.get(pk=blown(here, by=by, at=at, **other).matter_id)


def blown(here: Neighbourhood, *, by: Person | None = None, at: Any = None, **other: Any) -> Event:
    """Whistle, and return the event."""
    facts = right_facts(here, **other)
    return begin(
        "whistle", "blow", community=here.community, by=by or here.secretary, facts=facts, at=at
    )


def call_of(whistle: Matter, department: Organisation) -> Matter:
    """Return the call of one department."""
    return Matter.objects.get(
        procedure="whistle_call", whistlecall__whistle=whistle.pk, responsible=department
    )


def do(matter: Matter, action: str, by: Any, at: Any = None, **facts: Any) -> Matter:
    """Perform an action and return the matter as it is stored then."""
    perform(matter, action, by=by, facts=facts, at=at)
    return Matter.objects.get(pk=matter.pk)
