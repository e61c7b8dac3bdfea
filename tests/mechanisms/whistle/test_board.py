"""What anyone may see of a whistle: who was called and who came, never words or people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.tasks import find_overdue
from tests.mechanisms.whistle.whistling import blow, call_of, do

pytestmark = pytest.mark.django_db


def test_it_works(here, client) -> None:
    whistle = blow(here)
    do(call_of(whistle, here.roads), "report_in", here.handler, note="小李带队")
    listed = client.get("/whistles/").content.decode()
    page = client.get(f"/whistles/{whistle.number}/").content.decode()

    assert whistle.public_title in listed
    assert here.roads.name in page
    assert here.committee.name in page
    for word in ("清理消防通道", "东湖路1号", "小李", here.handler.display_name):
        assert word not in listed + page


def test_who_did_not_come_is_named(here, client) -> None:
    whistle = blow(here, at=timezone.now() - timedelta(hours=25))
    find_overdue()

    page = client.get(f"/whistles/{whistle.number}/").content.decode()
    assert page.count("ll-badge--overdue") == 2


def test_a_whistle_that_is_not_public(here, client) -> None:
    whistle = blow(here, publish=False)

    assert client.get(f"/whistles/{whistle.number}/").status_code == 404
    assert whistle.number not in client.get("/whistles/").content.decode()


def test_what_is_no_whistle(here, client) -> None:
    call = call_of(blow(here), here.roads)
    for number in (call.number, "DH-1999-000001", "x"):
        assert client.get(f"/whistles/{number}/").status_code == 404


def test_a_page_that_makes_no_sense(here, client) -> None:
    for page in ("before:%00", "x", "after:DH-1999-000001"):
        assert client.get(f"/whistles/?page={page}").status_code == 200
