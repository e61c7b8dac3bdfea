"""What another city's server says, read without trusting any of it.

GeoReport v2 gives the shapes; servers differ in all of them. What has no identifier is left out
and counted, what is no number or no time counts as not told, and texts are cut to a length.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = {"id": 120, "line": 200, "text": 4_000}
MOST_ITEMS = 5_000
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


class BadAnswer(ValueError):
    """The answer is not what GeoReport v2 says it is; the message says how, to people."""


@dataclass(frozen=True)
class TheirService:
    """A kind of request the server takes."""

    code: str
    name: str
    group: str = ""
    needs_more: bool = False  # it asks for attributes


@dataclass(frozen=True)
class TheirRequest:
    """A request as the server tells of it; empty and None are what it does not tell."""

    id: str
    status: str
    notes: str
    service: str
    description: str
    requested_at: datetime | None
    updated_at: datetime | None
    address: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True)
class Receipt:
    """What a server hands back for a new request: its identifier, or a token for it."""

    id: str
    token: str


def items_in(content: bytes, format: str) -> list[dict[str, Any]]:
    """Return the items of a list in JSON or XML, each a plain mapping. Raises BadAnswer."""
    found = _json(content) if format == "json" else _xml(content)
    if len(found) > MOST_ITEMS:
        raise BadAnswer(_("The answer holds too many requests."))
    return [item for item in found if isinstance(item, dict)]


def _json(content: bytes) -> list[Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadAnswer(_("The answer is not JSON.")) from None
    if isinstance(found, dict):  # some wrap the list, as their XML does
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list):
        raise BadAnswer(_("The answer is no list."))
    return found


def _xml(content: bytes) -> list[Any]:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise BadAnswer(_("The answer is not XML.")) from None
    if not isinstance(root, Element):
        raise BadAnswer(_("The answer is not XML."))
    return [{_name(one): one.text or "" for one in item} for item in root]


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def services_of(items: Iterable[dict[str, Any]]) -> list[TheirService]:
    """Return the services among items."""
    found = []
    for item in items:
        if code := _text(item.get("service_code"), "id"):
            name = _text(item.get("service_name"), "line") or code
            more = str(item.get("metadata")).lower() == "true"
            found.append(TheirService(code, name, _text(item.get("group"), "line"), more))
    return found


def requests_of(items: Iterable[dict[str, Any]]) -> tuple[list[TheirRequest], int]:
    """Return the requests among items, and how many items were none."""
    found, unreadable = [], 0
    for item in items:
        number = _text(item.get("service_request_id"), "id")
        if not number or "," in number:  # a comma would make two of it when we ask again
            unreadable += 1
            continue
        longitude, latitude = _point(item.get("long", item.get("lon")), item.get("lat"))
        found.append(
            TheirRequest(
                id=number,
                status="closed"
                if _text(item.get("status"), "line").lower() == "closed"
                else "open",
                notes=_text(item.get("status_notes"), "text"),
                service=_text(item.get("service_code"), "id"),
                description=_text(item.get("description"), "text"),
                requested_at=_time(item.get("requested_datetime")),
                updated_at=_time(item.get("updated_datetime")),
                address=_text(item.get("address"), "line"),
                longitude=longitude,
                latitude=latitude,
            )
        )
    return found, unreadable


def receipt_of(items: Iterable[dict[str, Any]]) -> Receipt:
    """Return the receipt among items. Raises BadAnswer where there is none."""
    for item in items:
        receipt = Receipt(
            _text(item.get("service_request_id"), "id"), _text(item.get("token"), "id")
        )
        if receipt.id or receipt.token:
            return receipt
    raise BadAnswer(_("It did not say under which number it took the request."))


def refusal_in(content: bytes, format: str) -> str:
    """Return what a server says about a request it refused, in one line; empty where nothing."""
    try:
        items = items_in(content, format)
    except BadAnswer:
        return ""
    told = (_text(item.get("description"), "line") for item in items)
    return " ".join(" ".join(one.split()) for one in told if one)[:200]


def _text(value: Any, kind: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and abs(value) > 10**40:
        return ""
    return _UNFIT.sub("", str(value)).strip()[: LONGEST[kind]]


def _point(longitude: Any, latitude: Any) -> tuple[float | None, float | None]:
    try:
        east, north = float(str(longitude)[:40]), float(str(latitude)[:40])
    except ValueError:
        return None, None
    if not (math.isfinite(east) and math.isfinite(north)) or abs(east) > 180 or abs(north) > 90:
        return None, None
    return (None, None) if east == north == 0 else (east, north)  # 0, 0: no place was set


def _time(value: Any) -> datetime | None:
    try:
        found = parse_datetime(_text(value, "line"))
    except ValueError:
        return None
    if found is None:
        return None
    try:
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
    return found if _FIRST <= found <= _LAST else None
