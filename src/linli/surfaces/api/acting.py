"""Actions over the API: one route for each action that is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from linli.kernel.procedures.errors import ChangedMeanwhile
from linli.kernel.procedures.performing import perform
from linli.surfaces.api.auth import caller
from linli.surfaces.api.bodies import Acting, actions_for_people
from linli.surfaces.api.matters import Key, done, matter_numbered
from linli.surfaces.api.problems import of_refusal
from linli.surfaces.api.reading import events_of
from linli.surfaces.api.shapes import Done

if TYPE_CHECKING:
    from linli.kernel.procedures.declaration import Action

NOTHING = Acting()


def routes() -> Router:
    """Return a router that offers every declared action people can do."""
    router = Router(tags=["actions"])
    for declared in actions_for_people().values():
        _offer(router, [action for _procedure, action in declared])
    return router


def _offer(router: Router, declared: list[Action]) -> None:
    name = declared[0].name

    def act(
        request: HttpRequest,
        number: str,
        body: Acting = Body(NOTHING),  # noqa: B008 - ninja's way to declare it
        idempotency_key: Key = None,
    ) -> Done | HttpResponse:
        return _act(request, number, name, body, idempotency_key)

    act.__name__ = name
    router.post(
        f"/matters/{{number}}/actions/{name}",
        response=Done,
        operation_id=f"act_{name}",
        summary=name.replace("_", " ").capitalize(),
        description="\n\n".join(dict.fromkeys(action.law for action in declared)),
    )(act)


def _act(
    request: HttpRequest, number: str, action: str, body: Acting, key: str | None
) -> Done | HttpResponse:
    matter, person = matter_numbered(request, number), caller(request).person
    try:
        return done(
            perform(matter, action, by=person, facts=body.facts, version=body.version, key=key)
        )
    except ChangedMeanwhile as changed:
        # What happened, as far as this reader may see it: not every event is for everyone.
        events = events_of(matter, person, since=body.version or 0)
        return of_refusal(
            changed,
            current_version=changed.current_version,
            events=[event.model_dump(mode="json") for event in events],
        )
