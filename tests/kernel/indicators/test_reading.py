"""Figures by day, month, organisation, area and category; evidence is what was counted."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from linli.kernel.indicators.declaration import UnknownIndicator
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.reading import evidence, series, total
from linli.kernel.places.models import Area
from linli.kernel.procedures.performing import begin, perform
from tests.neighbourhood import square

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def folded(here):
    building = Area.objects.create(
        community=here.community, parent=here.grid_area, kind="building", level=6, code="b",
        name="2栋", boundary=square(114.304, 30.504, 0.002),
        organisation=here.grid,  # somebody answers for it, so reports lie there
    )  # fmt: skip
    for month, place, category in (
        (1, (114.305, 30.505), "pothole"),
        (1, (114.301, 30.501), "streetlight"),
        (3, (0, 0), "lift"),
        (3, (0, 0), None),
    ):
        begin(
            "casework", "report", community=here.community, by=here.resident,
            at=datetime(2025, month, 15, tzinfo=UTC),
            facts={
                "text": "坏了", "longitude": place[0], "latitude": place[1],
                **({"category": category} if category else {}),
            },
        )  # fmt: skip
    fold_pending()
    return here, building


def both(here, **filters) -> int:
    """Return the total, having checked that the evidence is as much."""
    kept = total("casework.reported", here.community, *YEAR, **filters)
    assert evidence("casework.reported", here.community, *YEAR, **filters).count() == kept
    return kept


def test_everything(folded) -> None:
    assert both(folded[0]) == 4


def test_by_organisation_with_all_below_it(folded) -> None:
    here, _ = folded
    assert both(here, organisation=here.desk) == 4
    assert both(here, organisation=here.street) == 4
    assert both(here, organisation=here.roads) == 0


def test_by_area_with_its_parts(folded) -> None:
    here, building = folded
    assert both(here, area=building) == 1
    assert both(here, area=here.grid_area) == 2


def test_by_category_with_those_it_groups(folded) -> None:
    here, _ = folded
    assert both(here, category="lift") == 1
    assert both(here, category="roads") == 2
    assert both(here, category="none") == 0


def test_by_several_at_once(folded) -> None:
    here, building = folded
    assert both(here, area=building, category="pothole", organisation=here.desk) == 1
    assert both(here, area=building, category="streetlight") == 0


def test_by_day_and_month_without_gaps(folded) -> None:
    here, _ = folded
    months = series("casework.reported", here.community, *YEAR, step="month")
    assert [value for _, value in months] == [2, 0, 2, *[0] * 9]
    days = series("casework.reported", here.community, date(2025, 3, 14), date(2025, 3, 16))
    assert days == [(date(2025, 3, 14), 0), (date(2025, 3, 15), 2), (date(2025, 3, 16), 0)]
    assert series("casework.reported", here.community, date(2025, 3, 2), date(2025, 3, 1)) == []


def test_a_month_that_begins_in_its_middle(folded) -> None:
    here, _ = folded
    months = series(
        "casework.reported", here.community, date(2025, 1, 31), date(2025, 3, 15), step="month"
    )
    assert months == [(date(2025, 1, 1), 0), (date(2025, 2, 1), 0), (date(2025, 3, 1), 2)]


def test_both_ends_count(folded) -> None:
    here, _ = folded
    assert total("casework.reported", here.community, date(2025, 1, 15), date(2025, 3, 15)) == 4
    assert total("casework.reported", here.community, date(2025, 1, 16), date(2025, 3, 14)) == 0


def test_what_is_not_folded_is_in_neither(folded) -> None:
    here, _ = folded
    begin(
        "casework", "report", community=here.community, by=here.resident, facts={"text": "又坏了"},
        at=datetime(2025, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    assert both(here) == 4
    fold_pending()
    assert both(here) == 5


def test_a_later_change_of_the_matter_changes_no_figure(folded) -> None:
    here, _ = folded
    matter = evidence("casework.reported", here.community, *YEAR, category="pothole").get().matter
    facts = {"category": "lift"}
    perform(matter, "triage", by=here.dispatcher, facts=facts, at=datetime(2025, 6, 1, tzinfo=UTC))
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    fold_pending()
    assert both(here, category="pothole") == 1
    assert both(here, organisation=here.desk) == 4


def test_another_communitys_figures_are_apart(folded, elsewhere) -> None:
    assert both(elsewhere) == 0


def test_an_unknown_indicator_is_refused(here) -> None:
    with pytest.raises(UnknownIndicator):
        total("casework.invented", here.community, *YEAR)


def test_reading_costs_one_query_and_one_to_narrow(folded, django_assert_num_queries) -> None:
    here, _ = folded
    with django_assert_num_queries(2):
        total("casework.reported", here.community, *YEAR, organisation=here.street, category="lift")
    with django_assert_num_queries(1):
        series("casework.reported", here.community, *YEAR)
