"""What is suggested for a matter, by the words of the pack and by a model of the community's."""

from __future__ import annotations

import pytest

from linli.engines.triage import Triage, to_bytes
from linli.mechanisms.casework.suggesting.models import TriageModel
from linli.mechanisms.casework.suggesting.offering import suggested_for


def keep_model(community, subject: str = "category", **codes: str) -> TriageModel:
    """Take a model into use that knows codes by words: ``keep_model(community, pothole="坑洼")``."""
    texts = [words for words in codes.values() for _ in range(30)]
    names = [code for code in codes for _ in range(30)]
    model = Triage.fit(texts, names)
    return TriageModel.objects.create(
        community=community, subject=subject, version=3, learnt=len(texts), kept=20,
        codes=len(codes), verdict="better", data=to_bytes(model), in_use=True,
    )  # fmt: skip


def test_it_works_from_the_first_day(here) -> None:
    matter = here.report(text="您好，3号楼电梯故障，有人困在里面。").matter
    found = suggested_for(matter, ["category", "unit"])
    assert [one.subject for one in found] == ["category", "unit"]
    category, unit = found
    assert (category.offers[0].value, category.version) == ("lift", 0)
    assert not category.measured
    assert any("电梯" in word for word in category.offers[0].words)
    assert "".join(piece for piece, _marked in category.pieces) == matter.text
    assert any(marked and "电梯" in piece for piece, marked in category.pieces)
    assert unit.offers[0].value == str(here.property_company.uuid)


def test_a_model_of_its_own_is_used_once_there_is_one(here) -> None:
    keep_model(here.community, pothole="坑洼 路面", streetlight="路灯 不亮")
    found = suggested_for(here.report(text="门口路灯不亮").matter, ["category"])[0]
    assert (found.offers[0].value, found.version, found.measured) == ("streetlight", 3, True)
    assert found.sure


def test_below_the_threshold_it_is_unsure(here) -> None:
    keep_model(here.community, pothole="坑洼 路面", streetlight="路灯 不亮")
    matter = here.report(text="路面的路灯").matter
    found = suggested_for(matter, ["category"])[0]
    assert found.offers
    assert found.sure == (found.offers[0].per_cent >= 60)


def test_no_known_word_gives_no_offer_and_is_unsure(here) -> None:
    found = suggested_for(here.report(text="zzz 123").matter, ["category"])[0]
    assert (found.offers, found.sure, found.pieces) == ([], False, [])


def test_a_category_the_pack_lost_is_not_offered(here) -> None:
    keep_model(here.community, gone_since="坑洼 路面", streetlight="路灯 不亮")
    found = suggested_for(here.report(text="坑洼路面，路灯").matter, ["category"])[0]
    assert [offer.value for offer in found.offers] in ([], ["streetlight"])


def test_a_unit_that_was_dissolved_is_not_offered(here) -> None:
    matter = here.report(text="3号楼电梯故障").matter
    here.property_company.dissolved_on = "2026-01-01"
    here.property_company.save()
    offers = suggested_for(matter, ["unit"])[0].offers
    assert str(here.property_company.uuid) not in [offer.value for offer in offers]


def test_bytes_that_cannot_be_read_leave_the_words_of_the_pack(here) -> None:
    row = keep_model(here.community, pothole="坑洼", streetlight="路灯")
    TriageModel.objects.filter(pk=row.pk).update(data=b"nonsense")
    assert suggested_for(here.report(text="电梯故障").matter, ["category"])[0].version == 0


def test_another_community_has_its_own_models(here, elsewhere) -> None:
    keep_model(elsewhere.community, pothole="电梯", streetlight="路灯")
    assert suggested_for(here.report(text="电梯故障").matter, ["category"])[0].version == 0


def test_it_costs_two_queries(here, django_assert_num_queries) -> None:
    matter = here.report(text="电梯故障").matter
    suggested_for(matter, ["category", "unit"])  # the models are read once a process
    with django_assert_num_queries(2):
        suggested_for(matter, ["category", "unit"])


@pytest.mark.parametrize("subjects", [[], ["category"]])
def test_where_the_words_were_erased_nothing_is_suggested(here, subjects) -> None:
    matter = here.report(text="电梯故障").matter
    matter.text = ""
    assert suggested_for(matter, subjects) == []
