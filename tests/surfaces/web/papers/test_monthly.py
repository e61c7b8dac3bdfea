"""The monthly report: its numbers and where they open, who reads which, and its files."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pytest
from django.test import Client
from django.utils import timezone

from linli.kernel.access.models import AuditEntry
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.packs.loading import pack_of
from linli.kernel.papers import pdf
from linli.mechanisms.casework.monthly import Month, month_of, report_of

ZONE = ZoneInfo("Asia/Shanghai")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def this_month() -> str:
    return f"{timezone.now().astimezone(ZONE):%Y-%m}"


@pytest.fixture
def worked(here):
    """A month in which something happened: one closed, one in hand."""
    here.at_stage("closed")
    here.at_stage("in_hand")
    fold_pending()
    return here


def page_of(person, **asked: str):
    return signed_in(person).get("/desk/monthly/", {"month": this_month(), **asked})


def words_of(answer) -> str:
    """The words of a page, without marks and runs of spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_it_works(worked) -> None:
    answer = page_of(worked.secretary)
    assert answer.status_code == 200
    said = words_of(answer)
    assert "接诉即办月报" in said
    assert "本月未结束" in said
    assert "首次答复：2 件。上月 0 件，去年同月 0 件。" in said
    assert "1 / 1" in said
    for word in ("路面", "期末挂账：0 件"):
        assert word in said


def test_every_figure_opens_to_as_many_events_as_it_says(worked) -> None:
    client = signed_in(worked.secretary)
    today = worked.community.day_of(timezone.now())
    report = report_of(worked.community, None, month_of(this_month(), today))
    assert {one.figure.name: one.now for one in report.figures if one.now} == {
        "received": 2, "answered": 2, "done": 1,
    }  # fmt: skip
    for one in report.figures:
        answer = client.get(f"/desk/r/{this_month()}/{one.figure.name}/", follow=True)
        assert answer.status_code == 200
        if one.figure.name != "left_out":
            assert answer.context["total"] == one.now, one.figure.name
    for rate in report.rates[0].shares:
        answer = client.get(f"/desk/r/{this_month()}/{rate.rate.name}_rate/", follow=True)
        assert answer.context["total"] == rate.whole


def test_categories_and_grids_open_to_their_lists(worked) -> None:
    links = re.findall(r'href="https?://[^/]+(/desk/r/[^"]+came/[^"]*)"',
                       page_of(worked.secretary).content.decode())  # fmt: skip
    assert links
    client = signed_in(worked.secretary)
    for link in links:
        assert client.get(link.replace("&amp;", "&"), follow=True).context["total"] > 0


def test_the_paths_of_a_unit_lead_to_its_own_lists(worked) -> None:
    page = page_of(worked.handler).content.decode()
    (path,) = set(re.findall(r">(/desk/r/[^<]+/sent/[^<]*)<", page))
    assert path.endswith("/sent/?unit=roads")
    assert signed_in(worked.secretary).get(path, follow=True).context["total"] == 2


def test_a_unit_counts_what_was_sent_to_it(worked) -> None:
    today = worked.community.day_of(timezone.now())
    month = month_of(this_month(), today)
    report = report_of(worked.community, worked.roads, month)
    assert report.of("sent").now == 2
    assert report.of("received") is None
    assert report_of(worked.community, worked.property_company, month).of("sent").now == 0


# --- who reads which --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "whose"),
    [("secretary", "东湖社区"), ("supervisor", "东湖社区"), ("handler", "市政所"),
     ("dispatcher", "诉求受理台"), ("grid_worker", "第一网格")],
)  # fmt: skip
def test_each_reads_the_widest_report_open_to_them(worked, who: str, whose: str) -> None:
    answer = page_of(getattr(worked, who))
    assert f'sheet__letterhead">{whose}<' in answer.content.decode()


def test_a_unit_does_not_read_the_report_of_another(worked) -> None:
    assert page_of(worked.handler, unit=str(worked.property_company.uuid)).status_code == 403
    client = signed_in(worked.handler)
    address = f"/desk/r/{this_month()}/sent/?unit={worked.property_company.uuid}"
    assert client.get(address).status_code == 403
    assert page_of(worked.secretary, unit=str(worked.property_company.uuid)).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("resident", 403), ("stranger", 403)])
def test_residents_read_none(worked, who: str, status: int) -> None:
    assert page_of(getattr(worked, who)).status_code == status


def test_another_community_s_units_are_not_there(worked, elsewhere) -> None:
    assert page_of(worked.secretary, unit=str(elsewhere.roads.uuid)).status_code == 403


@pytest.mark.parametrize("month", ["", "2026-13", "x", "0001-01", "9999-12", "\x00", "2026-1" * 99])
def test_a_month_that_is_none_is_the_last_that_ended(here, month: str) -> None:
    answer = signed_in(here.secretary).get("/desk/monthly/", {"month": month})
    assert answer.status_code == 200
    assert answer.context["month"].ended


@pytest.mark.parametrize("figure", ["x", "sent", "report"])
def test_a_figure_that_the_report_has_not_is_not_found(here, figure: str) -> None:
    client = signed_in(here.secretary)
    assert client.get(f"/desk/r/{this_month()}/{figure}/").status_code == 404


# --- files ------------------------------------------------------------------------------------
def test_word_holds_what_the_page_says_and_leaves_a_record(worked) -> None:
    answer = page_of(worked.secretary, format="word")
    name = f"report-dh-{this_month()}.docx"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    file = docx.Document(BytesIO(answer.content))
    figures = [[cell.text for cell in row.cells] for row in file.tables[0].rows]
    assert figures[1][1:3] == ["2", "0"]
    assert f"/desk/r/{this_month()}/received/" in figures[1][5]
    assert AuditEntry.objects.get(action="paper.made").details["paper"] == "monthly_report"


def test_pdf(worked) -> None:
    if pdf.why_no_pdf():
        pytest.skip("no PDF here")
    assert page_of(worked.secretary, format="pdf").content.startswith(b"%PDF")


def test_without_pdf_it_says_so(worked, monkeypatch) -> None:
    monkeypatch.setattr("linli.surfaces.web.papers.monthly.why_no_pdf", lambda: "pango")
    answer = page_of(worked.secretary, format="pdf")
    assert answer.status_code == 503
    assert "还不能生成 PDF" in answer.content.decode()


def test_in_english(worked) -> None:
    worked.secretary.language = "en"
    worked.secretary.save()
    said = words_of(page_of(worked.secretary))
    assert "The month has not ended" in said
    assert re.search(r"Answered for the first time: 2\. In the month before: 0;", said)


def test_a_pack_without_a_report_says_so(here, monkeypatch) -> None:
    without = pack_of(here.community).model_copy(update={"papers": {}})
    monkeypatch.setattr("linli.surfaces.web.papers.monthly.pack_of", lambda community: without)
    answer = signed_in(here.secretary).get("/desk/monthly/")
    assert answer.status_code == 404
    assert "papers.yaml" in answer.content.decode()


# --- months and queries -----------------------------------------------------------------------
def test_a_month_that_runs_is_compared_to_the_same_day() -> None:
    march = month_of("2026-03", date(2026, 3, 30))
    assert (march.until, march.ended) == (date(2026, 3, 30), False)
    assert march.month_before() == Month(date(2026, 2, 1), date(2026, 2, 28), False)
    assert march.year_before().until == date(2025, 3, 30)


def test_a_month_that_ended_is_compared_whole() -> None:
    leap = month_of("2024-02", date(2026, 3, 30))
    assert (leap.until, leap.ended) == (date(2024, 2, 29), True)
    assert leap.year_before().until == date(2023, 2, 28)
    assert leap.month_before().until == date(2024, 1, 31)


def test_on_its_last_day_a_month_still_runs() -> None:
    assert not month_of("2026-03", date(2026, 3, 31)).ended
    assert month_of("2026-03", date(2026, 3, 31) + timedelta(days=1)).ended


def test_it_takes_as_many_queries_however_much_happened(
    worked, django_assert_max_num_queries
) -> None:
    today = worked.community.day_of(timezone.now())
    with django_assert_max_num_queries(24):
        report_of(worked.community, None, month_of(this_month(), today))
