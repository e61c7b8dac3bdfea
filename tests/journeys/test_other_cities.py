"""Another city is added, a request is referred to it, and what becomes of it comes back.

The other city is a second community of the same server: it is spoken to as any other.
"""

from __future__ import annotations

from typing import Any

import pytest

from linli.kernel.access.tokens import issue
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.exchanging.pulling import pull
from linli.mechanisms.casework.exchanging.pushing import push_due
from tests.journeys.conftest import check, sign_in


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_request_goes_there_and_news_come_back(
    here: Any, elsewhere: Any, served: str, settings: Any, open_page: Any, width: str
) -> None:
    settings.WEBHOOK_PRIVATE = True
    key = issue(elsewhere.stranger, elsewhere.community, "dh", None, scope="open311")
    page = open_page(width)
    _add_the_city(page, here, served, key)
    endpoint = Endpoint.objects.select_related("community").get()
    Exchanged.objects.create(
        endpoint=endpoint, way="in", state="dead", their_id="XH-2026-000009",
        last_error="请从选项中选。",
    )  # fmt: skip
    page.goto("/desk/endpoints/")
    check(page, f"other-cities-{width}")

    matter = here.at_stage("received", by=here.resident, longitude=114.305, latitude=30.505)
    _refer(page, here, served, matter)
    assert push_due() == 1
    theirs = Matter.objects.get(community=elsewhere.community)
    perform(theirs, "close", by=elsewhere.dispatcher, facts={"text": "已经补好。"})
    assert pull(endpoint).news == 1

    page.goto(f"/desk/m/{matter.number}/")
    page.get_by_text("外地来了消息").first.wait_for()
    check(page, f"other-cities-matter-{width}")


def _add_the_city(page: Any, here: Any, served: str, key: str) -> None:
    sign_in(page, served, here.secretary)
    page.goto("/desk/endpoints/")
    page.get_by_label("本地怎么称呼它").fill("邻市")
    page.locator("#id_url").fill(f"{served}/open311/v2/services.json")
    page.get_by_label("对方的 jurisdiction_id").fill("xh")
    page.get_by_label("对方给的 api_key").fill(key)
    page.get_by_label("从那里接收诉求").check()
    page.get_by_label("受理台可以往那里转送诉求").check()
    page.get_by_role("button", name="添加").click()
    page.get_by_text("已添加，对方有回应").wait_for()


def _refer(page: Any, here: Any, served: str, matter: Any) -> None:
    sign_in(page, served, here.dispatcher)
    page.goto(f"/desk/m/{matter.number}/")
    form = page.locator("#do-refer")
    page.locator("#do-refer > summary").click()
    form.locator("[name=refer-reason]").select_option(index=1)
    form.locator("[name=refer-referred_to]").fill("邻市")
    form.locator("[name=refer-text]").fill("由邻市办理。")
    form.locator("[name=refer-endpoint]").select_option(label="邻市")
    form.locator("[name=refer-handover]").fill("湖边路上有坑。")
    form.get_by_role("button").last.click()
    page.wait_for_load_state()
    matter.refresh_from_db()
    assert matter.stage == "referred"
