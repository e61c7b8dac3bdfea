"""The one door: what it does, and each way it refuses."""

from __future__ import annotations

import hashlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import AppendOnly, Event
from linli.kernel.ledger.leaves import canonical, leaf_content, leaf_hash
from linli.kernel.matters.models import Matter
from linli.kernel.notify.models import Notice
from linli.kernel.people.secrets import commitment, decrypt_for
from linli.kernel.procedures.errors import (
    ChangedMeanwhile,
    InvalidFacts,
    KeyReused,
    NotAllowed,
    Unknown,
    WrongStage,
)
from linli.kernel.procedures.performing import available_actions, begin, perform


def snapshot(matter: Matter) -> tuple:
    fresh = Matter.objects.get(pk=matter.pk)
    return (fresh.stage, fresh.version, fresh.due_at, Event.objects.count(), Notice.objects.count(),
            Clock.objects.count())  # fmt: skip


def test_it_works(here) -> None:
    matter = here.at_stage("dispatched")

    event = perform(matter, "accept", by=here.handler, version=matter.version)

    assert (event.kind, event.from_stage, event.to_stage) == (
        "casework.accepted", "dispatched", "accepted",
    )  # fmt: skip
    assert event.relation == "responsible.handler"
    assert event.organisation == here.roads
    assert event.seq == matter.version + 1
    matter.refresh_from_db()
    assert (matter.stage, matter.version) == ("accepted", event.seq)


def test_beginning_numbers_without_gaps(here) -> None:
    numbers = [here.report().matter.number for _ in range(3)]
    with pytest.raises(InvalidFacts):
        here.report(text="")
    numbers.append(here.report().matter.number)

    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003", "000004"]


def test_the_event_holds_no_personal_value_but_its_commitment(here) -> None:
    event = here.report(text="电梯又坏了", phone="13800001111")

    stored = Event.objects.get(pk=event.pk)
    assert "电梯" not in str(stored.facts) + str(stored.commitments)
    value = stored.personal_values.select_related("subject").get(field="text")
    text = decrypt_for(value.subject, value.ciphertext)
    assert text == "电梯又坏了"
    assert commitment(text, bytes(value.salt)) == stored.commitments["text"]


def test_the_leaf_hash_can_be_computed_again_from_the_stored_row(here) -> None:
    stored = Event.objects.select_related("matter").get(pk=here.report().pk)

    assert bytes(stored.leaf_hash) == leaf_hash(stored)
    assert leaf_hash(stored) == hashlib.sha256(b"\0" + canonical(leaf_content(stored))).digest()


def test_a_stale_version_is_refused_and_shows_what_happened(here) -> None:
    matter = here.at_stage("dispatched")
    seen = matter.version
    perform(matter, "accept", by=here.handler)
    before = snapshot(matter)

    with pytest.raises(ChangedMeanwhile) as refused:
        perform(matter, "reply", by=here.handler, facts={"text": "好"}, version=seen)

    assert refused.value.current_version == seen + 1
    assert [event.action for event in refused.value.events] == ["accept"]
    assert snapshot(matter) == before


def test_a_repeated_key_is_answered_with_the_first_event(here) -> None:
    matter = here.at_stage("dispatched")
    first = perform(matter, "accept", by=here.handler, version=matter.version, key="k1")
    before = snapshot(matter)

    again = perform(matter, "accept", by=here.handler, version=matter.version, key="k1")

    assert again.pk == first.pk
    assert snapshot(matter) == before


def test_a_repeated_report_gives_the_same_secret_link(here) -> None:
    facts = {"text": "路灯坏了"}
    asked = {"community": here.community, "by": None, "facts": facts, "key": "guest-key-1"}
    first = begin("casework", "report", **asked)
    again = begin("casework", "report", **asked)

    assert again.matter.number == first.matter.number
    assert again.result["token"] == first.result["token"]
    assert Matter.objects.count() == 1


def test_a_key_counts_in_its_own_community(here, elsewhere) -> None:
    facts = {"text": "路灯坏了。"}
    one, other = (
        begin("casework", "report", community=place.community, by=here.resident, facts=facts, key="k")
        for place in (here, elsewhere)
    )  # fmt: skip

    assert one.matter != other.matter
    assert other.matter.community == elsewhere.community


def test_a_key_used_for_something_else_is_refused(here) -> None:
    matter = here.at_stage("dispatched")
    perform(matter, "accept", by=here.handler, key="k1")

    with pytest.raises(KeyReused):
        perform(matter, "reply", by=here.handler, facts={"text": "好"}, key="k1")


def test_another_persons_key_is_not_mine(here) -> None:
    matter = here.at_stage("dispatched")
    perform(matter, "accept", by=here.handler, key="k1")

    with pytest.raises(NotAllowed):
        perform(matter, "accept", by=here.stranger, key="k1")


@pytest.mark.parametrize(
    "role", ["stranger", "resident", "other_handler", "dispatcher", "caller", "supervisor", None]
)
def test_the_wrong_role_is_refused(here, role) -> None:
    matter = here.at_stage("dispatched")
    before = snapshot(matter)

    with pytest.raises(NotAllowed):
        perform(matter, "accept", by=getattr(here, role) if role else None)

    assert snapshot(matter) == before


def test_a_post_that_ended_gives_no_right(here) -> None:
    matter = here.at_stage("dispatched")
    here.handler.memberships.update(since="2020-01-01", until="2020-12-31")

    with pytest.raises(NotAllowed):
        perform(matter, "accept", by=type(here.handler).objects.get(pk=here.handler.pk))


def test_an_account_switched_off_gives_no_right(here) -> None:
    matter = here.at_stage("dispatched")
    here.handler.is_active = False

    with pytest.raises(NotAllowed):
        perform(matter, "accept", by=here.handler)


def test_staff_of_another_community_are_refused(here, elsewhere) -> None:
    matter = here.at_stage("received")

    with pytest.raises(NotAllowed):
        perform(matter, "triage", by=elsewhere.dispatcher, facts={"category": "pothole"})


def test_the_wrong_stage_is_refused_in_plain_words(here) -> None:
    matter = here.at_stage("in_hand")
    before = snapshot(matter)

    with pytest.raises(WrongStage) as refused:
        perform(matter, "accept", by=here.handler)

    with translation.override("en"):
        assert refused.value.sentence == (
            "“Accept” is not possible now: the matter is at “In hand”."
        )
    assert snapshot(matter) == before


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "字" * 5001}, "text"),
        ({"text": "好", "promised_on": "tomorrow"}, "promised_on"),
        ({"text": "好", "promised_on": "2001-01-01"}, "promised_on"),
        ({"text": "好", "promised_on": "2199-01-01"}, "promised_on"),
        ({"text": "好", "stage": "closed"}, "stage"),
        ({"text": ["好"]}, "text"),
        ({"text": None}, "text"),
    ],
)
def test_wrong_facts_are_refused_by_field(here, facts, field) -> None:
    matter = here.at_stage("accepted")
    before = snapshot(matter)

    with pytest.raises(InvalidFacts) as refused:
        perform(matter, "reply", by=here.handler, facts=facts)

    assert list(refused.value.errors) == [field]
    assert snapshot(matter) == before


def test_references_outside_the_community_are_refused(here, elsewhere) -> None:
    matter = here.at_stage("received")

    with pytest.raises(InvalidFacts) as refused:
        perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(elsewhere.roads.uuid)})

    assert list(refused.value.errors) == ["to"]


def test_an_unknown_action_or_procedure_is_refused(here) -> None:
    matter = here.at_stage("received")

    with pytest.raises(Unknown):
        perform(matter, "burn", by=here.dispatcher)
    with pytest.raises(Unknown):
        begin("alchemy", "report", community=here.community, by=None)
    with pytest.raises(Unknown):
        begin("casework", "dispatch", community=here.community, by=here.dispatcher)


def test_a_failure_on_the_way_undoes_everything(here, monkeypatch) -> None:
    matter = here.at_stage("accepted")
    before = snapshot(matter)
    monkeypatch.setattr(
        "linli.kernel.procedures.performing.publish", lambda event: (_ for _ in ()).throw(OSError)
    )

    with pytest.raises(OSError):
        perform(matter, "reply", by=here.handler, facts={"text": "好"}, key="once")

    assert snapshot(matter) == before


def test_the_model_refuses_to_change_or_delete_an_event(here) -> None:
    event = Event.objects.get(pk=here.report().pk)

    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        event.delete()
    with pytest.raises(AppendOnly):
        Event.objects.all().delete()
    with pytest.raises(AppendOnly):
        Event.objects.update(kind="casework.closed")


@pytest.mark.parametrize(
    "statement", ["UPDATE events_event SET kind = 'x'", "DELETE FROM events_event"]
)
def test_the_database_refuses_to_change_or_delete_an_event(here, statement) -> None:
    here.report()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_available_actions_are_those_that_perform_accepts(here) -> None:
    matter = here.at_stage("dispatched")

    assert [action.name for action in available_actions(matter, here.handler)] == [
        "accept", "reply", "ask_reporter", "note", "return_to_desk", "hand_out", "ask_exclusion",
        "link", "split",
    ]  # fmt: skip
    assert available_actions(matter, here.stranger) == []


def test_an_action_costs_a_fixed_number_of_queries(here, django_assert_num_queries) -> None:
    matter = here.at_stage("accepted")
    handler = type(here.handler).objects.get(pk=here.handler.pk)
    facts = {"text": "好"}

    # Two of them begin and end the transaction; PostgreSQL gets all rows with one statement.
    with django_assert_num_queries(10 if connection.vendor == "postgresql" else 17):
        perform(matter, "reply", by=handler, facts=facts, version=matter.version, key="a reply")


def test_a_beginning_costs_a_fixed_number_of_queries(here, django_assert_num_queries) -> None:
    begin_report = {"community": here.community, "facts": {"text": "路灯坏了"}}
    begin("casework", "report", by=here.resident, **begin_report)

    with django_assert_num_queries(7 if connection.vendor == "postgresql" else 15):
        begin("casework", "report", by=here.resident, **begin_report)
