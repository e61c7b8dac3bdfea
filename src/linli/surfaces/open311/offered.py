"""GET services, GET services/CODE, and the discovery of all this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from linli.kernel.notify.readers import absolute
from linli.kernel.packs.loading import pack_of
from linli.surfaces.open311.attributes import attributes_of
from linli.surfaces.open311.receiving import (
    Wrong,
    answering,
    count_reading,
    jurisdiction_of,
    key_of,
)
from linli.surfaces.open311.writing import written

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.packs.schema import CategorySetting, PackContent
    from linli.surfaces.open311.attributes import Attribute

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-24T00:00:00Z"  # when what is described here was last changed


@answering("GET", "HEAD")
def discovery(request: HttpRequest, format: str) -> HttpResponse:
    """Where the service is and which formats it speaks (Open311 Service Discovery)."""
    count_reading(request, None)
    endpoint = {
        "specification": SPECIFICATION,
        "url": absolute("/open311/v2"),
        "changeset": CHANGESET,
        "type": "production" if settings.PRODUCTION else "test",
        "formats": ["application/json", "text/xml"],
    }
    told = {
        "changeset": CHANGESET,
        "contact": absolute("/"),
        "key_service": _("Keys are given by whoever runs this installation."),
        "endpoints": [endpoint],
    }
    return written(format, "discovery", told)


@answering("GET", "HEAD")
def services(request: HttpRequest, format: str) -> HttpResponse:
    """What can be reported: the categories of the pack."""
    token = key_of(request)
    count_reading(request, token)
    pack = pack_of(jurisdiction_of(request, token))
    found = [_service(pack, code, one) for code, one in pack.leaf_categories().items()]
    return written(format, "services", found)


def _service(pack: PackContent, code: str, category: CategorySetting) -> dict[str, Any]:
    group = pack.categories.get(category.parent or "")
    return {
        "service_code": code,
        "service_name": str(category.label),
        "description": str(category.hint) if category.hint else str(category.label),
        "metadata": bool(attributes_of(pack, code)),
        "type": "realtime",
        "keywords": ", ".join(str(one.label) for one in (category, group) if one),
        "group": str(group.label) if group else "",
    }


@answering("GET", "HEAD")
def service(request: HttpRequest, code: str, format: str) -> HttpResponse:
    """What one service asks besides place and description."""
    token = key_of(request)
    count_reading(request, token)
    pack = pack_of(jurisdiction_of(request, token))
    if code not in pack.leaf_categories():
        raise Wrong(404, _("There is no such service_code."))
    asked = attributes_of(pack, code)
    told = {
        "service_code": code,
        "attributes": [_attribute(order, one) for order, one in enumerate(asked, start=1)],
    }
    return written(format, "service_definition", told)


def _attribute(order: int, one: Attribute) -> dict[str, Any]:
    return {
        "variable": True,
        "code": one.code,
        "datatype": one.datatype,
        "required": one.required,
        "datatype_description": one.hint or None,
        "order": order,
        "description": one.question,
        "values": [{"key": key, "name": name} for key, name in one.values],
    }
