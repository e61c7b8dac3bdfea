"""Supervision, parts, standard replies, further questions and an appeal, on both sizes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.kernel.access.links import link_for, token_of
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.standard_replies.models import StandardReply
from tests.journeys.conftest import check, sign_in

BOTH = pytest.mark.parametrize(("width", "language"), [("phone", "zh-CN"), ("desk", "en")])
RETURN = {"reason": "not_our_duty", "explanation": "不归我们"}


@pytest.fixture
def working(here: Any, settings: Any, tmp_path: Any) -> Any:
    """A unit with a late matter, one with parts, one returned, one closed without an answer."""
    settings.MEDIA_ROOT = tmp_path
    late = here.at_stage("in_hand", text="东门外机动车道塌陷一处，约半米见方。")
    perform(late, "urge", by=here.supervisor, facts={"text": "请说明哪天能修好。"})
    facts = {"to": str(here.property_company.uuid), "text": "清走堆放的砂石。"}
    perform(late, "hand_out", by=here.handler, facts=facts)
    Matter.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=30))
    returned = here.at_stage("accepted", text="小区里的雨水井没盖。")
    perform(returned, "return_to_desk", by=here.handler, facts=RETURN)
    here.at_stage("accepted", text="路灯不亮，老人晚上看不清。")
    StandardReply.objects.create(
        community=here.community, organisation=here.roads, title="已安排维修",
        text="您好，{number}我们会在{promised_on}前派人修好，问进度请打 027-8765 4321。",
    )  # fmt: skip
    return here


@BOTH
def test_a_supervisor_looks_and_urges(working, open_page, served, width, language) -> None:
    page = open_page(width, language)
    sign_in(page, served, working.supervisor)
    for view in ("overdue", "returned", "urged", "appealed"):
        page.goto(f"/desk/supervision/?view={view}")
        check(page, f"rules-supervision-{view}-{width}-{language}")
    page.goto("/desk/supervision/?view=overdue")
    page.locator("a[href*='open=urge']").first.click()
    page.wait_for_selector("#do-urge[open]")
    page.fill("[name='urge-text']", "请今天答复。")
    check(page, f"rules-urge-{width}-{language}")
    page.locator("#do-urge button.ll-button--primary").click()
    page.wait_for_load_state()
    assert Matter.objects.filter(servicerequest__urged=2).exists()


@BOTH
@pytest.mark.parametrize("javascript", [True, False])
def test_a_reply_with_a_standard_text_and_hints(
    working, open_page, served, width, language, javascript
) -> None:
    matter = Matter.objects.get(stage="accepted")
    page = open_page(width, language, javascript=javascript) if javascript else None
    if page is None:
        page = open_page(width, language, javascript=False)
        client_of(page, served, working.handler, language)
    else:
        sign_in(page, served, working.handler)
    page.goto(f"/desk/m/{matter.number}/?open=reply#do-reply")
    page.select_option("#standard-reply", index=1)
    page.click("#do-reply button[name='insert']")
    page.wait_for_selector("#do-reply[open]")
    assert matter.number in page.input_value("[name='reply-text']")
    page.fill("[name='reply-text']", "贵单位反映事项予以处理。")
    page.click("#do-reply button[name='check']")
    page.wait_for_selector("#do-reply .hints")
    if javascript:
        check(page, f"rules-reply-{width}-{language}")
        page.goto("/desk/replies/")
        check(page, f"rules-replies-{width}-{language}")
        late = Matter.objects.filter(links_in__kind="part_of").get()
        page.goto(f"/desk/m/{late.number}/")
        check(page, f"rules-parts-{width}-{language}")


def client_of(page: Any, served: str, person: Any, language: str) -> None:
    """Sign in where no script runs: the language is known without asking the browser."""
    from django.conf import settings
    from django.test import Client

    spoken = "en" if language.startswith("en") else "zh-hans"
    type(person).objects.filter(pk=person.pk).update(language=spoken)
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([
        {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": served}
    ])  # fmt: skip


@BOTH
def test_questions_come_with_the_category(working, open_page, served, width, language) -> None:
    page = open_page(width, language)
    page.goto("/report/")
    page.fill("#id_text", "灯杆歪了。")
    page.select_option("#id_category", "streetlight")
    page.wait_for_selector("#questions .question")
    hidden = page.locator("[data-when='answers.lamp_fault']")
    assert not hidden.is_visible()
    page.locator("input[name='answers.lamp_fault'][value='leaning']").check()
    assert hidden.is_visible()
    check(page, f"rules-questions-{width}-{language}")
    page.locator("input[name='answers.lamp_wires'][value='true']").check()
    page.click("#send")
    page.wait_for_url("**/received/")
    answers = Matter.objects.latest("pk").servicerequest.answers
    assert answers == {"lamp_fault": "leaning", "lamp_wires": True}


@BOTH
def test_questions_without_a_script(working, open_page, served, width, language) -> None:
    page = open_page(width, language, javascript=False)
    page.goto("/report/")
    page.fill("#id_text", "灯杆歪了。")
    page.select_option("#id_category", "streetlight")
    page.click("button[name='ask']")
    page.locator("input[name='answers.lamp_fault'][value='dark']").check()
    page.click("#send")
    page.wait_for_url("**/received/")
    assert Matter.objects.latest("pk").servicerequest.answers == {"lamp_fault": "dark"}


@BOTH
def test_a_reporter_appeals(working, open_page, served, width, language) -> None:
    matter = working.report(text="楼上漏水，说了三次。").matter
    perform(matter, "close", by=working.dispatcher, facts={"text": "属于邻里之间的事，请协商。"})
    page = open_page(width, language)
    page.goto(f"/t/{token_of(link_for(matter, matter.reporter))}/")
    page.locator("#do-appeal summary").click()
    page.fill("[name='appeal-reason']", "协商过三次，楼上不开门。")
    check(page, f"rules-appeal-{width}-{language}")
    page.locator("#do-appeal button[type='submit']").click()
    page.wait_for_url("**?done=appeal")
    check(page, f"rules-appealed-{width}-{language}")
    matter.refresh_from_db()
    assert matter.stage == "appealed"
