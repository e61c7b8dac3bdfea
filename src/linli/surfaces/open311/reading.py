"""GET requests, GET requests/ID, GET tokens/ID: what anyone may know of a request.

Only public requests are told of, with the texts the desk released, the grid instead of the
address, and the place rounded to some 100 m. Of a request that is not public, the key that
submitted it learns how it stands, and nothing else.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from linli.kernel.events.models import Event
from linli.kernel.files.links import link_to
from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Attachment, Audience, Matter
from linli.kernel.notify.readers import absolute
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import procedure_named
from linli.mechanisms.casework.board import DEGREES
from linli.mechanisms.casework.queries import LARGE, RELATED
from linli.surfaces.open311.filters import Filters
from linli.surfaces.open311.receiving import (
    Wrong,
    count_reading,
    jurisdiction_of,
    key_of,
)
from linli.surfaces.open311.writing import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.access.models import ApiToken
    from linli.kernel.organisations.models import Community


def readable(community: Community, token: ApiToken | None) -> QuerySet[Matter]:
    """Return the requests a caller may know of: public ones, and what the key itself submitted."""
    rows = Matter.objects.filter(community=community, procedure="casework")
    known = Q(audience=Audience.PUBLIC)
    if token is not None:
        first = Event.objects.filter(matter=OuterRef("pk"), seq=1, action="submit")
        known |= Q(Exists(first.filter(actor=token.person)))
    return rows.filter(known)


def list_requests(request: HttpRequest, format: str) -> HttpResponse:
    """Answer GET requests: one page, newest first. Two queries besides key and jurisdiction."""
    token = key_of(request)
    count_reading(request, token)
    community = jurisdiction_of(request, token)
    asked = Filters.of(request, community)
    rows = _narrowed(community, token, asked).select_related(*RELATED).defer(*LARGE)
    first = (asked.page - 1) * asked.size
    found = list(rows.order_by("-created_at", "-pk")[first : first + asked.size + 1])
    answer = written(format, "service_requests", shapes_of(community, found[: asked.size]))
    if links := _links(request, asked, more=len(found) > asked.size):
        answer["Link"] = links
    return answer


def _narrowed(community: Community, token: ApiToken | None, asked: Filters) -> QuerySet[Matter]:
    if asked.numbers:
        return readable(community, token).filter(number__in=asked.numbers)
    # What was fetched from another city is listed there: nobody gets it twice, or back.
    rows = readable(community, None).exclude(channel="exchange")
    rows = rows.filter(created_at__gte=asked.since, created_at__lte=asked.until)
    if asked.services:
        rows = rows.filter(category__in=asked.services)
    if len(asked.statuses) == 1:
        rows = rows.filter(closed_at__isnull=asked.statuses[0] == "open")
    if asked.updated_since:
        # By the events of that time, which have an index; the matter's own time is exact.
        changed = Event.objects.filter(community=community, at__gte=asked.updated_since)
        rows = rows.filter(pk__in=changed.values("matter"), changed_at__gte=asked.updated_since)
    if asked.updated_until:
        rows = rows.filter(changed_at__lte=asked.updated_until)
    return rows


def _links(request: HttpRequest, asked: Filters, *, more: bool) -> str:
    """Return the header of the pages before and after (RFC 8288); the key is not repeated."""
    pages = {"prev": asked.page - 1, "next": asked.page + 1 if more else 0}
    found = []
    for relation, page in pages.items():
        if page:
            query = request.GET.copy()
            query.pop("api_key", None)
            query["page"] = str(page)
            address = absolute(f"{request.path}?{query.urlencode()}")
            found.append(f'<{address}>; rel="{relation}"')
    return ", ".join(found)


def one_request(request: HttpRequest, number: str, format: str) -> HttpResponse:
    """Answer GET requests/ID."""
    token = key_of(request)
    count_reading(request, token)
    community = jurisdiction_of(request, token)
    found = _one(community, token, Q(number=_fit(number).upper()))
    return written(format, "service_requests", shapes_of(community, [found]))


def one_token(request: HttpRequest, token: str, format: str) -> HttpResponse:
    """Answer GET tokens/ID: the number of a request by its uuid, which the API tells.

    Every submission is answered with its number at once, so nobody needs to ask.
    """
    key = key_of(request)
    count_reading(request, key)
    try:
        uuid = UUID(_fit(token))
    except ValueError:
        raise Wrong(404, _("There is no such token.")) from None
    found = _one(jurisdiction_of(request, key), key, Q(uuid=uuid))
    told = [{"service_request_id": found.number, "token": str(found.uuid)}]
    return written(format, "service_requests", told)


def _fit(text: str) -> str:
    """Return what can be an identifier at all; a NUL would not pass the database."""
    return text if len(text) <= 40 and text.isascii() and text.isprintable() else ""


def _one(community: Community, token: ApiToken | None, which: Q) -> Matter:
    rows = readable(community, token).select_related(*RELATED).defer(*LARGE)
    found = rows.filter(which).first()
    if found is None:
        raise Wrong(404, _("There is no such service_request_id."))
    return found


# --- what is told of one --------------------------------------------------------------------
def shapes_of(community: Community, matters: list[Matter]) -> list[dict[str, Any]]:
    """Return requests as GeoReport v2 has them. One query, for the pictures."""
    pictures, pack = _pictures(matters), pack_of(community)
    zone = ZoneInfo(community.timezone)

    def at(moment: datetime) -> str:
        return moment.astimezone(zone).isoformat(timespec="seconds")

    def shape(matter: Matter) -> dict[str, Any]:
        public = matter.audience == Audience.PUBLIC
        category = pack.categories.get(matter.category)
        detail = matter.servicerequest
        promised = detail.promised_on
        return {
            "service_request_id": matter.number,
            "status": "open" if matter.closed_at is None else "closed",
            "status_notes": _notes(matter),
            "service_name": str(category.label) if category else None,
            "service_code": matter.category or None,
            "description": (matter.public_text or matter.public_title or None) if public else None,
            "agency_responsible": matter.responsible.name if matter.responsible else None,
            "service_notice": None,
            "requested_datetime": at(matter.created_at),
            "updated_datetime": at(matter.changed_at),
            "expected_datetime": at(datetime.combine(promised, time(23, 59, 59), zone))
            if promised
            else None,
            "address": matter.area.name if public and matter.area else None,
            "address_id": None,
            "zipcode": None,
            "lat": _rounded(matter.latitude) if public else None,
            "long": _rounded(matter.longitude) if public else None,
            "media_url": pictures.get(matter.pk) if public else None,
        }

    return [shape(matter) for matter in matters]


def _notes(matter: Matter) -> str:
    """Return the last public word: what was done, else the reply, else the stage."""
    detail = matter.servicerequest
    stage = procedure_named("casework").stage(matter.stage)
    return str(detail.solution or detail.reply or stage.label)


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DEGREES)


def _pictures(matters: Iterable[Matter]) -> dict[int, str]:
    """Return the address of each matter's newest public picture."""
    by_key = {matter.pk: matter for matter in matters}
    rows = Attachment.objects.filter(
        matter__in=by_key, audience=Audience.PUBLIC, upload__kind=Upload.Kind.IMAGE
    )
    found = {}
    for attachment in rows.select_related("upload").order_by("pk"):
        attachment.matter = by_key[attachment.matter_id]
        found[attachment.matter_id] = absolute(link_to(attachment))
    return found
