"""What fills in facts: procedures, organisations, areas, categories, uploaded files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from linli.kernel.files.links import link_to
from linli.kernel.files.storing import store_upload
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.packs.questions import questions_of
from linli.kernel.procedures.declaration import procedure_named, registry
from linli.kernel.procedures.documenting import mermaid
from linli.kernel.procedures.facts import Refers, Says, label_of, marker_of, visibility_of
from linli.surfaces.api.auth import caller
from linli.surfaces.api.bodies import facts_schema
from linli.surfaces.api.shapes import (
    ActionShape,
    AreaShape,
    CategoryShape,
    FieldShape,
    OrganisationRef,
    OrganisationShape,
    ProcedureShape,
    QuestionShape,
    StageShape,
    UploadShape,
)

if TYPE_CHECKING:
    from linli.kernel.packs.schema import QuestionSetting
    from linli.kernel.procedures.declaration import Action, Procedure
    from linli.kernel.procedures.facts import Facts

router = Router(tags=["references"])


@router.get("/procedures", response=list[ProcedureShape], operation_id="list_procedures")
def list_procedures(request: HttpRequest) -> list[ProcedureShape]:
    """Return every procedure with its stages, actions and the schema of their facts."""
    return [_procedure(registry[name]) for name in sorted(registry)]


@router.get("/procedures/{name}", response=ProcedureShape, operation_id="read_procedure")
def read_procedure(request: HttpRequest, name: str) -> ProcedureShape:
    """Return one procedure."""
    return _procedure(procedure_named(name))


@router.get("/organisations", response=list[OrganisationShape], operation_id="list_organisations")
def list_organisations(request: HttpRequest) -> list[OrganisationShape]:
    """Return the organisations of the community that stand, each after the one above it."""
    rows = Organisation.objects.standing().filter(community=caller(request).community)
    found = list(rows.order_by("path"))
    by_path = {row.path: row.uuid for row in found}
    return [
        OrganisationShape(
            uuid=row.uuid,
            name=row.name,
            kind=row.kind,
            code=row.code,
            depth=row.depth,
            above=by_path.get(row.path[: -Organisation.steplen]),
            public_phone=row.public_phone,
        )
        for row in found
    ]


@router.get("/areas", response=list[AreaShape], operation_id="list_areas")
def list_areas(request: HttpRequest) -> list[AreaShape]:
    """Return the areas of the community by code, without their boundaries."""
    rows = caller(request).community.areas.select_related("organisation", "parent")
    return [
        AreaShape(
            uuid=row.uuid,
            code=row.code,
            name=row.name,
            kind=row.kind,
            part_of=row.parent.uuid if row.parent else None,
            organisation=OrganisationRef(uuid=row.organisation.uuid, name=row.organisation.name)
            if row.organisation
            else None,
        )
        for row in rows.defer("boundary", "parent__boundary").order_by("code")
    ]


@router.get("/categories", response=list[CategoryShape], operation_id="list_categories")
def list_categories(request: HttpRequest) -> list[CategoryShape]:
    """Return the categories that can be chosen, labelled in the caller's language."""
    pack = pack_of(caller(request).community)
    return [
        CategoryShape(
            code=code,
            label=str(one.label),
            parent=one.parent,
            urgency=one.urgency,
            questions=[_question(*asked) for asked in questions_of(pack, code).items()],
        )
        for code, one in pack.leaf_categories().items()
    ]


def _question(code: str, question: QuestionSetting) -> QuestionShape:
    return QuestionShape(
        code=code,
        label=str(question.label),
        hint=str(question.hint or ""),
        kind=question.kind,
        options={name: str(label) for name, label in question.options.items()},
        required=question.required,
        personal=question.personal,
        when=question.when.model_dump() if question.when else None,
    )


@router.post("/uploads", response={201: UploadShape}, operation_id="upload")
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[UploadShape]:
    """Store a picture or a PDF, cleaned; then name its uuid in the facts of an action."""
    token = caller(request)
    stored = store_upload(token.community, file, by=token.person)
    shape = UploadShape(
        uuid=stored.uuid,
        kind=stored.kind,
        content_type=stored.content_type,
        name=stored.name,
        size=stored.size,
        sha256=stored.sha256,
        href=link_to(stored),
    )
    return Status(201, shape)


def _procedure(procedure: Procedure) -> ProcedureShape:
    return ProcedureShape(
        name=procedure.name,
        title=str(procedure.title),
        stages=[
            StageShape(name=one.name, label=str(one.label), final=one.final)
            for one in procedure.stages
        ],
        starts=[_action(procedure, one) for one in procedure.starts.values()],
        actions=[_action(procedure, one) for one in procedure.actions.values()],
        diagram=mermaid(procedure),
    )


def _action(procedure: Procedure, action: Action) -> ActionShape:
    return ActionShape(
        name=action.name,
        label=str(action.label),
        rule=action.law,
        event=procedure.event_kind(action),
        at=[stage for stage in action.at if stage],
        to=list(action.to),
        by=list(action.by),
        fields=_fields(action.facts),
        facts=facts_schema(action.facts),
    )


def _fields(facts: type[Facts]) -> list[FieldShape]:
    found = []
    for name, field in facts.model_fields.items():
        says, refers = marker_of(field, Says), marker_of(field, Refers)
        visible = visibility_of(field)
        found.append(
            FieldShape(
                name=name,
                label=label_of(name, field),
                hint=str(says.hint) if says else "",
                required=field.is_required(),
                read_by=visible.audience.value,
                personal=visible.personal,
                refers_to=refers.to if refers else None,
            )
        )
    return found
