"""Figures by month and unit; each number opens to as many events as it says."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.access.models import AuditEntry
from linli.kernel.indicators.declaration import Indicator, registry
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.organisations.models import Organisation
from linli.kernel.procedures.performing import begin
from linli.surfaces.web.workbench.paging import PAGE

FIGURES = "/desk/figures/"


@pytest.fixture
def counted(here):
    """Three reported; one answered in time, solved and rated well."""
    here.at_stage("closed", text="修好的路", doorway=here.doorway.doorway_code)
    here.at_stage("accepted", text="在办的灯")
    here.report(text="新来的事")
    fold_pending()
    return here


def numbers(page: str) -> list[tuple[str, int]]:
    """Return each number of the page with its address."""
    found = re.findall(r'<a class="number" href="([^"]+)"[^>]*>(?:<strong>)?(\d+)', page)
    return [(unescape(href), int(count)) for href, count in found]


def test_it_works(counted, desk, text) -> None:
    answer = desk("secretary").get(FIGURES)
    rows = {str(row["label"]): row["total"] for row in answer.context["rows"]}
    assert 3 in rows.values()
    assert 'id="chart-data"' in text(answer)
    assert "100.0 %" in text(answer)


def test_each_number_opens_to_as_many_events(counted, desk, text) -> None:
    client = desk("secretary")
    found = numbers(text(client.get(FIGURES)))
    assert len(found) > 10
    for address, count in found:
        opened = client.get(address)
        assert opened.context["total"] == count, address
        assert len(opened.context["entries"]) + opened.context["closed"] == count, address


def test_rates_stand_by_unit_with_all_below(counted, desk) -> None:
    units = desk("secretary").get(FIGURES).context["units"]
    shares = {name: [cell["share"] for cell in cells] for name, cells in units}
    assert [(s.part, s.whole) for s in shares[""]] == [(1, 1), (1, 1), (1, 1)]
    assert [s.per_cent for s in shares[counted.roads.name]] == [100.0, 100.0, 100.0]


@pytest.mark.parametrize(
    ("filters", "reported"),
    [
        ({}, 3),
        ({"category": "pothole"}, 0),  # a figure keeps what was true when it was reported
        ({"category": "nonsense", "unit": "nonsense", "area": "\x00", "since": "x"}, 3),
        ({"since": "1900-01", "until": "2999-12"}, 3),
        ({"since": "2999-12", "until": "1900-01"}, 3),
        ({"since": "2026-13", "until": "9" * 5000}, 3),
    ],
)
def test_filters(counted, desk, filters, reported) -> None:
    answer = desk("secretary").get(FIGURES, filters)
    assert answer.status_code == 200
    assert answer.context["rows"][0]["total"] == reported


def test_a_unit_and_a_grid_narrow(counted, desk) -> None:
    client = desk("secretary")

    def answered(**filters) -> int:
        rows = client.get(FIGURES, filters).context["rows"]
        return next(row["total"] for row in rows if "casework.answered" in row["address"])

    assert answered(unit=str(counted.roads.uuid)) == 1
    assert answered(unit=str(counted.committee.uuid)) == 1
    assert answered(unit=str(counted.property_company.uuid)) == 0
    assert answered(area=str(counted.grid_area.uuid)) == 1


def test_months_are_the_communitys_own(here, desk) -> None:
    today = timezone.localdate()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    late = datetime(month.year, month.month, 1, tzinfo=UTC) - timedelta(hours=7)  # 01:00 there
    begin("casework", "report", community=here.community, by=here.resident,
          facts={"text": "月初"}, at=late)  # fmt: skip
    fold_pending()
    name = f"{month:%Y-%m}"
    rows = desk("secretary").get(FIGURES, {"since": name, "until": name}).context["rows"]
    assert rows[0]["total"] == 1


def test_what_one_may_not_see_is_counted_and_not_shown(counted, desk, text) -> None:
    answer = desk("grid_worker").get("/desk/figures/evidence/?indicator=casework.reported")
    assert answer.context["total"] == 3
    assert answer.context["closed"] == 3 - len(answer.context["entries"])
    assert "新来的事" not in text(answer)


@pytest.mark.parametrize("name", ["", "nonsense", "\x00", "x" * 5000])
def test_an_unknown_figure_is_told(counted, desk, name) -> None:
    answer = desk("secretary").get("/desk/figures/evidence/", {"indicator": name, "after": name})
    assert answer.status_code == 200
    assert answer.context["chosen"] == []


def test_evidence_is_paged(here, desk) -> None:
    for number in range(PAGE + 2):
        here.report(text=f"第{number}件")
    fold_pending()
    client = desk("secretary")
    first = client.get("/desk/figures/evidence/?indicator=casework.reported")
    second = client.get(first.context["next"])
    shown = [
        entry["matter"].pk for answer in (first, second) for entry in answer.context["entries"]
    ]
    assert len(shown) == len(set(shown)) == PAGE + 2
    assert second.context["next"] == ""


def test_the_table_is_taken_along_and_that_is_on_record(counted, desk) -> None:
    answer = desk("dispatcher").get(f"{FIGURES}table.csv")
    assert answer["Content-Type"] == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0][-1] == f"{timezone.localdate():%Y-%m}"
    assert rows[1][-1] == "3"
    assert AuditEntry.objects.get(action="figures.exported").actor == counted.dispatcher


def test_no_cell_is_taken_for_a_formula(counted, desk) -> None:
    formula = Indicator("tests.formula", "=1+1", ("casework.reported",))
    try:
        answer = desk("dispatcher").get(f"{FIGURES}table.csv")
    finally:
        del registry[formula.name]
    assert "\n'=1+1," in answer.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize("role", ["handler", "grid_worker", "resident"])
def test_who_may_not_export_is_refused(counted, desk, role) -> None:
    assert desk(role).get(f"{FIGURES}table.csv").status_code == 403
    assert not AuditEntry.objects.filter(action="figures.exported").exists()


def test_elsewhere_counts_nothing_of_here(counted, elsewhere, desk) -> None:
    client = desk("secretary", elsewhere)
    assert client.get(FIGURES).context["rows"][0]["total"] == 0
    foreign = {"unit": str(counted.roads.uuid), "indicator": "casework.answered"}
    assert client.get("/desk/figures/evidence/", foreign).context["total"] == 0


def test_without_figures_there_is_no_rate(here, desk, text) -> None:
    page = text(desk("secretary").get(FIGURES))
    assert "%</strong>" not in page


def test_queries_do_not_grow(here, desk) -> None:
    client, counts = desk("secretary"), []
    for number in range(2):
        fields = {"community": here.community, "kind": "department", "name": f"单位{number}"}
        Organisation.objects.add_child(here.committee, fields)
        for _ in range(2):
            here.at_stage("closed")
        fold_pending()
        with CaptureQueriesContext(connection) as counted:
            client.get(FIGURES)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 14
