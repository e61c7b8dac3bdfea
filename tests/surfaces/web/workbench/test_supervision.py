"""Supervision: each list holds what it says, by unit, with what shows why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.kernel.packs.loading import adopt, content_of, store_pack
from linli.kernel.procedures.flagging import rebuild_flags
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.models import ServiceRequest
from linli.mechanisms.casework.supervision import BOARDS

PAGE = "/desk/supervision/"
RETURN = {"reason": "not_our_duty", "explanation": "不归我们"}


@pytest.fixture
def watched(here):
    """One matter on each list, by name."""
    now = timezone.now()
    found = {
        board.name: here.at_stage("closed" if board.name == "appealed" else "in_hand")
        for board in BOARDS
        if board.name not in ("returned", "bound")
    }
    found["returned"] = here.at_stage("accepted")
    found["bound"] = here.at_stage("received")
    perform(found["returned"], "return_to_desk", by=here.handler, facts=RETURN)
    facts = {"to": str(here.property_company.uuid), "grounds": "墙面归物业"}
    perform(found["bound"], "assign", by=here.supervisor, facts=facts)
    perform(found["urged"], "urge", by=here.supervisor, facts={"text": "请说明进度"})
    perform(found["appealed"], "appeal", by=here.resident, facts={"reason": "没修好"})
    Matter.objects.update(due_at=now + timedelta(days=9))
    for name, hours in (("overdue", -2), ("soon", 5)):
        Matter.objects.filter(pk=found[name].pk).update(due_at=now + timedelta(hours=hours))
    ServiceRequest.objects.filter(pk=found["reopened"].pk).update(reopened=1)
    ServiceRequest.objects.filter(pk=found["broken"].pk).update(promise_broken=True)
    for _corrected in rebuild_flags(here.community):
        pass
    return here, found


def numbers(answer) -> set[str]:
    return {matter.number for matter, _shown in answer.context["rows"]}


def test_it_works(watched, desk, text) -> None:
    _here, found = watched
    client = desk("supervisor")
    for board in BOARDS:
        answer = client.get(PAGE, {"view": board.name})
        assert numbers(answer) == {found[board.name].number}, board.name
        assert [number for _unit, number, *_more in answer.context["units"]] == [1]
    assert client.get(PAGE).context["board"].name == "overdue"
    assert client.get(PAGE, {"view": "nonsense"}).context["board"].name == "overdue"


def test_it_says_who_returned_it_and_why(watched, desk, text) -> None:
    page = text(desk("supervisor").get(PAGE, {"view": "returned"}))
    assert "市政所" in page
    assert "不属于本单位职责" in page
    assert "墙面归物业" in text(desk("supervisor").get(PAGE, {"view": "bound"}))
    assert "请说明进度" in text(desk("supervisor").get(PAGE, {"view": "urged"}))


def test_a_number_opens_to_its_list(watched, desk) -> None:
    client = desk("supervisor")
    context = client.get(PAGE, {"view": "returned"}).context
    ((_name, number, address, _chosen),) = context["units"]
    assert number == len(numbers(client.get(address)))
    assert numbers(client.get(PAGE, {"view": "bound", "unit": "none"})) == set()


def test_filters(watched, desk) -> None:
    here, found = watched
    client = desk("supervisor")
    mine = {"view": "broken", "unit": str(here.roads.uuid), "category": "pothole"}
    assert numbers(client.get(PAGE, mine)) == {found["broken"].number}
    assert numbers(client.get(PAGE, mine | {"category": "lift"})) == set()
    assert numbers(client.get(PAGE, mine | {"closed": "1"})) == set()
    # What names nothing here is as good as none.
    for wrong in ({"category": "x"}, {"unit": "x"}, {"area": "x"}, {"closed": "x"}):
        assert numbers(client.get(PAGE, {"view": "broken"} | wrong)) == {found["broken"].number}


def test_soon_is_what_the_pack_says(watched, desk) -> None:
    here, _found = watched
    content = content_of(here.community.pack)
    less = content.casework.model_copy(update={"soon_hours": 1})
    adopt(here.community, store_pack(content.model_copy(update={"casework": less})))
    assert numbers(desk("supervisor").get(PAGE, {"view": "soon"})) == set()


def test_each_sees_what_lies_with_them(watched, desk, elsewhere) -> None:
    _here, found = watched
    assert numbers(desk("other_handler").get(PAGE, {"view": "bound"})) == {found["bound"].number}
    assert numbers(desk("other_handler").get(PAGE, {"view": "broken"})) == set()
    assert numbers(desk("supervisor", elsewhere).get(PAGE, {"view": "broken"})) == set()
    assert desk("resident").get(PAGE).status_code == 403


def test_the_cost_does_not_grow(watched, desk) -> None:
    here, _found = watched
    client = desk("supervisor")

    def cost(view: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {"view": view})
        return len(queries)

    before = cost("returned")
    for _number in range(3):
        matter = here.at_stage("accepted")
        perform(matter, "return_to_desk", by=here.handler, facts=RETURN)
    assert cost("returned") == before <= 22


def test_urging_opens_from_the_list(watched, desk, text) -> None:
    _here, found = watched
    client = desk("supervisor")
    address = f"/desk/m/{found['overdue'].number}/"
    assert f"{address}?open=urge#do-urge" in text(client.get(PAGE))
    opened = text(client.get(f"{address}?open=urge"))
    assert 'open id="do-urge"' in opened
    assert 'open id="do-urge"' not in text(client.get(address))
