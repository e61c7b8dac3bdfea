"""Tables people send: any usual encoding, Excel within limits, formulas made harmless."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from linli.kernel.files import tables
from linli.kernel.files.tables import UnreadableTable, formula_safe, read_table, write_csv


def rows(path):
    return [(row.number, row.cells, row.fault) for row in read_table(path).rows]


@pytest.fixture
def file(tmp_path):
    def write(content: bytes | str, encoding: str = "utf-8"):
        path = tmp_path / "table"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_csv_is_read_in_the_usual_encodings(file, encoding) -> None:
    assert rows(file("编号,正文\n1,路灯坏了\n", encoding)) == [
        (2, {"编号": "1", "正文": "路灯坏了"}, "")
    ]


@pytest.mark.parametrize("delimiter", ",;\t|")
def test_the_delimiter_is_found(file, delimiter) -> None:
    text = f'a{delimiter}b\n1{delimiter}"x,;y\nz"\n'
    assert rows(file(text)) == [(2, {"a": "1", "b": "x,;y\nz"}, "")]


def test_empty_rows_are_passed_over_and_counted(file) -> None:
    assert [number for number, *_ in rows(file("\na,b\n\n1,2\n,\n3\n"))] == [4, 6]


def test_a_row_that_is_too_wide_is_told(file) -> None:
    (_, cells, fault), (_, _, fine) = rows(file("a\n1,2\n3\n"))
    assert cells == {"a": "1"}
    assert fault
    assert not fine


def test_a_cell_that_is_too_long_is_told(file, monkeypatch) -> None:
    monkeypatch.setattr(tables, "LONGEST_CELL", 5)
    assert [bool(fault) for *_, fault in rows(file("a\n123456\n12345\n"))] == [True, False]


def test_excel_keeps_dates_and_whole_numbers(tmp_path) -> None:
    book = Workbook()
    book.active.append(["id", "when", "day", "half", "none"])
    book.active.append([188006, datetime(2019, 2, 28, 11, 25, 5), date(2019, 3, 1), 0.5, None])
    book.active.append([7.0])
    book.save(tmp_path / "x.xlsx")
    (_, first, _), (_, second, _) = rows(tmp_path / "x.xlsx")
    assert first == {
        "id": "188006", "when": datetime(2019, 2, 28, 11, 25, 5), "day": datetime(2019, 3, 1),
        "half": "0.5", "none": "",
    }  # fmt: skip
    assert second["id"] == "7"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"a,a\n", b"\xff\xfe\x00", b"\x80\x81\xff,\n", b"a\x00b\n1", b"PK\x03\x04 no zip",
     b'a\n"broken'],
)  # fmt: skip
def test_what_is_no_table_is_refused(file, content) -> None:
    with pytest.raises(UnreadableTable) as refused:
        rows(file(content))
    assert str(refused.value)


def test_too_large_a_file_is_refused(file, monkeypatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_FILE", 3)
    with pytest.raises(UnreadableTable):
        read_table(file("a\n12345"))


def test_too_many_columns_or_rows_are_refused(file, monkeypatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(UnreadableTable):
        rows(file("a\n1\n2\n3\n"))
    with pytest.raises(UnreadableTable):
        rows(file(",".join(f"c{number}" for number in range(201))))


def test_an_excel_bomb_is_refused_before_it_is_unpacked(file, monkeypatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(9):
            archive.writestr(f"xl/{number}.xml", b"\0" * 5_000_000)
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 40_000_000)
    assert len(packed.getvalue()) < 1_000_000
    with pytest.raises(UnreadableTable):
        read_table(file(packed.getvalue()))


def test_a_zip_that_is_no_workbook_is_refused(file) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableTable):
        rows(file(packed.getvalue()))


@given(st.text("=+-@\t\ra1＝＋－＠"))
def test_no_cell_begins_like_a_formula(text) -> None:
    assert formula_safe(text)[:1] not in tuple("=+-@\t\r＝＋－＠")
    assert formula_safe(text).removeprefix("'") == text or not text


def test_what_is_written_is_harmless() -> None:
    out = io.StringIO()
    write_csv(out, ["a"], [["=cmd|' /C calc'!A0"], ["路灯"], ["-3"], [-3]])
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [
        ["a"], ["'=cmd|' /C calc'!A0"], ["路灯"], ["'-3"], ["-3"],
    ]  # fmt: skip
