"""An area and what lies within it."""

from __future__ import annotations

from linli.kernel.places.models import Area


def area_and_parts(area: Area) -> list[int]:
    """Return the primary keys of an area and of all its parts; one query a level."""
    found, level = [area.pk], [area.pk]
    while level:
        rows = Area.objects.filter(parent__in=level).exclude(pk__in=found)
        level = list(rows.values_list("pk", flat=True))
        found += level
    return found
