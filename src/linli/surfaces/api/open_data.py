"""Open data for programs: what is released, and its files."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Router
from ninja.errors import Throttled
from pydantic import BaseModel, Field, StringConstraints

from linli.kernel.access.rates import allowed, seconds_left
from linli.mechanisms.casework.opendata.showing import file_named, out
from linli.mechanisms.casework.opendata.views import sent
from linli.surfaces.api.auth import caller

if TYPE_CHECKING:
    from linli.mechanisms.casework.opendata.showing import Shown

router = Router(tags=["open data"])
_TEXT = {"schema": {"type": "string"}}
_FILE = {
    200: {
        "description": "The file.",
        "content": {"text/csv": _TEXT, "application/json": {"schema": {"type": "object"}}},
    },
    304: {"description": "The caller has it already."},
}
_Name = Annotated[str, StringConstraints(max_length=120, pattern=r"^[\w.-]+$")]


class FileShape(BaseModel):
    """A file; its bytes never change."""

    name: str
    bytes: int
    sha256: str
    address: str = Field(description="Where anyone may fetch it, without a token.")


class ReleaseShape(BaseModel):
    """One period that is out."""

    period: str
    since: date
    until: date
    edition: int
    replaced: bool = Field(description="A later edition has taken its place.")
    released_at: datetime
    rows: int
    rule: dict[str, Any] = Field(description="What of the pack it was made by: k, l and so on.")
    loss: dict[str, Any] = Field(description="What was made coarse or left out.")
    files: list[FileShape]


@router.get("/open-data", response=list[ReleaseShape], operation_id="list_open_data")
def list_open_data(request: HttpRequest) -> list[ReleaseShape]:
    """Return what is released, the newest period first."""
    return [_shape(request, one) for one in out(caller(request).community)]


@router.get(
    "/open-data/files/{name}",
    operation_id="read_open_data",
    response={200: None},
    openapi_extra={"responses": _FILE},
)
def read_open_data(request: HttpRequest, name: Path[_Name]) -> HttpResponse:
    """Return a file of a release; `ETag` and `If-None-Match` save fetching it twice."""
    if not allowed("open_data", f"token:{caller(request).pk}"):
        raise Throttled(wait=seconds_left("open_data"))
    file = file_named(name)
    if file is None or file.release.community_id != caller(request).community_id:
        raise Http404
    return sent(request, file)


def _shape(request: HttpRequest, one: Shown) -> ReleaseShape:
    release = one.release
    if release.decided_at is None:
        raise Http404
    return ReleaseShape(
        period=release.period,
        since=release.since,
        until=release.until,
        edition=release.edition,
        replaced=release.state == release.State.REPLACED,
        released_at=release.decided_at,
        rows=release.rows,
        rule=release.rule,
        loss=release.loss,
        files=[
            FileShape(
                name=file.name,
                bytes=file.size,
                sha256=file.sha256,
                address=request.build_absolute_uri(
                    reverse("opendata:download", kwargs={"name": file.name})
                ),
            )
            for file in one.files
        ],
    )
