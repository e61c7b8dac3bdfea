"""“Is it this?” for apps: public requests like what somebody is about to report."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from ninja.errors import Throttled
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from linli.kernel.access.rates import allowed, seconds_left
from linli.mechanisms.casework.views.similar import suggestions
from linli.surfaces.api.auth import caller

if TYPE_CHECKING:
    from linli.mechanisms.casework.views.similar import Suggestion

router = Router(tags=["matters"])
_Text = StringConstraints(max_length=5_000, pattern=r"^[^\x00]*$")
_Line = StringConstraints(max_length=200, pattern=r"^[^\x00]*$")


class Typed(BaseModel):
    """What was typed so far, and where it is, as far as that is known."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, _Text]
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    address: Annotated[str, _Line] = ""
    doorway: Annotated[str, _Line] = ""
    category: Annotated[str, _Line] = ""


class SimilarShape(BaseModel):
    """A public request that may be the same; to support it, begin with the start ``support``."""

    number: str
    title: str
    area: str | None
    stage: str
    stage_label: str
    people: int = Field(description="How many reported or support it; never who.")
    promised_on: date | None
    promise: str | None = Field(description="pending, kept or broken")


@router.post("/similar", response=list[SimilarShape], operation_id="find_similar")
def find_similar(request: HttpRequest, body: Typed) -> list[SimilarShape]:
    """Return at most three public requests near by that say the same.

    A POST although it changes nothing: what somebody types does not belong into an address,
    which logs keep. Limited apart (`LINLI_RATE_SIMILAR`).
    """
    token = caller(request)
    if not allowed("similar", f"token:{token.pk}"):
        raise Throttled(wait=seconds_left("similar"))
    typed = {name: str(value) for name, value in body.model_dump(exclude_none=True).items()}
    return [_shape(one) for one in suggestions(token.community, typed)]


def _shape(one: Suggestion) -> SimilarShape:
    matter, promise = one.matter, one.promise
    return SimilarShape(
        number=matter.number,
        title=matter.public_title,
        area=matter.area.name if matter.area else None,
        stage=matter.stage,
        stage_label=one.stage,
        people=one.people,
        promised_on=promise.on if promise else None,
        promise=promise.state if promise else None,
    )
