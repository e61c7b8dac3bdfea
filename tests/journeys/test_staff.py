"""A working day at the desk, on a phone and on a large screen, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.matters.models import Matter
from linli.kernel.people.contacts import set_contact
from linli.kernel.people.models import Person
from linli.kernel.procedures.performing import perform
from tests.journeys.conftest import check, sign_in
from tests.pictures import picture

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])
LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])

REPORTS = [
    ("三号楼楼道灯坏了好几天，老人上下楼看不清。", 0.002, 0.003),
    ("东门外机动车道塌陷一处，约半米见方，晚上看不清。", 0.004, 0.006),
    ("电梯上行时常在两层之间停住。", 0.006, 0.002),
    ("消防通道长期停车，消防车进不来，已经说过很多次了。", 0.0025, 0.0075),
    ("人行道砖松动，下雨一踩一脚水。", 0.0061, 0.0022),
]
STEPS = ["received", "dispatched", "accepted", "in_hand", "closed"]


@pytest.fixture
def working(here: Any, settings: Any, tmp_path: Any) -> Any:
    """A neighbourhood in the middle of its work: matters at several stages, figures counted."""
    settings.MEDIA_ROOT = tmp_path
    names = {"dispatcher": "陈分拨", "handler": "李师傅", "supervisor": "赵督办",
             "secretary": "王书记", "resident": "周阿姨", "grid_worker": "孙网格"}  # fmt: skip
    for role, name in names.items():
        person = getattr(here, role)
        person.display_name = name
        person.save()
    set_contact(here.resident, "phone", "13955550137")
    for (text, east, north), stage in zip(REPORTS, STEPS, strict=True):
        place = {"longitude": 114.30 + east, "latitude": 30.50 + north}
        here.at_stage(stage, text=text, **place)
    late = Matter.objects.filter(stage="dispatched").get()
    Matter.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=5))
    fold_pending()
    return here


@BOTH
@LANGUAGES
def test_every_page_of_the_workbench(working, open_page, served, width, language) -> None:
    page = open_page(width, language)
    sign_in(page, served, working.secretary)
    in_hand = Matter.objects.get(stage="in_hand")
    for name, path in (
        ("home", "/desk/"),
        ("inbox", "/desk/inbox/"),
        ("inbox-filtered", "/desk/inbox/?view=overdue&stage=dispatched"),
        ("inbox-empty", "/desk/inbox/?q=nothing"),
        ("board", "/desk/board/"),
        ("search", "/desk/search/?q=电梯"),
        ("search-empty", "/desk/search/?q=nothing"),
        ("take-down", "/desk/take-down/"),
        ("matter", f"/desk/m/{in_hand.number}/"),
        ("people", "/desk/people/"),
        ("person", f"/desk/people/{working.handler.uuid}/"),
        ("person-new", "/desk/people/new/"),
        ("organisations", "/desk/organisations/"),
        ("organisation", f"/desk/organisations/{working.roads.uuid}/"),
        ("evidence", "/desk/figures/evidence/?indicator=casework.reported"),
        ("records", "/desk/records/"),
    ):
        page.goto(path)
        check(page, f"desk-{name}-{width}-{language}")


@BOTH
@LANGUAGES
def test_the_map(working, open_page, served, width, language) -> None:
    page = open_page(width, language)
    sign_in(page, served, working.secretary)
    page.goto("/desk/map/")
    page.wait_for_selector(".map-point, .map-cluster")
    page.wait_for_timeout(400)
    check(page, f"desk-map-{width}-{language}")


@BOTH
@LANGUAGES
def test_a_dispatcher_sorts_and_sends(working, open_page, served, width, language) -> None:
    page = open_page(width, language)
    sign_in(page, served, working.dispatcher)
    matter = Matter.objects.get(stage="received")
    page.goto("/desk/")
    page.locator(".tile[href$='view=unsent']").click()
    page.get_by_role("link", name=matter.title).click()
    page.locator("#do-triage > summary").click()
    page.select_option("#id_triage-category", "pothole")
    page.fill("#id_triage-public_title", "三号楼楼道照明")
    check(page, f"desk-triage-open-{width}-{language}")
    page.locator("#do-triage button").last.click()
    page.wait_for_selector(".ll-alert--success")
    check(page, f"desk-triaged-{width}-{language}")
    page.goto("/desk/inbox/?view=unsent")
    page.locator('input[name="matter"]').first.check()
    page.select_option("#to", str(working.roads.uuid))
    check(page, f"desk-ticked-{width}-{language}")
    page.locator(".bulk button").click()
    page.wait_for_selector(".ll-alert--success")
    check(page, f"desk-sent-{width}-{language}")
    matter.refresh_from_db()
    assert (matter.stage, matter.responsible) == ("dispatched", working.roads)


@BOTH
@LANGUAGES
def test_a_handler_accepts_promises_and_solves(working, open_page, served, width, language) -> None:
    page = open_page(width, language)
    sign_in(page, served, working.handler)
    matter = Matter.objects.get(stage="dispatched")
    page.goto(f"/desk/m/{matter.number}/")
    page.locator('form[action$="/do/accept/"] button').click()
    page.wait_for_selector(".ll-alert--success")
    page.locator("#do-reply > summary").click()
    page.locator("#do-reply button").last.click()
    page.wait_for_selector("#do-reply .ll-field--wrong")
    check(page, f"desk-reply-missing-{width}-{language}")
    page.fill("#id_reply-text", "已到现场看过，材料备齐后施工。")
    day = timezone.localdate() + timedelta(days=5)
    page.fill("#id_reply-promised_on", day.isoformat())
    page.locator("#do-reply button").last.click()
    page.wait_for_selector("#do-solve")
    page.locator("#do-solve > summary").click()
    page.fill("#id_solve-text", "路面已重新铺好。")
    for name in ("before", "after"):
        file = {"name": f"{name}.png", "mimeType": "image/png",
                "buffer": picture(size=(1200, 900)).read()}  # fmt: skip
        page.set_input_files(f"#id_solve-{name}", [file])
    page.wait_for_selector("#do-solve .ll-pictures img >> nth=1")
    check(page, f"desk-solve-open-{width}-{language}")
    page.locator("#do-solve button").last.click()
    page.wait_for_selector(".ll-alert--success")
    check(page, f"desk-solved-{width}-{language}")
    matter.refresh_from_db()
    assert matter.stage == "solved"
    assert matter.attachments.count() == 2


@BOTH
@LANGUAGES
def test_two_at_once(working, open_page, served, width, language) -> None:
    page = open_page(width, language)
    sign_in(page, served, working.handler)
    matter = Matter.objects.get(stage="accepted")
    page.goto(f"/desk/m/{matter.number}/")
    page.locator("#do-reply > summary").click()
    page.fill("#id_reply-text", "我写了很久的答复。")
    perform(matter, "note", by=working.dispatcher, facts={"text": "反映人又来电催问。"})
    page.locator("#do-reply button").last.click()
    page.wait_for_selector(".meanwhile")
    assert page.input_value("#id_reply-text") == "我写了很久的答复。"
    check(page, f"desk-meanwhile-{width}-{language}")
    page.locator("#do-reply button").last.click()
    page.wait_for_selector(".ll-alert--success")
    matter.refresh_from_db()
    assert matter.stage == "in_hand"


@BOTH
def test_a_supervisor_decides(working, open_page, served, width) -> None:
    matter = Matter.objects.get(stage="received")
    for _ in range(3):
        to = {"to": str(working.roads.uuid)}
        perform(matter, "dispatch", by=working.dispatcher, facts=to)
        back = {"reason": "not_our_duty", "explanation": "楼道灯归物业。"}
        perform(matter, "return_to_desk", by=working.handler, facts=back)
    page = open_page(width)
    sign_in(page, served, working.supervisor)
    page.goto("/desk/board/")
    check(page, f"desk-board-disputed-{width}")
    page.locator("tfoot a[href$='view=disputed']").click()
    page.locator(".matter-row__title").click()
    page.locator("#do-assign > summary").click()
    page.select_option("#id_assign-to", str(working.property_company.uuid))
    page.fill("#id_assign-grounds", "楼道照明由物业负责。")
    check(page, f"desk-assign-{width}")
    page.locator("#do-assign button").last.click()
    page.wait_for_selector(".ll-alert--success")
    matter.refresh_from_db()
    assert (matter.stage, matter.responsible) == ("dispatched", working.property_company)


@BOTH
@LANGUAGES
def test_a_secretary_makes_an_account_and_reads_the_figures(
    working, open_page, served, width, language
) -> None:
    page = open_page(width, language)
    sign_in(page, served, working.secretary)
    page.goto("/desk/people/")
    page.locator("a[href$='/people/new/']").click()
    page.fill("#id_username", "dh-zhang")
    page.fill("#id_display_name", "张师傅")
    page.select_option("#id_organisation", str(working.roads.uuid))
    page.select_option("#id_role", "handler")
    page.locator("form.panel button").click()
    page.wait_for_selector("#link")
    check(page, f"desk-password-{width}-{language}")
    person = Person.objects.get(username="dh-zhang")
    assert person.check_password(page.inner_text("#link"))
    page.locator(f"a[href$='/people/{person.uuid}/']").click()
    page.select_option("#id_organisation", str(working.property_company.uuid))
    page.select_option("#id_role", "handler")
    page.locator("form[action$='/posts/'] button").last.click()
    page.wait_for_selector(".ll-alert--success")
    assert person.memberships.count() == 2
    page.goto("/desk/figures/")
    number = page.locator(".card-figure a.number").first
    counted = number.inner_text()
    number.click()
    assert page.locator("h1").inner_text().endswith(f": {counted}")
    assert page.locator(".matter-row").count() == int(counted)


@BOTH
def test_contact_data_is_shown_for_a_reason(working, open_page, served, width) -> None:
    page = open_page(width)
    sign_in(page, served, working.handler)
    matter = Matter.objects.get(stage="accepted")
    page.goto(f"/desk/m/{matter.number}/")
    page.locator("#contact summary").click()
    page.fill("#reveal-reason", "约上门时间")
    check(page, f"desk-reveal-{width}")
    page.locator("#contact button").click()
    page.wait_for_selector("#contact dd strong")
    assert page.inner_text("#contact dd strong") == "13955550137"


def test_the_desk_works_by_keyboard(working, open_page, served) -> None:
    page = open_page("desk")
    sign_in(page, served, working.dispatcher)
    page.goto("/desk/inbox/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ll-skip"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator(".matter-row__title").first.inner_text()
    assert page.evaluate("document.activeElement.textContent") == first
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.goto("/desk/")
    page.locator("#keys-on").uncheck()
    page.goto("/desk/inbox/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "find"


def test_the_desk_works_without_a_script(working, open_page, served) -> None:
    page = open_page("phone", javascript=False)
    sign_in(page, served, working.handler)
    matter = Matter.objects.get(stage="accepted")
    page.goto("/desk/inbox/")
    page.get_by_role("link", name=matter.title).click()
    page.locator("#do-reply > summary").click()
    page.fill("#id_reply-text", "一周内修好。")
    page.locator("#do-reply button").last.click()
    matter.refresh_from_db()
    assert matter.stage == "in_hand"
