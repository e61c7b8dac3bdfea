"""The pages of hot topics and topics of the month: who sees them, what is refused, what they cost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.mechanisms.casework.hot_topics.models import HotTopic
from linli.mechanisms.casework.monthly_topics.models import MonthlyTopic
from tests.mechanisms.casework.hot_topics.saying import LIFT, PARKING, count, say
from tests.mechanisms.casework.monthly_topics.months import do, hot_topic, proposed, published

pytestmark = pytest.mark.django_db
MAY_SEE = ("dispatcher", "supervisor", "secretary")
MAY_NOT = ("handler", "caller", "grid_worker", "resident", "stranger")


@pytest.fixture
def topic(here) -> HotTopic:
    return hot_topic(here)


def get(client, person, address, status=200) -> str:
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def listed(client, person, query="") -> str:
    """Return the list alone: the filters name categories, and lifts are one of them."""
    return get(client, person, f"/desk/topics/{query}").partition('<ol class="topics">')[2]


@pytest.mark.parametrize("role", MAY_SEE)
def test_it_works(client, here, topic, role) -> None:
    page = get(client, getattr(here, role), "/desk/topics/")
    assert LIFT[0][:8] in page or "电梯" in page
    assert "<strong>3</strong>" in page
    one = get(client, getattr(here, role), f"/desk/topics/{topic.uuid}/")
    assert all(matter.number in one for matter in here.said)
    points = json.loads(get(client, getattr(here, role), f"/desk/topics/{topic.uuid}/points.json"))
    assert len(points["pins"]) == 3


@pytest.mark.parametrize("role", MAY_NOT)
def test_others_do_not_see_them(client, here, topic, role) -> None:
    for address in ("/desk/topics/", f"/desk/topics/{topic.uuid}/",
                    f"/desk/topics/{topic.uuid}/points.json"):  # fmt: skip
        assert "电梯" not in get(client, getattr(here, role), address, 403)
    assert client.post(f"/desk/topics/{topic.uuid}/hide/", {"why": "x"}).status_code == 403


def test_who_is_not_signed_in_is_asked_to(client, topic) -> None:
    assert client.get("/desk/topics/").status_code == 302


def test_those_of_elsewhere_find_nothing(client, here, elsewhere, topic) -> None:
    assert listed(client, elsewhere.supervisor) == ""
    get(client, elsewhere.supervisor, f"/desk/topics/{topic.uuid}/", 404)


def test_who_sees_a_part_sees_the_figures_of_that_part(client, here, topic) -> None:
    """A desk beside ours gets two of the reports: it learns nothing of the third."""
    from linli.kernel.organisations.models import Organisation

    fields = {"community": here.community, "kind": "desk", "name": "二号台", "code": "desk-2"}
    second = Organisation.objects.add_child(here.street, fields)
    other = here.person("second-dispatcher", second, "dispatcher")
    theirs = here.said[1:]
    Matter.objects.filter(pk__in=[one.pk for one in theirs]).update(
        desk=second, title="第二台的电梯"
    )
    page = get(client, other, "/desk/topics/")

    assert "<strong>2</strong>" in page
    assert "第二台的电梯" in page
    assert here.said[0].title not in page
    one = get(client, other, f"/desk/topics/{topic.uuid}/")
    assert here.said[0].number not in one
    # One report alone is a matter, not a topic.
    Matter.objects.filter(pk=theirs[0].pk).update(desk=here.desk)
    assert listed(client, other) == ""
    get(client, other, f"/desk/topics/{topic.uuid}/", 404)


def test_the_list_is_narrowed(client, here, topic) -> None:
    say(here, PARKING, first=4, days_ago=12)
    count(here)
    assert "通道" in listed(client, here.supervisor)
    for query, lift, parking in (
        ("category=pothole", True, False),
        ("days=7", True, False),
        (f"area={here.grid_area.uuid}", True, True),
        ("category=nonsense&area=1&days=-3&page=x&hidden=2", True, True),
    ):
        page = listed(client, here.supervisor, f"?{query}")
        assert ("电梯" in page, "通道" in page) == (lift, parking), query


def test_empty_states_say_what_comes(client, here) -> None:
    never = get(client, here.supervisor, "/desk/topics/")
    count(here)
    empty = [get(client, here.supervisor, f"/desk/topics/{query}")
             for query in ("", "?hidden=1", "?days=7")]  # fmt: skip

    assert len({page.partition("ll-empty__title")[2][:40] for page in (never, *empty)}) == 4


def test_hiding_and_showing_again(client, here, topic) -> None:
    client.force_login(here.dispatcher)
    address = f"/desk/topics/{topic.uuid}/hide/"
    for why in ("", "长" * 900, "\x00"):
        client.post(address, {"why": why})
        topic.refresh_from_db()
        assert topic.hidden_at is None
    assert client.get(address).status_code == 405
    client.post(address, {"why": "两件事"})
    client.post(address, {"why": "两件事"})
    topic.refresh_from_db()
    assert topic.hidden_why == "两件事"
    assert listed(client, here.dispatcher) == ""
    assert "两件事" in listed(client, here.dispatcher, "?hidden=1")
    client.post(f"/desk/topics/{topic.uuid}/show/")
    assert "电梯" in listed(client, here.dispatcher)


def test_taking_out_and_putting_back(client, here, topic) -> None:
    client.force_login(here.supervisor)
    address = f"/desk/topics/{topic.uuid}/{here.said[0].number}"
    client.post(f"{address}/take-out/", {"why": "别的楼"})
    assert topic.members.count() == 2
    assert "别的楼" in get(client, here.supervisor, f"/desk/topics/{topic.uuid}/")
    client.post(f"{address}/put-back/")
    assert not topic.taken_out.exists()
    missing = client.post(f"/desk/topics/{topic.uuid}/DH-2026-999999/take-out/", {"why": "x"})
    assert missing.status_code == 404


def test_queries_do_not_grow_with_the_topics(client, here, topic) -> None:
    client.force_login(here.supervisor)
    client.get("/desk/topics/")
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/topics/")
    say(here, PARKING, first=4)
    say(here, [f"{text}，{n}" for n in range(3) for text in LIFT], first=8)
    count(here)
    with CaptureQueriesContext(connection) as many:
        client.get("/desk/topics/")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/desk/topics/{topic.uuid}/")

    assert len(many) <= len(few) + 1 <= 26
    assert len(one) <= 30


# --- topics of the month --------------------------------------------------------------------
def test_proposing_from_a_hot_topic(client, here, topic) -> None:
    page = get(client, here.supervisor, f"/desk/topics/months/new/?topic={topic.uuid}")
    assert "电梯" in page
    facts = {"title": "电梯常坏", "why": "多人反映。", "topic": str(topic.uuid), "key": "once"}
    for _twice in range(2):
        answer = client.post("/desk/topics/months/new/", facts)
        assert answer.status_code == 302
    main = MonthlyTopic.objects.get()
    assert main.topic == topic
    assert main.matter.number in get(client, here.supervisor, "/desk/topics/months/")
    report = get(client, here.supervisor, f"/desk/m/{here.said[0].number}/")
    assert f"/desk/m/{main.matter.number}/" in report


@pytest.mark.parametrize("wrong", [
    {"title": ""}, {"title": "长" * 201}, {"why": ""}, {"topic": "nonsense"},
    {"topic": "", "category": ""}, {"topic": "", "category": "nonsense"},
])  # fmt: skip
def test_a_refused_proposal_keeps_what_was_typed(client, here, topic, wrong) -> None:
    client.force_login(here.supervisor)
    facts = {"title": "电梯常坏", "why": "多人反映。", "topic": str(topic.uuid), **wrong}
    answer = client.post("/desk/topics/months/new/", facts)
    assert answer.status_code == 422
    assert facts["why"] in answer.content.decode()
    assert not MonthlyTopic.objects.exists()


@pytest.mark.parametrize("role", ["dispatcher", "handler", "resident"])
def test_only_supervisors_propose(client, here, topic, role) -> None:
    get(client, getattr(here, role), "/desk/topics/months/new/", 403)


def test_the_public_reads_it_once_the_plan_is_published(client, here, topic) -> None:
    matter = proposed(here, topic=str(topic.uuid))
    assert client.get(f"/topics/{matter.number}/").status_code == 404
    matter = published(here, category="pothole", title="电梯专项")
    page = client.get(f"/topics/{matter.number}/").content.decode()
    for words in ("电梯专项", "先修再换。", "更换曳引机", here.roads.name, "一个月内不再停梯。"):
        assert words in page
    assert "电梯专项" in client.get("/topics/").content.decode()
    counted = client.get(f"/topics/{matter.number}/before/").content.decode()
    assert all(one.number in counted for one in here.said)
    assert here.said[0].title not in counted
    assert client.get(f"/topics/{matter.number}/nonsense/").status_code == 404
    report = client.get(f"/board/{here.said[0].number}/").content.decode()
    assert f"/topics/{matter.number}/" in report
    own = get(client, here.said[0].reporter, f"/matters/{here.said[0].number}/")
    assert f"/topics/{matter.number}/" in own


@pytest.mark.parametrize("year", ["", "x", "0", "99999", "²026", "2025"])
def test_the_year_asked_for_may_be_anything(client, here, year) -> None:
    assert client.get(f"/topics/?year={year}").status_code == 200


def test_the_public_page_costs_the_same_for_many(client, here, topic) -> None:
    published(here, category="pothole")
    client.get("/topics/")
    with CaptureQueriesContext(connection) as few:
        client.get("/topics/")
    for number in range(2):
        published(here, category="pothole", title=f"题{number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/topics/")

    assert len(many) <= len(few) <= 12


def test_the_page_of_a_topic_and_of_a_measure(client, here, topic) -> None:
    matter = published(here, at=timezone.now() - timedelta(hours=1), topic=str(topic.uuid))
    do(matter, "note_progress", here.handler, text="已进场。")
    page = get(client, here.supervisor, f"/desk/m/{matter.number}/")
    for words in ("先修再换。", "更换曳引机", "已进场。"):
        assert words in page
    measure = matter.monthlytopic.measures.get().matter
    assert "先修再换。" in get(client, here.other_handler, f"/desk/m/{measure.number}/")
