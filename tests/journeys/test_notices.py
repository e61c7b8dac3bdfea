"""Notices, ways to be told, deliveries and webhooks in a browser, on a phone and on a desk."""

from __future__ import annotations

from typing import Any

import pytest

from linli.kernel.notify.endpoints import add_endpoint
from linli.kernel.notify.models import Notice
from tests.journeys.conftest import check, sign_in

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])


@pytest.fixture
def told(here: Any, settings: Any) -> Any:
    """People with notices, some given up, and two webhooks."""
    settings.WEBHOOK_PRIVATE = True
    here.at_stage("solved", text="东门路面塌了一块。晚上看不清，差点摔倒。")
    here.at_stage("dispatched", text="电梯时停时走。")
    mail = Notice.objects.filter(channel="email")
    mail.update(state="dead", attempts=9, last_error="邮件服务器答复 451。")
    add_endpoint(here.community, "社区大屏", "http://127.0.0.1:9/linli", [], by=here.secretary)
    add_endpoint(
        here.community, "市级平台", "http://127.0.0.1:9/city/governance/events/incoming",
        ["casework.replied", "casework.solved", "casework.closed"], by=here.secretary,
    )  # fmt: skip
    return here


@BOTH
def test_a_resident_reads_the_notices(told: Any, served: str, open_page: Any, width: str) -> None:
    page = open_page(width)
    sign_in(page, served, told.resident)
    page.goto("/notices/")
    check(page, f"notices-{width}")
    page.get_by_role("button", name="您反映的事有答复了").first.click()
    page.wait_for_url("**/matters/**")
    page.goto("/notices/ways/")
    page.locator("#push [role=status]:not(:empty)").wait_for()
    check(page, f"notices-ways-{width}")
    page.get_by_label("发电子邮件告诉我").uncheck()
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存").wait_for()
    page.goto("/notices/")
    page.get_by_role("button", name="全部标为已读").click()
    page.wait_for_load_state()
    assert page.locator(".notice--new").count() == 0


@BOTH
def test_staff_look_after_deliveries(told: Any, served: str, open_page: Any, width: str) -> None:
    page = open_page(width)
    sign_in(page, served, told.secretary)
    page.goto("/notices/")
    check(page, f"notices-staff-{width}")
    page.goto("/desk/deliveries/")
    check(page, f"deliveries-{width}")
    page.get_by_role("button", name="再试一次").first.click()
    page.locator(".ll-alert--success").wait_for()
    page.goto("/desk/webhooks/")
    check(page, f"webhooks-{width}")
    page.get_by_label("名称", exact=True).fill("志愿者平台")
    page.get_by_role("textbox", name="地址", exact=True).fill("ftp://x")
    page.get_by_role("button", name="添加", exact=True).click()
    page.locator(".ll-field--wrong").wait_for()
    check(page, f"webhooks-wrong-{width}")
    page.get_by_role("textbox", name="地址", exact=True).fill("http://127.0.0.1:9/volunteers")
    page.get_by_role("button", name="添加", exact=True).click()
    page.locator(".webhook__secret").wait_for()
    check(page, f"webhooks-secret-{width}")
