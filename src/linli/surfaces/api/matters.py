"""Matters over the API: begin, find, read. Every change goes through the one door."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, Header, Query, Router
from ninja.responses import Status
from pydantic import AwareDatetime, BaseModel, Field
from pydantic.types import StringConstraints

from linli.kernel.events.models import Event
from linli.kernel.matters.board import category_and_parts
from linli.kernel.matters.finding import keys_found
from linli.kernel.matters.models import Matter
from linli.kernel.matters.queries import inbox, visible_to
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.errors import InvalidFacts, Unknown
from linli.kernel.procedures.performing import begin
from linli.surfaces.api.auth import caller
from linli.surfaces.api.bodies import Beginning, for_people
from linli.surfaces.api.paging import next_page, page_of
from linli.surfaces.api.reading import LARGE, RELATED, events_of, shapes_of, whole_of
from linli.surfaces.api.shapes import Done, EventShape, MatterPage, MatterWhole

if TYPE_CHECKING:
    from django.db.models import QuerySet

router = Router(tags=["matters"])
MOST_ITEMS, MOST_FOUND = 100, 300
# No time of a matter lies outside, and none inside overflows when it is brought to UTC.
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,100}$",
        description="The same key with the same body is carried out once, however often sent.",
    ),
]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_.-]*$")]
Words = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
After = Annotated[str, StringConstraints(max_length=200, pattern=r"^[!-~]*$")]
Limit = Annotated[int, Field(ge=1, le=MOST_ITEMS)]


class Filters(BaseModel):
    """What narrows a list of matters; what is left empty narrows nothing."""

    procedure: Code = Field("", description="Name of a procedure.")
    stage: Code = Field("", description="Name of a stage.")
    category: Code = Field("", description="Code of a category; one that groups stands for all.")
    area: Code = Field("", description="Code of an area.")
    responsible: Code = Field("", description="Code of an organisation.")
    open: bool | None = Field(None, description="Only those not closed, or only those closed.")
    updated_since: Annotated[AwareDatetime, Field(ge=_FIRST, le=_LAST)] | None = Field(
        None, description="Changed at or after this time; the list then begins with the oldest."
    )
    text: Words = Field("", description=f"A number, or words; at most {MOST_FOUND} are found.")
    after: After = Field("", description="The cursor in the address of the next page.")
    limit: Limit = 50


@router.post("/matters", response={201: Done}, operation_id="begin_matter")
def begin_matter(
    request: HttpRequest, body: Body[Beginning], idempotency_key: Key = None
) -> Status[Done]:
    """Begin a matter: which procedure, which of its starts, with which facts."""
    token = caller(request)
    if body.procedure not in registry:
        raise InvalidFacts({"procedure": [_("Please choose one of the options.")]})
    start = registry[body.procedure].starts.get(body.start)
    if start is None or not for_people(start):
        raise InvalidFacts({"start": [_("Please choose one of the options.")]})
    event = begin(
        body.procedure,
        body.start,
        community=token.community,
        by=token.person,
        facts=body.facts,
        key=idempotency_key,
        channel="api",
    )
    return Status(201, done(event))


@router.get("/matters", response=MatterPage, operation_id="list_matters")
def list_matters(request: HttpRequest, filters: Query[Filters]) -> MatterPage:
    """Return the matters the caller may see, newest first."""
    token = caller(request)
    rows = _narrowed(request, filters).select_related(*RELATED).defer(*LARGE)
    order = "changed_at" if filters.updated_since else "-created_at"
    found, after = page_of(rows, order, filters.after, filters.limit)  # type: ignore[arg-type]
    return MatterPage(items=shapes_of(found, token), next=next_page(request, after))


def _narrowed(request: HttpRequest, asked: Filters) -> QuerySet[Matter]:
    token = caller(request)
    community = token.community
    rows = visible_to(token.person, community)
    plain = {
        "procedure": asked.procedure,
        "stage": asked.stage,
        "area__code": asked.area,
        "responsible__code": asked.responsible,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if asked.category:
        rows = rows.filter(category__in=category_and_parts(community, asked.category))
    if asked.stage and asked.open is not None and asked.open not in _openness(asked.stage):
        return rows.none()  # open at a last stage: nothing is, and looking would take long
    if asked.open is not None and not asked.stage:  # a stage says it already
        rows = rows.filter(closed_at__isnull=asked.open)
    if asked.updated_since:
        # By the events of that time, which have an index; the matter's own time is exact.
        changed = Event.objects.filter(community=community, at__gte=asked.updated_since)
        rows = rows.filter(pk__in=changed.values("matter"), changed_at__gte=asked.updated_since)
    if asked.text.strip():
        # Never by the reporter's name or number: the API is no way to ask who reported what.
        nobody = Q(pk__isnull=False)
        found = keys_found(
            token.person, community, asked.text, limit=MOST_FOUND, reporter_hidden=nobody
        )
        rows = rows.filter(pk__in=found)
    return rows


def _openness(stage: str) -> set[bool]:
    """Return whether matters at a stage of this name are open: in some procedures, or others."""
    return {not one.final for each in registry.values() for one in each.stages if one.name == stage}


@router.get("/matters/{number}", response=MatterWhole, operation_id="read_matter")
def read_matter(request: HttpRequest, number: str) -> MatterWhole:
    """Return one matter and what the caller may do with it now."""
    return whole_of(matter_numbered(request, number), caller(request).person)


@router.get("/matters/{number}/events", response=list[EventShape], operation_id="list_events")
def list_events(request: HttpRequest, number: str) -> list[EventShape]:
    """Return what happened, oldest first, as far as the caller may see it."""
    return events_of(matter_numbered(request, number), caller(request).person)


@router.get("/me/inbox", response=MatterPage, operation_id="read_inbox")
def read_inbox(request: HttpRequest, after: After = "", limit: Limit = 50) -> MatterPage:
    """Return what lies with the caller, the clock that falls due first on top."""
    token = caller(request)
    page = inbox(token.person, token.community, after=after, size=limit)
    items = shapes_of(page.matters, token)
    return MatterPage(items=items, next=next_page(request, page.after))


def matter_numbered(request: HttpRequest, number: str) -> Matter:
    """Return a matter the caller may see; one they may not is as absent as none.

    Raises Unknown.
    """
    token = caller(request)
    rows = visible_to(token.person, token.community).select_related(*RELATED, "reporter")
    rows = rows.defer(*LARGE)
    # Nothing but a number reaches the database: it could not hold a NUL.
    matter = rows.filter(number=number.upper()).first() if is_number(number) else None
    if matter is None:
        raise Unknown
    return matter


def is_number(text: str) -> bool:
    """Whether a text can be the number of a matter at all."""
    return len(text) <= 24 and text.isascii() and text.replace("-", "").isalnum()


def done(event: Event) -> Done:
    """Return what an event led to."""
    matter: Any = event.matter
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
