"""Whistles on the workbench: the list, whistling, one tap, the table that keeps fresh."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.matters.models import Matter
from tests.mechanisms.whistle.whistling import blow, call_of, do, right_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def form(here, **other):
    return right_facts(here, key="once", publish="on", **other)


def test_it_works(here, as_) -> None:
    client = as_(here.secretary)
    page = client.get("/desk/whistles/new/").content.decode()
    assert here.roads.name in page
    assert here.grid.name not in page.split("whistle-form")[1]  # nobody there could report in

    answer = client.post("/desk/whistles/new/", form(here), follow=True)

    whistle = Matter.objects.get(procedure="whistle")
    assert answer.redirect_chain[-1][0] == f"/desk/m/{whistle.number}/"
    page = answer.content.decode()
    assert here.roads.name in page
    assert "一起清理消防通道" in page


def test_one_tap_on_the_page_of_the_call(here, as_) -> None:
    call = call_of(blow(here), here.roads)
    client = as_(here.handler)
    page = client.get(f"/desk/m/{call.number}/").content.decode()
    assert f"/desk/whistles/{call.number}/report-in/" in page
    assert "多次劝说无效" in page
    answer = client.post(f"/desk/whistles/{call.number}/report-in/", {"how": "on_site", "key": "a"})

    call.refresh_from_db()
    assert answer.status_code == 302
    assert (call.stage, call.whistlecall.how) == ("present", "on_site")


def test_tapping_although_the_clock_ran_out_meanwhile(here, as_) -> None:
    whistle = blow(here, at=timezone.now() - timedelta(hours=25))
    call = call_of(whistle, here.roads)
    client = as_(here.handler)
    client.get(f"/desk/m/{call.number}/")
    find_overdue()
    client.post(f"/desk/whistles/{call.number}/report-in/", {"how": "remote"})

    call.refresh_from_db()
    assert call.stage == "present"


def test_tapping_twice(here, as_) -> None:
    call = call_of(blow(here), here.roads)
    client = as_(here.handler)
    for _number in range(2):
        client.post(f"/desk/whistles/{call.number}/report-in/", {"how": "on_site", "key": "same"})

    assert call.events.filter(kind="whistle_call.reported_in").count() == 1


def test_tapping_after_a_colleague_says_so(here, as_) -> None:
    call = do(call_of(blow(here), here.roads), "report_in", here.handler)
    answer = as_(here.handler).post(f"/desk/whistles/{call.number}/report-in/", follow=True)

    assert "ll-alert--" in answer.content.decode()
    assert call.events.count() == 2


@pytest.mark.parametrize("given", [{"how": "flying"}, {"longitude": "x"}, {"latitude": "99"}])
def test_tapping_with_nonsense_changes_nothing(here, as_, given) -> None:
    call = call_of(blow(here), here.roads)
    answer = as_(here.handler).post(f"/desk/whistles/{call.number}/report-in/", given, follow=True)

    assert answer.status_code == 200
    assert call.events.count() == 1


def test_tapping_for_another_department(here, as_) -> None:
    call = call_of(blow(here), here.property_company)

    answer = as_(here.handler).post(f"/desk/whistles/{call.number}/report-in/")
    assert answer.status_code == 404


def test_the_table_is_fetched_anew(here, as_) -> None:
    whistle = blow(here)
    do(call_of(whistle, here.roads), "report_in", here.handler)
    for person in (here.secretary, here.handler, here.other_handler):
        part = as_(person).get(f"/desk/whistles/{whistle.number}/table/")
        assert "ll-badge--good" in part.content.decode()
        assert "<html" not in part.content.decode()


def test_the_table_of_a_whistle_that_is_not_public_is_for_those_it_called(here, as_) -> None:
    whistle = blow(here, publish=False, departments=[str(here.roads.uuid)])
    address = f"/desk/whistles/{whistle.number}/table/"

    assert as_(here.handler).get(address).status_code == 200
    assert as_(here.other_handler).get(address).status_code == 404
    assert as_(here.handler).get("/desk/whistles/DH-1999-000001/table/").status_code == 404


def test_words_of_a_public_whistle_are_for_those_it_called(here, as_) -> None:
    whistle = blow(here, departments=[str(here.roads.uuid)])
    page = as_(here.other_handler).get(f"/desk/m/{whistle.number}/").content.decode()

    assert here.roads.name in page
    assert "多次劝说无效" not in page


def test_what_waits_for_me_is_on_top(here, as_) -> None:
    blow(here, case="emergency")
    client = as_(here.handler)
    for address in ("/desk/whistles/", "/desk/whistles/mine/"):
        assert "report-in/" in client.get(address).content.decode()
    assert "report-in/" not in as_(here.secretary).get("/desk/whistles/").content.decode()


def test_whistling_from_a_request(here, as_) -> None:
    request = here.at_stage("dispatched")
    page = as_(here.secretary).get(f"/desk/m/{request.number}/").content.decode()
    address = f"/desk/whistles/new/?about={request.number}"
    assert address in page
    assert request.number in as_(here.secretary).get(address).content.decode()
    assert address not in as_(here.handler).get(f"/desk/m/{request.number}/").content.decode()


def test_whistling_with_something_missing_keeps_what_was_typed(here, as_) -> None:
    given = form(here, departments=[], what="保留这句话")
    answer = as_(here.secretary).post("/desk/whistles/new/", given)

    assert answer.status_code == 422
    assert "保留这句话" in answer.content.decode()
    assert not Matter.objects.filter(procedure="whistle").exists()


def test_whistling_twice_by_the_same_form(here, as_) -> None:
    client = as_(here.secretary)
    for _number in range(2):
        client.post("/desk/whistles/new/", form(here))

    assert Matter.objects.filter(procedure="whistle").count() == 1


def test_whistling_by_who_may_not(here, as_) -> None:
    assert as_(here.handler).get("/desk/whistles/new/").status_code == 403
    assert as_(here.handler).post("/desk/whistles/new/", form(here)).status_code == 403


def test_figures_open_to_their_evidence(here, as_) -> None:
    whistle = blow(here, at=timezone.now() - timedelta(hours=25))
    do(call_of(whistle, here.roads), "report_in", here.handler)
    find_overdue()
    while fold_pending():
        pass
    client = as_(here.secretary)
    page = client.get("/desk/whistles/figures/").content.decode()

    addresses = {unescape(one) for one in re.findall(r'class="number" href="([^"]+)"', page)}
    missed = [one for one in addresses if "whistle.missed" in one and str(here.roads.uuid) in one]
    assert len(missed) == 1
    assert call_of(whistle, here.roads).number in client.get(missed[0]).content.decode()


def test_the_page_of_the_unit_shows_when_it_was_not_there(here, as_) -> None:
    blow(here, at=timezone.now() - timedelta(hours=25))
    find_overdue()
    whistle = Matter.objects.get(procedure="whistle")
    page = as_(here.secretary).get(f"/desk/organisations/{here.roads.uuid}/").content.decode()

    assert whistle.public_title in page


def test_a_rate_link_for_the_whistler_alone(here, as_) -> None:
    whistle = blow(here)
    do(call_of(whistle, here.roads), "report_in", here.handler)
    address = f"/desk/whistles/{whistle.number}/table/"

    assert "#do-rate" in as_(here.secretary).get(address).content.decode()
    assert "#do-rate" not in as_(here.handler).get(address).content.decode()


def test_query_counts_do_not_grow(here, as_) -> None:
    blow(here, departments=[str(here.roads.uuid)])
    whistle = Matter.objects.get(procedure="whistle")
    client = as_(here.secretary)
    addresses = (
        "/desk/whistles/",
        f"/desk/m/{whistle.number}/",
        f"/desk/whistles/{whistle.number}/table/",
        "/desk/whistles/figures/",
        "/whistles/",
        f"/whistles/{whistle.number}/",
    )

    def counted() -> list[int]:
        cache.clear()
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    counted()  # what is read once a process
    before = counted()
    do(whistle, "call_more", here.secretary, departments=[str(here.property_company.uuid)],
       why="还要拆门禁。")  # fmt: skip
    blow(here, case="emergency")
    while fold_pending():
        pass

    # Figures of departments that had none before are one query more.
    assert [max(0, now - then - 1) for now, then in zip(counted(), before, strict=True)] == [0] * 6
