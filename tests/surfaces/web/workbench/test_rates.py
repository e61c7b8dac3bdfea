"""The pages of the rates, the league, exclusions and the account."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.procedures.performing import perform

RATES, LEAGUE = "/desk/rates/", "/desk/rates/league/"
PAGES = (RATES, LEAGUE, "/desk/exclusions/", "/desk/account/")


@pytest.fixture
def counted(here):
    """Two rated, one of them left out; one on the account, one proposed; one asked to leave out."""
    first = here.at_stage("closed", text="修好的路", doorway=here.doorway.doorway_code)
    here.at_stage("closed", text="修好的灯", by=here.stranger)
    for action, by, facts in (
        ("ask_exclusion", here.handler, {"reason": "no_content", "text": "无实质内容的说明"}),
        ("decide_exclusion", here.supervisor, {"decision": "accept", "grounds": "确无内容"}),
    ):
        perform(first, action, by=by, facts=facts)
    account = {"reason": "money", "owner": str(here.committee.uuid), "text": "维修资金不足"}
    stuck = here.at_stage("in_hand", text="加装电梯")
    perform(stuck, "put_on_account", by=here.supervisor, facts=account)
    proposed = here.at_stage("in_hand", text="拓宽道路")
    perform(proposed, "propose_account", by=here.handler, facts=account | {"text": "要等规划"})
    perform(proposed, "ask_exclusion", by=here.handler, facts={"reason": "force_majeure",
                                                               "text": "洪水"})  # fmt: skip
    fold_pending()
    return here


def numbers(page: str) -> list[tuple[str, float]]:
    found = re.findall(r'<a class="number" href="([^"]+)"[^>]*>([\d.]+)', page)
    return [(unescape(href), float(count)) for href, count in found]


@pytest.mark.parametrize("by", ["unit", "area", "category", "group"])
@pytest.mark.parametrize("period", ["week", "month", "quarter", "year"])
def test_each_number_opens_to_as_many_events(counted, desk, by, period) -> None:
    client = desk("secretary")
    found = numbers(client.get(f"{RATES}?by={by}&period={period}").content.decode())
    assert len(found) > 6
    for address, count in found:
        assert client.get(address).context["total"] == count, address


def test_with_and_without_what_was_left_out(counted, desk) -> None:
    row = desk("secretary").get(RATES).context["rows"][0]["row"]

    assert (row.shares[1].whole, row.whole_shares[1].whole) == (1, 2)


def test_the_league_ranks_and_says_where_few_answered(counted, desk) -> None:
    answer = desk("secretary").get(f"{LEAGUE}?sort=name&rate=satisfied")
    places = answer.context["places"]

    assert [line["place"].rank for line in places] == [1]
    assert places[0]["place"].few
    assert 0 < places[0]["low"] < places[0]["high"] == 100
    assert 'class="few"' in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["period=never", "day=tomorrow", "period=custom&day=2026-05-05&until=x", "by=moon", "unit=1",
     "sort=luck", "rate=none", "category=%00", "area=%00", "day=9999-12-31", "day=0001-01-01",
     "period=custom&day=2900-01-01&until=2000-01-01"],
)  # fmt: skip
def test_what_makes_no_sense_is_as_good_as_not_asked(counted, desk, query) -> None:
    client = desk("supervisor")

    for page in (RATES, LEAGUE, f"{RATES}evidence/"):
        assert client.get(f"{page}?{query}&indicator=casework.rated").status_code == 200


def test_evidence_without_a_figure_says_so(counted, desk) -> None:
    answer = desk("supervisor").get(f"{RATES}evidence/?indicator=nonsense")

    assert (answer.status_code, answer.context["chosen"]) == (200, [])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["resident", "stranger"])
def test_residents_are_kept_out(counted, desk, page, role) -> None:
    assert desk(role).get(page).status_code == 403


def test_words_of_the_unit_are_for_those_in_charge(counted, desk) -> None:
    assert "无实质内容的说明" not in desk("other_handler").get(PAGES[2]).content.decode()
    page = desk("supervisor").get(PAGES[2])
    assert "洪水" in page.content.decode()
    assert [len(page.context[name]) for name in ("waiting", "in_force", "again")] == [1, 1, 0]


def test_the_account_has_proposals_and_what_stands_there(counted, desk) -> None:
    page = desk("supervisor").get(PAGES[3])

    assert [len(page.context[name]) for name in ("proposed", "standing", "left")] == [1, 1, 0]


@pytest.mark.parametrize("page", PAGES)
def test_pages_cost_the_same_however_much_there_is(counted, desk, page) -> None:
    client = desk("supervisor")
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for person in (counted.resident, counted.stranger):
        matter = counted.at_stage("closed", by=person)
        ask = {"reason": "no_content", "text": "无"}
        perform(matter, "ask_exclusion", by=counted.handler, facts=ask)
    fold_pending()
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)
