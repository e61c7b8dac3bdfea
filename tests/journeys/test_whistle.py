"""吹哨报到 in the browser: whistle, one tap on a phone, the table that keeps fresh, the public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.matters.models import Matter
from tests.journeys.conftest import check, sign_in
from tests.mechanisms.whistle.whistling import blow, call_of, do

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])
LOOKS = pytest.mark.parametrize(("width", "language"), [("phone", "zh-CN"), ("desk", "en")])


@pytest.fixture
def whistled(here: Any) -> Any:
    """A whistle that was closed, with somebody absent, and one that runs."""
    fire = here.person("fire", here.grid, "handler")
    names = {here.secretary: "王书记", here.handler: "李师傅", here.other_handler: "何经理"}
    for person, name in (*names.items(), (fire, "消防站")):
        person.display_name = name
        person.save()
    past = blow(here, at=timezone.now() - timedelta(hours=30), why="车主不听劝，要几家一起到场。")
    do(call_of(past, here.roads), "report_in", here.handler, at=past.created_at
       + timedelta(minutes=40))  # fmt: skip
    find_overdue()
    do(call_of(past, here.roads), "supplement", here.handler, text="隔离桩缺了两根。")
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    do(past, "agree_duty", here.secretary, who=str(here.roads.uuid), what="补装隔离桩", by_when=day)
    past = do(past, "record", here.secretary, found="三辆电动车堵住通道，已当场挪走。")
    do(call_of(past, here.roads), "rate", here.secretary, on_time=True, worked=True, result=4)
    do(past, "close", here.secretary, outcome="通道已经清空，隔离桩三天内补齐。")
    here.running = blow(
        here, case="emergency", what="二号楼燃气味很大，请马上到场关阀、疏散。",
        departments=[str(one.uuid) for one in (here.roads, here.property_company, here.grid)],
        longitude=114.305, latitude=30.505,
    )  # fmt: skip
    here.past = past
    fold_pending()
    return here


@LOOKS
def test_every_page(whistled, open_page, served, width, language) -> None:
    page = open_page(width, language)
    for name, path in (
        ("public", "/whistles/"),
        ("public-one", f"/whistles/{whistled.past.number}/"),
    ):
        page.goto(path)
        check(page, f"whistle-{name}-{width}-{language}")
    sign_in(page, served, whistled.secretary)
    for name, path in (
        ("list", "/desk/whistles/"),
        ("new", "/desk/whistles/new/"),
        ("closed", f"/desk/m/{whistled.past.number}/"),
        ("running", f"/desk/m/{whistled.running.number}/"),
        ("figures", "/desk/whistles/figures/"),
        ("unit", f"/desk/organisations/{whistled.property_company.uuid}/"),
    ):
        page.goto(path)
        check(page, f"whistle-{name}-{width}-{language}")


@BOTH
def test_whistling_and_reporting_in_with_one_tap(whistled, open_page, served, width) -> None:
    whistler = open_page(width)
    sign_in(whistler, served, whistled.secretary)
    whistler.goto("/desk/whistles/")
    whistler.get_by_role("link", name="吹哨", exact=True).click()
    whistler.get_by_text("应急处置").click()
    whistler.get_by_label("要做什么？").fill("三号楼电梯困人。")
    whistler.get_by_label("集合地点").fill("三号楼一单元")
    whistler.get_by_text(whistled.roads.name, exact=True).click()
    whistler.locator("form.whistle-form button").click()
    whistler.get_by_text("已吹哨").wait_for()
    whistle = Matter.objects.filter(procedure="whistle").order_by("pk").last()

    called = open_page("phone", geolocation={"longitude": 114.305, "latitude": 30.505})
    called.context.grant_permissions(["geolocation"])
    sign_in(called, served, whistled.handler)
    called.goto("/desk/whistles/")
    check(called, f"whistle-to-answer-{width}")
    called.goto(f"/desk/m/{call_of(whistle, whistled.roads).number}/")
    check(called, f"whistle-call-{width}")
    button = called.get_by_role("button", name="已到现场，报到")
    assert button.bounding_box()["height"] >= 44
    called.get_by_label("记下我的位置").check()
    button.click()
    called.get_by_text("已报到，谢谢。").wait_for()
    check(called, f"whistle-answered-{width}")

    # The whistler's page, open all the while, shows it without being loaded anew.
    whistler.get_by_text("按时到场").wait_for(timeout=15_000)
    check(whistler, f"whistle-live-{width}")
    assert call_of(whistle, whistled.roads).stage == "present"


def test_without_javascript(whistled, open_page, served) -> None:
    page = open_page("phone", javascript=False)
    sign_in_without = call_of(whistled.running, whistled.roads)
    context = page.context
    from django.test import Client

    client = Client()
    client.force_login(whistled.handler)
    value = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": served}])
    page.goto(f"/desk/m/{sign_in_without.number}/")
    page.get_by_role("button", name="已到现场，报到").click()

    assert call_of(whistled.running, whistled.roads).stage == "present"
