"""Letters, monthly reports and the calendar, on a phone and on a large screen."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from django.utils import timezone
from icalendar import Calendar

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.papers import pdf
from linli.kernel.people.contacts import set_contact
from linli.kernel.procedures.performing import perform
from tests.journeys.conftest import SHOTS, check, sign_in

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])
ASKED = "三号楼楼道灯坏了好几天，老人上下楼看不清。\n请尽快修一修，谢谢！"
REPLY = "已联系维修人员，更换楼道声控灯三只。\n更换前先装临时照明。"


@pytest.fixture
def answered(here: Any) -> Any:
    """A matter with a reply and a promised day, and a month with figures."""
    set_contact(here.resident, "name", "周阿姨")
    day = timezone.localdate() + timedelta(days=6)
    matter = here.at_stage("accepted", text=ASKED, longitude=114.303, latitude=30.504)
    facts = {"text": REPLY, "promised_on": day.isoformat()}
    perform(matter, "reply", by=here.handler, facts=facts)
    here.at_stage("closed", text="人行道砖松动。", longitude=114.303, latitude=30.504)
    fold_pending()
    here.matter = matter
    return here


def downloaded(page: Any, button: Any) -> bytes:
    """Press a button and return the file it hands over."""
    with page.expect_download() as waiting:
        button.click()
    return Path(waiting.value.path()).read_bytes()


def keep(name: str, content: bytes) -> None:
    """Keep a file beside the pictures, to be looked at."""
    SHOTS.mkdir(exist_ok=True)
    (SHOTS / name).write_bytes(content)


def said_by(content: bytes) -> str:
    """The words of a PDF, without spaces."""
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


@BOTH
def test_a_letter_of_reply(answered, open_page, served, width) -> None:
    page = open_page(width)
    sign_in(page, served, answered.handler)
    page.goto(f"/desk/m/{answered.matter.number}/")
    page.get_by_role("link", name="答复函（Word、PDF）").click()
    check(page, f"letter-{width}")
    word = downloaded(page, page.get_by_role("button", name="Word"))
    keep(f"letter-{width}.docx", word)
    text = "\n".join(one.text for one in docx.Document(BytesIO(word)).paragraphs)
    assert "老人上下楼看不清" in text
    assert "更换楼道声控灯三只" in text
    page.get_by_text("写上姓名或地址").click()
    page.get_by_role("checkbox", name="姓名").check()
    page.get_by_role("button", name="Word").click()
    page.get_by_text("请用几个字说明").wait_for()
    check(page, f"letter-refused-{width}")
    page.locator("#reveal-reason").fill("寄送纸质答复")
    word = downloaded(page, page.get_by_role("button", name="Word"))
    assert "尊敬的周阿姨" in "".join(one.text for one in docx.Document(BytesIO(word)).paragraphs)
    if not pdf.why_no_pdf():
        file = downloaded(page, page.get_by_role("button", name="PDF"))
        keep(f"letter-{width}.pdf", file)
        assert "尊敬的周阿姨" in said_by(file)


@BOTH
def test_the_monthly_report(answered, open_page, served, width) -> None:
    page = open_page(width)
    sign_in(page, served, answered.secretary)
    page.goto(f"/desk/monthly/?month={timezone.localdate():%Y-%m}")
    check(page, f"monthly-{width}")
    word = downloaded(page, page.get_by_role("link", name="Word"))
    keep(f"monthly-{width}.docx", word)
    assert len(docx.Document(BytesIO(word)).tables) >= 4
    if not pdf.why_no_pdf():
        file = downloaded(page, page.get_by_role("link", name="PDF"))
        keep(f"monthly-{width}.pdf", file)
        assert "接诉即办月报" in said_by(file)
    page.emulate_media(media="print")
    page.screenshot(path=SHOTS / f"monthly-print-{width}.png", full_page=True)
    page.emulate_media(media="screen")
    page.locator(".sheet a").first.click()
    page.get_by_text("返回").or_(page.locator(".rows, table, ul")).first.wait_for()
    assert page.problems == []


@BOTH
def test_a_calendar_link(answered, open_page, served, width) -> None:
    page = open_page(width)
    sign_in(page, served, answered.handler)
    page.goto("/me/calendar/")
    check(page, f"calendar-none-{width}")
    page.get_by_role("button", name="生成链接").click()
    check(page, f"calendar-link-{width}")
    address = page.locator("#link").get_attribute("href")
    path = address[address.index("/calendar/") :]
    answer = page.request.get(path)
    assert any("办结" in event["summary"] for event in Calendar.from_ical(answer.body()).events)
    page.get_by_role("button", name="停用", exact=True).click()
    page.get_by_text("链接已停用").wait_for()
    assert page.request.get(path).status == 404


@BOTH
def test_the_reporter_takes_the_reply_home(answered, open_page, served, width) -> None:
    page = open_page(width)
    sign_in(page, served, answered.resident)
    page.goto(f"/matters/{answered.matter.number}/")
    check(page, f"own-matter-{width}")
    content = downloaded(page, page.get_by_role("link", name="把承诺的日期加到日历"))
    assert len(Calendar.from_ical(content).events) == 1
    if not pdf.why_no_pdf():
        file = downloaded(page, page.get_by_role("link", name="答复函（PDF）"))
        keep(f"own-letter-{width}.pdf", file)
        assert "更换楼道声控灯三只" in said_by(file)
