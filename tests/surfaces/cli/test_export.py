"""`linli export`: without personal values, harmless to spreadsheets, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from linli.kernel.access.models import AuditEntry
from linli.kernel.events import exporting
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.matters.models import Audience
from linli.kernel.procedures.performing import perform

SECRETS = ("王芳", "13800005678", "我家住三单元502", "只给同事看")


@pytest.fixture
def matters(here):
    """One public matter led to its end, and one the public does not see."""
    shown = here.at_stage(
        "solved", text="我家住三单元502，路灯坏了。", name="王芳", phone="13800005678"
    )
    perform(shown, "note", by=here.handler, facts={"text": "只给同事看"})
    hidden = here.report(text="我家住三单元502，楼上吵。").matter
    fold_pending()
    shown.refresh_from_db()
    assert (shown.audience, hidden.audience) == (Audience.PUBLIC, Audience.STAFF)
    return shown, hidden


def read_csv(path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")  # Excel needs the mark
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_public_gets_public_matters(linli, matters, tmp_path) -> None:
    done = linli("export", "matters", tmp_path / "m.csv", "--public")
    assert (done.code, done.out) == (0, f"1 rows written to {tmp_path / 'm.csv'}.\n")
    (row,) = read_csv(tmp_path / "m.csv")
    assert (row["number"], row["stage"], row["responsible"]) == (
        matters[0].number, "solved", "市政所",
    )  # fmt: skip
    assert "urgency" not in row
    entry = AuditEntry.objects.get(action="export")
    assert (entry.subject, entry.details["rows"], entry.details["public"]) == ("matters", 1, True)


def test_staff_get_all_but_nothing_personal(linli, matters, tmp_path) -> None:
    linli("export", "matters", tmp_path / "m.csv", "--internal")
    assert [row["audience"] for row in read_csv(tmp_path / "m.csv")] == ["public", "staff"]


@pytest.mark.parametrize("what", ["matters", "events", "figures"])
@pytest.mark.parametrize("reader", ["--public", "--internal"])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_no_personal_value_is_ever_in_it(linli, matters, tmp_path, what, reader, form) -> None:
    path = tmp_path / f"x.{form}"
    assert linli("export", what, path, reader).code == 0
    text = path.read_text(encoding="utf-8-sig")
    secrets = SECRETS if reader == "--public" else SECRETS[:-1]
    assert not [secret for secret in secrets if secret in text]


def test_what_is_for_named_people_is_in_no_export(linli, matters, tmp_path, here) -> None:
    from linli.kernel.events.models import Event

    Matter = type(matters[1])
    Matter.objects.filter(pk=matters[1].pk).update(audience=Audience.NAMED)
    for what in ("matters", "events"):
        linli("export", what, tmp_path / "x.csv", "--internal", "--force")
        assert matters[1].number not in (tmp_path / "x.csv").read_text(encoding="utf-8-sig")
    assert Event.objects.filter(matter=matters[1]).exists()


def test_public_events_hold_public_facts_alone(linli, matters, tmp_path) -> None:
    linli("export", "events", tmp_path / "e.jsonl", "--public")
    rows = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text("utf-8").splitlines()]
    assert [row["kind"] for row in rows] == ["casework.replied", "casework.solved"]
    assert rows[0]["facts"] == {"text": "一周内修好。"}


def test_internal_events_hold_what_is_computed_too(linli, matters, tmp_path) -> None:
    linli("export", "events", tmp_path / "e.jsonl", "--internal")
    rows = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text("utf-8").splitlines()]
    replied = next(row for row in rows if row["kind"] == "casework.replied")
    assert replied["facts"] == {"text": "一周内修好。", "first": True, "reply_clock": "kept",
                                "reply_minutes": 0}  # fmt: skip


def test_public_figures_are_sums_of_a_day(linli, matters, tmp_path) -> None:
    linli("export", "figures", tmp_path / "f.csv", "--public")
    found = {row["indicator"]: row["value"] for row in read_csv(tmp_path / "f.csv")}
    assert found["casework.reported"] == "2"
    assert set(read_csv(tmp_path / "f.csv")[0]) == {"indicator", "day", "value"}


def test_excel_is_written(linli, matters, tmp_path) -> None:
    linli("export", "matters", tmp_path / "m.xlsx", "--public")
    rows = list(load_workbook(tmp_path / "m.xlsx").active.values)
    assert rows[0][0] == "number"
    assert rows[1][0] == matters[0].number


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_formula_is_made_harmless(linli, here, tmp_path, form) -> None:
    matter = here.report(text="x").matter
    perform(
        matter, "triage", by=here.dispatcher,
        facts={"category": "pothole", "public_title": '=HYPERLINK("http://x")'},
    )  # fmt: skip
    path = tmp_path / f"m.{form}"
    linli("export", "matters", path, "--public")
    if form == "csv":
        assert read_csv(path)[0]["public_title"].startswith("'=HYPERLINK")
    else:
        cell = load_workbook(path).active["J2"]
        assert (cell.data_type, cell.value[:2]) == ("s", "=H")


def test_days_are_the_communitys(linli, here, tmp_path) -> None:
    from linli.kernel.procedures.performing import begin

    for hour in (15, 16):  # UTC: 23:00 and 00:00 in Shanghai
        begin(
            "casework", "report", community=here.community, by=None, facts={"text": "x"},
            at=datetime(2026, 3, 4, hour, tzinfo=UTC),
        )  # fmt: skip
    for since, until, rows in (("2026-03-04", "2026-03-04", 1), ("2026-03-05", None, 1),
                               (None, "2026-03-05", 2), ("2026-03-06", None, 0)):  # fmt: skip
        days = [*(("--since", since) if since else ()), *(("--until", until) if until else ())]
        done = linli("export", "matters", tmp_path / "m.csv", "--internal", "--force", *days)
        assert done.out.startswith(f"{rows} rows")


def test_a_page_at_a_time_is_read(
    linli, here, tmp_path, monkeypatch, django_assert_max_num_queries
):
    for _ in range(5):
        here.report()
    monkeypatch.setattr(exporting, "PAGE", 2)
    # Community, earlier packs, three pages each with its answers, one to find the end, audit.
    with django_assert_max_num_queries(10):
        linli("export", "matters", tmp_path / "m.csv", "--internal")
    assert len(read_csv(tmp_path / "m.csv")) == 5


def test_what_breaks_off_leaves_no_half_a_file(linli, matters, tmp_path, monkeypatch) -> None:
    path = tmp_path / "m.csv"
    path.write_text("before", encoding="utf-8")

    def broken(rows, columns):
        yield [(1, *["x"] * len(columns))]
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "_pages", broken)
    assert linli("export", "matters", path, "--internal", "--force").code == 130
    assert [one.name for one in tmp_path.iterdir()] == ["m.csv"]
    assert path.read_text(encoding="utf-8") == "before"
    assert not AuditEntry.objects.filter(action="export").exists()


def test_more_than_excel_holds_is_refused(linli, matters, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("linli.kernel.files.writing_tables.MOST_EXCEL_ROWS", 1)
    done = linli("export", "matters", tmp_path / "m.xlsx", "--internal")
    assert (done.code, "choose csv" in done.err) == (1, True)
    assert not (tmp_path / "m.xlsx").exists()


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        (("matters", "m.csv"), 1, "--public --internal"),
        (("matters", "m.csv", "--public", "--internal"), 1, "not allowed with"),
        (("secrets", "m.csv", "--public"), 1, "invalid choice"),
        (("matters", "m.txt", "--public"), 1, "Name a format"),
        (("matters", "m.csv", "--public", "--since", "soon"), 1, "is no day"),
        (("matters", "m.csv", "--public", "--since", "2026-02-02", "--until", "2026-02-01"), 1, "before the first"),
        (("matters", "m.csv", "--public", "--community", "xx"), 1, "There is no community"),
        (("matters", "no/such/m.csv", "--public"), 1, "No such file or directory"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told(linli, here, tmp_path, monkeypatch, more, code, told) -> None:
    monkeypatch.chdir(tmp_path)
    done = linli("export", *more)
    assert done.code == code
    assert told in done.err
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_not_replaced(linli, here, tmp_path) -> None:
    (tmp_path / "m.csv").write_text("mine", encoding="utf-8")
    assert "--force" in linli("export", "matters", tmp_path / "m.csv", "--public").err
    assert (tmp_path / "m.csv").read_text(encoding="utf-8") == "mine"


def test_answers_come_in_the_order_of_the_pack(linli, here, tmp_path) -> None:
    here.report(category="streetlight", answers={"lamp_number": "=1+1", "lamp_fault": "leaning",
                                                 "lamp_wires": True})  # fmt: skip
    here.report(category="pothole", answers={"hole_size": 40})
    here.report(
        category="noise_neighbour", answers={"noise_home": "三单元", "noise_kind": ["music"]}
    )
    linli("export", "matters", tmp_path / "m.csv", "--internal")
    linli("export", "matters", tmp_path / "m.xlsx", "--internal")
    linli("export", "matters", tmp_path / "p.csv", "--public")
    lamp, hole, noise = read_csv(tmp_path / "m.csv")
    asked = [name for name in lamp if name.startswith("answers.")]

    assert asked[:4] == [
        "answers.hole_size", "answers.lamp_number", "answers.lamp_fault", "answers.lamp_wires",
    ]  # fmt: skip
    assert [lamp[name] for name in asked[1:4]] == ["'=1+1", "Leaning or fallen", "True"]
    assert (hole["answers.hole_size"], noise["answers.noise_kind"]) == ("40", "Music")
    assert "answers.noise_home" not in noise
    assert not any("三单元" in value for value in noise.values())
    assert "answers." not in (tmp_path / "p.csv").read_text("utf-8-sig")
    sheet = load_workbook(tmp_path / "m.xlsx").active
    row = dict(zip([cell.value for cell in sheet[1]], sheet[3], strict=True))
    assert row["answers.hole_size"].value == 40
    assert isinstance(row["created_at"].value, datetime)
