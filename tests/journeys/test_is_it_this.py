"""“Is it this?”: while one types, before it is filed, on the board, and at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import begin, perform
from tests.journeys.conftest import check, sign_in

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])
PLACE = {"longitude": 114.305, "latitude": 30.505}


@pytest.fixture
def lamp(here: Any) -> Matter:
    """A public matter with a promise and two supporters, and another lamp further on."""
    day = timezone.localdate() + timedelta(days=6)
    titles = (("东湖路2栋门口路灯不亮", 0.0), ("北门路灯一到晚上就闪", 0.0008))
    matters = []
    for title, east in titles:
        place = {"longitude": PLACE["longitude"] + east, "latitude": PLACE["latitude"]}
        matter = here.report(text=title, by=here.resident, **place).matter
        facts = {"category": "streetlight", "public_title": title}
        perform(matter, "triage", by=here.dispatcher, facts=facts)
        matters.append(matter)
    lamp = matters[0]
    perform(lamp, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    reply = {"text": "灯头已订货，到货就换。", "promised_on": day}
    perform(lamp, "reply", by=here.handler, facts=reply)
    for _ in range(2):
        begin("casework", "support", community=here.community, by=None,
              facts={"into": lamp.number})  # fmt: skip
    lamp.refresh_from_db()
    return lamp


@BOTH
def test_while_one_types(here: Any, lamp: Matter, open_page: Any, width: str) -> None:
    page = open_page(width)
    page.goto("/d/DH0001/")
    page.fill("[name=text]", "2栋门口灯坏了，晚上黑得看不见路")
    page.wait_for_selector("#similar [data-support]")
    check(page, f"similar-typing-{width}")
    assert lamp.public_title in page.inner_text("#similar li:first-child")
    assert "3 人" in page.inner_text("#similar li:first-child")
    page.click(f"#similar [data-support={lamp.number}]")
    page.wait_for_selector("#received")
    check(page, f"similar-received-{width}")
    mine = Matter.objects.latest("pk")
    assert (mine.stage, mine.text) == ("joined", "2栋门口灯坏了，晚上黑得看不见路")
    page.goto(page.url.replace("received/", ""))
    check(page, f"similar-tracking-{width}")
    assert lamp.public_title in page.inner_text(".stands")


@BOTH
def test_without_a_script_a_page_asks(here: Any, lamp: Matter, open_page: Any, width: str) -> None:
    page = open_page(width, javascript=False)
    page.goto("/d/DH0001/")
    page.fill("[name=text]", "路灯坏了，晚上很黑")
    page.fill("[name=phone]", "13800000000")
    page.click("#send")
    page.wait_for_selector("#similar-form")
    check_without_script(page, f"similar-ask-{width}")
    assert Matter.objects.count() == 4
    page.click("#similar-form .ll-button--big")
    page.wait_for_selector("#received")
    mine = Matter.objects.latest("pk")
    assert (mine.stage, mine.text) == ("received", "路灯坏了，晚上很黑")
    assert mine.reporter is not None
    assert mine.reporter.contacts.count() == 1


def check_without_script(page: Any, name: str) -> None:
    """Take a picture; axe itself is a script, so that only the width is checked."""
    from tests.journeys.conftest import shoot

    shoot(page, name)


@BOTH
def test_from_the_board(here: Any, lamp: Matter, open_page: Any, width: str) -> None:
    page = open_page(width)
    page.goto(f"/board/{lamp.number}/")
    check(page, f"similar-board-{width}")
    page.click("text=我也遇到了")
    check(page, f"similar-support-{width}")
    page.fill("[name=text]", "我家窗前也黑")
    page.click(".ll-button--big")
    page.wait_for_selector("#received")
    page.goto(f"/board/{lamp.number}/support/")
    assert "已经算上您了" in page.content()


@BOTH
def test_the_desk_joins_and_takes_apart(
    here: Any, lamp: Matter, served: str, open_page: Any, width: str
) -> None:
    twin = here.report(text="路灯坏了，老人摔了一跤", longitude=114.3053, latitude=30.505).matter
    page = open_page(width)
    page.goto("/")
    sign_in(page, served, here.dispatcher)
    page.goto(f"/desk/m/{twin.number}/")
    check(page, f"similar-desk-{width}")
    page.click("#alike li:first-child button")
    page.wait_for_selector("#do-part")
    check(page, f"similar-desk-joined-{width}")
    page.click("#do-part summary")
    page.fill("[name=part-reason]", "是另一盏灯，在北门")
    page.click("#do-part button")
    page.wait_for_selector("#alike")
    twin.refresh_from_db()
    assert twin.stage == "received"
