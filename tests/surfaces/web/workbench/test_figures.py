"""The page of figures; each number opens to as many events as it says."""

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
from openpyxl import load_workbook

from linli.kernel.access.models import AuditEntry
from linli.kernel.events.pages import PAGE
from linli.kernel.indicators.declaration import Indicator, registry
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.organisations.models import Organisation
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.figures import TABLES

FIGURES, EVERY = "/desk/figures/", "/desk/figures/all/"


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


def table_of(answer, name: str):
    """Return the rows of a table of the page: label, then what is shown."""
    section = next(one for one in answer.context["sections"] if one["id"] == name)
    return rows_of(section["table"])


def rows_of(table):
    """Return the rows of a table as they are shown."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table["rows"]):
        label, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        found[unescape(label)] = [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells]
    return found


def test_it_works(counted, desk, text) -> None:
    answer = desk("secretary").get(FIGURES)
    page = text(answer)
    assert "100.0 %" in page
    assert page.count('type="application/json"') >= 7
    received = [row[0] for row in table_of(answer, "funnel").values()]
    assert received == ["3", "2", "2", "1", "1", "1", "1"]
    assert list(table_of(answer, "months").values())[-1] == ["3", "1", "2"]


@pytest.mark.parametrize("query", ["", "?measure=done", "?measure=open", "?period=year"])
def test_each_number_opens_to_as_many_events(counted, desk, text, query) -> None:
    client = desk("secretary")
    found = numbers(text(client.get(f"{FIGURES}{query}")))
    assert len(found) > 20
    for address, count in dict.fromkeys(found):
        opened = client.get(address)
        assert opened.context["total"] == count, address
        assert len(opened.context["entries"]) + opened.context["closed"] == count, address


def test_each_number_of_every_figure_opens_to_as_many(counted, desk, text) -> None:
    client = desk("secretary")
    found = numbers(text(client.get(EVERY)))
    assert len(found) > 10
    for address, count in dict.fromkeys(found):
        assert client.get(address).context["total"] == count, address


def test_times_are_working_time_by_unit(here, desk) -> None:
    monday = datetime(2026, 3, 2, 1, tzinfo=UTC)  # 09:00 in Shanghai
    matter = begin("casework", "report", community=here.community, by=here.resident,
                   facts={"text": "坑"}, at=monday).matter  # fmt: skip
    for minutes, by, action, facts in (
        (10, here.dispatcher, "triage", {"category": "pothole"}),
        (20, here.dispatcher, "dispatch", {"to": str(here.roads.uuid)}),
        (90, here.handler, "reply", {"text": "会办"}),
        (24 * 60, here.handler, "solve", {"text": "好了"}),
    ):
        perform(matter, action, by=by, facts=facts, at=monday + timedelta(minutes=minutes))
    fold_pending()
    rows = table_of(desk("secretary").get(f"{FIGURES}?day=2026-03-01"), "times-unit")
    count, half, most, *solved = rows[here.roads.name]
    assert (count, solved[0]) == ("1", "1")
    assert half == most == "1 小时 30 分钟"  # the middle of the band of 90 minutes
    assert "小时" in solved[1]


def test_against_the_year_before(here, desk, text) -> None:
    for days in (400, 380, 20):
        begin("casework", "report", community=here.community, by=here.resident,
              facts={"text": "旧"}, at=timezone.now() - timedelta(days=days))  # fmt: skip
    fold_pending()
    answer = desk("secretary").get(FIGURES)
    rows = table_of(answer, "trend").values()
    assert sum(int(row[0]) for row in rows) == 1
    assert sum(int(row[1]) for row in rows) == 2
    assert "Nothing is kept of the year before" not in text(answer)


def test_without_a_year_before_it_says_so(counted, desk) -> None:
    answer = desk("secretary").get(FIGURES, HTTP_ACCEPT_LANGUAGE="en")
    notes = [one["table"]["note"] for one in answer.context["sections"] if one["id"] == "trend"]
    assert notes[0]
    assert all(card["before"].whole == 0 for card in answer.context["cards"])


@pytest.mark.parametrize(
    ("filters", "received"),
    [
        ({}, 3),
        ({"category": "pothole"}, 2),  # where a request belongs now
        ({"category": "nonsense", "unit": "nonsense", "area": "\x00", "since": "x"}, 3),
        ({"since": "2999-12", "until": "1900-01"}, None),
        ({"period": "custom", "day": "1900-01-01", "until": "2999-12-31"}, None),
        ({"since": "2026-13", "until": "9" * 5000, "measure": "\x00", "by": "moon"}, 3),
    ],
)
def test_filters(counted, desk, filters, received) -> None:
    answer = desk("secretary").get(FIGURES, filters)
    assert answer.status_code == 200
    if received is not None:
        assert next(iter(table_of(answer, "funnel").values()))[0] == str(received)


def test_a_unit_and_a_grid_narrow(counted, desk) -> None:
    client = desk("secretary")

    def answered(**filters) -> str:
        return list(table_of(client.get(FIGURES, filters), "funnel").values())[3][0]

    assert answered(unit=str(counted.roads.uuid)) == "1"
    assert answered(unit=str(counted.committee.uuid)) == "1"
    assert answered(unit=str(counted.property_company.uuid)) == "0"
    assert answered(area=str(counted.grid_area.uuid)) == "1"


def test_months_are_the_communitys_own(here, desk) -> None:
    today = timezone.localdate()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    late = datetime(month.year, month.month, 1, tzinfo=UTC) - timedelta(hours=7)  # 01:00 there
    begin("casework", "report", community=here.community, by=here.resident,
          facts={"text": "月初"}, at=late)  # fmt: skip
    fold_pending()
    answer = desk("secretary").get(FIGURES, {"day": f"{month:%Y-%m}-15"})
    assert next(iter(table_of(answer, "funnel").values()))[0] == "1"


def test_where_requests_lie_is_on_the_map_and_in_the_table(counted, desk) -> None:
    answer = desk("secretary").get(FIGURES)
    assert answer.context["on_map"] == {counted.grid_area.code: 1}
    assert rows_of(answer.context["density"]) == {counted.grid_area.name: ["1", "–"]}


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
    first = client.get("/desk/figures/evidence/?indicator=casework.reached_received")
    second = client.get(first.context["next"])
    shown = [
        entry["matter"].pk for answer in (first, second) for entry in answer.context["entries"]
    ]
    assert len(shown) == len(set(shown)) == PAGE + 2
    assert second.context["next"] == ""


def test_each_table_is_taken_along_and_that_is_on_record(counted, desk) -> None:
    client = desk("dispatcher")
    for name in TABLES:
        answer = client.get(f"{FIGURES}{name}.csv")
        assert answer["Content-Type"] == "text/csv"
        rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        assert len(rows) > 1, name
        book = load_workbook(io.BytesIO(client.get(f"{FIGURES}{name}.xlsx").content))
        sheet = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        assert [str(cell) for cell in sheet[0]] == rows[0]
        assert len(sheet) == len(rows)
    entries = AuditEntry.objects.filter(action="figures.exported", actor=counted.dispatcher)
    assert {entry.details["table"] for entry in entries} == set(TABLES)


def test_no_cell_is_taken_for_a_formula(counted, desk) -> None:
    formula = Indicator("tests.formula", "=1+1", ("casework.reported",))
    try:
        answer = desk("dispatcher").get(f"{FIGURES}all.csv")
        book = desk("dispatcher").get(f"{FIGURES}all.xlsx")
    finally:
        del registry[formula.name]
    assert "\n'=1+1," in answer.getvalue().decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert [cell.data_type for cell in sheet["A"] if cell.value == "=1+1"] == ["s"]


@pytest.mark.parametrize("path", ["none.csv", "rates.pdf", "rates.csv.exe"])
def test_an_unknown_table_is_not_there(counted, desk, path) -> None:
    assert desk("dispatcher").get(f"{FIGURES}{path}").status_code == 404


@pytest.mark.parametrize("role", ["handler", "grid_worker", "resident"])
def test_who_may_not_export_is_refused(counted, desk, role) -> None:
    assert desk(role).get(f"{FIGURES}trend.csv").status_code == 403
    assert not AuditEntry.objects.filter(action="figures.exported").exists()


@pytest.mark.parametrize("page", [FIGURES, EVERY])
@pytest.mark.parametrize("role", ["resident", "stranger"])
def test_residents_are_kept_out(counted, desk, page, role) -> None:
    assert desk(role).get(page).status_code == 403


def test_elsewhere_counts_nothing_of_here(counted, elsewhere, desk) -> None:
    client = desk("secretary", elsewhere)
    answer = client.get(FIGURES)
    assert answer.context["on_map"] == {}
    assert next(iter(table_of(answer, "funnel").values()))[0] == "0"
    foreign = {"unit": str(counted.roads.uuid), "indicator": "casework.answered"}
    assert client.get("/desk/figures/evidence/", foreign).context["total"] == 0


def test_without_figures_there_is_no_rate(here, desk, text) -> None:
    page = text(desk("secretary").get(FIGURES))
    assert "card-figure__share" not in page


def test_queries_do_not_grow(here, desk) -> None:
    client, counts = desk("secretary"), []
    for number in range(2):
        fields = {"community": here.community, "kind": "department", "name": f"单位{number}"}
        Organisation.objects.add_child(here.committee, fields)
        for _ in range(2):
            here.at_stage("closed", doorway=here.doorway.doorway_code)
        fold_pending()
        with CaptureQueriesContext(connection) as counted:
            client.get(FIGURES)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 50
