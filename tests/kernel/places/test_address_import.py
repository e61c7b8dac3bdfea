"""Addresses come in from a table, row by row."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from linli.kernel.files.tables import UnreadableTable
from linli.kernel.places.address_import import import_addresses
from linli.kernel.places.models import Address

HEADER = "text,building,doorway,longitude,latitude,area\n"


@pytest.fixture
def table(tmp_path):
    def write(*lines: str, header: str = HEADER):
        path = tmp_path / "addresses.csv"
        path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write


def test_it_makes_addresses(here, table) -> None:
    report = import_addresses(
        here.community, table("湖滨花园,３号楼,abcd-2345,114.301,30.502,dh-grid-1")
    )
    assert (report.created, report.faults) == (1, [])
    address = Address.objects.get(normalised="湖滨花园3栋")
    assert (address.text, address.doorway_code) == ("湖滨花园３号楼", "ABCD2345")
    assert (address.area, address.longitude, address.latitude) == (here.grid_area, 114.301, 30.502)


def test_without_an_area_the_point_decides(here, table) -> None:
    import_addresses(here.community, table("湖滨花园,1栋,,114.301,30.502,"))
    assert Address.objects.get(normalised="湖滨花园1栋").area == here.grid_area


def test_excel_is_read_alike(here, tmp_path) -> None:
    book = Workbook()
    book.active.append(["地址", "经度", "纬度"])
    book.active.append(["湖滨花园9栋", 114.301, 30.502])
    book.save(tmp_path / "x.xlsx")
    names = {"text": "地址", "longitude": "经度", "latitude": "纬度"}
    assert import_addresses(here.community, tmp_path / "x.xlsx", columns=names).created == 1


def test_the_same_twice_changes_nothing_and_what_is_left_open_stays(here, table) -> None:
    row = "东湖路1号2栋1单元,,,,,dh-grid-1"
    report = import_addresses(here.community, table(row))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    here.doorway.refresh_from_db()
    assert (here.doorway.doorway_code, here.doorway.longitude) == ("DH0001", 114.305)


def test_a_dry_run_writes_nothing(here, table) -> None:
    assert (
        import_addresses(here.community, table("新路1号,,,,,dh-grid-1"), dry_run=True).created == 1
    )
    assert not Address.objects.filter(normalised="新路1号").exists()


@pytest.mark.parametrize(
    "line, field",
    [
        (",3栋,,,,dh-grid-1", "text"),
        ("长" * 201 + ",,,,,dh-grid-1", "text"),
        ("甲路1号,,,114.3,,dh-grid-1", "longitude"),
        ("甲路1号,,,东,西,dh-grid-1", "longitude"),
        ("甲路1号,,,nan,30,dh-grid-1", "longitude"),
        ("甲路1号,,,30,114,dh-grid-1", "longitude"),
        ("甲路1号,,,,,nowhere", "area"),
        ("甲路1号,,,,,", "area"),
        ("甲路1号,,,1,1,", "area"),
        ("甲路1号,,DH0001,,,dh-grid-1", "doorway"),
        ("甲路1号," + ",A2345678A2345678A2345678A,,,dh-grid-1", "doorway"),
        ("甲路1号,,,,,dh-grid-1,too much", ""),
    ],
)
def test_a_bad_row_is_told_and_the_others_go_in(here, table, line, field) -> None:
    report = import_addresses(here.community, table(line, "好路1号,,,,,dh-grid-1"))
    assert [(fault.row, fault.field) for fault in report.faults] == [(2, field)]
    assert report.faults[0].sentence
    assert report.created == 1
    assert Address.objects.filter(normalised="好路1号").exists()


def test_an_address_twice_in_the_file_goes_in_once(here, table) -> None:
    report = import_addresses(
        here.community, table("好路1号,,,,,dh-grid-1", "好路一号,,,,,dh-grid-1")
    )
    assert (report.created, [fault.row for fault in report.faults]) == (1, [3])


def test_a_doorway_code_of_another_community_is_taken(here, elsewhere, table) -> None:
    report = import_addresses(here.community, table("好路1号,,XH0001,,,dh-grid-1"))
    assert [fault.field for fault in report.faults] == ["doorway"]


def test_without_the_column_of_the_address_the_file_is_refused(here, table) -> None:
    with pytest.raises(UnreadableTable, match="text"):
        import_addresses(here.community, table("x", header="street\n"))
