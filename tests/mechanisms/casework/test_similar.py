"""“Is it this?”: public reports near by are suggested, nothing else, and nothing is given away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.similar import Asked, probable_duplicates, similar_public

HERE = {"longitude": 114.305, "latitude": 30.505}
TYPED = {"text": "路灯坏了，晚上很黑", "longitude": "114.3051", "latitude": "30.5051"}


def publish(here, matter, *, title="门口路灯不亮", publish=True, category="streetlight"):
    facts = {"category": category, "public_title": title, "publish": publish}
    perform(matter, "triage", by=here.dispatcher, facts=facts)
    matter.refresh_from_db()
    return matter


@pytest.fixture
def lamp(here):
    return publish(here, here.report(text="三号楼门口路灯不亮，王大爷摔了", **HERE).matter)


def found_by(here, text="路灯坏了", **place) -> list[str]:
    asked = Asked(text, **(place or HERE))
    return [one.matter.number for one in similar_public(here.community, asked)]


def test_it_works(here, lamp) -> None:
    assert found_by(here) == [lamp.number]


@pytest.mark.parametrize(
    "text", ["门口那盏灯不亮了", "The street lamp is broken", "黑灯瞎火的,灯坏了"]
)
def test_it_is_found_in_other_words(here, lamp, text) -> None:
    assert found_by(here, text) == [lamp.number]


@pytest.mark.parametrize(
    "text", ["垃圾没人收", "电梯坏了困人", "坏了", "", "请尽快处理，谢谢", "\U0001f600" * 9]
)
def test_what_says_something_else_is_not(here, lamp, text) -> None:
    assert found_by(here, text) == []


def test_far_away_is_another_lamp(here, lamp) -> None:
    assert found_by(here, longitude=114.309, latitude=30.505) == []


def test_without_a_point_the_grid_and_without_a_grid_the_words(here, lamp) -> None:
    assert found_by(here, area=here.grid_area) == [lamp.number]
    assert found_by(here, "门口路灯不亮", area=None) == [lamp.number]
    assert found_by(here, "灯有点问题", area=None) == []


def test_what_is_not_public_is_never_suggested(here, lamp) -> None:
    publish(here, lamp, publish=False)
    assert found_by(here) == []
    here.report(text="路灯坏了", **HERE)  # not sorted yet
    assert found_by(here) == []


def test_private_words_and_the_exact_place_decide_nothing(here, lamp) -> None:
    """Who asks again and again from many points learns the published place alone."""
    publish(here, lamp, title="公共设施")
    perform(lamp, "triage", by=here.dispatcher, facts={
        "category": "pothole", "public_title": "设施", "public_text": "设施"})  # fmt: skip
    assert found_by(here, "三号楼门口路灯不亮，王大爷摔了") == []
    publish(here, lamp)
    before = [found_by(here, longitude=114.305 + east * 1e-5, latitude=30.505)
              for east in range(0, 400, 20)]  # fmt: skip
    Matter.objects.filter(pk=lamp.pk).update(longitude=114.30537)
    lamp.search.longitude = 114.30537
    lamp.search.save()
    after = [found_by(here, longitude=114.305 + east * 1e-5, latitude=30.505)
             for east in range(0, 400, 20)]  # fmt: skip
    assert after == before  # rounded, both lie at the same place


def test_what_is_done_joined_or_elsewhere_is_not(here, elsewhere, lamp) -> None:
    twin = publish(here, here.report(text="路灯", **HERE).matter, title="路灯坏了")
    perform(twin, "merge", by=here.dispatcher, facts={"into": lamp.number})
    assert found_by(here) == [lamp.number]
    perform(lamp, "close", by=here.dispatcher, facts={"text": "没有"})
    assert found_by(here) == []
    assert similar_public(elsewhere.community, Asked("路灯坏了", **HERE)) == []


def test_at_most_three_the_likest_first(here, lamp) -> None:
    for title in ("路灯闪烁", "路灯杆歪了", "路灯坏了三天", "井盖坏了"):
        publish(here, here.report(text=title, **HERE).matter, title=title)
    found = similar_public(here.community, Asked("路灯坏了", **HERE))
    assert len(found) == 3
    assert found[0].matter.public_title == "路灯坏了三天"
    assert [one.likeness.score for one in found] == sorted(
        (one.likeness.score for one in found), reverse=True
    )


@pytest.mark.parametrize(("place", "queries"), [(HERE, 3), ({"area": None}, 2)])
def test_it_costs_few_queries(here, lamp, django_assert_num_queries, place, queries) -> None:
    with django_assert_num_queries(queries):
        similar_public(here.community, Asked("门口路灯不亮", **place))


def test_the_desk_sees_why(here, lamp) -> None:
    twin = here.report(text="路灯不亮，太黑", longitude=114.3052, latitude=30.505).matter
    (found,) = probable_duplicates(here.dispatcher, twin)
    assert found.matter == lamp
    assert 15 < (found.likeness.metres or 0) < 25
    assert "路灯不亮" in found.likeness.shared
    assert probable_duplicates(here.other_handler, twin) == []


# --- the list below the form -----------------------------------------------------------------------
def test_the_list_shows_title_place_stage_and_how_many(here, client, lamp) -> None:
    page = client.post("/report/similar/", TYPED).content.decode()
    for shown in ("门口路灯不亮", "第一网格", "已收到", f'data-support="{lamp.number}"', "1 人"):
        assert shown in page
    assert "王大爷" not in page


def test_it_shows_the_promised_date(here, client, lamp) -> None:
    perform(lamp, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    day = timezone.localdate() + timedelta(days=4)
    perform(lamp, "reply", by=here.handler, facts={"text": "会修", "promised_on": day})
    assert "ll-badge--pending" in client.post("/report/similar/", TYPED).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"text": "路灯\x00坏了", "longitude": "nan", "latitude": "inf"},
        {"text": "x" * 200_000, "longitude": "1e400", "latitude": "-91"},
        {"text": "路灯坏了", "address": "字" * 5000, "doorway": "'; drop", "category": "\x00"},
        {"text": "路灯坏了", "longitude": "180", "latitude": "90"},
        {"text": "路灯坏了", "longitude": "-180", "latitude": "-90"},
    ],
)
def test_strange_input_is_let_be(here, client, lamp, typed) -> None:
    assert client.post("/report/similar/", typed).status_code == 200


def test_it_is_asked_by_post_so_that_no_log_keeps_the_words(here, client) -> None:
    assert client.get("/report/similar/").status_code == 405


def test_it_is_limited(here, client, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "similar": "2/h"}
    statuses = [client.post("/report/similar/", TYPED).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
