"""Events are folded into daily figures: each once, at its day, for whom it was then."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from linli.kernel.indicators import folding
from linli.kernel.indicators.declaration import Indicator, registry
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.models import PendingEvent, Rollup
from linli.kernel.indicators.reading import total
from linli.kernel.procedures.performing import begin, perform

DAY = date(2025, 3, 1)


def report_at(here, moment: datetime):
    return begin(
        "casework", "report", community=here.community, by=here.resident,
        facts={"text": "路灯坏了"}, at=moment,
    ).matter  # fmt: skip


def test_it_works(here) -> None:
    report_at(here, datetime(2025, 3, 1, 4, tzinfo=UTC))
    assert total("casework.reported", here.community, DAY, DAY) == 0
    assert fold_pending() == 1
    assert total("casework.reported", here.community, DAY, DAY) == 1
    assert fold_pending() == 0
    assert not PendingEvent.objects.exists()


def test_a_day_is_the_communitys_own(here) -> None:
    report_at(here, datetime(2025, 2, 28, 15, 59, 59, tzinfo=UTC))  # 23:59:59 in Shanghai
    report_at(here, datetime(2025, 2, 28, 16, 0, 0, tzinfo=UTC))  # 00:00:00
    fold_pending()
    assert total("casework.reported", here.community, date(2025, 2, 28), date(2025, 2, 28)) == 1
    assert total("casework.reported", here.community, DAY, DAY) == 1


def test_it_counts_for_whom_it_was_then(here) -> None:
    matter = here.at_stage("accepted")
    back = {"reason": "not_our_duty", "explanation": "不归我们"}
    perform(matter, "return_to_desk", by=here.handler, facts=back)
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.property_company.uuid)})
    perform(matter, "triage", by=here.dispatcher, facts={"category": "parking"})
    fold_pending()
    row = Rollup.objects.get(indicator="casework.returned")
    assert (row.organisation, row.category, row.value) == (here.roads, "pothole", 1)


def test_no_more_than_asked_for_is_folded(here) -> None:
    for _ in range(5):
        here.report()
    assert [fold_pending(limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_large_limits_are_folded_in_batches(here, monkeypatch) -> None:
    monkeypatch.setattr(folding, "BATCH", 2)
    for _ in range(5):
        here.report()
    assert fold_pending(limit=100) == 5
    assert Rollup.objects.get(indicator="casework.reported").value == 5


def test_each_community_has_figures_of_its_own(here, elsewhere) -> None:
    here.report()
    elsewhere.report()
    elsewhere.report()
    assert fold_pending() == 3
    values = dict(
        Rollup.objects.filter(indicator="casework.reported").values_list("community", "value")
    )
    assert values == {here.community.pk: 1, elsewhere.community.pk: 2}


def test_a_worker_that_dies_midway_leaves_everything_to_the_next(here, monkeypatch) -> None:
    here.report()

    def die(counts):
        really_add(counts)
        raise KeyboardInterrupt

    really_add = folding.add
    monkeypatch.setattr(folding, "add", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        fold_pending()
    assert not Rollup.objects.exists()
    monkeypatch.undo()
    assert fold_pending() == 1
    assert Rollup.objects.get(indicator="casework.reported").value == 1


def test_it_costs_as_many_queries_for_many_as_for_few(here, django_assert_max_num_queries) -> None:
    for _ in range(30):
        here.at_stage("closed")
    with django_assert_max_num_queries(30):
        assert fold_pending() == 30 * 7


@pytest.fixture
def _keep_registry():
    before = dict(registry)
    yield
    registry.clear()
    registry.update(before)


@pytest.mark.usefixtures("_keep_registry")
def test_an_indicator_is_declared_once_and_whole() -> None:
    Indicator("x.y", "Y", ("x.y",))
    with pytest.raises(ValueError, match="twice"):
        Indicator("x.y", "Y", ("x.y",))
    with pytest.raises(ValueError):
        Indicator("x.z", "Z", ())
    with pytest.raises(ValueError):
        Indicator("x" * 61, "X", ("x.y",))
