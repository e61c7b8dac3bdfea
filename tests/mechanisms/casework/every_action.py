"""Every action of casework with right facts, whoever may perform it, at any stage: for tests that
go through all of them, also those added tomorrow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID, uuid4

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.people.models import Person
from linli.kernel.procedures.choices import literal_choices, plain_types
from linli.kernel.procedures.facts import Refers, marker_of
from linli.kernel.procedures.performing import begin
from linli.mechanisms.casework.models import AccountEntry, Exclusion, ServiceRequest
from linli.mechanisms.casework.procedure import procedure

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic.fields import FieldInfo

    from linli.kernel.procedures.declaration import Action
    from tests.neighbourhood import Neighbourhood

ACTIONS = list(procedure.actions.values())
STARTS = list(procedure.starts.values())
STAGES = [stage.name for stage in procedure.stages]
WITH_UNIT = ("dispatched", "accepted", "in_hand", "on_account", "joined", "solved", "closed")
ROLES = ("dispatcher", "handler", "other_handler", "caller", "supervisor", "secretary",
         "grid_worker", "resident", "stranger")  # fmt: skip
STANDING = ("organisations", "packs", "places")  # no action touches these
# Fields that are free in their type and not in the rule: what the rule takes.
BY_NAME = {
    "phone": "13955550137",
    "email": "someone@example.org",
    "media_url": "https://example.org/x.jpg",
    "made_at": "2026-11-01T08:00:00Z",
}
# Of a set of fields that exclude each other, the values that go together.
TOGETHER = {
    "not_reached": {"outcome": "later"},
    "review_account": {"outcome": "moved"},
}


def for_every(actions: list[Action]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test for every action in one neighbourhood, undoing after each what it did."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def for_each(here: Neighbourhood, elsewhere: Neighbourhood) -> None:
            for action in actions:
                before = transaction.savepoint()
                try:
                    test(here, elsewhere, action)
                except BaseException as error:
                    error.add_note(f"with the action {action.name}")
                    raise
                finally:
                    transaction.savepoint_rollback(before)

        for_each.__name__, for_each.__doc__ = test.__name__, test.__doc__
        return for_each

    return decorate


def right_facts(action: Action, here: Neighbourhood, *, whole: bool = False) -> dict[str, Any]:
    """Return facts the action accepts: all fields when ``whole``, else the required ones."""
    found = {
        name: _right_value(name, field, here)
        for name, field in action.facts.model_fields.items()
        if field.is_required()
        or (whole and name not in ("doorway", "longitude", "latitude", "answers"))
    }
    return found | (TOGETHER.get(action.name, {}) if whole else {})


def _right_value(name: str, field: FieldInfo, here: Neighbourhood) -> Any:
    refers, kinds = marker_of(field, Refers), plain_types(field)
    if refers is not None:
        return _right_reference(refers, here)
    if choices := literal_choices(field):
        return choices[0][0]
    if UUID in kinds:
        return str(here.resident.uuid)
    if bool in kinds:
        return True
    if int in kinds:
        return 3
    if datetime in kinds:
        return (timezone.now() + timedelta(days=2)).isoformat()
    if date in kinds:
        return (timezone.now() + timedelta(days=9)).date().isoformat()
    return {"clock": "reply", **BY_NAME}.get(name, f"{name}:说明")


def _right_reference(refers: Refers, here: Neighbourhood) -> Any:
    other = here.community.matters.order_by("pk").last()
    return {
        "organisation": str(here.property_company.uuid),
        "organisations": [str(here.property_company.uuid)],
        "area": str(here.grid_area.uuid),
        "uploads": [],
        "endpoint": None,
        "category": "pothole",
        "reason": _first_reason(refers, here),
        "matter": other.number if other else "",
    }[refers.to]


def _first_reason(refers: Refers, here: Neighbourhood) -> str:
    reasons = pack_of(here.community).reasons.get(refers.list_name, [])
    return reasons[0].code if reasons else ""


def matter_at(here: Neighbourhood, stage: str) -> Matter:
    """Return the resident's matter at a stage, another open one beside it."""
    matter = here.report(by=here.resident, longitude=114.305, latitude=30.505).matter
    other = here.report(by=here.stranger, text="另一件。").matter
    Matter.objects.filter(pk=other.pk).update(audience="public", public_title="另一件")
    # A clock that ran out, so that the action which notes this can be performed.
    Clock.objects.filter(matter=matter, name="reply").update(
        due_at=timezone.now() - timedelta(hours=1)
    )
    return put_at(here, matter, stage)


def _proposed_or_on_account(here: Neighbourhood, matter: Matter, state: str) -> None:
    now = timezone.now()
    AccountEntry.objects.create(
        community=here.community, matter=matter, unit=here.roads, state=state, reason="law",
        owner=here.roads, review_on=now.date(), at=now,
    )  # fmt: skip


def _exclusion(here: Neighbourhood, matter: Matter, **decided: Any) -> None:
    Exclusion.objects.create(
        community=here.community, matter=matter, unit=here.roads, reason="no_content",
        asked_by=here.handler, asked_at=timezone.now(), **decided,
    )  # fmt: skip


# Beyond the stage, what some actions find: by the name of the action, see `prepared`.
def _as_a_part(here: Neighbourhood, matter: Matter) -> None:
    ServiceRequest.objects.filter(pk=matter.pk).update(is_part=True)


def _urged(here: Neighbourhood, matter: Matter) -> None:
    Clock.objects.create(
        community=matter.community, matter=matter, name="urge", started_at=timezone.now(),
        due_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def _climbing(here: Neighbourhood, matter: Matter) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Clock.objects.filter(matter=matter, name="reply").update(overdue_at=past, climbs_at=past)


def _with_a_part(here: Neighbourhood, matter: Matter) -> None:
    facts = {"to": str(here.property_company.uuid), "text": "清理", "lead": matter.number}
    begin("casework", "begin_part", community=here.community, by="system", facts=facts)


def _under_review(here: Neighbourhood, matter: Matter) -> None:
    Clock.objects.create(
        community=matter.community, matter=matter, name="appeal", started_at=timezone.now(),
        due_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def _with_a_dissolved_desk(here: Neighbourhood, matter: Matter) -> None:
    old = Organisation.objects.add_child(
        here.committee,
        {"community": here.community, "kind": "desk", "name": "旧台",
         "dissolved_on": timezone.localdate()},
    )  # fmt: skip
    Matter.objects.filter(pk=matter.pk).update(desk=old)


PREPARED: dict[str, Callable[[Neighbourhood, Matter], None]] = {
    "decline_account": partial(_proposed_or_on_account, state="proposed"),
    "review_account": partial(_proposed_or_on_account, state="open"),
    "decide_exclusion": _exclusion,
    "reverse_exclusion": partial(_exclusion, accepted=True, decided_at=timezone.now()),
    "answer_urge": _urged,
    "clock_climbs": _climbing,
    "decide_appeal": _under_review,
    "do_without": _with_a_part,
    "finish_part": _as_a_part,
    "give_up_part": _as_a_part,
    "pass_on_from_dissolved": _with_a_dissolved_desk,
}


def prepared(here: Neighbourhood, matter: Matter, action: Action) -> Matter:
    """Return a matter with what the action needs to find besides its stage."""
    if (prepare := PREPARED.get(action.name)) is not None:
        prepare(here, matter)
    return Matter.objects.get(pk=matter.pk)


def put_at(here: Neighbourhood, matter: Matter, stage: str) -> Matter:
    """Put a matter at a stage directly: how it comes there honestly is for other tests."""
    Matter.objects.filter(pk=matter.pk).update(
        stage=stage,
        responsible=here.roads if stage in WITH_UNIT else None,
        closed_at=timezone.now() if procedure.stage(stage).final else None,
    )
    return Matter.objects.get(pk=matter.pk)


def performer(here: Neighbourhood, relation: str) -> Person | Literal["system"] | None:
    """Return someone who stands in a relation to the matter of `matter_at`."""
    if relation == "system":
        return "system"
    people = {
        "public": None,
        "reporter": here.resident,
        "responsible.handler": here.handler,
        "desk.dispatcher": here.dispatcher,
        "desk.caller": here.caller,
        "desk.supervisor": None,
        "above.supervisor": here.supervisor,
        "area.grid_worker": here.grid_worker,
        "community.dispatcher": here.dispatcher,
        "community.grid_worker": here.grid_worker,
        "community.handler": here.handler,
    }
    if relation in people:
        found = people[relation]
    else:
        anchor, role = relation.split(".")
        where = {"above": here.committee, "desk": here.desk, "responsible": here.roads}[anchor]
        found = here.person(f"{anchor}-{role}-{uuid4().hex[:6]}", where, role)
    # Posts are kept on a loaded person: a request would load it anew.
    return Person.objects.get(pk=found.pk) if found else None


def may(here: Neighbourhood, action: Action) -> Person | Literal["system"] | None:
    """Return the first person who may perform the action."""
    return performer(here, action.by[0])


def first_stage(action: Action) -> str:
    """Return a stage at which whoever stands first among those who may perform it can."""
    needs_unit = action.by[0].startswith("responsible.")
    return next(stage for stage in action.at if not needs_unit or stage in WITH_UNIT)


def everything() -> dict[str, list[Any]]:
    """Return every row an action could have written, to compare before and after."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model.__module__.startswith("linli.") and model._meta.app_label not in STANDING
    }
