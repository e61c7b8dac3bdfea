"""Asked back: a caller takes a call, a guest answers by the link; rates, league, the account."""

from __future__ import annotations

from typing import Any

import pytest

from linli.kernel.access.links import link_for, token_of
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.people.contacts import set_contact
from linli.kernel.procedures.performing import perform
from tests.journeys.conftest import check, sign_in

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])
GOOD = {"contacted": True, "solved": True, "satisfaction": 5}


@pytest.fixture
def asking(here: Any, settings: Any, tmp_path: Any) -> Any:
    """A neighbourhood with calls to make, answers given, exclusions and matters on the account."""
    settings.MEDIA_ROOT = tmp_path
    names = {"caller": "钱回访", "handler": "李师傅", "supervisor": "赵督办", "resident": "周阿姨"}
    for role, name in names.items():
        person = getattr(here, role)
        person.display_name = name
        person.save()
    set_contact(here.resident, "phone", "13955550137")
    here.at_stage("solved", text="三号楼楼道灯坏了好几天，老人上下楼看不清。")
    here.at_stage("solved", text="垃圾桶满了没人收。")
    for text, satisfaction in (("电梯停住", 5), ("路面塌陷", 4), ("井盖响", 2)):
        matter = here.at_stage("solved", text=text)
        perform(matter, "rate", by=here.resident, facts=GOOD | {"satisfaction": satisfaction})
    ask = {"reason": "force_majeure", "text": "洪水期间无法施工，附气象证明。"}
    perform(matter, "ask_exclusion", by=here.handler, facts=ask)
    yes = {"decision": "accept", "grounds": "证明属实。"}
    perform(matter, "decide_exclusion", by=here.supervisor, facts=yes)
    waiting = here.at_stage("closed", text="电话打错了")
    perform(waiting, "ask_exclusion", by=here.handler, facts=ask | {"reason": "no_content"})
    account = {"reason": "money", "owner": str(here.committee.uuid),
               "text": "老楼加装电梯需要两百万，维修资金不足，已向街道申请。"}  # fmt: skip
    for number in range(2):
        stuck = here.at_stage("in_hand", text="六层老楼没有电梯")
        action, by = (("put_on_account", here.supervisor), ("propose_account", here.handler))[
            number
        ]
        perform(stuck, action, by=by, facts=account)
    fold_pending()
    return here


@BOTH
def test_a_call_is_made(asking, open_page, served, width) -> None:
    page = open_page(width)
    sign_in(page, served, asking.caller)
    page.goto("/desk/calls/")
    check(page, f"calls-{width}")
    page.get_by_role("button", name="回访下一位").click()
    page.locator(".call__reveal button").first.click()
    page.get_by_text("13955550137").wait_for()
    check(page, f"call-{width}")
    answers = page.get_by_role("region", name="诉求人怎么说")
    answers.get_by_label("是").first.check()
    answers.get_by_role("button", name="记下评价").click()
    check(page, f"call-refused-{width}")
    answers = page.get_by_role("region", name="诉求人怎么说")
    for group in answers.get_by_role("group").all()[:3]:
        group.get_by_role("radio").first.check()
    answers.get_by_role("button", name="记下评价").click()
    page.wait_for_url("**/desk/calls/")
    check(page, f"calls-after-{width}")


@BOTH
def test_a_guest_answers_by_the_link(here, open_page, served, width) -> None:
    matter = here.report(text="小区门口的路灯不亮。", phone="13955550137").matter
    for action, by, facts in (
        ("triage", here.dispatcher, {"category": "streetlight"}),
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("reply", here.handler, {"text": "今天来修。"}),
        ("solve", here.handler, {"text": "换了两个灯泡，已经亮了。"}),
    ):
        perform(matter, action, by=by, facts=facts)
    address = f"/t/{token_of(link_for(matter, matter.reporter))}/rate/"
    page, late = open_page(width), open_page(width)
    for one in (page, late):
        one.goto(address)
    check(page, f"link-questions-{width}")
    for one in (page, late):
        for group in one.get_by_role("group").all()[:3]:
            group.get_by_role("radio").first.check()
        one.locator("#do-rate button").click()
        one.wait_for_load_state()
    check(page, f"link-thanks-{width}")
    check(late, f"link-too-late-{width}")
    matter.refresh_from_db()
    assert matter.stage == "closed"


@BOTH
def test_rates_league_account_and_exclusions(asking, open_page, served, width) -> None:
    page = open_page(width)
    for path, name in (("/board/account/", "account"), ("/board/exclusions/", "exclusions")):
        page.goto(path)
        check(page, f"board-{name}-{width}")
    sign_in(page, served, asking.supervisor)
    for path, name in (
        ("/desk/rates/", "rates"),
        ("/desk/rates/league/?by=category", "league"),
        ("/desk/exclusions/", "exclusions"),
        ("/desk/account/", "account"),
    ):
        page.goto(path)
        check(page, f"desk-{name}-{width}")
    page.goto("/desk/rates/")
    page.wait_for_selector(".ll-chart__ground canvas")
    if width == "phone":  # the chart stands for the table, which a tap opens
        page.locator(".ll-chart__table > summary").click()
    page.locator("table .number").first.click()
    page.wait_for_url("**/evidence/**")
    check(page, f"desk-rates-evidence-{width}")
