"""Pages show the time of the community, machines get UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from linli.kernel.procedures.performing import begin, perform


def reported(here, at: datetime) -> str:
    matter = begin(
        "casework", "report", community=here.community, by=here.resident, at=at,
        facts={"text": "路灯不亮。"},
    ).matter  # fmt: skip
    perform(matter, "triage", by=here.dispatcher, at=at, facts={"category": "streetlight"})
    perform(matter, "dispatch", by=here.dispatcher, at=at, facts={"to": str(here.roads.uuid)})
    return matter.number


def test_it_works(here, client) -> None:
    number = reported(here, datetime(2026, 11, 20, 1, 30, tzinfo=UTC))
    client.force_login(here.resident)
    page = client.get(f"/matters/{number}/").content.decode()
    assert "09:30" in page
    assert "01:30" not in page


def test_a_day_begins_at_the_communitys_midnight(here, client) -> None:
    number = reported(here, datetime(2026, 11, 19, 17, 0, tzinfo=UTC))
    page = client.get(f"/board/{number}/").content.decode()
    assert "2026年11月20日" in page


def test_it_ends_with_the_request(here, client) -> None:
    client.get("/board/")
    assert timezone.get_current_timezone_name() == "UTC"


def test_before_a_community_is_set_up_pages_open(db, client) -> None:
    assert client.get("/").status_code == 200


def test_machines_are_not_asked_which_community(here, client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        client.get("/healthz")
