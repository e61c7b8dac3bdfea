"""Requests and answers of earlier records come in, each once, dated when they were."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event
from linli.kernel.files.tables import UnreadableTable
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.reading import total
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.notify.models import Notice
from linli.kernel.people.contacts import masked_contacts
from linli.mechanisms.casework.importing import running
from linli.mechanisms.casework.importing.mapping import read_map
from linli.mechanisms.casework.importing.running import import_requests
from tests.mechanisms.casework.importing.conftest import ANSWERED, HEADER, MAP, ROW, write


def test_it_brings_in_a_request(here, bring_in) -> None:
    report = bring_in(ROW)
    assert (report.requests, report.answers, report.refusals) == (1, 0, [])
    matter = Matter.objects.get()
    assert matter.number == "DH-2024-000001"
    assert matter.created_at == datetime(2024, 3, 4, 1, 5, 6, tzinfo=UTC)
    assert (matter.title, matter.text) == ("路灯", "路灯坏了，很黑。")
    assert (matter.category, matter.channel, matter.stage) == ("pothole", "phone", "received")
    assert matter.desk == here.desk
    event = Event.objects.get()
    assert (event.kind, event.at) == ("casework.brought_in", matter.created_at)
    assert (event.facts["source"], event.facts["source_id"], event.facts["likes"]) == (
        "hotline", "7", 3,
    )  # fmt: skip
    assert set(event.commitments) == {"text", "headline", "name", "phone"}


def test_the_reporter_is_known_by_contact_data_alone(bring_in) -> None:
    bring_in(ROW)
    assert masked_contacts(Matter.objects.get().reporter) == {"name": "王•", "phone": "138••••5678"}


def test_an_answer_is_brought_in_and_ends_it(here, bring_in) -> None:
    report = bring_in(ANSWERED)
    assert (report.requests, report.answers) == (1, 1)
    matter = Matter.objects.get()
    assert (matter.stage, matter.responsible) == ("closed", here.roads)
    assert matter.servicerequest.reply == "已经修好。"
    assert matter.servicerequest.first_replied_at == datetime(2024, 3, 8, 8, tzinfo=UTC)
    assert matter.servicerequest.solved is None  # nobody asked the reporter
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["casework.brought_in", "casework.answered_before"]


def test_nobody_is_told(bring_in) -> None:
    bring_in(ROW, ANSWERED)
    assert not Notice.objects.exists()


def test_the_answer_is_measured_from_the_day_it_was_said(here, bring_in) -> None:
    bring_in(
        ANSWERED,
        "9,晚,2024/3/4 10:00:00,答复晚了。,道路,电话,0,,,知道了。,2024/3/14 16:00:00,市政",
    )
    kept = dict(Clock.objects.values_list("matter__servicerequest__reply", "kept"))
    assert kept == {"已经修好。": True, "知道了。": False}
    fold_pending()
    day = (here.community, date(2024, 3, 1), date(2024, 3, 31))
    assert total("casework.reported", *day) == 2
    assert total("casework.answered", *day) == 2
    assert total("casework.answered_in_time", *day) == 1
    assert total("casework.answer_missed", *day) == 1
    assert total("casework.answered", *day, organisation=here.roads) == 2


def test_no_deadline_runs_for_what_is_past(bring_in) -> None:
    bring_in(ROW)
    assert not Clock.objects.exists()


def test_deadlines_run_for_what_is_still_worked_on(here, bring_in) -> None:
    bring_in(ROW, ANSWERED, map_text=f"{MAP}running_since: 2024-03-04\n")
    running_now = Clock.objects.filter(stopped_at__isnull=True).values_list("matter__title", "name")
    assert sorted(running_now) == [("井盖", "solve"), ("路灯", "reply"), ("路灯", "triage")]
    assert Matter.objects.get(title="井盖").stage == "in_hand"


def test_the_day_before_no_deadline_runs(bring_in) -> None:
    bring_in(ROW, map_text=f"{MAP}running_since: 2024-03-05\n")
    assert not Clock.objects.exists()


def test_it_is_public_only_where_the_map_says_so(bring_in) -> None:
    bring_in(ROW)
    assert Matter.objects.get().audience == Audience.STAFF
    bring_in(ROW.replace("7,", "70,", 1), map_text=f"{MAP}publish: true\n")
    shown = Matter.objects.get(audience=Audience.PUBLIC)
    assert (shown.public_title, shown.public_text) == ("路灯", "路灯坏了，很黑。")


def test_work_goes_on_from_what_was_brought_in(here, bring_in) -> None:
    from linli.kernel.procedures.performing import perform

    bring_in(ROW)
    matter = Matter.objects.get()
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    matter.refresh_from_db()
    assert (matter.stage, matter.due_clock) == ("dispatched", "accept")


# --- once ---------------------------------------------------------------------------------------
def test_the_same_file_twice_changes_nothing(bring_in) -> None:
    bring_in(ROW, ANSWERED)
    again = bring_in(ROW, ANSWERED)
    assert (again.requests, again.answers, again.known, again.refusals) == (0, 0, 2, [])
    assert (Matter.objects.count(), Event.objects.count()) == (2, 3)


def test_what_came_in_is_left_as_it_is(bring_in) -> None:
    bring_in(ROW)
    assert bring_in(ROW.replace("很黑", "很亮")).known == 1
    assert "很黑" in Matter.objects.get().text


def test_an_answer_that_comes_later_is_added(bring_in) -> None:
    bring_in(ANSWERED.replace("已经修好。,2024/3/8 16:00:00", ","))
    again = bring_in(ANSWERED)
    assert (again.requests, again.answers, again.known) == (0, 1, 0)


def test_replies_in_a_file_of_their_own(bring_in) -> None:
    bring_in(ROW)
    told = "source: hotline\ncolumns: {id: 编号, reply: 答复, reply_time: 答复时间}\n"
    report = bring_in(
        "7,换了灯泡。,2024-03-05", "99,没有这个。,2024-03-05",
        map_text=told, header="编号,答复,答复时间", what="replies",
    )  # fmt: skip
    assert report.answers == 1
    assert [one.sentence for one in report.refusals] == [
        "No request with this number was brought in."
    ]


def test_another_source_with_the_same_number_is_another_request(bring_in) -> None:
    bring_in(ROW)
    assert bring_in(ROW, map_text=MAP.replace("hotline", "mailbox")).requests == 1


def test_another_community_is_apart(here, elsewhere, bring_in, tmp_path) -> None:
    bring_in(ROW)
    mapping = read_map(tmp_path / "map.yaml", elsewhere.community)
    assert import_requests(elsewhere.community, tmp_path / "table.csv", mapping).requests == 1


def test_what_breaks_off_is_taken_up_again(bring_in, monkeypatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    rows = [ROW.replace("7,", f"{number},", 1) for number in range(100, 105)]
    said = []

    def stop(count: int) -> None:
        said.append(count)
        if len(said) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(*rows, told=stop)
    assert Matter.objects.count() == 4
    report = bring_in(*rows)
    assert (report.requests, report.known) == (1, 4)


def test_a_batch_that_breaks_leaves_nothing_half_done(bring_in, monkeypatch) -> None:
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(running, "perform", broken)
    with pytest.raises(RuntimeError):
        bring_in(ROW, ANSWERED)
    assert not Matter.objects.exists()


def test_a_dry_run_keeps_nothing(bring_in) -> None:
    report = bring_in(ROW, ANSWERED, ROW, dry_run=True)
    assert (report.requests, report.answers, len(report.refusals)) == (2, 1, 1)
    assert not Matter.objects.exists()
    assert bring_in(ROW).requests == 1
    assert Matter.objects.get().number == "DH-2024-000001"


# --- rows that cannot come in ---------------------------------------------------------------------
BAD = {
    "no number": (ROW.replace("7,", ",", 1), "编号: Please fill this in."),
    "number too long": (ROW.replace("7,", "7" * 61 + ",", 1), "编号: Please use at most 60 characters."),
    "no text": (ROW.replace("路灯坏了，很黑。", ""), "内容: Please fill this in."),
    "text too long": (ROW.replace("很黑", "黑" * 20_000), "内容: Please use at most 20000 characters."),
    "no time": (ROW.replace("2024/3/4 9:05:06", ""), "时间: Please fill this in."),
    "no such time": (ROW.replace("2024/3/4", "2024/13/4"), "时间: “2024/13/4 9:05:06” is no time that the map describes."),
    "time to come": (ROW.replace("2024/3/4", "2124/3/4"), "时间: This time is impossible: 2124/3/4 9:05:06."),
    "time long ago": (ROW.replace("2024/3/4", "1024/3/4"), "时间: This time is impossible: 1024/3/4 9:05:06."),
    "likes no number": (ROW.replace(",3,", ",many,"), "点赞: Please give a number."),
    "likes below zero": (ROW.replace(",3,", ",-3,"), "点赞: This number is out of range."),
    "too many cells": (ROW + ",x,y", "The row has more cells than the header."),
    "answered before it was said": (ANSWERED.replace("2024/3/8", "2024/3/3"), "The answer is dated before the request."),
    "answer without its time": (ANSWERED.replace("2024/3/8 16:00:00", ""), "答复时间: Please fill this in."),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_row_is_told_and_stops_no_other(bring_in, kind) -> None:
    row, sentence = BAD[kind]
    good = ROW.replace("7,", "500,", 1)
    report = bring_in(row, good)
    assert [(one.row, one.sentence) for one in report.refusals] == [(2, sentence)]
    assert Matter.objects.filter(title="路灯").exists()


def test_a_number_that_stands_twice_is_told(bring_in) -> None:
    report = bring_in(ROW, ROW)
    assert [(one.row, one.sentence) for one in report.refusals] == [
        (3, "This number stands twice in the file.")
    ]


def test_a_word_the_map_does_not_know_is_told(bring_in) -> None:
    strict = MAP.replace(', "*": other', "").replace(', "*": property', "")
    report = bring_in(
        ROW.replace("道路", "天气"), ANSWERED.replace("市政", "水务"), map_text=strict
    )
    assert [one.sentence for one in report.refusals] == [
        "类别: The map says nothing of “天气” under “categories”.",
        "单位: The map says nothing of “水务” under “units”.",
    ]
    assert Matter.objects.get().title == "井盖"  # it came in; only its answer did not


# --- tables -------------------------------------------------------------------------------------
def test_gb18030_is_read(bring_in) -> None:
    assert bring_in(ROW, encoding="gb18030").requests == 1


def test_excel_is_read_with_its_dates(here, tmp_path) -> None:
    book = Workbook()
    book.active.append(HEADER.split(","))
    book.active.append([7, "路灯", datetime(2024, 3, 4, 9, 5, 6), "路灯坏了。", "道路", "电话", 3])
    book.save(tmp_path / "t.xlsx")
    mapping = read_map(write(tmp_path / "m.yaml", MAP), here.community)
    assert import_requests(here.community, tmp_path / "t.xlsx", mapping).requests == 1
    assert Matter.objects.get().created_at == datetime(2024, 3, 4, 1, 5, 6, tzinfo=UTC)


def test_a_missing_column_is_told_before_anything_is_written(bring_in) -> None:
    with pytest.raises(UnreadableTable, match="These columns are missing: 电话、答复"):
        bring_in("7,x", header=HEADER.replace("电话", "tel").replace(",答复,", ",回复,"))


def test_a_map_without_a_text_cannot_bring_in_requests(bring_in) -> None:
    bare = "source: hotline\ncolumns: {id: 编号}\n"
    with pytest.raises(UnreadableTable, match="These columns are missing: text、time"):
        bring_in("7", header="编号", map_text=bare)
