"""Search: by number, words, place, and person; shown only to those who may see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils import timezone

from linli.kernel.access.relations import can
from linli.kernel.matters.entries import SearchEntry
from linli.kernel.matters.models import Matter
from linli.kernel.matters.search import LARGE_WINDOW, OPEN_MARK, SMALL_WINDOW, community_mark
from linli.kernel.matters.visibility import (
    Scope,
    in_charge,
    is_named_for,
    not_kept_from,
    scope_of,
    visible_to,
    within_scope,
)
from linli.kernel.matters.words import Wanted, wanted
from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import blind_indexes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
    chosen = keys_found(person, community, text, limit=limit, reporter_hidden=reporter_hidden)
    rows = visible_to(person, community).select_related("responsible", "area", "pack")
    by_key = rows.defer("area__boundary", "pack__content").in_bulk(chosen)
    return [by_key[key] for key in chosen if key in by_key]


def keys_found(
    person: Person | None,
    community: Community,
    text: str,
    *,
    limit: int = MOST_FOUND,
    reporter_hidden: Q | None = None,
) -> list[int]:
    """Return the keys of what `search` finds; the caller still asks which may be seen."""
    text = text.strip()
    if not text:
        return []
    keys = dict.fromkeys(_by_number(person, community, text))
    found = _by_person(person, community, text, limit, reporter_hidden)
    found += _by_words(person, community, text, limit)
    keys.update(dict.fromkeys(sorted(found, reverse=True)))
    return list(keys)[:limit]


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
    """Return the newest whose public words hold it, or whose own words where one may read them."""
    sought = wanted(text)
    if not sought:
        return []
    signed_in = person is not None and person.is_active
    scope = scope_of(person, community) if signed_in else Scope()
    near = sought.among(community_mark(community.pk))
    own = near.among(*marks_within(scope))

    entries = SearchEntry.objects.filter(community=community)

    def readable(window: _Window) -> list[QuerySet[SearchEntry]]:
        found = [Q(window.holding("public_words", near), is_public=True)]
        if scope:
            open_to = Q(is_named=False) | Q(is_named_for(person))
            found.append(window.holding("words", own) & within_scope(scope) & open_to)
        if window.after and scope:  # the rows are read once; two indexes are asked one by one
            found = [found[0] | found[1]]
        return [entries.filter(one) for one in found]

    found = _in_windows(readable, limit)
    return found + _own_holding(person, community, sought, limit) if signed_in else found


def _own_holding(
    person: Person | None, community: Community, sought: Wanted, limit: int
) -> list[int]:
    """Return the newest of a person's own matters that hold the words.

    Whose they are is asked first and apart: those are few, however common the words.
    """
    rows = Matter.objects.filter(not_kept_from(person), community=community, reporter=person)
    own = list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST_OWN])
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

    ``marks``: groups of which each matter ``among`` them has one; they narrow the index.
    """
    if not sought:
        return []
    sought = sought.among(community_mark(community.pk))
    for group in marks:
        sought = sought.among(*group)
    return _in_windows(
        lambda window: [among.filter(window.holding(f"search__{column}", sought))],
        limit,
        few=any(OPEN_MARK in group for group in marks),
    )


def _in_windows(
    rows_of: Callable[[_Window], list[QuerySet[Any]]], limit: int, *, few: bool = False
) -> list[int]:
    """Return the newest keys of some lists, from windows of time that grow until there are enough.

    A common word is found among the newest, and a word that is rare there cannot be so common
    elsewhere as to make the last step dear. ``few``: the lists are so short, as those of open
    matters are, that the step between would gain nothing. One query, and one for each list and
    window.
    """
    newest = SearchEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found: list[int] = []
    for window in _windows(newest, few):
        keys: set[int] = set()
        for rows in rows_of(window):
            keys.update(window.newest_first(rows).values_list("pk", flat=True)[:limit])
        found = sorted(keys, reverse=True)[:limit]
        if len(found) >= limit:
            break
    return found


@dataclass(frozen=True)
class _Window:
    """The newest entries after a key, read one by one; or those with a mark; or all."""

    after: int = 0
    marks: tuple[str, ...] = ()

    def holding(self, column: str, sought: Wanted) -> Q:
        """Return the condition that a column holds the words and the row lies in the window."""
        if self.after:
            return Q(**{f"{column}__spells": sought}, pk__gt=self.after)
        return Q(**{f"{column}__holds": sought.among(*self.marks)})

    def newest_first(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return rows in order: by the key's index, or where words are an index, by them alone."""
        # A sum is no index: the plan stays with the words, however common they are.
        return rows.order_by("-pk" if self.after else -(F("pk") + 0))


def _windows(newest: int, few: bool) -> list[_Window]:
    if newest < 1 << LARGE_WINDOW:
        return [_Window()]
    large = newest >> LARGE_WINDOW
    near = _Window(after=newest - (1 << SMALL_WINDOW))
    between = [] if few else [_Window(marks=(f"_m{large}", f"_m{large - 1}"))]
    return [near, *between, _Window()]
