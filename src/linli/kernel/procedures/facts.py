"""Typed facts: what an action needs to know, declared once.

From a `Facts` class come the HTML form, the API body, the event's payload and who may read
each field of it.
"""

from __future__ import annotations

import re
import types
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)
from pydantic.fields import FieldInfo

from linli.kernel.matters.models import Audience

TEXT_MAX = 5_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Says:
    """How a field is named to people, and a hint below it. Both are lazy translations."""

    label: Any
    hint: Any = ""


@dataclass(frozen=True)
class VisibleTo:
    """Who may read a field once it is in an event. ``personal``: kept apart, erasable."""

    audience: Audience
    personal: bool = False


@dataclass(frozen=True)
class Refers:
    """A field that names something of the community, resolved and checked before the action."""

    to: Literal[
        "organisation", "organisations", "area", "matter", "uploads", "category", "reason",
        "person", "endpoint",
    ]  # fmt: skip
    list_name: str = ""  # of the pack, for reasons


@dataclass(frozen=True)
class OnlyWith:
    """A field that is asked for only where another one of this name is."""

    name: str


@dataclass(frozen=True)
class Options:
    """Labels of the values of a ``Literal`` field: pairs of value and lazy translation."""

    labels: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Widget:
    """How the form shows the field where its type does not say: "textarea", "place", …"""

    name: str


_text = StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX)
_line = StringConstraints(strip_whitespace=True, min_length=1, max_length=200)

PublicText = Annotated[str, _text, VisibleTo(Audience.PUBLIC), Widget("textarea")]
PublicLine = Annotated[str, _line, VisibleTo(Audience.PUBLIC)]
PartiesText = Annotated[str, _text, VisibleTo(Audience.PARTIES), Widget("textarea")]
PartiesLine = Annotated[str, _line, VisibleTo(Audience.PARTIES)]
StaffText = Annotated[str, _text, VisibleTo(Audience.STAFF), Widget("textarea")]
PersonalText = Annotated[str, _text, VisibleTo(Audience.PARTIES, personal=True), Widget("textarea")]
PersonalLine = Annotated[str, _line, VisibleTo(Audience.STAFF, personal=True)]
# Names and numbers of the reporter: no timeline shows them, see `people.contacts`.
ContactLine = Annotated[str, _line, VisibleTo(Audience.NAMED, personal=True)]
# Answers to the pack's further questions, by the question's code; checked by `packs.questions`.
# They may say something of the reporter: kept apart as a whole.
Answers = Annotated[
    dict[str, str | bool | int | float | list[str] | None],
    Widget("questions"),
    VisibleTo(Audience.PARTIES, personal=True),
]
OrganisationRef = Annotated[UUID, Refers("organisation")]
OrganisationRefs = Annotated[list[UUID], Field(min_length=1), Refers("organisations")]
AreaRef = Annotated[UUID, Refers("area")]
EndpointRef = Annotated[UUID, Refers("endpoint"), VisibleTo(Audience.STAFF)]
PersonRef = Annotated[UUID, Refers("person"), VisibleTo(Audience.STAFF)]
MatterRef = Annotated[str, _line, Refers("matter"), VisibleTo(Audience.STAFF)]
UploadRefs = Annotated[list[UUID], Refers("uploads"), VisibleTo(Audience.PARTIES)]
CategoryCode = Annotated[str, _line, Refers("category")]
# A day and a time; forms read them in the community's zone, machines must say which.
Moment = Annotated[datetime, AfterValidator(lambda moment: _in_a_zone(moment))]
PromisedDate = Annotated[date, VisibleTo(Audience.PUBLIC)]


def _in_a_zone(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(_("Please give the time zone as well."))
    return moment


class Facts(BaseModel):
    """Base of all facts: unknown fields are refused, values are plain."""

    model_config = ConfigDict(extra="forbid", str_max_length=20_000, frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        """Refuse NUL and halves of letters (lone surrogates): databases hold neither."""
        if isinstance(value, str) and _UNSTORABLE.search(value):
            raise ValueError(_("This contains characters that cannot be stored."))
        return value


class NoFacts(Facts):
    """An action that needs to know nothing more."""


def markers(field: FieldInfo) -> list[Any]:
    """Return every marker of a field, also those inside ``X | None``."""
    found = list(field.metadata)
    stack = [field.annotation]
    while stack:
        annotation = stack.pop()
        origin = get_origin(annotation)
        if origin is Annotated:
            inner, *extra = get_args(annotation)
            found.extend(extra)
            stack.append(inner)
        elif origin in (Union, types.UnionType):
            stack.extend(get_args(annotation))
    return found


def marker_of(field: FieldInfo, kind: type) -> Any:
    """Return the first marker of a kind on a field, or None."""
    return next((marker for marker in markers(field) if isinstance(marker, kind)), None)


def visibility_of(field: FieldInfo) -> VisibleTo:
    """Return who may read a field; staff alone where the declaration is silent."""
    return marker_of(field, VisibleTo) or VisibleTo(Audience.STAFF)


@lru_cache(maxsize=512)
def personal_fields(facts: type[Facts]) -> tuple[str, ...]:
    """Return the names of the fields that are kept apart from the event."""
    named = facts.model_fields.items()
    return tuple(name for name, field in named if visibility_of(field).personal)


@lru_cache(maxsize=512)
def references(facts: type[Facts]) -> tuple[tuple[str, Refers], ...]:
    """Return the fields that name something of the community, each with what it refers to."""
    marked = ((name, marker_of(field, Refers)) for name, field in facts.model_fields.items())
    return tuple((name, refers) for name, refers in marked if refers is not None)


def label_of(name: str, field: FieldInfo) -> str:
    """Return the field's label in the active language."""
    says = marker_of(field, Says)
    return str(says.label) if says else name.replace("_", " ").capitalize()
