"""The inbox: sorted by clock, narrowed, paged, kept views."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.matters.inbox import PAGE
from linli.kernel.matters.models import SavedView
from linli.kernel.procedures.performing import perform

INBOX = "/desk/inbox/"


def test_it_works(here, desk, text) -> None:
    matter = here.at_stage("accepted", text="东门路面塌了")
    page = text(desk("dispatcher").get(INBOX))
    assert "东门路面塌了" in page
    assert f'href="/desk/m/{matter.number}/"' in page
    assert here.roads.name in page


def test_the_nearest_deadline_is_on_top(here, desk, text) -> None:
    calm = here.report(text="不急的事").matter
    pressing = here.at_stage("dispatched", text="急事")
    assert pressing.due_at != calm.due_at
    first, second = sorted((calm, pressing), key=lambda matter: matter.due_at)
    page = text(desk("secretary").get(INBOX))
    assert page.index(first.title) < page.index(second.title)


def test_a_handler_sees_the_units_matters_and_no_ticks(here, desk, text) -> None:
    own = here.at_stage("accepted", text="路灯")
    other = here.report(text="别人的事").matter
    page = text(desk("handler").get(INBOX))
    assert own.number in page
    assert other.number not in page
    assert 'name="matter"' not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"view": "unsent"}, {"甲"}),
        ({"view": "overdue"}, set()),
        ({"view": "disputed"}, set()),
        ({"view": "closed"}, {"丙"}),
        ({"stage": "accepted"}, {"乙"}),
        ({"category": "pothole"}, {"乙"}),
        ({"unit": "none"}, {"甲"}),
        ({"q": "乙路"}, {"乙"}),
        ({"urgency": "emergency"}, set()),
    ],
)
def test_filters(here, desk, text, query, found) -> None:
    here.report(text="甲路坏了")
    here.at_stage("accepted", text="乙路坏了")
    here.at_stage("closed", text="丙路坏了")
    page = text(desk("dispatcher").get(INBOX, query))
    assert {name for name in "甲乙丙" if f">{name}路坏了<" in page} == found


@pytest.mark.parametrize("name", ["view", "stage", "category", "area", "unit", "urgency", "after"])
@pytest.mark.parametrize("value", ["nonsense", "\x00", "x" * 5000, "'; --", "𠮷"])
def test_a_value_that_names_nothing_narrows_nothing(here, desk, text, name, value) -> None:
    matter = here.report(text="路灯").matter
    answer = desk("dispatcher").get(INBOX, {name: value})
    assert answer.status_code == 200
    assert matter.number in text(answer)


def test_due_within_a_day_is_neither_overdue_nor_later(here, desk, text) -> None:
    now = timezone.now()
    matters = {"昨天": -1, "今晚": 0.5, "后天": 2}
    for name, days in matters.items():
        matter = here.report(text=name).matter
        type(matter).objects.filter(pk=matter.pk).update(due_at=now + timedelta(days=days))
    page = text(desk("dispatcher").get(INBOX, {"view": "soon"}))
    assert {name for name in matters if f">{name}<" in page} == {"今晚"}
    page = text(desk("dispatcher").get(INBOX, {"view": "overdue"}))
    assert {name for name in matters if f">{name}<" in page} == {"昨天"}


def test_pages_follow_each_other(here, desk, text) -> None:
    numbers = [here.report(text=f"第{n}件").matter.number for n in range(PAGE + 3)]
    client = desk("dispatcher")
    first = client.get(INBOX)
    after = first.context["next"]
    second = client.get(after)
    assert "next" in first.context
    shown = [m.number for answer in (first, second) for m in answer.context["matters"]]
    assert sorted(shown) == sorted(numbers)
    assert second.context["next"] == ""
    assert f"{PAGE + 3}" in text(first)


def test_nothing_there_says_what_to_do(here, desk, text) -> None:
    client = desk("dispatcher")
    assert "ll-empty" in text(client.get(INBOX))
    assert 'href="/desk/inbox/"' in text(client.get(INBOX, {"stage": "received"}))


def test_a_script_typed_into_a_filter_stays_text(here, desk, text) -> None:
    page = text(desk("dispatcher").get(INBOX, {"q": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in page


@pytest.mark.parametrize(("role", "status"), [("resident", 403), ("stranger", 403)])
def test_who_is_not_staff_is_kept_out(here, desk, role, status) -> None:
    assert desk(role).get(INBOX).status_code == status


def test_who_is_not_signed_in_signs_in_first(here, client) -> None:
    answer = client.get(INBOX)
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/desk/inbox/")


def test_staff_of_elsewhere_see_only_their_own(here, elsewhere, desk, text) -> None:
    matter = here.report(text="东湖的事").matter
    client = desk("dispatcher", elsewhere)
    assert matter.number not in text(client.get(INBOX))
    assert client.get(INBOX, {"c": "dh"}).status_code == 403


def test_the_menu_offers_only_what_opens(here, desk, text) -> None:
    page = text(desk("handler").get(INBOX))
    assert "/desk/people/" not in page
    assert "/desk/records/" not in page
    assert "/desk/people/" in text(desk("secretary").get(INBOX))


def test_queries_do_not_grow_with_the_rows(here, desk) -> None:
    client, counts = desk("dispatcher"), []
    for _ in range(2):
        for stage in ("dispatched", "accepted", "in_hand"):
            here.at_stage(stage)
        with CaptureQueriesContext(connection) as counted:
            client.get(INBOX)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 14


# --- kept views -----------------------------------------------------------------------------
def test_a_view_is_kept_and_comes_back(here, desk, text) -> None:
    client = desk("dispatcher")
    client.post("/desk/views/", {"name": "我的逾期", "query": "view=overdue&stage=in_hand&evil=1"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("我的逾期", "view=overdue&stage=in_hand")
    page = text(client.get(INBOX))
    assert "?view=overdue&amp;stage=in_hand" in page
    client.post(f"/desk/views/{view.uuid}/remove/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "\x00"])
def test_a_view_needs_a_name(here, desk, name) -> None:
    desk("dispatcher").post("/desk/views/", {"name": name, "query": "view=overdue"})
    assert not SavedView.objects.exists()


def test_the_same_name_is_replaced_and_too_many_are_refused(here, desk) -> None:
    client = desk("dispatcher")
    for number in range(32):
        client.post("/desk/views/", {"name": f"v{number}", "query": "view=overdue"})
    client.post("/desk/views/", {"name": "v1", "query": "view=closed"})
    assert SavedView.objects.count() == 30
    assert SavedView.objects.get(name="v1").query == "view=closed"


def test_nobody_removes_anothers_view(here, desk) -> None:
    desk("dispatcher").post("/desk/views/", {"name": "甲", "query": ""})
    uuid = SavedView.objects.get().uuid
    assert desk("secretary").post(f"/desk/views/{uuid}/remove/").status_code == 404
    assert SavedView.objects.exists()


def test_oversized_text_is_cut(here, desk) -> None:
    desk("dispatcher").post("/desk/views/", {"name": "长" * 400, "query": "q=" + "x" * 4000})
    assert len(SavedView.objects.get().name) == 60


# --- sending many ---------------------------------------------------------------------------
def tick(*matters) -> list[str]:
    return [f"{matter.number}:{matter.version}" for matter in matters]


def test_many_are_sent_at_once(here, desk, text) -> None:
    matters = [here.report(text=f"第{n}件").matter for n in range(3)]
    sent = {"matter": tick(*matters), "to": str(here.roads.uuid), "batch": "b1"}
    answer = desk("dispatcher").post("/desk/send/", sent)
    assert answer.status_code == 200
    assert len(answer.context["went"]) == 3
    for matter in matters:
        matter.refresh_from_db()
        assert (matter.stage, matter.responsible) == ("dispatched", here.roads)


def test_what_changed_meanwhile_is_told_apart_with_the_reason(here, desk, text) -> None:
    fresh, stale = here.report(text="新").matter, here.report(text="旧").matter
    ticked = tick(fresh, stale)
    perform(stale, "note", by=here.dispatcher, facts={"text": "刚才加的备注"})
    sent = {"matter": ticked, "to": str(here.roads.uuid), "batch": "b2"}
    answer = desk("dispatcher").post("/desk/send/", sent)
    refused = answer.context["refused"]
    assert [one.matter.number for one in refused] == [stale.number]
    assert refused[0].sentence in text(answer)
    stale.refresh_from_db()
    assert stale.stage == "received"


def test_the_wrong_stage_is_told(here, desk) -> None:
    done = here.at_stage("in_hand")
    sent = {"matter": tick(done), "to": str(here.roads.uuid), "batch": "b3"}
    answer = desk("dispatcher").post("/desk/send/", sent)
    assert [one.matter for one in answer.context["refused"]] == [done]


def test_sent_twice_is_done_once(here, desk) -> None:
    matter = here.report(text="一次").matter
    sent = {"matter": tick(matter), "to": str(here.roads.uuid), "batch": "b4"}
    client = desk("dispatcher")
    for _ in range(2):
        assert len(client.post("/desk/send/", sent).context["went"]) == 1
    assert matter.events.filter(action="dispatch").count() == 1


def test_the_wrong_role_sends_nothing(here, desk) -> None:
    matter = here.at_stage("dispatched")
    sent = {"matter": tick(matter), "to": str(here.property_company.uuid), "batch": "b5"}
    answer = desk("handler").post("/desk/send/", sent)
    assert len(answer.context["refused"]) == 1
    matter.refresh_from_db()
    assert matter.responsible == here.roads


def test_what_one_may_not_see_is_not_named(here, elsewhere, desk, text) -> None:
    matter = here.report(text="东湖的事").matter
    sent = {"matter": tick(matter), "to": str(elsewhere.roads.uuid), "batch": "b6"}
    answer = desk("dispatcher", elsewhere).post("/desk/send/", sent)
    assert matter.number not in text(answer)
    assert answer.context["failed"] == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"matter": ["x"]},
        {"matter": ["DH-2026-000001:1"]},
        {"matter": ["DH-2026-000001:1"], "to": "nonsense"},
        {"matter": ["DH-2026-000001:99999999999999999999"], "to": "nonsense"},
        {"matter": [f"DH-2026-{n:06d}:1" for n in range(101)], "to": "roads"},
    ],
)
def test_nothing_chosen_or_no_unit_is_told(here, desk, sent) -> None:
    if sent.get("to") == "roads":
        sent = {**sent, "to": str(here.roads.uuid)}
    answer = desk("dispatcher").post("/desk/send/", {**sent, "query": "view=unsent"}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0] == "/desk/inbox/?view=unsent"
    assert [message.level_tag for message in answer.context["messages"]] == ["danger"]
