"""`linli import`."""

from __future__ import annotations

import csv
import json
import os

import pytest

from linli.kernel.indicators.models import PendingEvent
from linli.kernel.matters.models import Matter
from linli.kernel.places.models import Address, Area
from tests.neighbourhood import square

MAP = "source: old\ncolumns: {id: id, text: text, time: time}\n"
ROWS = "id,text,time\n1,路灯坏了。,2024-03-04\n2,,2024-03-04\n3,井盖响。,2024-03-05\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "t.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    return tmp_path


@pytest.fixture
def requests(linli, files):
    def run(*more: object):
        return linli("import", "requests", files / "t.csv", "--map", files / "m.yaml", *more)

    return run


def test_requests_come_in_and_bad_rows_are_told(here, requests) -> None:
    done = requests()
    assert done.code == 1
    assert "Requests brought in: 2\n" in done.out
    assert done.err == "3: 2: text: Please fill this in.\nNot brought in: 1.\n"
    assert Matter.objects.count() == 2
    assert not PendingEvent.objects.exists()  # the figures are right at once


def test_without_bad_rows_it_ends_with_zero(here, requests, files) -> None:
    (files / "t.csv").write_text(ROWS.replace("2,,2024-03-04\n", ""), encoding="utf-8")
    assert requests().code == 0
    again = requests()
    assert (again.code, "In already: 2\n" in again.out) == (0, True)


def test_machines_read_json(here, requests) -> None:
    report = json.loads(requests("--json").out)
    assert report == {
        "requests": 2, "replies": 0, "known": 0, "dry_run": False,
        "refused": [{"row": 3, "field": "2", "reason": "text: Please fill this in."}],
    }  # fmt: skip


def test_a_dry_run_keeps_nothing(here, requests) -> None:
    done = requests("--dry-run")
    assert "Nothing is kept" in done.out
    assert "Requests brought in: 2\n" in done.out
    assert not Matter.objects.exists()


def test_the_report_holds_every_refused_row_and_no_formula(here, requests, files) -> None:
    (files / "t.csv").write_text(ROWS.replace("2,,", '"=HYPERLINK(1)",,'), encoding="utf-8")
    requests("--dry-run", "--report", files / "why.csv")
    with (files / "why.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["Row", "Number or field", "Why"],
        ["3", "'=HYPERLINK(1)", "text: Please fill this in."],
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_report_that_may_not_be_written_stops_it_first(here, requests, files) -> None:
    files.chmod(0o500)
    assert requests("--report", files / "why.csv").code == 1
    assert not Matter.objects.exists()


def test_a_report_in_no_folder_stops_it_first(here, requests, files) -> None:
    done = requests("--report", files / "no" / "why.csv")
    assert done.code == 1
    assert "No such file or directory" in done.err
    assert not Matter.objects.exists()


def test_a_report_does_not_replace_the_table(here, requests, files) -> None:
    assert "would replace" in requests("--report", files / "t.csv").err
    assert (files / "t.csv").read_text(encoding="utf-8") == ROWS


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty."),
        (b"\x00\x01\x02", "neither a CSV nor an Excel"),
        (b"PK\x03\x04junk", "The Excel file cannot be read."),
        (b'id,text,time\n1,"never closed', "The CSV breaks off"),
        (b"id,id,time\n", "Several columns have the same name"),
        (b"a,b\n1,2\n", "These columns are missing: id、text、time"),
    ],
)
def test_what_is_no_table_is_told(here, requests, files, content, told) -> None:
    (files / "t.csv").write_bytes(content)
    done = requests()
    assert done.code == 1
    assert told in done.err


def test_a_table_too_large_is_refused(here, requests, files, monkeypatch) -> None:
    monkeypatch.setattr("linli.kernel.files.tables.LARGEST_FILE", 10)
    assert "larger than" in requests().err


def test_a_broken_map_is_told_with_its_line(here, requests, files) -> None:
    (files / "m.yaml").write_text(f"{MAP}catgories: {{}}\n", encoding="utf-8")
    done = requests()
    assert (done.code, done.err) == (
        1, "m.yaml:3: catgories: This key is not known. Did you mean “categories”?\n",
    )  # fmt: skip


@pytest.mark.parametrize("missing", ["t.csv", "m.yaml"])
def test_a_file_that_is_not_there_is_told(here, requests, files, missing) -> None:
    (files / missing).unlink()
    assert f"There is no file “{files / missing}”." in requests().err


def test_an_unknown_community_is_told(here, requests) -> None:
    assert "There is no community “xx”." in requests("--community", "xx").err


def test_replies_come_in_after_their_requests(here, linli, requests, files) -> None:
    requests()
    (files / "r.csv").write_text("id,reply,at\n1,修好了。,2024-03-06\n", encoding="utf-8")
    (files / "rm.yaml").write_text(
        "source: old\ncolumns: {id: id, reply: reply, reply_time: at}\n", encoding="utf-8"
    )
    call = ("import", "replies", files / "r.csv", "--map", files / "rm.yaml")
    assert "Replies brought in: 1\n" in linli(*call).out
    assert "In already: 1\n" in linli(*call).out
    assert Matter.objects.get(text="路灯坏了。").stage == "closed"


# --- places ---------------------------------------------------------------------------------------
@pytest.fixture
def geojson(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"code": "g-2", "title": "第二网格", "kind": "grid"},
        "geometry": square(114.4, 30.5),
    }
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def test_areas_come_in(here, linli, geojson) -> None:
    done = linli("import", "areas", geojson, "--name", "name=title")
    assert (done.code, done.err) == (0, "")
    assert Area.objects.get(code="g-2").name == "第二网格"
    assert "As they were: 1" in linli("import", "areas", geojson, "--name", "name=title").out


def test_areas_with_a_fault_come_in_not_at_all(here, linli, geojson, tmp_path) -> None:
    done = linli("import", "areas", geojson, "--report", tmp_path / "why.csv")
    assert done.code == 1
    assert "1: name:" in done.err
    assert not Area.objects.filter(code="g-2").exists()
    assert "name" in (tmp_path / "why.csv").read_text(encoding="utf-8-sig")


def test_a_dry_run_of_areas_keeps_nothing(here, linli, geojson) -> None:
    assert "New: 1" in linli("import", "areas", geojson, "--name", "name=title", "--dry-run").out
    assert not Area.objects.filter(code="g-2").exists()


def test_what_is_no_geojson_is_told(here, linli, tmp_path) -> None:
    (tmp_path / "x.geojson").write_text("{", encoding="utf-8")
    assert linli("import", "areas", tmp_path / "x.geojson").code == 1


def test_addresses_come_in(here, linli, tmp_path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("地址,area\n湖滨花园3栋,dh-grid-1\n湖滨花园4栋,nowhere\n", encoding="utf-8")
    done = linli("import", "addresses", table, "--name", "text=地址")
    assert done.code == 1
    assert "New: 1\n" in done.out
    assert "3: area: No area has this code." in done.err
    assert Address.objects.filter(text="湖滨花园3栋").exists()


@pytest.mark.parametrize("given", ["text", "text=", "colour=红"])
def test_a_name_that_makes_no_sense_is_a_wrong_call(here, linli, tmp_path, given) -> None:
    (tmp_path / "a.csv").write_text("text,area\n", encoding="utf-8")
    done = linli("import", "addresses", tmp_path / "a.csv", "--name", given)
    assert (done.code, "FIELD=NAME" in done.err) == (2, True)
