"""Every table that leaves Linli goes through one writer, and no cell of it is a formula.

A new export must be listed here: an address that ends in .csv and is not, or a module that writes
CSV or Excel by itself, fails.
"""

from __future__ import annotations

import ast
import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from linli.kernel.files.tables import begins_like_formula, formula_safe
from linli.kernel.files.writing_tables import csv_answer, write_table
from linli.kernel.indicators.declaration import Indicator, registry
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.organisations.models import Organisation
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.figures import TABLES
from linli.mechanisms.casework.opendata.preparing import prepare
from tests.mechanisms.casework.opendata.a_month import DAY, a_month
from tests.surfaces.walking import all_routes

SOURCE = Path(__file__).resolve().parents[2] / "src" / "linli"
WRITERS = {"kernel/files/tables.py", "kernel/files/writing_tables.py"}
# What each export must say of whoever plants a formula: its address, or how it is written.
FIGURES = "/desk/figures/"
PAGES = {
    **{f"{FIGURES}{name}.csv": "?period=year" for name in TABLES},
    "/desk/inbox/table.csv": "",
    "/desk/supervision/table.csv": "?view=overdue",
}
COMMANDS = [
    ["export", "matters", "--internal"], ["export", "matters", "--public"],
    ["export", "events", "--internal"], ["export", "figures", "--internal"],
]  # fmt: skip
FORMULA = "=cmd|'/c calc'!A0"
ROWS = 100_000
MOST_MEGABYTES = 8  # of Python's own memory, above what the rows of one page take


@pytest.fixture
def planted(here):
    """Formulas wherever a person may write what a table shows."""
    Organisation.objects.filter(pk=here.roads.pk).update(name=FORMULA)
    here.grid_area.name = FORMULA
    here.grid_area.save()
    matter = here.at_stage("closed")
    late = here.report(by=here.resident, doorway=here.doorway.doorway_code).matter
    facts = {"category": "pothole", "public_title": f"\u200b {FORMULA}", "publish": True}
    perform(late, "triage", by=here.dispatcher, facts=facts)
    perform(late, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    fold_pending()
    Indicator("tests.formula", FORMULA, ("casework.reported",))
    yield matter
    del registry["tests.formula"]


def cells_of(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def dangerous(cells) -> list[str]:
    return [cell for cell in cells if begins_like_formula(cell) and not _number(cell)]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("address", PAGES)
def test_a_table_of_the_workbench(here, planted, address) -> None:
    client = Client()
    client.force_login(here.secretary)
    answer = client.get(address + PAGES[address])
    cells = cells_of(answer.getvalue().decode("utf-8-sig"))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv"
    assert dangerous(cells) == []
    assert len(cells) > 5


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_of_the_command_line(here, planted, tmp_path, command, form) -> None:
    path = tmp_path / f"table.{form}"
    call_command(*command[:2], str(path), *command[2:], stdout=io.StringIO())

    if form == "csv":
        assert dangerous(cells_of(path.read_text("utf-8-sig"))) == []
        return
    sheet = load_workbook(path).active
    assert {cell.data_type for row in sheet for cell in row} <= {
        "s", "inlineStr", "n", "d", "b",
    }  # fmt: skip


def test_the_file_of_open_data(here) -> None:
    a_month(here)
    here.grid_area.name = FORMULA
    here.grid_area.save()
    file = prepare(here.community, DAY).files.get(name__endswith=".csv")
    import gzip

    cells = cells_of(gzip.decompress(bytes(file.content)).decode("utf-8-sig"))
    assert dangerous(cells) == []
    assert f"'{FORMULA}" in cells


def test_every_address_of_a_table_is_listed_above() -> None:
    found = {route.pattern for route in all_routes() if route.pattern.endswith((".csv", "kind>"))}
    figures = f"{FIGURES}<slug:table>.<slug:kind>"

    assert found == {figures} | {one for one in PAGES if not one.startswith(FIGURES)}


@pytest.mark.parametrize("role", ["handler", "caller", "resident", "stranger"])
def test_who_may_not_take_tables_along(here, role) -> None:
    client = Client()
    client.force_login(getattr(here, role))

    assert {client.get(address).status_code for address in PAGES} == {403}


def test_no_module_writes_tables_by_itself() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}: {name}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).as_posix() not in WRITERS
        for name in _writes(ast.parse(path.read_text("utf-8")))
    ]

    assert wrong == [], "use linli.kernel.files.writing_tables, which makes formulas harmless"


def _writes(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in ("csv.writer", "csv.DictWriter", "writer", "DictWriter", "Workbook"):
                found.append(name)
            types = [ast.unparse(one.value) for one in node.keywords if one.arg == "content_type"]
            found += [one for one in types if "text/csv" in one or "spreadsheet" in one]
    return found


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1+2", "@x", "\t=1", "\r=1", "  =1", "\u200b=1", "\ufeff=1", "\u2060 +x", "＝1",
     "\x0b=1", "\u202e=1", "\n=1"],
)  # fmt: skip
def test_what_is_taken_for_a_formula(text) -> None:
    assert formula_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "  a", "1-2", "'=1", "\u200ba", "。=1"])
def test_what_is_not(text) -> None:
    assert formula_safe(text) == text


@pytest.mark.parametrize("way", ["download", "csv", "xlsx"])
def test_a_hundred_thousand_rows_are_never_held_together(tmp_path, way) -> None:
    count = ROWS // 10 if way == "xlsx" else ROWS  # Excel is slow to write, and no less even
    rows = ([number, "说明文字" * 5, "=1", None] for number in range(count))
    tracemalloc.start()
    try:
        if way == "download":
            size = sum(len(part) for part in csv_answer("x.csv", ["a", "b", "c", "d"], rows))
        else:
            assert write_table(tmp_path / "table", ["a", "b", "c", "d"], rows, way) == count
            size = (tmp_path / "table").stat().st_size
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert size > (100_000 if way == "xlsx" else 6_000_000)
    assert peak < MOST_MEGABYTES * 1_000_000
