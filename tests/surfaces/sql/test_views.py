"""The views: documented to the last column, without personal data, with the product's figures."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from linli.kernel.deadlines.clocks import calendar_of
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.reading import Slice
from linli.kernel.matters.models import Matter
from linli.kernel.places.models import Area
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.board import BoardFilter, board_rows
from linli.mechanisms.casework.rates import rates_by
from linli.surfaces.sql.dialects import Dialect
from linli.surfaces.sql.documenting import views_markdown
from linli.surfaces.sql.installing import after_migrations, before_migrations, installed, wrong
from linli.surfaces.sql.views import GRID_OF_AREA, VIEWS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "analysts-views.md"


@pytest.fixture
def views(here):
    call_command("views", "install", stdout=io.StringIO())
    return here


def ask(sql: str) -> list[tuple]:
    """Run SQL in which {name} stands for a view."""
    dialect = Dialect(connection.vendor)
    names = {view.name: dialect.view(view.name) for view in (*VIEWS, GRID_OF_AREA)}
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**names))
        return cursor.fetchall()


def columns_of(name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Dialect(connection.vendor).view(name)} LIMIT 0")
        return [column[0] for column in cursor.description]


def lived(here) -> None:
    """Some requests with all that the rates know."""
    for rating in (5, 2):
        matter = here.at_stage("solved")
        facts = {"contacted": True, "solved": rating > 2, "satisfaction": rating}
        perform(matter, "rate", by=here.resident, facts=facts)
    out = here.at_stage("closed")
    perform(out, "ask_exclusion", by=here.handler, facts={"reason": "no_content", "text": "无"})
    perform(out, "decide_exclusion", by=here.supervisor,
            facts={"decision": "accept", "grounds": "同意"})  # fmt: skip
    late = here.at_stage("accepted")
    perform(late, "reply", by=here.handler, facts={"text": "晚了"},
            at=timezone.now() + timedelta(days=60))  # fmt: skip
    here.report()
    fold_pending()


def test_it_works(views) -> None:
    views.at_stage("in_hand")

    rows = ask("SELECT number, stage, community, reply_clock, reply_minutes FROM {requests}")

    matter = Matter.objects.get()
    assert rows == [(matter.number, "in_hand", "dh", "kept", 0)]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_column_is_documented(views, view) -> None:
    assert columns_of(view.name) == [name for name, _told in view.columns]
    assert all(told for _name, told in view.columns)


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == views_markdown()


def test_there_are_no_other_views(views) -> None:
    assert set(installed()) == {view.name for view in (*VIEWS, GRID_OF_AREA)}


def test_the_rates_are_those_of_the_product(views) -> None:
    lived(views)
    row = rates_by(Slice(views.community, date(2020, 1, 1), date(2040, 1, 1)), "unit")[0]
    in_time = ask("SELECT SUM(CASE WHEN in_time THEN 1 ELSE 0 END), COUNT(*) FROM {answers}"
                  " WHERE NOT left_out")[0]  # fmt: skip
    rated = ask("SELECT SUM(CASE WHEN solved THEN 1 ELSE 0 END),"
                " SUM(CASE WHEN satisfaction >= 3 THEN 1 ELSE 0 END), COUNT(*)"
                " FROM {call_backs} WHERE outcome = 'rated' AND NOT left_out")[0]  # fmt: skip
    everything = ask("SELECT COUNT(*) FROM {call_backs} WHERE outcome = 'rated'")[0]

    answered, solved, satisfied = row.shares
    assert in_time == (answered.part, answered.whole)
    assert rated == (solved.part, satisfied.part, solved.whole)
    assert everything == (row.whole_shares[1].whole,)
    assert (answered.whole, solved.whole, row.whole_shares[1].whole) == (3, 2, 3)


def test_the_figures_are_the_kept_ones(views) -> None:
    lived(views)
    found = dict(ask("SELECT indicator, SUM(value) FROM {figures} GROUP BY indicator"))

    assert found["casework.reported"] == Matter.objects.count()
    assert found["casework.rated"] == 3


def test_the_board_counts_are_those_of_the_product(views) -> None:
    for publish in (True, True, False):
        matter = views.report(by=views.resident).matter
        perform(matter, "triage", by=views.dispatcher,
                facts={"category": "pothole", "publish": publish})  # fmt: skip

    asked = BoardFilter.of({"category": "pothole"}, views.community)
    shown = board_rows(views.community, asked)
    counted = ask("SELECT COUNT(*) FROM {requests} WHERE is_public AND category = 'pothole'")

    assert counted == [(shown.count(),)] == [(2,)]


def test_no_area_is_told_finer_than_the_pack_allows(views) -> None:
    building = Area.objects.create(
        community=views.community, parent=views.grid_area, kind="building", level=7,
        code="dh-building-9", name="9栋",
    )  # fmt: skip
    views.report()
    Matter.objects.update(area=building)

    assert ask("SELECT grid FROM {requests}") == [("dh-grid-1",)]
    assert ask("SELECT grid FROM {grids}") == [("dh-grid-1",)]


def test_nothing_personal_is_in_them(views) -> None:
    matter = views.report(
        name="欧阳独特", phone="13955550137", text="独特的话", address="独特路 9 号",
        longitude=114.3051234, latitude=30.5051234,
    ).matter  # fmt: skip
    perform(matter, "triage", by=views.dispatcher, facts={"category": "pothole"})
    perform(matter, "note", by=views.dispatcher, facts={"text": "独特的备注"})
    fold_pending()
    for view in VIEWS:
        told = repr(ask(f"SELECT * FROM {{{view.name}}}"))
        assert "独特" not in told
        assert "13955550137" not in told
        assert "114.305" not in told
        assert "dispatcher" not in told.lower()
        assert not {"reporter", "actor", "person", "facts", "text", "title"} & {
            name for name, _told in view.columns
        }


def test_what_is_for_named_people_only_is_not_there(views) -> None:
    views.report()
    Matter.objects.update(audience="named")

    for name in ("requests", "events", "clocks"):
        assert ask(f"SELECT COUNT(*) FROM {{{name}}}") == [(0,)]


def test_the_calendar_is_that_of_the_deadlines(views) -> None:
    calendar = calendar_of(views.community.pack, views.community.timezone)
    rows = ask("SELECT day, is_workday, weekday, quarter FROM {calendar} ORDER BY day")

    for day, worked, weekday, quarter in rows:
        one = date.fromisoformat(str(day))
        assert bool(worked) == calendar.is_workday(one)
        assert weekday == one.isoweekday()
        assert quarter == (one.month + 2) // 3
    assert len(rows) in (730, 731)


def test_units_know_what_is_above_them(views) -> None:
    rows = ask("SELECT u.name, a.name FROM {units} u LEFT JOIN {units} a"
               " ON a.unit_id = u.above_id")  # fmt: skip

    assert ("市政所", "东湖社区居委会") in rows
    assert ("东湖街道", None) in rows


def test_check_says_what_is_missing_and_outdated(here) -> None:
    with pytest.raises(CommandError):
        call_command("views", "check", stdout=io.StringIO())
    assert set(wrong().values()) == {"missing"}
    call_command("views", "install", stdout=io.StringIO())
    call_command("views", "check", stdout=io.StringIO())
    with connection.cursor() as cursor:
        name = Dialect(connection.vendor).view("exclusions")
        cursor.execute(f"DROP VIEW {name}")
        cursor.execute(f"CREATE VIEW {name} AS SELECT 1 AS one")

    assert wrong() == {"exclusions": "outdated"}


def test_remove_and_install_again(views) -> None:
    call_command("views", "remove", stdout=io.StringIO())
    assert installed() == {}
    call_command("views", "remove", stdout=io.StringIO())
    call_command("views", "install", stdout=io.StringIO())
    call_command("views", "install", stdout=io.StringIO())

    assert wrong() == {}


def test_migrations_find_no_view_in_their_way(views) -> None:
    before_migrations(using="default")
    assert installed() == {}
    after_migrations(using="default")

    assert wrong() == {}


def test_migrations_make_no_views_that_were_not_there(here) -> None:
    before_migrations(using="default")
    after_migrations(using="default")

    assert installed() == {}


def test_a_database_without_a_community(db) -> None:
    call_command("views", "install", stdout=io.StringIO())

    for view in VIEWS:
        assert ask(f"SELECT COUNT(*) FROM {{{view.name}}}") == [(0,)]
