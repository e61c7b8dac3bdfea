"""From a hot topic to a published topic of the month, in the browser; every page looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.mechanisms.casework.hot_topics.models import HotTopic
from linli.mechanisms.casework.monthly_topics.models import MonthlyTopic
from tests.journeys.conftest import check, sign_in
from tests.mechanisms.casework.hot_topics.saying import LIFT, PARKING, count, publish, say
from tests.mechanisms.casework.monthly_topics.months import do, measure_of, published

BOTH = pytest.mark.parametrize(("width", "language"), [("phone", "zh-CN"), ("desk", "en")])


@pytest.fixture
def said(here: Any) -> Any:
    """Lifts and parking are hot; one topic of the month is concluded, another under way."""
    names = {here.supervisor: "高明", here.handler: "李师傅", here.other_handler: "何经理"}
    for person, name in names.items():
        person.display_name = name
        person.save()
    old = say(here, ["路面塌了一块", "路面又塌了", "路面塌陷绕行"], days_ago=50, first=30)
    publish(here, old)
    then = timezone.now() - timedelta(days=45)
    past = published(here, at=then, category="pothole", title="湖滨路路面塌陷")
    do(measure_of(past), "report_done", here.other_handler, text="全线注浆补强。")
    do(measure_of(past), "confirm", here.supervisor)
    here.past = do(past, "conclude", here.supervisor, outcome="补强后没有再塌。")
    for back in (6, 4):
        say(here, [LIFT[back % 3]], days_ago=back + 2, first=10 + back)
    here.said = say(here, LIFT)
    publish(here, here.said, "lift")
    say(here, PARKING, first=4)
    for back in (4, 2, 1, 0):
        count(here, days=-back)
    running = published(here, category="lift", title="三号楼电梯专项", at=timezone.now()
                        - timedelta(minutes=5))  # fmt: skip
    here.running = do(running, "note_progress", here.handler, text="曳引机已到货，周六更换。")
    here.topic = HotTopic.objects.filter(members__matter=here.said[0]).get()
    return here


@BOTH
def test_every_page(said, open_page, served, width, language) -> None:
    page = open_page(width, language)
    for name, path in (
        ("public", "/topics/"),
        ("public-past", f"/topics/{said.past.number}/"),
        ("public-running", f"/topics/{said.running.number}/"),
        ("public-before", f"/topics/{said.running.number}/before/"),
    ):
        page.goto(path)
        check(page, f"topics-{name}-{width}")
    sign_in(page, served, said.supervisor)
    for name, path in (
        ("list", "/desk/topics/"),
        ("none", "/desk/topics/?hidden=1"),
        ("months", "/desk/topics/months/"),
        ("new", f"/desk/topics/months/new/?topic={said.topic.uuid}"),
        ("matter", f"/desk/m/{said.running.number}/"),
        ("measure", f"/desk/m/{measure_of(said.running).number}/"),
    ):
        page.goto(path)
        check(page, f"topics-{name}-{width}")
    page.goto(f"/desk/topics/{said.topic.uuid}/")
    page.locator(".map-point").first.wait_for()
    page.locator("summary", has_text="热度" if language == "zh-CN" else "Heat").first.click()
    check(page, f"topics-topic-{width}")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_from_a_hot_topic_to_a_published_plan(said, open_page, served, width) -> None:
    page = open_page(width)
    sign_in(page, served, said.supervisor)
    page.goto("/desk/topics/")
    page.get_by_role("link", name="乱停车").first.click()
    page.get_by_role("link", name="提为每月一题").click()
    page.get_by_label("题目，一句话").fill("东门消防通道专项")
    page.get_by_label("为什么定这一题").fill("多人反映，劝离几天又停满。")
    page.get_by_role("button", name="提出", exact=True).click()
    page.get_by_text("已提出").first.wait_for()
    main = MonthlyTopic.objects.get(matter__title="东门消防通道专项")
    assert main.matter.links_out.count() == 3

    def act(name: str, button: str, **fields: str) -> None:
        box = page.locator(f"#do-{name}")
        if box.get_attribute("open") is None:
            box.locator("summary").first.click()
        for field, value in fields.items():
            control = box.locator(f"[name='{name}-{field}']")
            if control.first.evaluate("one => one.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.first.fill(value)
        box.get_by_role("button", name=button, exact=True).first.click()
        page.get_by_text("已完成").first.wait_for()

    act("choose", "选定", lead=str(said.roads.uuid))
    act("write_plan", "写方案", plan="先划线，再值守。", target="一个月内不再停车。")
    day = (timezone.localdate() + timedelta(days=10)).isoformat()
    act(
        "add_measure",
        "加一项措施",
        what="划禁停线",
        who=str(said.property_company.uuid),
        by_when=day,
    )
    check(page, f"topics-planned-{width}")
    act("publish_plan", "公布方案")
    page.goto(f"/topics/{main.matter.number}/")
    check(page, f"topics-published-{width}")

    assert page.get_by_text("先划线，再值守。").is_visible()
    main.refresh_from_db()
    assert main.before == 3
