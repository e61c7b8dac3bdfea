"""The supervisor looks at a year: on a phone, on a large screen, without scripts, on paper."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.procedures.performing import begin, perform
from tests.journeys.conftest import check, shoot, sign_in

PAGES = (
    ("figures", "/desk/figures/?period=year"),
    ("rates", "/desk/rates/?period=year"),
    ("league", "/desk/rates/league/?period=year"),
    ("figures-all", "/desk/figures/all/"),
)


@pytest.fixture
def year(here: Any) -> Any:
    """Two dozen requests of fourteen months, at every step, by two units."""
    dice, now = random.Random(3), timezone.now()
    for number in range(24):
        at = now - timedelta(days=dice.choice([5, 20, 40, 70, 100, 160, 220, 300, 380, 410]))
        place = {"longitude": 114.305, "latitude": 30.505} if dice.random() < 0.8 else {}
        matter = begin("casework", "report", community=here.community, by=here.resident, at=at,
                       facts={"text": f"第{number}件", **place}).matter  # fmt: skip
        unit, handler = dice.choice(
            [(here.roads, here.handler), (here.property_company, here.other_handler)]
        )
        steps = [
            (here.dispatcher, "triage", {"category": dice.choice(["pothole", "lift", "parking"])}),
            (here.dispatcher, "dispatch", {"to": str(unit.uuid)}),
            (handler, "reply", {"text": "会办"}),
            (handler, "solve", {"text": "好了"}),
            (here.resident, "rate", {"contacted": True, "solved": dice.random() < 0.8,
                                     "satisfaction": dice.randint(2, 5)}),
        ]  # fmt: skip
        for by, action, facts in steps[: dice.choice([0, 1, 2, 3, 4, 5, 5, 5, 5])]:
            at = min(at + timedelta(hours=dice.choice([1, 3, 20, 50])), now)
            perform(matter, action, by=by, facts=facts, at=at)
    while fold_pending():
        pass
    return here


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_pages_of_figures(year, open_page, served, width) -> None:
    page = open_page(width, "zh-CN" if width == "phone" else "en")
    sign_in(page, served, year.supervisor)
    for name, path in PAGES:
        page.goto(path)
        charts = page.locator("[data-chart]")
        for number in range(charts.count()):
            charts.nth(number).wait_for(state="attached")
            page.wait_for_function(
                "n => !document.querySelectorAll('[data-chart]')[n].hidden", arg=number
            )
        if page.locator("#density").count():
            page.locator("#density").scroll_into_view_if_needed()
            page.wait_for_selector(".density-count")
        check(page, f"figures-{name}-{width}")
    page.goto(PAGES[0][1])
    ground = page.locator(".ll-chart__ground").first
    ground.wait_for()
    ground.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".ll-chart__said").first.inner_text()


def test_without_scripts_the_tables_say_it(year, open_page, served) -> None:
    page = open_page("phone", "zh-CN", javascript=False)
    sign_in(page, served, year.supervisor)
    page.goto(PAGES[0][1])
    assert page.locator("table.figures").count() >= 8
    assert page.locator("table.figures").first.is_visible()
    assert not page.locator(".ll-chart__ground").first.is_visible()


def test_on_paper(year, open_page, served) -> None:
    page = open_page("desk", "zh-CN")
    sign_in(page, served, year.supervisor)
    page.goto(PAGES[0][1])
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-chart]')].every(one => !one.hidden)"
    )
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 760, "height": 1000})
    assert page.locator("table.figures").first.is_visible()
    shoot(page, "figures-on-paper")
