"""The nightly fit: what it learns from, when it is used, and that nobody fits twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.suggesting import learning
from linli.mechanisms.casework.suggesting.decisions import Decision, decisions
from linli.mechanisms.casework.suggesting.models import TriageModel, Verdict
from linli.mechanisms.casework.suggesting.offering import in_use

WORDS = {
    "pothole": "柏油路塌陷一大块",
    "streetlight": "夜里黑漆漆看不见",
    "lift": "上下楼的轿厢不动",
}


def made(number: int = 90, words: dict[str, str] = WORDS) -> list[Decision]:
    """Decisions by as many reporters, in words the pack does not know."""
    codes = list(words)
    now = timezone.now() - timedelta(minutes=1)
    return [
        Decision(n, words[codes[n % len(codes)]], codes[n % len(codes)], n, now)
        for n in range(number)
    ]


@pytest.fixture
def decided(monkeypatch):
    """Let the fit find decisions made up here."""

    def set_to(found: list[Decision]) -> None:
        monkeypatch.setattr(learning, "decisions", lambda community, subject: found)

    return set_to


def test_it_works(here, decided) -> None:
    decided(made())
    row = learning.fit(here.community, "category")
    assert row.in_use
    assert (row.version, row.verdict) == (1, Verdict.FIRST)
    assert row.learnt + row.kept == 90
    assert row.scores["macro_f1"] > row.rival["macro_f1"]
    used = in_use(here.community, "category")
    assert used.version == 1
    assert used.model.suggest("轿厢不动了", 1)[0].code == "lift"


def test_too_few_decisions_are_not_learnt_from(here, decided) -> None:
    decided(made(40))
    assert learning.fit(here.community, "category") is None
    assert in_use(here.community, "category").version == 0


def test_one_that_is_not_better_is_kept_with_its_scores_and_not_used(here, decided) -> None:
    decided(made())
    learning.fit(here.community, "category")
    later = [Decision(d.matter_id, d.text, d.code, d.reporter, timezone.now()) for d in made()]
    decided(later)
    row = learning.fit(here.community, "category")
    assert (row.version, row.in_use, row.verdict) == (2, False, Verdict.NOT_BETTER)
    assert bytes(row.data) == b""
    assert in_use(here.community, "category").version == 1


def test_a_better_one_takes_the_place_of_the_former(here, decided) -> None:
    decided(made())
    learning.fit(here.community, "category")
    new = WORDS | {"tree": "枝条压到窗户上", "noise_construction": "打桩声整夜不停"}
    decided([Decision(d.matter_id, d.text, d.code, d.reporter, timezone.now())
             for d in made(200, new)])  # fmt: skip
    row = learning.fit(here.community, "category")
    assert (row.version, row.in_use, row.verdict) == (2, True, Verdict.BETTER)
    assert TriageModel.objects.filter(in_use=True).count() == 1


def test_a_better_one_waits_where_a_supervisor_holds_to_another(here, decided) -> None:
    decided(made())
    first = learning.fit(here.community, "category")
    TriageModel.objects.filter(pk=first.pk).update(held_by=here.supervisor)
    new = WORDS | {"tree": "枝条压到窗户上", "noise_construction": "打桩声整夜不停"}
    decided([Decision(d.matter_id, d.text, d.code, d.reporter, timezone.now())
             for d in made(200, new)])  # fmt: skip
    row = learning.fit(here.community, "category")
    assert (row.in_use, row.verdict) == (False, Verdict.HELD)
    assert bytes(row.data)  # it can be taken into use by hand


def test_nothing_new_nothing_fitted(here, decided) -> None:
    decided(made())
    assert learning.fit(here.community, "category") is not None
    assert learning.fit(here.community, "category") is None


def test_a_name_few_people_wrote_is_not_in_the_model(here, decided) -> None:
    named = [Decision(d.matter_id, d.text + "，找陈阿婆", d.code, 1, d.at) for d in made(90)]
    decided(named)
    row = learning.fit(here.community, "category")
    assert row is None or "阿婆" not in in_use(here.community, "category").model.vocabulary.places


def test_decisions_are_the_desks_last_word_on_each_matter(here, django_assert_num_queries) -> None:
    matter = here.at_stage("accepted", text="路面塌了")
    perform(matter, "triage", by=here.dispatcher, facts={"category": "manhole"})
    with django_assert_num_queries(1):
        found = decisions(here.community, "category")
    assert [(one.code, one.text) for one in found] == [("manhole", "路面塌了")]
    assert [one.code for one in decisions(here.community, "unit")] == ["roads"]


def test_a_unit_that_sent_it_back_is_no_decision(here) -> None:
    matter = here.at_stage("dispatched")
    returned = {"reason": "not_ours", "explanation": "不归我们管。"}
    reasons = {one["code"] for one in matter.pack.content["reasons"]["return"]}
    returned["reason"] = sorted(reasons)[0]
    perform(matter, "return_to_desk", by=here.handler, facts=returned)
    assert decisions(here.community, "unit") == []


def test_who_reported_is_only_told_apart(here) -> None:
    here.at_stage("received", text="a 路面")
    here.at_stage("received", text="b 路面")
    found = decisions(here.community, "category")
    assert len({one.reporter for one in found}) == 1  # the same resident both times


def test_the_same_matter_is_kept_aside_for_ever() -> None:
    one, again = (made(50) for _ in range(2))
    assert [d.kept_aside for d in one] == [d.kept_aside for d in again]
    assert 0 < sum(d.kept_aside for d in one) < 25


def test_once_a_night(here, monkeypatch) -> None:
    begun = []
    monkeypatch.setattr(learning.fit_night.__class__, "enqueue", lambda self, pk: begun.append(pk))
    night = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)  # half past two in Shanghai
    assert learning.begin_nights(night) == 1
    assert learning.begin_nights(night) == 0
    assert learning.begin_nights(night + timedelta(hours=8)) == 0  # by day
    assert learning.begin_nights(night + timedelta(days=1)) == 1
    assert begun == [here.community.pk] * 2


def test_the_task_lives_with_a_community_that_is_gone(db) -> None:
    learning.fit_night.func(987654)


def test_the_chores_know_of_it() -> None:
    from linli.kernel.background.chores import chores

    names = {chore.name for chore in chores()}
    assert {"judging what was suggested", "beginning the nightly fit of suggestions"} <= names
