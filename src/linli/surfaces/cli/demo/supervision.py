"""What is done on the last day: urging, parts for several units, appeals, standard replies."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.leading import parts_of
from linli.mechanisms.casework.standard_replies.models import StandardReply

if TYPE_CHECKING:
    from linli.kernel.people.models import Person
    from linli.surfaces.cli.demo.world import World

URGED, LED, APPEALED = 4, 2, 2


def supervise(world: World) -> None:
    """Let the supervisors look at what lies open now. A few dozen actions, whatever the size."""
    _keep_replies(world)
    _urge(world)
    _share_out(world)
    _appeal(world)


def _texts(world: World) -> dict[str, Any]:
    return dict(world.settings.phrases["supervision"])


def _keep_replies(world: World) -> None:
    for title, text in _texts(world)["replies"].items():
        StandardReply.objects.create(
            community=world.community, title=title, text=text, changed_at=world.now
        )


def _supervisor(world: World) -> Person:
    held = [people for (_code, role), people in sorted(world.staff.items()) if role == "supervisor"]
    return held[0][0]


def _open(world: World, **where: Any) -> list[Matter]:
    rows = Matter.objects.filter(
        community=world.community, procedure="casework", closed_at=None, **where
    )
    return list(rows.select_related("responsible").order_by("due_at", "pk"))


def _handler(world: World, matter: Matter) -> Person | None:
    code = matter.responsible.code if matter.responsible else ""
    held = world.holders(code, "handler", "lead")
    return held[0] if held else None


def _urge(world: World) -> None:
    """Urge what has waited longest; one in two units has answered."""
    told = _texts(world)
    found = [one for one in _open(world, stage__in=("accepted", "in_hand")) if _handler(world, one)]
    for number, matter in enumerate(found[:URGED]):
        _do(world, matter, "urge", _supervisor(world), text=told["urge"])
        handler = _handler(world, matter)
        if number % 2 and handler is not None:
            _do(world, matter, "answer_urge", handler, text=told["answer"])


def _share_out(world: World) -> None:
    """Give a part of a few matters to another unit; the first of those is done."""
    told = _texts(world)
    others = [unit for code, unit in world.organisations.items() if world.holders(code, "handler")]
    led = [one for one in _open(world, stage="in_hand") if _handler(world, one)]
    for number, matter in enumerate(led[-LED:]):
        other = next(unit for unit in others if unit.pk != matter.responsible_id)
        facts = {"to": str(other.uuid), "text": told["part"]}
        _do(world, matter, "hand_out", _handler(world, matter), **facts)
        if number == 0:
            part = parts_of(matter).get()
            handler = world.holders(other.code, "handler")[0]
            _do(world, part, "accept", handler)
            _do(world, part, "finish_part", handler, text=told["part_done"])


def _appeal(world: World) -> None:
    """Let reporters who were told that it is closed ask for a review; one is decided."""
    told = _texts(world)
    since = world.now - timedelta(days=12)
    closed = Matter.objects.filter(
        community=world.community, stage__in=("closed", "referred"), closed_at__gte=since,
        reporter__isnull=False, servicerequest__appealed_at=None,
        servicerequest__solved__isnull=True,
    )  # fmt: skip
    for number, matter in enumerate(closed.order_by("-closed_at")[:APPEALED]):
        _do(world, matter, "appeal", matter.reporter, reason=told["appeal"])
        reviewer = _reviewer(world, matter)
        if number == 0 and reviewer is not None:
            facts = {"upheld": False, "grounds": told["grounds"]}
            _do(world, matter, "decide_appeal", reviewer, **facts)


def _reviewer(world: World, matter: Matter) -> Person | None:
    """Return a supervisor of a level above who took no part in the matter."""
    concerned = matter.responsible or matter.desk
    if concerned is None:
        return None
    took_part = set(Event.objects.filter(matter=matter).values_list("actor_id", flat=True))
    for (code, role), people in sorted(world.staff.items()):
        stands = world.organisations[code].path
        below = concerned.path.startswith(stands) and concerned.path != stands
        free = [one for one in people if one.pk not in took_part]
        if role in ("supervisor", "secretary") and below and free:
            return free[0]
    return None


def _do(world: World, matter: Matter, action: str, by: Person | None, **facts: Any) -> None:
    """Act now: events lie in the order of time, and all others have happened."""
    perform(matter, action, by=by, facts=facts, at=world.now)
    matter.refresh_from_db()
