"""What a supervisor watches: lists of requests by what went wrong, with what shows it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event
from linli.kernel.matters.flags import flagged
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import content_of, pack_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community

SHOWN_OF_EACH = 5  # the latest events that show it, for one matter


@dataclass(frozen=True)
class Board:
    """A list under a name. ``events``: the kinds that show why a matter is on it."""

    name: str
    label: Any
    hint: Any
    condition: Callable[[datetime, timedelta], Q]
    events: tuple[str, ...] = ()


def _running(name: str) -> Q:
    rows = Clock.objects.filter(matter=OuterRef("pk"), name=name, stopped_at__isnull=True)
    return Q(Exists(rows))


BOARDS = (
    Board(
        "overdue", gettext_lazy("Overdue"),
        gettext_lazy("A deadline has passed. With each step the next level up is told."),
        lambda now, soon: Q(due_at__lt=now),
        ("casework.overdue", "casework.escalated"),
    ),
    Board(
        "soon", gettext_lazy("About to fall due"),
        gettext_lazy("A deadline falls due soon."),
        lambda now, soon: Q(due_at__gte=now, due_at__lt=now + soon),
    ),
    Board(
        "returned", gettext_lazy("Returned"),
        gettext_lazy("Units said that it is not their duty: who, how often, and why."),
        lambda now, soon: flagged("returned"),
        ("casework.returned",),
    ),
    Board(
        "reopened", gettext_lazy("Reopened"),
        gettext_lazy("The reporter said that it came back or is not solved."),
        lambda now, soon: flagged("reopened"),
        ("casework.reopened",),
    ),
    Board(
        "broken", gettext_lazy("Broken promises"),
        gettext_lazy("The promised day passed before it was done."),
        lambda now, soon: flagged("broken"),
        ("casework.overdue", "casework.extended"),
    ),
    Board(
        "bound", gettext_lazy("Bound by decision"),
        gettext_lazy("The supervisor decided who answers; the unit cannot return it."),
        lambda now, soon: Q(servicerequest__bound_to__isnull=False),
        ("casework.assigned",),
    ),
    Board(
        "urged", gettext_lazy("Urged, not answered"),
        gettext_lazy("A supervisor waits for the unit's answer."),
        lambda now, soon: _running("urge"),
        ("casework.urged",),
    ),
    Board(
        "appealed", gettext_lazy("Appeals"),
        gettext_lazy("The reporter asked for a review; it waits for a decision."),
        lambda now, soon: Q(stage="appealed"),
    ),
)  # fmt: skip
BY_NAME = {board.name: board for board in BOARDS}


def condition_of(board: Board, community: Community, now: datetime) -> Q:
    """Return the condition of a board on matters; what counts as soon is the pack's."""
    soon = timedelta(hours=pack_of(community).casework.soon_hours)
    return board.condition(now, soon) & Q(procedure="casework")


def by_unit(rows: QuerySet[Matter]) -> list[tuple[Organisation | None, int]]:
    """Return how many of the matters lie with each unit, as the tree lies; None: with nobody.

    Two queries, however many there are.
    """
    counted: Any = rows.values("responsible").annotate(number=Count("pk")).order_by()
    found = {row["responsible"]: row["number"] for row in counted}
    units = Organisation.objects.filter(pk__in=[key for key in found if key]).order_by("path")
    listed: list[tuple[Organisation | None, int]] = [(unit, found[unit.pk]) for unit in units]
    return [(None, found[None]), *listed] if None in found else listed


@dataclass(frozen=True)
class Shown:
    """One thing that shows why a matter is on a board."""

    at: datetime
    what: str
    who: str = ""


def evidence(board: Board, matters: Iterable[Matter]) -> dict[int, list[Shown]]:
    """Return what shows why, by matter, the latest first. At most one query."""
    by_key = {matter.pk: matter for matter in matters}
    found: dict[int, list[Shown]] = defaultdict(list)
    if not board.events or not by_key:
        return found
    rows = Event.objects.filter(matter__in=by_key, kind__in=board.events)
    for event in rows.select_related("organisation").order_by("matter", "-seq"):
        other = event.kind == "casework.overdue" and event.facts.get("promise") != "broken"
        if board.name == "broken" and other:
            continue
        if len(found[event.matter_id]) < SHOWN_OF_EACH:
            found[event.matter_id].append(_shown(event, by_key[event.matter_id]))
    return found


def _shown(event: Event, matter: Matter) -> Shown:
    pack, facts = content_of(matter.pack), event.facts
    organisation = event.organisation.name if event.organisation else ""
    if event.kind in ("casework.overdue", "casework.escalated"):
        clock = pack.clocks.get(str(facts.get("clock")))
        level = _("level %(level)s told") % {"level": facts.get("level", 1)}
        label = str(clock.label) if clock else str(facts.get("clock"))
        return Shown(event.at, f"{label}：{level}", str(facts.get("told", "")))
    if event.kind == "casework.returned":
        reason = pack.reason_label("return", str(facts["reason"]))
        times = _("return %(number)s") % {"number": facts.get("returns", 1)}
        return Shown(event.at, f"{times}：{reason}", organisation)
    if event.kind == "casework.extended":
        return Shown(event.at, pack.reason_label("extend", str(facts["reason"])), organisation)
    if event.kind == "casework.assigned":
        return Shown(event.at, str(facts["grounds"]), organisation)
    if event.kind == "casework.urged":
        by = facts.get("answer_by")
        return Shown(event.at, str(facts["text"]), _("by %(day)s") % {"day": by} if by else "")
    return Shown(event.at, _("on %(day)s") % {"day": date_format(event.at, "DATE_FORMAT")})
