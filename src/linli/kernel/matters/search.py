"""Keeping what a matter is found by in step with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from linli.kernel.matters.cells import cell_of
from linli.kernel.matters.entries import SearchEntry
from linli.kernel.matters.models import Audience
from linli.kernel.matters.words import words_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.matters.models import Matter
    from linli.kernel.writing import Writing

# A search looks at the newest matters first, in windows of these sizes (powers of two).
SMALL_WINDOW, LARGE_WINDOW = 12, 16
OPEN_MARK = "_o"


# What a matter is found by: `entry_values` reads nothing else of it.
FOUND_BY = (
    "title", "text", "address_text", "public_title", "public_text", "audience", "is_open",
    "responsible_id", "desk_id", "area_id", "category", "longitude", "latitude",
)  # fmt: skip


def searched(matter: Matter) -> tuple[Any, ...]:
    """Return all that an entry is made of: while it stays, so does the entry."""
    return tuple(getattr(matter, name) for name in FOUND_BY)


def index_matter(matter: Matter, writing: Writing) -> None:
    """Keep the search entry of a matter in step; called by perform(), where it may have changed."""
    entry = SearchEntry(matter_id=matter.pk, **entry_values(matter))
    if matter.version == 1:
        writing.insert(entry)
    else:
        writing.update(entry)


def reindex(matters: QuerySet[Matter], batch: int = 1_000) -> int:
    """Make the entries of these matters anew and return how many there are."""
    made, last = 0, 0
    while rows := list(matters.filter(pk__gt=last).order_by("pk")[:batch]):
        entries = [SearchEntry(matter_id=matter.pk, **entry_values(matter)) for matter in rows]
        names = [field.attname for field in SearchEntry._meta.fields if not field.primary_key]
        SearchEntry.objects.bulk_create(
            entries, update_conflicts=True, unique_fields=["matter"], update_fields=names
        )
        made, last = made + len(rows), rows[-1].pk
    return made


def entry_values(matter: Matter) -> dict[str, Any]:
    """Return the fields of a matter's entry."""
    public = matter.audience == Audience.PUBLIC
    marks = marks_of(matter)
    shown = [*marks, *words_of(f"{matter.public_title}\n{matter.public_text}")] if public else []
    own = words_of(f"{matter.title}\n{matter.text}\n{matter.address_text}\n{matter.public_title}")
    return {
        "community_id": matter.community_id,
        "words": " ".join([*marks, *own]),
        "public_words": " ".join(shown),
        "is_open": matter.is_open,
        "is_public": public,
        "is_named": matter.audience == Audience.NAMED,
        "responsible_id": matter.responsible_id,
        "desk_id": matter.desk_id,
        "area_id": matter.area_id,
        "cell": _cell(matter),
        "longitude": matter.longitude,
        "latitude": matter.latitude,
    }


def _cell(matter: Matter) -> int | None:
    """Return the map cell of a matter; what is for named people only is on no map at all."""
    if matter.longitude is None or matter.latitude is None or matter.audience == Audience.NAMED:
        return None
    return cell_of(matter.longitude, matter.latitude)


def marks_of(matter: Matter) -> list[str]:
    """Return the marks that let the index itself narrow a search to one community, unit, ….

    Anything a mark says changes only through perform(), which comes by here.
    """
    marks = [
        community_mark(matter.community_id),
        f"_n{matter.pk >> SMALL_WINDOW}",
        f"_m{matter.pk >> LARGE_WINDOW}",
    ]
    if matter.is_open:
        marks.append(OPEN_MARK)
    for letter, key in (("r", matter.responsible_id), ("d", matter.desk_id), ("a", matter.area_id)):
        if key is not None:
            marks.append(f"_{letter}{key}")
    if matter.category:
        marks.append(category_mark(matter.category))
    return marks


def community_mark(community_id: int) -> str:
    """Return the mark of a community."""
    return f"_c{community_id}"


def category_mark(category: str) -> str:
    """Return the mark of a category."""
    return "_g" + re.sub(r"\W", "", category)
