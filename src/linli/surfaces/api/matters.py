"""Matters over the API: begin, find, read, act. Every route goes through the one door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from ninja import Header, Query, Router, Schema
from ninja.errors import HttpError

from linli.kernel.access.audiences import audiences_of
from linli.kernel.access.relations import relation_of
from linli.kernel.events.timeline import timeline
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.pages import newest_first
from linli.kernel.matters.queries import inbox, visible_to
from linli.kernel.packs.loading import content_of
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import available_actions, begin, perform
from linli.surfaces.api.auth import caller
from linli.surfaces.api.bodies import action_body, begin_body
from linli.surfaces.api.shapes import (
    ActionShape,
    Done,
    EventShape,
    MatterPage,
    MatterShape,
    MatterWithActions,
)

if TYPE_CHECKING:
    from linli.kernel.events.models import Event
    from linli.kernel.people.models import Person

router = Router(tags=["matters"])
MOST_ITEMS, MOST_OFFSET_TEXT = 100, 200
RELATED = ("responsible", "area", "desk", "community__pack", "pack")


class Filters(Schema):
    """What narrows a list of matters."""

    stage: str = ""
    category: str = ""
    area: str = ""
    responsible: str = ""
    after: str = ""
    limit: int = 50


@router.post("/matters", response={201: Done}, openapi_extra=begin_body())
def begin_matter(
    request: HttpRequest, idempotency_key: str | None = Header(None, max_length=100)
) -> tuple[int, Done]:
    """Begin a matter: which procedure, which start, with which facts."""
    token, body = caller(request), body_of(request)
    procedure, start = body.get("procedure", "casework"), body.get("start", "report")
    event = begin(
        _text(procedure, "procedure"),
        _text(start, "start"),
        community=token.community,
        by=token.person,
        facts=facts_of(body),
        key=idempotency_key,
        channel="api",
    )
    return 201, _done(event)


@router.get("/matters", response=MatterPage)
def list_matters(request: HttpRequest, filters: Query[Filters]) -> MatterPage:
    """Return the matters the caller may see, newest first."""
    token = caller(request)
    rows = visible_to(token.person, token.community).select_related(*RELATED)
    for name in ("stage", "category"):
        if wanted := getattr(filters, name):
            rows = rows.filter(**{name: wanted[:MOST_OFFSET_TEXT]})
    if filters.area:
        rows = rows.filter(area__code=filters.area[:MOST_OFFSET_TEXT])
    if filters.responsible:
        rows = rows.filter(responsible__code=filters.responsible[:MOST_OFFSET_TEXT])
    size = min(max(filters.limit, 1), MOST_ITEMS)
    page = newest_first(rows, f"before:{filters.after}" if filters.after else "", size)
    following = page.older.removeprefix("before:") or None
    return MatterPage(items=[_shape(one, token.person) for one in page.items], next=following)


@router.get("/matters/{number}", response=MatterWithActions)
def read_matter(request: HttpRequest, number: str) -> MatterWithActions:
    """Return one matter and what the caller may do with it now."""
    matter, person = matter_numbered(request, number), caller(request).person
    actions = [ActionShape.of(one) for one in available_actions(matter, person) if not one.hidden]
    return MatterWithActions(**_shape(matter, person).dict(), actions=actions)


@router.get("/matters/{number}/events", response=list[EventShape])
def read_events(request: HttpRequest, number: str) -> list[EventShape]:
    """Return what happened, oldest first, as far as the caller may see it."""
    matter = matter_numbered(request, number)
    return [EventShape.of(entry) for entry in timeline(matter, caller(request).person)]


@router.get("/me/inbox", response=MatterPage)
def read_inbox(request: HttpRequest, after: str = "", limit: int = 50) -> MatterPage:
    """Return what lies with the caller, the clock that falls due first on top."""
    token = caller(request)
    size = min(max(limit, 1), MOST_ITEMS)
    page = inbox(token.person, token.community, after=after[:MOST_OFFSET_TEXT], size=size)
    items = [MatterShape.of(one, whole=True) for one in page.matters]
    return MatterPage(items=items, next=page.after or None)


def _route_for(action: str) -> None:
    """Offer one action as a route of its own, named in the OpenAPI with its facts."""
    declared = [one.actions[action] for one in registry.values() if action in one.actions]

    def act(
        request: HttpRequest,
        number: str,
        idempotency_key: str | None = Header(None, max_length=100),
    ) -> Done:
        matter, body = matter_numbered(request, number), body_of(request, empty=True)
        version = body.get("version")
        if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
            raise InvalidFacts({"version": ["integer"]})
        event = perform(
            matter,
            action,
            by=caller(request).person,
            facts=facts_of(body),
            version=version,
            key=idempotency_key,
        )
        return _done(event)

    act.__name__, act.__doc__ = action, declared[0].law
    router.post(
        f"/matters/{{number}}/actions/{action}",
        response=Done,
        operation_id=action,
        summary=str(declared[0].name),
        openapi_extra=action_body(declared[0]),
    )(act)


def add_action_routes() -> None:
    """Offer every declared action that people may perform."""
    names = {
        name
        for one in registry.values()
        for name, action in one.actions.items()
        if not action.hidden
    }
    for name in sorted(names):
        _route_for(name)


def matter_numbered(request: HttpRequest, number: str) -> Matter:
    """Return a matter the caller may see; one they may not is as absent as none."""
    token = caller(request)
    rows = visible_to(token.person, token.community).select_related(*RELATED)
    matter = rows.filter(number=number.upper()[:24]).first()
    if matter is None:
        raise Http404
    return matter


def body_of(request: HttpRequest, *, empty: bool = False) -> dict[str, Any]:
    """Return the JSON object of a request. Raises HttpError 400 or 415."""
    if not request.body and empty:
        return {}
    if request.content_type != "application/json":
        raise HttpError(415, "json")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise HttpError(400, "json") from None
    if not isinstance(body, dict):
        raise HttpError(400, "object")
    return body


def facts_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a body. Raises InvalidFacts where they are no object."""
    facts = body.get("facts", {})
    if not isinstance(facts, dict):
        raise InvalidFacts({"facts": ["object"]})
    return facts


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise InvalidFacts({name: ["string"]})
    return value


def _shape(matter: Matter, person: Person) -> MatterShape:
    audiences = audiences_of(relation_of(person, matter), content_of(matter.pack))
    return MatterShape.of(matter, whole=Audience.PARTIES in audiences)


def _done(event: Event) -> Done:
    matter = event.matter
    return Done(
        number=matter.number,
        uuid=matter.uuid,
        stage=event.to_stage,
        version=event.seq,
        event=event.uuid,
        repeated=getattr(event, "repeated", False),
        due_at=matter.due_at,
        tracking_token=getattr(event, "result", {}).get("token"),
    )
