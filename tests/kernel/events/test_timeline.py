"""The timeline shows each reader what is for them, and no more."""

from __future__ import annotations

import pytest

from linli.kernel.events.timeline import timeline
from linli.kernel.procedures.performing import perform

PHONE = "13812345678"


@pytest.fixture
def solved(here):
    matter = here.report(text="三号楼下水道堵了。", phone=PHONE, address="三号楼").matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    perform(matter, "note", by=here.handler, facts={"text": "同事请带疏通机"})
    perform(matter, "reply", by=here.handler, facts={"text": "本周疏通"})
    perform(matter, "solve", by=here.handler, facts={"text": "已疏通"})
    matter.refresh_from_db()
    return matter


def written(entries) -> str:
    return "\n".join(f"{e.sentence} {e.actor} {e.stage} {e.fields}" for e in entries)


def test_it_works(here, solved) -> None:
    entries = timeline(solved, here.handler)

    assert [entry.kind for entry in entries] == [
        "casework.reported",
        "casework.triaged",
        "casework.dispatched",
        "casework.noted",
        "casework.replied",
        "casework.solved",
    ]
    assert "本周疏通" in written(entries)


def test_the_public_sees_reply_and_solution_only(here, solved) -> None:
    entries = timeline(solved, None)

    assert [entry.kind for entry in entries] == ["casework.replied", "casework.solved"]
    assert "下水道" not in written(entries)


def test_the_reporter_sees_own_words_but_no_staff_note(here, solved) -> None:
    text = written(timeline(solved, solved.reporter))

    assert "下水道" in text
    assert "疏通机" not in text


def test_nobody_reads_the_telephone_number_here(here, solved) -> None:
    for viewer in (None, solved.reporter, here.handler, here.dispatcher, here.supervisor):
        assert PHONE not in written(timeline(solved, viewer))


def test_a_stranger_and_a_resident_of_the_committee_see_what_the_public_sees(here, solved) -> None:
    for viewer in (here.stranger, here.resident, here.other_handler):
        assert len(timeline(solved, viewer)) == 2


def test_staff_of_another_community_see_nothing_more(here, elsewhere, solved) -> None:
    assert len(timeline(solved, elsewhere.dispatcher)) == 2


def test_erased_words_are_shown_as_erased(here, solved) -> None:
    solved.reporter.key.delete()

    assert "下水道" not in written(timeline(solved, here.handler))


def test_it_costs_the_same_queries_however_long_it_is(
    here, solved, django_assert_max_num_queries
) -> None:
    for number in range(5):
        perform(solved, "note", by=here.dispatcher, facts={"text": f"第{number}条"})
    solved.refresh_from_db()
    handler = type(here.handler).objects.get(pk=here.handler.pk)

    with django_assert_max_num_queries(10):
        timeline(solved, handler)
