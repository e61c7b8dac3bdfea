"""Two real tables come in whole, and what Linli then says of them is what pandas counts."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from chinese_calendar import is_workday
from django.urls import reverse

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.reading import evidence, total
from linli.kernel.indicators.rebuilding import rebuild
from linli.kernel.matters.board import public_matters
from linli.kernel.matters.finding import search
from linli.kernel.matters.inbox import inbox
from linli.kernel.matters.map import on_map
from linli.kernel.matters.models import Matter
from linli.mechanisms.casework.importing.mapping import read_map
from linli.mechanisms.casework.importing.running import ImportReport, import_requests
from tests.neighbourhood import make_neighbourhood

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]

MAPS = Path(__file__).parent
ALL_TIME = (date(2008, 1, 1), date(2025, 12, 31))
MESSAGES, REPLIES = 4_326, 2_816


@pytest.fixture(scope="module")
def whole(messages, django_db_setup, django_db_blocker):
    """A neighbourhood with both tables in it, and the reports of their import."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        here = make_neighbourhood("real", "RD")
        reports: dict[str, ImportReport] = {}
        for name in ("messages", "replies"):
            mapping = read_map(MAPS / f"{name}.yaml", here.community)
            reports[name] = import_requests(here.community, messages / f"{name}.csv", mapping)
        while fold_pending():
            pass
        yield here, reports
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def replies(messages) -> pd.DataFrame:
    """The replies as pandas reads them, times without a zone: all are of one."""
    table = pd.read_csv(messages / "replies.csv", dtype=str)
    for column in ("time", "reply_time"):
        table[column] = pd.to_datetime(table[column], format="mixed")
    return table


def in_time(table: pd.DataFrame, days: int = 7, closes: time = time(17, 30)) -> pd.Series:
    """Whether each reply came by the close of the seventh workday after its message."""
    first, last = table["time"].min(), table["reply_time"].max() + pd.Timedelta(days=60)
    calendar = [day for day in pd.date_range(first.normalize(), last) if is_workday(day.date())]
    workdays = np.array(calendar, dtype="datetime64[ns]")
    said = table["time"].dt.normalize().to_numpy(dtype="datetime64[ns]")
    due = pd.Series(workdays[np.searchsorted(workdays, said, side="right") + days - 1])
    due += pd.Timedelta(hours=closes.hour, minutes=closes.minute)
    return table["reply_time"].reset_index(drop=True) <= due


def test_every_row_comes_in(whole) -> None:
    here, reports = whole
    assert (reports["messages"].requests, reports["messages"].refusals) == (MESSAGES, [])
    done = reports["replies"]
    assert (done.requests, done.answers, done.refusals) == (REPLIES, REPLIES, [])
    assert Matter.objects.filter(community=here.community).count() == MESSAGES + REPLIES


def test_a_second_time_nothing_comes_in(whole, messages) -> None:
    here, _reports = whole
    mapping = read_map(MAPS / "messages.yaml", here.community)
    again = import_requests(here.community, messages / "messages.csv", mapping)
    assert (again.requests, again.known) == (0, MESSAGES)


def test_the_time_to_a_reply_is_what_pandas_says(whole, replies) -> None:
    here, _reports = whole
    rows = Matter.objects.filter(
        community=here.community, servicerequest__first_replied_at__isnull=False
    )
    times = rows.values_list("created_at", "servicerequest__first_replied_at")
    ours = pd.Series([(answered - said).total_seconds() for said, answered in times])
    theirs = (replies["reply_time"] - replies["time"]).dt.total_seconds()
    assert len(ours) == len(theirs) == REPLIES
    for share in (0.5, 0.9, 0.99):
        assert ours.quantile(share) == theirs.quantile(share)
    assert ours.mean() == pytest.approx(theirs.mean())


def test_the_figures_are_what_pandas_counts(whole, replies) -> None:
    here, _reports = whole
    kept = int(in_time(replies).sum())
    assert 0 < kept < REPLIES
    assert total("casework.reported", here.community, *ALL_TIME) == MESSAGES + REPLIES
    assert total("casework.answered", here.community, *ALL_TIME) == REPLIES
    assert total("casework.answered_in_time", here.community, *ALL_TIME) == kept
    assert total("casework.answer_missed", here.community, *ALL_TIME) == REPLIES - kept
    assert evidence("casework.answered_in_time", here.community, *ALL_TIME).count() == kept
    assert rebuild(here.community, check=True) == []


def test_each_month_is_what_pandas_counts(whole, replies) -> None:
    here, _reports = whole
    month = replies[replies["reply_time"].dt.strftime("%Y-%m") == "2019-01"]
    assert len(month) > 0
    asked = ("casework.answered", here.community, date(2019, 1, 1), date(2019, 1, 31))
    assert total(*asked) == evidence(*asked).count() == len(month)


def test_inbox_search_board_and_map_answer(whole) -> None:
    here, _reports = whole
    page = inbox(here.dispatcher, here.community)
    assert len(page.matters) == 50
    assert page.after
    assert {matter.stage for matter in page.matters} == {"received"}
    found = search(here.dispatcher, here.community, "噪音扰民")
    assert found
    assert all("扰民" in matter.title + matter.text for matter in found[:20])
    assert public_matters(here.community).count() == MESSAGES + REPLIES
    assert public_matters(here.community, text="地铁").exists()
    shown = on_map(here.dispatcher, here.community, (114.0, 30.0, 115.0, 31.0), 12)
    assert (shown.pins, shown.clusters) == ([], [])  # the messages name no point


def test_the_pages_answer(whole, client) -> None:
    for name in ("casework:board", "casework:board_map"):
        assert client.get(reverse(name), {"q": "噪音"}).status_code == 200
    client.force_login(whole[0].resident)
    assert "噪音" in client.get(reverse("casework:board"), {"q": "噪音"}).content.decode()


def test_the_pages_of_the_workbench_answer(whole, client) -> None:
    here, _reports = whole
    client.force_login(here.dispatcher)
    inbox_page = client.get(reverse("desk:inbox"), {"q": "噪音"})
    assert inbox_page.status_code == 200
    assert "噪音" in inbox_page.content.decode()
    found = client.get(reverse("desk:search"), {"q": "地铁"})
    assert "地铁" in found.content.decode()
    for name in ("desk:map", "desk:board", "desk:figures"):
        assert client.get(reverse(name)).status_code == 200
