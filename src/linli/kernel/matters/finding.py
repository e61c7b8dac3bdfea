"""Search: by number, words, place, and person; shown only to those who may see it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone

from linli.kernel.access.relations import can
from linli.kernel.matters.entries import SearchEntry
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.search import LARGE_WINDOW, SMALL_WINDOW, community_mark
from linli.kernel.matters.visibility import Scope, in_charge, scope_of, visible_to
from linli.kernel.matters.words import Wanted, wanted
from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import blind_indexes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

MOST_FOUND = 100
MOST_MARKS = 60
MOST_OWN = 1_000
YEARS_BACK = 5
_NUMBER = re.compile(r"[A-Za-z0-9]{1,8}-\d{4}-\d{6,}")


def search(
    person: Person | None,
    community: Community,
    text: str,
    *,
    limit: int = MOST_FOUND,
    reporter_hidden: Q | None = None,
) -> list[Matter]:
    """Return the matters a person finds by what was typed, newest first, at most ``limit``.

    A number (whole, or its serial alone) comes first. Words look into the reporter's own words
    and the address only where the person is in charge or a party, elsewhere into what is public.
    Names, telephone numbers and e-mail addresses are found whole, only with the power
    ``search``, among the matters one is in charge of and not among ``reporter_hidden``.
    """
    text = text.strip()
    if not text:
        return []
    keys: dict[int, None] = {}
    keys.update(dict.fromkeys(_by_number(person, community, text)))
    found = _by_person(person, community, text, limit, reporter_hidden)
    found += _by_words(person, community, text, limit)
    keys.update(dict.fromkeys(sorted(found, reverse=True)))
    chosen = list(keys)[:limit]
    rows = visible_to(person, community).select_related("responsible", "area", "pack")
    by_key = rows.defer("area__boundary", "pack__content").in_bulk(chosen)
    return [by_key[key] for key in chosen if key in by_key]


def _by_number(person: Person | None, community: Community, text: str) -> list[int]:
    if not (numbers := numbers_typed(community, text)):
        return []
    rows = visible_to(person, community).filter(number__in=numbers)
    return list(rows.order_by("-number").values_list("pk", flat=True))


def numbers_typed(community: Community, text: str) -> list[str]:
    """Return the numbers of matters that ``text`` can stand for: none, one, or one a year."""
    if _NUMBER.fullmatch(text):
        return [text.upper()]
    if text.isascii() and text.isdecimal() and len(text) <= 6:
        year = timezone.now().year
        return [f"{community.prefix}-{year - back}-{int(text):06d}" for back in range(YEARS_BACK)]
    return []


def _by_person(
    person: Person | None, community: Community, text: str, limit: int, hidden: Q | None
) -> list[int]:
    if not can(person, "search", community):
        return []
    people = Contact.objects.filter(blind_index__in=blind_indexes(text)).exclude(
        kind=Contact.Kind.ADDRESS
    )
    rows = in_charge(person, community).filter(
        reporter__in=list(people.values_list("person_id", flat=True)[:limit])
    )
    if hidden is not None:
        rows = rows.exclude(hidden)
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])


def _by_words(person: Person | None, community: Community, text: str, limit: int) -> list[int]:
    sought = wanted(text)
    public = visible_to(person, community).filter(audience=Audience.PUBLIC)
    found = newest_holding("public_words", community, sought, public, limit)
    if person is None or not person.is_active:
        return found
    if scope := scope_of(person, community):
        own = in_charge(person, community)
        found += newest_holding("words", community, sought, own, limit, [marks_within(scope)])
    return found + _own_holding(person, community, sought, limit)


def _own_holding(person: Person, community: Community, sought: Wanted, limit: int) -> list[int]:
    """Return the newest of a person's own matters that hold the words.

    Whose they are is asked first and apart: those are few, however common the words.
    """
    rows = visible_to(person, community).filter(reporter=person).order_by("-pk")
    own = list(rows.values_list("pk", flat=True)[:MOST_OWN]) if sought else []
    if not own:
        return []
    holding = SearchEntry.objects.filter(pk__in=own, words__holds=sought).order_by("-pk")
    return list(holding.values_list("pk", flat=True)[:limit])


def marks_within(scope: Scope) -> list[str]:
    """Return marks that narrow the index to a scope; none when it is too wide to gain by it."""
    marks = [f"_{letter}{key}" for key in sorted(scope.organisations) for letter in "rd"]
    marks += [f"_a{key}" for key in sorted(scope.areas)]
    return marks if len(marks) <= MOST_MARKS else []


def newest_holding(
    column: str,
    community: Community,
    sought: Wanted,
    among: QuerySet[Matter],
    limit: int,
    marks: Iterable[Sequence[str]] = (),
) -> list[int]:
    """Return the keys of the newest matters ``among`` these whose ``column`` holds the words.

    Windows of time grow until enough are found: a common word is found among the newest, and
    a word that is rare there cannot be so common elsewhere as to make the last step dear.
    """
    if not sought:
        return []
    sought = sought.among(community_mark(community.pk))
    for group in marks:
        sought = sought.among(*group)
    newest = SearchEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found: list[int] = []
    for window in _windows(newest):
        rows = among.filter(**{f"search__{column}__holds": sought.among(*window)})
        # A sum is no index: the plan stays with the words, however common they are.
        found = list(rows.order_by(-(F("pk") + 0)).values_list("pk", flat=True)[:limit])
        if len(found) >= limit:
            break
    return found


def _windows(newest: int) -> list[tuple[str, ...]]:
    small, large = newest >> SMALL_WINDOW, newest >> LARGE_WINDOW
    windows: list[tuple[str, ...]] = []
    if newest >= 1 << LARGE_WINDOW:
        windows = [
            tuple(f"_n{small - back}" for back in range(4)),
            (f"_m{large}", f"_m{large - 1}"),
        ]
    return [*windows, ()]
