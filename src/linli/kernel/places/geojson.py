"""Areas as GeoJSON for maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.places.boundaries import boundaries_version
from linli.kernel.places.models import Area

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.organisations.models import Community


def areas_geojson(community: Community, kinds: Iterable[str] = ()) -> dict[str, Any]:
    """Return areas with a boundary as an RFC 7946 FeatureCollection, coarse ones first.

    ``kinds``: keys of the pack's area kinds; all when empty. ``version`` beside the features is
    `boundaries_version`, read first: good as an ETag. Two queries.
    """
    version = boundaries_version(community)
    rows = Area.objects.filter(community=community, boundary__isnull=False)
    if wanted := list(kinds):
        rows = rows.filter(kind__in=wanted)
    areas = rows.select_related("organisation", "parent").order_by("level", "code")
    return {
        "type": "FeatureCollection",
        "version": version,
        "features": [_feature(area) for area in areas.defer("parent__boundary")],
    }


def _feature(area: Area) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(area.uuid),
        "geometry": area.boundary,
        "properties": {
            "code": area.code,
            "name": area.name,
            "kind": area.kind,
            "level": area.level,
            "parent": area.parent.code if area.parent else "",
            "organisation": area.organisation.name if area.organisation else "",
        },
    }
