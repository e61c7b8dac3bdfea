"""A resident's way through the site, on a phone and on a desk, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform
from tests.journeys.conftest import check, shoot, sign_in
from tests.pictures import picture

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])
LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])

TEXTS = [
    (
        "pothole",
        "东门路面塌了一块",
        "东门外机动车道塌陷一处，约半米见方，晚上看不清。",
        0.002,
        0.003,
    ),
    ("parking", "消防通道停满了车", "3栋南侧消防通道长期停车，消防车进不来。", 0.004, 0.006),
    ("lift", "电梯时停时走", "电梯上行时常在两层之间停住。", 0.006, 0.002),
    ("pothole", "人行道砖松动", "下雨一踩一脚水，老人容易滑倒。", 0.0061, 0.0022),
    ("parking", "共享单车堵住单元门", "早晚高峰单车堆在门口，轮椅出不去。", 0.0025, 0.0075),
]


@pytest.fixture
def neighbourhood(here: Any) -> Any:
    """A few matters at several stages."""
    here.desk.public_phone = "027-8888 0000"
    here.desk.save()
    here.community.centre_longitude, here.community.centre_latitude = 114.305, 30.505
    here.community.save()
    tomorrow = timezone.localdate() + timedelta(days=6)
    for number, (category, title, text, east, north) in enumerate(TEXTS):
        matter = here.report(
            text=text, longitude=114.30 + east, latitude=30.50 + north, by=here.resident
        ).matter
        steps = [
            ("triage", here.dispatcher, {"category": category, "public_title": title,
                                         "public_text": text}),
            ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
            ("accept", here.handler, {}),
            ("reply", here.handler, {"text": "已到现场看过，材料备齐后施工，施工时会围挡。",
                                     "promised_on": tomorrow}),
            ("solve", here.handler, {"text": "路面已重新铺好，围挡已撤。"}),
            ("rate", here.resident, {"contacted": True, "solved": True, "satisfaction": 5}),
        ]  # fmt: skip
        for action, person, facts in steps[: number + 2]:
            perform(matter, action, by=person, facts=facts)
            matter.refresh_from_db()
    return here


@BOTH
@LANGUAGES
def test_the_pages_anyone_sees(neighbourhood, open_page, width, language) -> None:
    page = open_page(width, language)
    number = Matter.objects.filter(stage="closed").get().number
    for name, path in (
        ("home", "/"),
        ("report", "/report/"),
        ("report-doorway", "/d/DH0001/"),
        ("board", "/board/"),
        ("board-empty", "/board/?q=nothing"),
        ("board-matter", f"/board/{number}/"),
        ("display", "/display/"),
        ("not-found", "/nowhere/"),
    ):
        page.goto(path)
        check(page, f"{name}-{width}-{language}")


@BOTH
def test_the_map(neighbourhood, open_page, width) -> None:
    page = open_page(width)
    page.goto("/board/map/")
    page.wait_for_selector(".map-point, .map-cluster")
    assert page.locator("#map-status").inner_text() == ""
    page.wait_for_timeout(400)
    check(page, f"board-map-{width}")


@BOTH
@LANGUAGES
def test_from_report_to_rating(here, open_page, width, language) -> None:
    page = open_page(width, language)
    page.goto("/")
    page.locator(".big-door--first").click()
    page.fill("#id_text", "三号楼楼道灯坏了好几天，老人上下楼看不清。")
    page.set_input_files(
        "#id_pictures",
        [{"name": "灯.png", "mimeType": "image/png", "buffer": picture(size=(2600, 1800)).read()}],
    )
    page.wait_for_selector("#picture-previews img")
    page.fill("#id_address", "东湖路1号")
    page.locator("#places button").first.click()
    assert page.input_value("#id_longitude") == "114.305000"
    page.fill("#id_phone", "13800000000")
    shoot(page, f"report-filled-{width}-{language}")
    page.locator("#send").click()
    page.wait_for_selector("#received")
    check(page, f"receipt-{width}-{language}")
    matter = Matter.objects.get()
    assert matter.area == here.grid_area
    assert matter.attachments.count() == 1
    page.locator("#received .ll-button--primary").click()
    page.wait_for_selector(".stands")
    check(page, f"tracking-received-{width}-{language}")

    promised = timezone.localdate() + timedelta(days=4)
    for action, person, facts in (
        ("triage", here.dispatcher, {"category": "lift"}),
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("accept", here.handler, {}),
        ("reply", here.handler, {"text": "周五前换好。", "promised_on": promised}),
        ("ask_reporter", here.handler, {"text": "请问是几单元？"}),
    ):
        perform(matter, action, by=person, facts=facts)
    page.reload()
    check(page, f"tracking-asked-{width}-{language}")
    page.fill("#id_answer-text", "二单元。")
    page.locator("#do-answer button[type=submit]").click()
    page.wait_for_selector(".ll-alert--success")
    matter.refresh_from_db()
    perform(matter, "solve", by=here.handler, facts={"text": "换了三盏灯。"})
    page.reload()
    check(page, f"tracking-solved-{width}-{language}")
    page.locator("#do-rate label").filter(
        has=page.locator("[name=rate-solved][value=true]")
    ).click()
    page.locator("#do-rate label").filter(
        has=page.locator("[name=rate-contacted][value=true]")
    ).click()
    page.locator(".face").first.click()
    page.locator("#do-rate button[type=submit]").click()
    page.wait_for_selector(".ll-alert--success")
    check(page, f"tracking-closed-{width}-{language}")
    matter.refresh_from_db()
    assert matter.stage == "closed"


def test_without_a_script_it_works_too(here, open_page) -> None:
    page = open_page("phone", javascript=False)
    page.goto("/report/")
    page.fill("#id_text", "没有脚本也能说事。")
    page.fill("#id_address", "东湖路1号2栋1单元")
    page.locator("#send").click()
    assert page.locator(".number").inner_text() == Matter.objects.get().number
    page.locator("#received .ll-button--primary").click()
    page.locator("#do-withdraw summary").click()
    page.locator("#do-withdraw button[type=submit]").click()
    assert page.locator(".ll-alert--success").count() == 1
    assert Matter.objects.get().stage == "withdrawn"


def test_a_draft_survives(here, open_page) -> None:
    page = open_page()
    page.goto("/report/")
    page.fill("#id_text", "写到一半")
    page.fill("#id_phone", "13800000000")
    page.reload()
    assert page.input_value("#id_text") == "写到一半"
    assert page.input_value("#id_phone") == ""  # no number stays on a shared device
    assert page.locator("#draft-note").is_visible()
    page.locator("#draft-clear").click()
    page.wait_for_function("document.getElementById('id_text').value === ''")


def test_a_lost_connection_loses_nothing(here, open_page) -> None:
    page = open_page()
    page.goto("/report/")
    page.fill("#id_text", "断网时写的话。")
    page.context.set_offline(True)
    page.locator("#send").click()
    page.locator("#offline-note").wait_for(state="visible")
    page.problems.clear()  # the browser's own note of the failed request
    shoot(page, "report-offline-phone")
    assert page.input_value("#id_text") == "断网时写的话。"
    page.context.set_offline(False)  # the page sends by itself
    page.wait_for_selector("#received")
    assert Matter.objects.get().text == "断网时写的话。"
    page.goto("/report/")
    assert page.input_value("#id_text") == ""  # what was sent is no draft any more


def test_a_place_is_shown_on_the_map(here, open_page) -> None:
    page = open_page()
    page.goto("/report/")
    page.fill("#id_text", "这里有个坑。")
    page.locator("#show-map").click()
    page.wait_for_selector("#place-map .leaflet-overlay-pane path")
    page.locator("#place-map").click(position={"x": 150, "y": 150})
    assert page.input_value("#id_longitude")
    check(page, "report-map-phone")
    page.locator("#send").click()
    page.wait_for_selector("#received")
    assert Matter.objects.get().area == here.grid_area


def test_where_i_stand(here, open_page) -> None:
    page = open_page(
        geolocation={"longitude": 114.304, "latitude": 30.506}, permissions=["geolocation"]
    )
    page.goto("/report/")
    page.locator("#where-i-stand").click()
    page.wait_for_function("document.getElementById('id_longitude').value === '114.304000'")


def test_wrong_input_is_told_beside_the_field(here, open_page) -> None:
    page = open_page(javascript=False)
    page.goto("/report/")
    page.locator("#id_text").evaluate("field => field.removeAttribute('required')")
    page.fill("#id_phone", "13800000000")
    page.locator("#send").click()
    page.wait_for_selector("#id_text_error")
    assert page.input_value("#id_phone") == "13800000000"
    shoot(page, "report-refused-phone")


def test_a_doorways_code_fills_in_the_place(here, open_page, served) -> None:
    page = open_page("desk")
    page.goto("/")
    sign_in(page, served, here.dispatcher)
    page.goto("/doorways/")
    check(page, "doorways-desk")
    assert page.locator(".sheet li").count() == 1
    resident = open_page("phone")
    resident.goto(f"/d/{here.doorway.doorway_code}/")
    assert resident.locator(".place-known").inner_text().strip().startswith(here.doorway.text)
    resident.fill("#id_text", "门禁刷不开。")
    resident.locator("#send").click()
    resident.wait_for_selector("#received")
    matter = Matter.objects.get()
    assert matter.address_text == here.doorway.text
    assert matter.area == here.grid_area


@BOTH
def test_a_figure_opens_to_what_it_counts(neighbourhood, open_page, width) -> None:
    page = open_page(width)
    page.goto("/")
    for name in ("reported", "answered", "solved"):
        figure = page.locator(f".figure[href*='figure={name}']")
        told = figure.locator("small") if name != "reported" else figure.locator("strong")
        count = int(re.search(r"\d+\D*$", told.inner_text()).group().strip(" 件"))
        figure.click()
        page.wait_for_selector(".figure[aria-current=true]")
        assert page.locator(".matters > li").count() == count
        check(page, f"board-{name}-{width}")
        page.goto("/")


def test_the_map_without_a_script_is_a_list_of_grids(neighbourhood, open_page) -> None:
    page = open_page("phone", javascript=False)
    page.goto("/board/map/")
    shoot(page, "board-map-no-script-phone")
    page.locator("a[href*='area=']").first.click()
    assert page.locator(".matters > li").count() == len(TEXTS)


@LANGUAGES
def test_large_type_on_a_phone(neighbourhood, open_page, language) -> None:
    page = open_page("phone", language)
    page.goto("/")
    page.locator(".top__tools button").first.click()
    page.wait_for_selector("html.large")
    for name, path in (("home", "/"), ("report", "/report/"), ("board", "/board/")):
        page.goto(path)
        assert page.locator("html.large").count() == 1
        check(page, f"{name}-large-{language}")


def test_the_language_is_switched_with_one_tap(here, open_page) -> None:
    page = open_page()
    page.goto("/board/")
    page.locator(".top__tools button").nth(1).click()
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/board/")


@BOTH
def test_my_matters(neighbourhood, open_page, served, width) -> None:
    page = open_page(width)
    page.goto("/")
    sign_in(page, served, neighbourhood.resident)
    page.goto("/mine/")
    check(page, f"mine-{width}")
    page.locator(".matter__title a").first.click()
    page.wait_for_selector(".stands")
    check(page, f"my-matter-{width}")


def test_all_is_reached_by_keyboard(here, open_page) -> None:
    page = open_page("desk")
    page.goto("/report/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ll-skip"
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert {"id_text", "id_pictures", "id_address", "show-map", "id_phone", "id_category",
            "id_may_publish", "send"} <= seen  # fmt: skip
