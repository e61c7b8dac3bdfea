"""What the database knows of a period's requests, as far as open data may use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from linli.kernel.deadlines.models import Clock
from linli.kernel.matters.models import Audience
from linli.kernel.people.models import Contact
from linli.mechanisms.casework.models import ServiceRequest
from linli.mechanisms.casework.opendata.columns import band

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from linli.kernel.organisations.models import Community

PAGE = 2_000
UNKNOWN = -1
_COLUMNS = (
    "matter_id", "matter__reporter_id", "matter__area_id", "matter__created_at",
    "matter__category", "matter__closed_at", "matter__stage", "first_replied_at", "solved_at",
)  # fmt: skip
Outcome = tuple[str, str, str, str]


@dataclass(frozen=True)
class Reported:
    """A request: where, when and what, who it is of (a number, or `UNKNOWN`), what came of it."""

    matter: int
    person: int
    area: int | None
    day: date
    category: str
    outcome: Outcome


def reported_in(community: Community, since: date, until: date) -> list[Reported]:
    """Return the requests of some days, in the order of their keys. A few queries a page.

    Without what is for named people only, and without parts of another request: they are the same
    report.
    """
    zone = ZoneInfo(community.timezone)
    rows = ServiceRequest.objects.filter(
        matter__community=community,
        matter__created_at__gte=datetime.combine(since, time(), zone),
        matter__created_at__lt=datetime.combine(until + timedelta(days=1), time(), zone),
        is_part=False,
    ).exclude(matter__audience=Audience.NAMED)
    found = list(_paged(rows))
    who = people_behind({row["matter__reporter_id"] for row in found} - {None})
    kept = _answered_in_time([row["matter_id"] for row in found])
    return [_reported(community, row, who, kept) for row in found]


def outcomes_of(community: Community, matters: Sequence[int]) -> dict[int, Outcome]:
    """Return what has come of requests by now, by matter."""
    kept, found = _answered_in_time(matters), {}
    for part in _parts(matters):
        for row in ServiceRequest.objects.filter(matter__in=part).values(*_COLUMNS):
            found[row["matter_id"]] = _outcome(community, row, kept)
    return found


def people_behind(reporters: Iterable[int]) -> dict[int, int]:
    """Return, for each reporter, a number that is the same for accounts of the same contact.

    Who left neither telephone nor e-mail and has no account may be anybody: `UNKNOWN`.
    """
    numbers, root = sorted(reporters), {}
    accounts: set[int] = set()
    first: dict[str, int] = {}
    for part in _parts(numbers):
        root.update({one: one for one in part})
        accounts |= _with_account(part)
    reached: set[int] = set()
    for person, index in _contacts(numbers):
        reached.add(person)
        _join(root, person, first.setdefault(index, person))
    return {
        one: _root(root, one) if one in reached or one in accounts else UNKNOWN for one in numbers
    }


def _with_account(part: Sequence[int]) -> set[int]:
    from linli.kernel.people.models import Person

    return set(Person.objects.filter(pk__in=part, is_guest=False).values_list("pk", flat=True))


def _contacts(numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    for part in _parts(numbers):
        rows = Contact.objects.filter(
            person__in=part, kind__in=(Contact.Kind.PHONE, Contact.Kind.EMAIL)
        )
        yield from rows.order_by("pk").values_list("person_id", "blind_index")


def _root(root: dict[int, int], one: int) -> int:
    while root[one] != one:
        root[one] = root[root[one]]
        one = root[one]
    return one


def _join(root: dict[int, int], one: int, other: int) -> None:
    low, high = sorted((_root(root, one), _root(root, other)))
    root[high] = low


def _paged(rows: Any) -> Iterator[dict[str, Any]]:
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk").values(*_COLUMNS)[:PAGE]):
        yield from page
        last = page[-1]["matter_id"]


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), PAGE):
        yield numbers[start : start + PAGE]


def _answered_in_time(matters: Sequence[int]) -> dict[int, bool]:
    """Return whether the first clock of the answer was kept, where that is known."""
    found: dict[int, bool] = {}
    for part in _parts(matters):
        rows = Clock.objects.filter(matter__in=part, name="reply").order_by("matter_id", "pk")
        for matter, kept, late in rows.values_list("matter_id", "kept", "overdue_at"):
            if matter not in found and (kept is not None or late is not None):
                found[matter] = bool(kept) and late is None
    return found


def _reported(
    community: Community, row: dict[str, Any], who: dict[int, int], kept: dict[int, bool]
) -> Reported:
    return Reported(
        row["matter_id"],
        who.get(row["matter__reporter_id"], UNKNOWN),
        row["matter__area_id"],
        community.day_of(row["matter__created_at"]),
        row["matter__category"],
        _outcome(community, row, kept),
    )


def _outcome(community: Community, row: dict[str, Any], kept: dict[int, bool]) -> Outcome:
    begun = community.day_of(row["matter__created_at"])

    def days(at: datetime | None) -> int | None:
        return None if at is None else (community.day_of(at) - begun).days

    in_time = kept.get(row["matter_id"])
    state = "closed" if row["matter__closed_at"] else "open"
    if row["matter__stage"] == "on_account":
        state = "on_account"
    return (
        "" if in_time is None else str(in_time).lower(),
        band(days(row["first_replied_at"])),
        state,
        band(days(row["solved_at"])),
    )
