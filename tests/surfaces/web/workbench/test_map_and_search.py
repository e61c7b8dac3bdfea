"""Open matters on the map, and search: each only what lies with the person."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.people.contacts import set_contact

BOX = {"box": "114.2,30.4,114.4,30.6", "zoom": "15"}
POINTS = "/desk/map/points.json"


def placed(here, text: str = "路灯", east: float = 0.005):
    return here.report(text=text, longitude=114.30 + east, latitude=30.505).matter


def test_it_works(here, desk) -> None:
    matter = placed(here)
    pins = desk("dispatcher").get(POINTS, BOX).json()["pins"]
    assert [(pin["number"], pin["url"]) for pin in pins] == [
        (matter.number, f"/desk/m/{matter.number}/")
    ]


def test_the_map_works_in_words_too(here, desk, text) -> None:
    placed(here)
    here.report(text="没有地点")
    answer = desk("dispatcher").get("/desk/map/")
    assert f"?area={here.grid_area.uuid}" in text(answer)
    assert [row["count"] for row in answer.context["areas"]] == [1, 1]


def test_many_are_counted_together(here, desk) -> None:
    for _ in range(151):
        placed(here)
    found = desk("dispatcher").get(POINTS, {**BOX, "zoom": "10"}).json()
    assert sum(one["count"] for one in found["clusters"]) + len(found["pins"]) == 151
    assert found["clusters"]


def test_only_ones_own_lie_on_it(here, elsewhere, desk) -> None:
    placed(here)
    assert desk("handler").get(POINTS, BOX).json() == {"clusters": [], "pins": []}
    assert desk("dispatcher", elsewhere).get(POINTS, BOX).json()["pins"] == []


@pytest.mark.parametrize(
    "asked",
    [{}, {"box": "1,2,3", "zoom": "9"}, {"box": "a,b,c,d", "zoom": "9"},
     {"box": "115,30,114,31", "zoom": "9"}, {"box": "nan,1,2,3", "zoom": "9"},
     {**BOX, "zoom": "x"}, {**BOX, "zoom": ""}, {"box": "1" * 5000, "zoom": "9"}],
)  # fmt: skip
def test_a_box_that_is_none_is_refused(here, desk, asked) -> None:
    assert desk("dispatcher").get(POINTS, asked).status_code == 400


def test_queries_of_the_map_do_not_grow(here, desk) -> None:
    client, counts = desk("dispatcher"), []
    for _ in range(2):
        for _ in range(4):
            placed(here)
        with CaptureQueriesContext(connection) as counted:
            client.get(POINTS, BOX)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 9


# --- search ---------------------------------------------------------------------------------
def test_words_are_found(here, desk, text) -> None:
    matter = here.report(text="东门的路灯不亮").matter
    answer = desk("dispatcher").get("/desk/search/", {"q": "路灯"})
    assert matter.number in text(answer)
    assert 'value="路灯"' in text(answer)


def test_a_number_leads_straight_there(here, desk) -> None:
    matter = here.report().matter
    answer = desk("dispatcher").get("/desk/search/", {"q": matter.number.lower()})
    assert answer["Location"] == f"/desk/m/{matter.number}/"


def test_a_telephone_number_is_found_whole_and_never_by_the_accused(here, desk, text) -> None:
    set_contact(here.resident, "phone", "13955550137")
    matter = here.at_stage("accepted")
    assert matter.number in text(desk("handler").get("/desk/search/?q=13955550137"))
    assert matter.number not in text(desk("handler").get("/desk/search/?q=139555501"))
    assert matter.number not in text(desk("other_handler").get("/desk/search/?q=13955550137"))


@pytest.mark.parametrize("words", ["", " ", "\x00", "%", "'", '"><script>', "x" * 5000, "a OR b*"])
def test_odd_words_find_nothing_and_break_nothing(here, desk, text, words) -> None:
    here.report(text="路灯")
    answer = desk("dispatcher").get("/desk/search/", {"q": words})
    assert answer.status_code == 200
    assert "<script>" not in text(answer).replace("<script src", "")


def test_private_words_are_not_shown_where_only_the_public_text_is_open(here, desk, text) -> None:
    from linli.kernel.procedures.performing import perform

    matter = here.report(text="我是张三，住502，路坏了").matter
    facts = {"category": "pothole", "public_title": "东门路面破损"}
    perform(matter, "triage", by=here.dispatcher, facts=facts)
    page = text(desk("handler").get("/desk/search/", {"q": "路面破损"}))
    assert "东门路面破损" in page
    assert "张三" not in page


def test_queries_of_search_do_not_grow(here, desk) -> None:
    client, counts = desk("dispatcher"), []
    for _ in range(2):
        for _ in range(4):
            here.at_stage("accepted", text="路灯不亮")
        with CaptureQueriesContext(connection) as counted:
            client.get("/desk/search/", {"q": "路灯"})
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 15
