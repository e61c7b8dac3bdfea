"""Looking at a prepared month, letting it out by two people, and what the public finds."""

from __future__ import annotations

from typing import Any

import pytest

from linli.mechanisms.casework.opendata.models import Release
from linli.mechanisms.casework.opendata.preparing import prepare
from tests.journeys.conftest import check, sign_in
from tests.mechanisms.casework.opendata.a_month import DAY, a_month, reported

BOTH = pytest.mark.parametrize(("width", "language"), [("phone", "zh-CN"), ("desk", "en")])


@pytest.fixture
def prepared(here: Any) -> Any:
    people = [matter.reporter for matter in a_month(here)[:6]]
    grid = here.community.areas.get(code="dh-grid-2")
    for one in people[:5]:
        reported(here, one, "parcels", grid, day=9)
    prepare(here.community, DAY)
    return here


@BOTH
def test_two_people_let_a_month_out(prepared, open_page, served, width, language) -> None:
    release = Release.objects.get()
    for number, person in enumerate((prepared.supervisor, prepared.secretary)):
        page = open_page(width, language)
        sign_in(page, served, person)
        page.goto("/desk/open-data/")
        check(page, f"open-data-list-{number}-{width}-{language}")
        page.goto(f"/desk/open-data/{release.uuid}/")
        check(page, f"open-data-release-{number}-{width}-{language}")
        if not number:
            page.click("button[value='release']")
            page.wait_for_selector(".ll-field--wrong")
            check(page, f"open-data-no-reason-{width}-{language}")
        page.fill("#reason", "看过行数最少的组合。")
        page.click("button[value='release']")
        page.wait_for_load_state()
    page.goto(f"/desk/open-data/{release.uuid}/")
    check(page, f"open-data-out-{width}-{language}")
    public = open_page(width, language)
    public.goto("/open-data/?c=dh")
    for summary in public.locator(".release summary").all():
        summary.click()
    check(public, f"open-data-public-{width}-{language}")
    with public.expect_download() as download:
        public.click(".release__files a")
    assert download.value.suggested_filename.endswith(".csv")


@BOTH
def test_before_anything_is_out(here, open_page, width, language) -> None:
    page = open_page(width, language)
    page.goto("/open-data/?c=dh")
    check(page, f"open-data-none-{width}-{language}")


@BOTH
def test_the_tables_of_the_workbench(here, open_page, served, width, language) -> None:
    page = open_page(width, language)
    sign_in(page, served, here.secretary)
    for name in ("inbox", "supervision"):
        page.goto(f"/desk/{name}/")
        check(page, f"open-data-table-{name}-{width}-{language}")
        assert page.locator("a[href*='table.csv']").count() == 1
