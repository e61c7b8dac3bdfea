"""A mailbox is set up, a letter becomes a matter, and one that was put aside is taken in."""

from __future__ import annotations

from typing import Any

import pytest

from linli.kernel.mail.models import Mailbox
from linli.kernel.matters.models import Matter
from linli.kernel.notify import posting
from linli.mechanisms.casework.by_mail.fetching import fetch
from tests.journeys.conftest import check, sign_in
from tests.letters import CONFIRMED, SERVER, letter
from tests.mail_server import NAME, PASSWORD, serving
from tests.pictures import picture


@pytest.fixture
def server(tmp_path: Any, monkeypatch: Any, settings: Any) -> Any:
    """A mail server whose certificate this process trusts."""
    settings.WEBHOOK_PRIVATE = True
    with serving(tmp_path) as (box, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        posting.certificates.cache_clear()
        yield box
    posting.certificates.cache_clear()


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_letters_reach_the_desk(
    here: Any, served: str, server: Any, open_page: Any, width: str
) -> None:
    page = open_page(width)
    _add_the_mailbox(page, here, served, server)
    text = "东湖路1号2栋1单元门口的路灯坏了三天，晚上老人看不见台阶，请尽快派人来修。"
    server.receive(letter(text, above=CONFIRMED, files=(("lamp.png", picture().read()),)))
    server.receive(letter(text, above=CONFIRMED, files=(("a.png", b"x"),)))
    server.receive(
        letter("会议通知：本周五下午三点开会。", subject="通知", more="Precedence: bulk")
    )
    server.receive(letter("x", sender="MAILER-DAEMON@mail.example", subject="Undelivered mail"))
    fetch(Mailbox.objects.select_related("community__pack").get())
    page.goto("/desk/mailboxes/")
    check(page, f"mailboxes-{width}")

    sign_in(page, served, here.dispatcher)
    page.goto(f"/desk/m/{Matter.objects.get().number}/")
    page.get_by_text("邮箱域名已证实").first.wait_for()
    check(page, f"mail-matter-{width}")
    page.goto("/desk/letters/")
    check(page, f"letters-{width}")
    page.get_by_role("link", name="通知", exact=True).click()
    page.get_by_text("本周五下午三点").wait_for()
    check(page, f"letter-{width}")
    page.get_by_role("button", name="收下，登记为诉求").click()
    page.get_by_text("没有给任何人回信").wait_for()
    assert Matter.objects.count() == 2


def _add_the_mailbox(page: Any, here: Any, served: str, server: Any) -> None:
    sign_in(page, served, here.secretary)
    page.goto("/desk/mailboxes/")
    for name, value in (("address", NAME), ("host", "localhost"), ("port", str(server.port)),
                        ("username", NAME), ("password", PASSWORD), ("authserv_id", SERVER)):  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="添加").click()
    page.get_by_text("信箱已添加").wait_for()
    page.get_by_role("button", name="试一下连接").click()
    page.get_by_text("连接正常").wait_for()
