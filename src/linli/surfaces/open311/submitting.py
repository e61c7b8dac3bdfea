"""POST requests: somebody's request, given to us by another program.

The same body with the same key within `WINDOW` is the same request: programs send again when an
answer is slow. A program that knows better sends an ``Idempotency-Key``, which holds for 30 days.
"""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from linli.kernel.files.storing import store_upload
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.performing import begin
from linli.mechanisms.casework.queries import sent_before
from linli.surfaces.open311.attributes import answers_given
from linli.surfaces.open311.receiving import (
    Wrong,
    count_submission,
    given,
    jurisdiction_of,
    key_of,
)
from linli.surfaces.open311.writing import written

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.access.models import ApiToken
    from linli.kernel.events.models import Event
    from linli.kernel.organisations.models import Community

WINDOW = 600  # seconds
MOST_FILES = 5
_KEY = re.compile(r"[!-~]{1,60}")
_TELEPHONE = re.compile(r"\+?[\d\s().\-/]{4,40}(?:(?:x|ext\.?) ?\d{1,6})?")
_CHINESE = re.compile("[\u3400-\u9fff]")


def submit(request: HttpRequest, format: str) -> HttpResponse:
    """Take a request in and answer with its number; 200 instead of 201 for one taken before."""
    token = key_of(request)
    if token is None:
        raise Wrong(403, _("An api_key is needed to submit requests."))
    count_submission(token)
    community = jurisdiction_of(request, token)
    facts = _facts(request, community)
    event, repeated = _begun(request, token, community, facts)
    told = {
        "service_request_id": event.matter.number,
        "service_notice": _("The desk reads it first. Ask for it by its number with your api_key."),
        "account_id": facts.get("account"),
    }
    return written(format, "service_requests", [told], 200 if repeated else 201)


def _facts(request: HttpRequest, community: Community) -> dict[str, Any]:
    pack, code = pack_of(community), given(request, "service_code", 60)
    if not code:
        raise Wrong(400, _("service_code: please say what it is about."))
    category = pack.leaf_categories().get(code)
    if category is None:
        raise Wrong(404, _("There is no such service_code."))
    facts = {
        "text": given(request, "description") or str(category.label),
        "category": code,
        "answers": answers_given(request, pack, code),
        "name": _name(given(request, "first_name", 80), given(request, "last_name", 80)),
        "phone": _telephone(request),
        "email": _email(request),
        "account": given(request, "account_id", 120),
        "media_url": given(request, "media_url", 500),
        **_place(request),
    }
    given(request, "device_id", 200)  # taken, and not kept: nothing here needs it
    return {name: value for name, value in facts.items() if value not in ("", None, {})}


def _place(request: HttpRequest) -> dict[str, Any]:
    latitude, longitude = given(request, "lat", 40), given(request, "long", 40)
    address, doorway = given(request, "address_string", 200), given(request, "address_id", 24)
    if bool(latitude) != bool(longitude):
        raise Wrong(400, _("lat, long: please give both."))
    if not (latitude or address or doorway):
        raise Wrong(400, _("Please say where: lat and long, address_string or address_id."))
    facts: dict[str, Any] = {"address": address, "doorway": doorway}
    if latitude:
        facts |= {"latitude": latitude, "longitude": longitude}
    return facts


def _telephone(request: HttpRequest) -> str:
    value = given(request, "phone", 60)
    if value and not _TELEPHONE.fullmatch(value):
        raise Wrong(400, _("phone: this is no telephone number."))
    return value


def _email(request: HttpRequest) -> str:
    value = given(request, "email", 200)
    try:
        if value:
            validate_email(value)
    except ValidationError:
        raise Wrong(400, _("email: this is no e-mail address.")) from None
    return value


def _name(first: str, last: str) -> str:
    """Return a whole name: the family name stands first in Chinese."""
    if _CHINESE.search(first + last):
        return last + first
    return f"{first} {last}".strip()


def _begun(
    request: HttpRequest, token: ApiToken, community: Community, facts: dict[str, Any]
) -> tuple[Event, bool]:
    """Begin the matter, or return the one that was begun by the same submission."""
    files = request.FILES.getlist("media")
    if len(files) > MOST_FILES:
        raise Wrong(400, _("media: at most %(max)s files.") % {"max": MOST_FILES})
    keys = _keys(request, token, facts, files)
    for key in keys:
        if first := sent_before(community, token.person, key):
            return first, True
    if files:
        stored = [store_upload(community, file, by=token.person) for file in files]
        facts = facts | {"pictures": [str(one.uuid) for one in stored]}
    event = begin(
        "casework",
        "submit",
        community=community,
        by=token.person,
        facts=facts,
        key=keys[0],
        channel="open311",
    )
    return event, getattr(event, "repeated", False)


def _keys(
    request: HttpRequest, token: ApiToken, facts: dict[str, Any], files: list[Any]
) -> list[str]:
    """Return the keys under which this submission may have been taken, the one for it first."""
    body = hashlib.sha256(repr((token.pk, sorted(facts.items()))).encode())
    for file in files:
        for chunk in file.chunks():
            body.update(hashlib.sha256(chunk).digest())
        file.seek(0)
    if own := request.headers.get("Idempotency-Key", ""):
        if not _KEY.fullmatch(own):
            raise Wrong(400, _("Idempotency-Key: 1 to 60 visible characters of ASCII."))
        return [f"open311:{own}:{body.hexdigest()[:16]}"]
    window = int(time.time()) // WINDOW
    return [f"open311:{window - back}:{body.hexdigest()[:40]}" for back in (0, 1)]
