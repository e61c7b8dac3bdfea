"""Who subscribed to a kind of event is handed each in the same transaction."""

from __future__ import annotations

import pytest

from linli.kernel.events import subscriptions
from linli.kernel.events.models import Event
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform


@pytest.fixture(autouse=True)
def _only_these(monkeypatch) -> None:
    """Whatever a test subscribes is forgotten after it."""
    kept = {kind: list(handlers) for kind, handlers in subscriptions._handlers.items()}
    handlers = type(subscriptions._handlers)(list, kept)
    monkeypatch.setattr(subscriptions, "_handlers", handlers)


def test_it_works(here) -> None:
    heard: list[tuple[str, str]] = []
    subscribe("casework.accepted")(lambda event: heard.append(("one", event.kind)))
    subscribe("*")(lambda event: heard.append(("all", event.kind)))
    here.at_stage("accepted")

    assert heard == [
        ("all", "casework.reported"), ("all", "casework.triaged"), ("all", "casework.dispatched"),
        ("one", "casework.accepted"), ("all", "casework.accepted"),
    ]  # fmt: skip


def test_it_sees_the_event_and_the_matter_as_they_stand_after_it(here) -> None:
    seen: list[tuple[bool, str]] = []

    @subscribe("casework.accepted")
    def look(event: Event) -> None:
        stored = Matter.objects.get(pk=event.matter_id)
        seen.append((Event.objects.filter(pk=event.pk).exists(), stored.stage))

    here.at_stage("accepted")
    assert seen == [(True, "accepted")]


def test_subscribing_twice_is_subscribing_once(here) -> None:
    heard: list[str] = []

    def listen(event: Event) -> None:
        heard.append(event.kind)

    for _ in range(2):
        subscribe("casework.reported")(listen)
    here.report()
    assert heard == ["casework.reported"]


def test_one_that_fails_undoes_the_action(here) -> None:
    matter = here.at_stage("dispatched")

    @subscribe("casework.accepted")
    def fails(event: Event) -> None:
        raise RuntimeError("the subscriber failed")

    with pytest.raises(RuntimeError, match="subscriber"):
        perform(matter, "accept", by=here.handler, key="k")
    assert Matter.objects.get(pk=matter.pk).stage == "dispatched"
    assert not Event.objects.filter(kind="casework.accepted").exists()


def test_a_refused_action_is_not_heard_of(here) -> None:
    from linli.kernel.procedures.errors import Refused

    matter, heard = here.at_stage("dispatched"), []
    subscribe("*")(lambda event: heard.append(event))
    with pytest.raises(Refused):
        perform(matter, "solve", by=here.handler, facts={"text": "x"})
    assert heard == []
