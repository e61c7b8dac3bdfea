"""The supervisor's board and the first page: numbers that open the list they count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.flagging import rebuild_flags
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.models import ServiceRequest
from tests.neighbourhood import make_neighbourhood

BOARD = "/desk/board/"


@pytest.fixture
def pressing(here):
    """One of each kind that presses, all with the roads unit but the first."""
    here.report(text="没人管")
    late, soon, broken, again = (here.at_stage("in_hand") for _ in range(4))
    calm = here.at_stage("accepted")
    now = timezone.now()
    due = {late: -1, soon: 0.5, broken: 3, again: 3, calm: 3}
    for matter, days in due.items():
        Matter.objects.filter(pk=matter.pk).update(due_at=now + timedelta(days=days))
    ServiceRequest.objects.filter(pk=broken.pk).update(promise_broken=True)
    ServiceRequest.objects.filter(pk=again.pk).update(reopened=1)
    assert len(list(rebuild_flags(here.community))) == 2
    perform(calm, "return_to_desk", by=here.handler,
            facts={"reason": "not_our_duty", "explanation": "不归我们"})  # fmt: skip
    return here


def test_it_works(pressing, desk) -> None:
    rows = dict(desk("supervisor").get(BOARD).context["rows"])
    counts = {queue.name: count for queue, count, _address in rows[pressing.roads]}
    assert counts == {"": 4, "overdue": 1, "soon": 1, "unsent": 0, "returned": 0, "disputed": 0,
                      "reopened": 1, "broken": 1}  # fmt: skip
    nobody = {queue.name: count for queue, count, _address in rows[None]}
    assert (nobody[""], nobody["unsent"], nobody["returned"]) == (2, 2, 1)


def test_each_number_opens_to_as_many(pressing, desk) -> None:
    client = desk("supervisor")
    context = client.get(BOARD).context
    lines = [cells for _unit, cells in context["rows"]] + [context["totals"]]
    for cells in lines:
        for queue, count, address in cells:
            assert client.get(address).context["size"] == count, (queue.name, address)


def test_a_handler_counts_the_own_unit_alone(pressing, desk) -> None:
    rows = desk("handler").get(BOARD).context["rows"]
    assert [unit for unit, _cells in rows] == [pressing.roads]


def test_nothing_open_says_so(here, desk, text) -> None:
    assert "ll-empty" in text(desk("supervisor").get(BOARD))


@pytest.mark.parametrize("path", [BOARD, "/desk/"])
@pytest.mark.parametrize("role", ["resident", "stranger"])
def test_staff_alone(here, desk, role, path) -> None:
    assert desk(role).get(path).status_code == 403


def test_queries_do_not_grow(here, desk) -> None:
    client, counts = desk("supervisor"), []
    for unit in (here.roads, here.property_company):
        for _ in range(3):
            matter = here.report().matter
            perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(unit.uuid)})
        with CaptureQueriesContext(connection) as counted:
            client.get(BOARD)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


# --- the first page -------------------------------------------------------------------------
def test_the_first_page_says_as_whom_one_acts_and_what_waits(pressing, desk, text) -> None:
    answer = desk("dispatcher").get("/desk/")
    assert pressing.desk.name in text(answer)
    tiles = {queue.name: count for queue, count in answer.context["tiles"]}
    assert (tiles[""], tiles["overdue"], tiles["unsent"]) == (6, 1, 2)
    assert len(answer.context["matters"]) == 6


def test_each_tile_opens_to_as_many(pressing, desk) -> None:
    client = desk("dispatcher")
    for queue, count in client.get("/desk/").context["tiles"]:
        assert client.get("/desk/inbox/", {"view": queue.name}).context["size"] == count


def test_posts_in_another_neighbourhood_are_one_click_away(here, desk, text) -> None:
    there = make_neighbourhood("xh", "XH")
    there.community.name = "西湖社区"
    there.community.save()
    there.post(here.dispatcher, there.desk, "dispatcher")
    client = desk("dispatcher")
    assert 'href="/desk/?c=xh"' in text(client.get("/desk/"))
    page = text(client.get("/desk/?c=xh"))
    assert "西湖社区" in page
    assert 'href="/desk/?c=dh"' in page


def test_times_are_the_communitys_own(here, desk, text) -> None:
    moment = timezone.now().replace(year=2026, month=3, day=1, hour=20, minute=5)
    matter = here.report(text="晚上报的").matter
    Matter.objects.filter(pk=matter.pk).update(created_at=moment)
    page = text(desk("dispatcher").get(f"/desk/m/{matter.number}/"))
    assert "2026-03-02T04:05" in page
