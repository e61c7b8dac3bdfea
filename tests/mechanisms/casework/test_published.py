"""Public pages of the account and of the exclusions: reasons and numbers, no personal data."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.procedures.performing import perform

ACCOUNT, EXCLUSIONS = "/board/account/", "/board/exclusions/"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def published(here):
    """One public and one hidden matter on the account; one matter left out of the rates."""
    account = {"reason": "money", "owner": str(here.committee.uuid), "text": "维修资金不足"}
    for text, publish in (("电梯私事甲", True), ("电梯私事乙", False)):
        matter = here.at_stage("in_hand", text=text)
        facts = {"category": "lift", "publish": publish, "public_title": "加装电梯"}
        perform(matter, "triage", by=here.dispatcher, facts=facts)
        perform(matter, "put_on_account", by=here.supervisor, facts=account)
    left_out = here.at_stage("closed", text="私事丙")
    ask = {"reason": "force_majeure", "text": "内部说明"}
    perform(left_out, "ask_exclusion", by=here.handler, facts=ask)
    yes = {"decision": "accept", "grounds": "内部理由"}
    perform(left_out, "decide_exclusion", by=here.supervisor, facts=yes)
    fold_pending()
    return here, left_out


def test_the_account_has_reason_owner_and_date(client, published) -> None:
    here, _left_out = published
    answer = client.get(ACCOUNT)
    page = answer.content.decode()

    assert answer.context["count"] == 2
    assert here.committee.name in page
    assert page.count("维修资金不足") == 1  # the hidden one without its words
    assert "私事" not in page


def test_what_left_is_said_with_how(client, published, here) -> None:
    matter = here.community.matters.filter(stage="on_account", audience="public").get()
    perform(matter, "take_off_account", by=here.supervisor, facts={"text": "资金到位了"})
    answer = client.get(ACCOUNT)

    assert answer.context["count"] == 1
    assert "资金到位了" in answer.content.decode()


def test_exclusions_have_count_reason_and_number(client, published) -> None:
    _here, left_out = published
    answer = client.get(EXCLUSIONS)
    page = answer.content.decode()

    assert answer.context["count"] == 1
    assert [number for _reason, number in answer.context["reasons"]] == [1]
    assert left_out.number in page
    for private in ("内部说明", "内部理由", "私事丙", "Dh-Supervisor", "Dh-Handler"):
        assert private not in page


def test_the_rates_stand_there_with_and_without(client, published) -> None:
    solved = client.get(EXCLUSIONS).context["rates"][1]

    assert (solved.without.whole, solved.whole.whole) == (0, 1)


def test_what_counts_again_is_said(client, published) -> None:
    here, left_out = published
    perform(left_out, "reverse_exclusion", by=here.supervisor, facts={"grounds": "内部"})
    answer = client.get(EXCLUSIONS)

    assert (answer.context["count"], len(answer.context["again"])) == (0, 1)


@pytest.mark.parametrize("page", [ACCOUNT, EXCLUSIONS])
def test_they_are_open_to_all_also_when_empty(client, here, page) -> None:
    assert client.get(page).status_code == 200
    assert client.get(f"{page}?page=many").status_code == 200
    assert client.post(page).status_code == 405


@pytest.mark.parametrize("page", [ACCOUNT, EXCLUSIONS])
def test_they_cost_the_same_however_long(client, published, here, page) -> None:
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    account = {"reason": "law", "owner": str(here.roads.uuid), "text": "法规不允许"}
    for _ in range(2):
        matter = here.at_stage("in_hand")
        perform(matter, "put_on_account", by=here.supervisor, facts=account)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)
