"""What an integrator needs to fill in facts: procedures, organisations, areas, categories, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from linli.kernel.files.storing import store_upload
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import procedure_named, registry
from linli.kernel.procedures.documenting import mermaid
from linli.surfaces.api.auth import caller
from linli.surfaces.api.bodies import facts_schema
from linli.surfaces.api.shapes import AreaRef, OrganisationRef, ProcedureShape, UploadShape

if TYPE_CHECKING:
    from linli.kernel.procedures.declaration import Action, Procedure

router = Router(tags=["references"])


class OrganisationShape(OrganisationRef):
    """An organisation with its kind, code and the one above it."""

    kind: str
    code: str
    depth: int


class CategoryShape(Schema):
    """A category that can be chosen."""

    code: str
    label: str
    parent: str | None


@router.get("/procedures", response=list[ProcedureShape])
def list_procedures(request: HttpRequest) -> list[ProcedureShape]:
    """Return every procedure with its stages, actions and the schema of their facts."""
    return [_procedure(one) for one in registry.values()]


@router.get("/procedures/{name}", response=ProcedureShape)
def read_procedure(request: HttpRequest, name: str) -> ProcedureShape:
    """Return one procedure."""
    return _procedure(procedure_named(name))


@router.get("/organisations", response=list[OrganisationShape])
def list_organisations(request: HttpRequest) -> list[OrganisationShape]:
    """Return the organisations of the community, the tree in order."""
    rows = Organisation.objects.standing().filter(community=caller(request).community)
    return [
        OrganisationShape(
            uuid=row.uuid, name=row.name, kind=row.kind, code=row.code, depth=row.depth
        )
        for row in rows.order_by("path")
    ]


@router.get("/areas", response=list[AreaRef])
def list_areas(request: HttpRequest) -> list[AreaRef]:
    """Return the areas of the community by code."""
    rows = caller(request).community.areas.order_by("code")
    return [AreaRef(uuid=row.uuid, code=row.code, name=row.name) for row in rows]


@router.get("/categories", response=list[CategoryShape])
def list_categories(request: HttpRequest) -> list[CategoryShape]:
    """Return the categories that can be chosen, labelled in the caller's language."""
    leaves = pack_of(caller(request).community).leaf_categories()
    return [
        CategoryShape(code=code, label=str(one.label), parent=one.parent)
        for code, one in leaves.items()
    ]


@router.post("/uploads", response={201: UploadShape})
def upload(request: HttpRequest, file: File[UploadedFile]) -> tuple[int, UploadShape]:
    """Store a picture or PDF; name its uuid in the facts of an action within a day."""
    token = caller(request)
    stored = store_upload(token.community, file, by=token.person)
    return 201, UploadShape(
        uuid=stored.uuid, kind=stored.kind, size=stored.size, sha256=stored.sha256
    )


def _procedure(procedure: Procedure) -> ProcedureShape:
    return ProcedureShape(
        name=procedure.name,
        title=str(procedure.title),
        stages=[
            {"name": one.name, "label": str(one.label), "final": one.final}
            for one in procedure.stages
        ],
        starts=[_action(one) for one in procedure.starts.values()],
        actions=[_action(one) for one in procedure.actions.values()],
        diagram=mermaid(procedure),
    )


def _action(action: Action) -> dict[str, Any]:
    return {
        "name": action.name,
        "label": str(action.label),
        "rule": action.law,
        "at": list(action.at),
        "to": list(action.to),
        "by": list(action.by),
        "facts": facts_schema(action),
    }
