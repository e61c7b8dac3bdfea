"""What anyone may see: the list, the map, one matter, three figures. No personal data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.board import figures, month_of

SECRET = ("张三", "13812345678", "zhang@example.com", "2栋1单元502")


@pytest.fixture
def public(here):
    """A public matter in hand whose reporter told much about themselves."""

    def make(title: str = "路面破损", **facts):
        matter = here.report(
            text=f"我是{SECRET[0]}，住{SECRET[3]}，电话{SECRET[1]}，路坏了。",
            name=SECRET[0],
            phone=SECRET[1],
            email=SECRET[2],
            address=f"东湖路1号{SECRET[3]}",
            longitude=114.30512,
            latitude=30.50498,
        ).matter
        perform(
            matter,
            "triage",
            by=here.dispatcher,
            facts={"category": "pothole", "public_title": title, **facts},
        )
        return matter

    return make


def handle(here, matter, upto: str = "reply", **facts) -> None:
    for name, person, given in (
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("accept", here.handler, {}),
        ("reply", here.handler, {"text": "一周内修好。", **facts}),
        ("solve", here.handler, {"text": "已经补好。"}),
    ):
        perform(matter, name, by=person, facts=given)
        if name == upto:
            return


def test_it_works(here, public, client) -> None:
    matter = public("东门路面破损")
    handle(here, matter)
    page = client.get("/board/").content.decode()
    assert "东门路面破损" in page
    assert "一周内修好。" in page
    assert f'href="/board/{matter.number}/"' in page


def test_one_matter_shows_answer_promise_and_what_happened(here, public, client) -> None:
    matter = public()
    handle(here, matter, promised_on=timezone.localdate() + timedelta(days=5))
    page = client.get(f"/board/{matter.number}/").content.decode()
    assert "一周内修好。" in page
    assert here.roads.name in page
    assert "ll-badge--pending" in page
    assert "ll-timeline" in page


@pytest.mark.parametrize("path", ["/board/", "/board/{number}/", "/board/map/",
                                  "/board/points.json?bbox=114,30,115,31&zoom=15"])  # fmt: skip
def test_no_personal_data_is_shown(here, public, client, path) -> None:
    matter = public()
    handle(here, matter, "solve")
    token_holder = matter.reporter
    perform(
        matter,
        "rate",
        by=token_holder,
        facts={"contacted": True, "solved": True, "satisfaction": 4, "comment": "张三谢谢"},
    )
    page = client.get(path.format(number=matter.number)).content.decode()
    assert [secret for secret in (*SECRET, "东湖路1号", "谢谢") if secret in page] == []


def test_points_are_rounded(here, public, client) -> None:
    public()
    found = client.get("/board/points.json", {"bbox": "114,30,115,31", "zoom": "16"}).json()
    assert [(point["lon"], point["lat"]) for point in found["points"]] == [(114.305, 30.505)]


def test_many_points_become_clusters(here, public, client) -> None:
    for _ in range(3):
        public()
    found = client.get("/board/points.json", {"bbox": "114,30,115,31", "zoom": "8"}).json()
    shown = sum(cluster["count"] for cluster in found["clusters"]) + len(found["points"])
    assert shown == 3


def test_the_map_keeps_the_filter(here, public, client) -> None:
    public("甲")
    other = public("乙")
    handle(here, other)
    box = {"bbox": "114,30,115,31", "zoom": "16", "state": "in_hand"}
    found = client.get("/board/points.json", box).json()
    assert [point["title"] for point in found["points"]] == ["乙"]


@pytest.mark.parametrize(
    "box", ["", "1,2,3", "a,b,c,d", "115,30,114,31", "nan,1,2,3", "-999,0,1,1"]
)
def test_a_map_without_a_box_is_refused(here, client, box) -> None:
    assert client.get("/board/points.json", {"bbox": box, "zoom": "9"}).status_code == 400


def test_the_map_works_in_words_too(here, public, client) -> None:
    public()
    page = client.get("/board/map/").content.decode()
    assert f"?area={here.grid_area.code}" in page


def test_boundaries_are_geojson(here, client) -> None:
    found = client.get("/board/grids.json").json()
    assert [one["properties"]["name"] for one in found["features"]] == ["第一网格"]


def test_what_is_not_public_is_not_there(here, public, client) -> None:
    hidden = public("不公开的事", publish=False)
    unsorted = here.report(text="刚报上来。").matter
    page = client.get("/board/").content.decode()
    assert "不公开的事" not in page
    assert unsorted.number not in page
    for matter in (hidden, unsorted):
        assert client.get(f"/board/{matter.number}/").status_code == 404


@pytest.mark.parametrize("number", ["DH-2026-999999", "nonsense", "x" * 300])
def test_a_number_that_is_none_says_no_more_than_a_private_one(here, client, number) -> None:
    assert client.get(f"/board/{number}/").status_code == 404


def test_another_communitys_matter_is_not_on_this_board(here, elsewhere, public, client) -> None:
    matter = public("东湖的事")
    assert client.get("/board/?c=xh").status_code == 200
    assert "东湖的事" not in client.get("/board/").content.decode()
    assert client.get(f"/board/{matter.number}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "灯不亮"}, {"甲灯不亮"}),
        ({"state": "in_hand"}, {"乙梯不动"}),
        ({"state": "waiting"}, {"甲灯不亮"}),
        ({"state": "closed"}, set()),
        ({"category": "lift"}, {"乙梯不动"}),
        ({"category": "roads"}, {"甲灯不亮"}),
        ({"category": "nonsense"}, {"甲灯不亮", "乙梯不动"}),
        ({"state": "nonsense", "month": "2026-13", "figure": "x"}, {"甲灯不亮", "乙梯不动"}),
        ({"q": "张三"}, set()),
        ({"q": "\x00"}, {"甲灯不亮", "乙梯不动"}),
        ({"q": "%"}, set()),
        ({"area": "dh-grid-1"}, {"甲灯不亮", "乙梯不动"}),
        ({"area": "nowhere"}, set()),
    ],
)
def test_filters(here, public, client, query, shown) -> None:
    public("甲灯不亮")
    lift = public("乙梯不动", category="lift")
    handle(here, lift)
    page = client.get("/board/", query).content.decode()
    assert {title for title in ("甲灯不亮", "乙梯不动") if title in page} == shown


def test_nothing_found_says_so(here, client) -> None:
    assert "ll-empty" in client.get("/board/").content.decode()
    assert "ll-empty" in client.get("/board/?q=无").content.decode()


def test_pages_follow_each_other(here, public, client) -> None:
    titles = [f"第{n:02d}件" for n in range(25)]
    for title in titles:
        public(title)
    first = client.get("/board/?category=pothole").content.decode()
    assert titles[24] in first
    assert titles[4] not in first
    numbers = list(Matter.objects.order_by("pk").values_list("number", flat=True))
    older = f"/board/?category=pothole&amp;page=before%3A{numbers[5]}"
    assert older in first
    second = client.get(older.replace("&amp;", "&")).content.decode()
    assert titles[0] in second
    assert f"page=after%3A{numbers[4]}" in second


@pytest.mark.parametrize("page", ["before:NOBODY", "sideways:1", "before:", "x" * 3000])
def test_an_unknown_page_is_the_first(here, public, client, page) -> None:
    public("路灯不亮")
    assert "路灯不亮" in client.get("/board/", {"page": page}).content.decode()


def test_promises_kept_and_broken_are_visible(here, public, client) -> None:
    broken, kept = public("失约的事"), public("守约的事")
    for matter in (broken, kept):
        handle(here, matter, promised_on=timezone.localdate() + timedelta(days=2))
    perform(kept, "solve", by=here.handler, facts={"text": "好了"})
    late = timezone.now() + timedelta(days=9)
    perform(broken, "solve", by=here.handler, facts={"text": "好了"}, at=late)
    assert "ll-badge--kept" in client.get(f"/board/{kept.number}/").content.decode()
    assert "ll-badge--broken" in client.get(f"/board/{broken.number}/").content.decode()


def test_the_list_costs_a_fixed_number_of_queries(here, public, client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            handle(here, public())
        with CaptureQueriesContext(connection) as counted:
            client.get("/board/")
        counts.append(len(counted))
    assert counts[1] <= counts[0]  # the figures are kept for a minute
    assert counts[0] <= 9


def test_figures_open_to_what_they_count(here, public, client) -> None:
    untouched = public("没人管")
    answered = public("答复了")
    handle(here, answered)
    rated = public("解决了")
    handle(here, rated, "solve")
    rating = {"contacted": True, "solved": True, "satisfaction": 5}
    perform(rated, "rate", by=rated.reporter, facts=rating)
    unsolved = public("没解决")
    handle(here, unsolved, "solve")
    perform(unsolved, "rate", by=unsolved.reporter, facts={**rating, "solved": False})
    found = {figure.name: figure for figure in figures(here.community)}
    assert found["reported"].count == 4
    assert (found["answered"].count, found["answered"].whole) == (3, 3)
    assert (found["solved"].count, found["solved"].whole, found["solved"].share) == (1, 2, 50)
    month = month_of(here.community, timezone.now())
    for name, count in (("reported", 4), ("answered", 3), ("solved", 1)):
        page = client.get("/board/", {"figure": name, "month": month}).content.decode()
        assert page.count('class="card matter"') == count
    assert (
        untouched.number
        not in client.get(f"/board/?figure=answered&month={month}").content.decode()
    )


def test_an_answer_that_came_too_late_counts_against(here, public) -> None:
    matter = public()
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    late = timezone.now() + timedelta(days=60)
    perform(matter, "reply", by=here.handler, facts={"text": "来晚了"}, at=late)
    answered = figures(here.community)[1]
    assert (answered.count, answered.whole) == (0, 1)


def test_without_figures_there_is_no_rate(here) -> None:
    assert [figure.share for figure in figures(here.community)] == [None, None, None]


def test_doorway_codes_are_printed_by_staff_alone(here, client) -> None:
    assert client.get("/doorways/").status_code == 302
    client.force_login(here.resident)
    assert client.get("/doorways/").status_code == 403
    client.force_login(here.dispatcher)
    page = client.get("/doorways/").content.decode()
    assert "DH0001" in page
    assert page.count("data:image/svg+xml") == 1
    assert "ll-empty" in client.get("/doorways/?area=nowhere").content.decode()
