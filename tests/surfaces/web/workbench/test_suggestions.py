"""Suggestions on the page of a matter, and the page of the models."""

from __future__ import annotations

from uuid import uuid4

import pytest

from linli.kernel.access.models import AuditEntry
from linli.mechanisms.casework.suggesting.models import TriageModel

PAGE = "/desk/suggestions/"


@pytest.fixture
def models(here) -> tuple[TriageModel, TriageModel]:
    """A former model and the one in use."""
    common = {
        "community": here.community, "subject": "category", "learnt": 640, "kept": 160,
        "codes": 40, "verdict": "better",
        "scores": {"macro_f1": 0.812, "hits": 0.84, "error": 0.031},
        "rival": {"macro_f1": 0.79, "hits": 0.82, "error": 0.04},
    }  # fmt: skip
    former = TriageModel.objects.create(version=1, data=b"x", **common)
    used = TriageModel.objects.create(
        version=2, data=b"x", in_use=True, used_since="2026-01-02T00:00Z", **common
    )
    return former, used


def address(matter) -> str:
    return f"/desk/m/{matter.number}/"


def test_it_works(here, desk, text) -> None:
    matter = here.report(text="3号楼电梯故障，有人困在里面").matter
    page = text(desk("dispatcher").get(address(matter)))
    assert 'class="suggested' in page
    assert "?category=lift#do-triage" in page
    assert f"?to={here.property_company.uuid}#do-dispatch" in page
    assert '<mark class="decided">' in page


def test_one_click_fills_the_form_in_and_does_nothing(here, desk, text) -> None:
    matter = here.report(text="3号楼电梯故障").matter
    page = text(desk("dispatcher").get(address(matter) + "?category=lift"))
    assert '<option value="lift" selected>' in page
    assert 'open id="do-triage"' in page
    matter.refresh_from_db()
    assert (matter.version, matter.category) == (1, "")


@pytest.mark.parametrize("value", ["nonsense", "", "%00", "<script>", "x" * 5000])
def test_what_a_link_fills_in_wrongly_is_let_be(here, desk, value) -> None:
    matter = here.report(text="3号楼电梯故障").matter
    for field in ("category", "to"):
        assert desk("dispatcher").get(address(matter), {field: value}).status_code == 200


def test_who_cannot_sort_is_suggested_nothing(here, desk, text) -> None:
    matter = here.at_stage("accepted", text="3号楼电梯故障")
    assert 'class="suggested' not in text(desk("handler").get(address(matter)))
    assert 'class="suggested' not in text(desk("dispatcher").get(address(matter)))


def test_unsure_is_said(here, desk, text) -> None:
    matter = here.report(text="zzz 000").matter
    assert "suggested--unsure" in text(desk("dispatcher").get(address(matter)))


def test_the_models_are_shown(here, desk, text, models) -> None:
    page = text(desk("supervisor").get(PAGE))
    for words in ("0.812", "0.790", "640", f"{PAGE}{models[0].uuid}/use/"):
        assert words in page
    assert f"{PAGE}{models[1].uuid}/use/" not in page  # it is in use


def test_an_empty_record_is_a_page_too(here, desk) -> None:
    assert desk("supervisor").get(PAGE).status_code == 200


def test_another_is_taken_into_use_on_record(here, desk, models) -> None:
    former, _used = models
    client = desk("supervisor")
    assert client.post(f"{PAGE}{former.uuid}/use/")["Location"] == PAGE
    client.post(f"{PAGE}{former.uuid}/use/")  # a second time: said, nothing done
    former.refresh_from_db()
    assert (former.in_use, former.held_by) == (True, here.supervisor)
    assert AuditEntry.objects.filter(action="triage.model_taken").count() == 1
    client.post(f"{PAGE}category/let-go/")
    client.post(f"{PAGE}category/let-go/")
    former.refresh_from_db()
    assert former.held_by is None


@pytest.mark.parametrize("role", ["dispatcher", "handler", "resident"])
def test_only_who_may_choose_sees_and_chooses(here, desk, models, role) -> None:
    client = desk(role)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{models[0].uuid}/use/").status_code == 403
    assert client.post(f"{PAGE}category/let-go/").status_code == 403
    assert not TriageModel.objects.get(version=1).in_use


def test_what_is_not_there(here, desk, models) -> None:
    client = desk("supervisor")
    assert client.post(f"{PAGE}{uuid4()}/use/").status_code == 404
    assert client.post(f"{PAGE}nonsense/let-go/").status_code == 404
    assert client.get(f"{PAGE}{models[0].uuid}/use/").status_code == 405


def test_a_model_of_another_community_is_not_there(elsewhere, here, desk, models) -> None:
    TriageModel.objects.update(community=elsewhere.community)
    assert desk("supervisor").post(f"{PAGE}{models[0].uuid}/use/").status_code == 404
