"""Beside a matter: what may be the same, why, and one click to join; apart again with a reason."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from linli.engines.similarity import Likeness
from linli.kernel.matters.models import MatterLink
from linli.surfaces.web.workbench.alike import reasons_for

HERE = {"longitude": 114.305, "latitude": 30.505}


@pytest.fixture
def pair(here):
    main = here.report(text="三号楼门口路灯不亮", **HERE).matter
    return main, here.report(text="路灯不亮，太黑", longitude=114.3054, latitude=30.505).matter


def hidden_fields(page: str, into: str) -> dict[str, str]:
    for form in re.findall(r"<form[^>]+do/merge/.*?</form>", page, re.DOTALL):
        found = dict(re.findall(r'name="(merge-\w+)" value="([^"]*)"', form))
        if found.get("merge-into") == into:
            return found
    raise AssertionError("no button to join")


def test_it_works(here, desk, pair) -> None:
    main, twin = pair
    page = desk("dispatcher").get(f"/desk/m/{twin.number}/").content.decode()
    for words in ('id="alike"', main.number, "相距不到 40 米", "同一天", "路灯不亮"):
        assert words in page


def test_one_click_joins(here, desk, pair) -> None:
    main, twin = pair
    client = desk("dispatcher")
    page = client.get(f"/desk/m/{twin.number}/").content.decode()
    sent = hidden_fields(page, main.number)

    for _ in range(2):  # also when pressed twice
        answer = client.post(f"/desk/m/{twin.number}/do/merge/", sent)
        assert answer.status_code == 302

    twin.refresh_from_db()
    assert twin.stage == "joined"
    assert MatterLink.objects.get(source=twin).target == main
    page = client.get(f"/desk/m/{twin.number}/").content.decode()
    assert 'id="alike"' not in page
    assert 'id="do-part"' in page


def test_apart_again_with_a_reason(here, desk, pair) -> None:
    main, twin = pair
    client = desk("dispatcher")
    page = client.get(f"/desk/m/{twin.number}/").content.decode()
    client.post(f"/desk/m/{twin.number}/do/merge/", hidden_fields(page, main.number))
    twin.refresh_from_db()
    sent = {"part-version": twin.version, "part-key": "k2", "part-reason": ""}
    assert client.post(f"/desk/m/{twin.number}/do/part/", sent).status_code == 422
    sent["part-reason"] = "是另一盏灯"
    assert client.post(f"/desk/m/{twin.number}/do/part/", sent).status_code == 302
    twin.refresh_from_db()
    assert twin.stage == "received"


def test_who_cannot_join_sees_no_list(here, desk, pair) -> None:
    _main, twin = pair
    for role in ("caller", "grid_worker"):
        answer = desk(role).get(f"/desk/m/{twin.number}/")
        assert 'id="alike"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("likeness", "reasons"),
    [
        (Likeness(1, 1, 1, 3.0, 0.2, True, ()), ["同一地点", "同一天"]),
        (Likeness(1, 1, 1, 31.0, 2.1, True, ("路灯", "坏～不亮")),
         ["相距不到 40 米", "相隔 2 天", "相同的说法：路灯、坏～不亮"]),
        (Likeness(1, 1, 1, None, 1.0, True, ()), ["同一网格", "相隔 1 天"]),
        (Likeness(1, 1, 1, None, 1.0, False, ()), ["相隔 1 天"]),
    ],
)  # fmt: skip
def test_reasons_are_said_in_words(likeness, reasons) -> None:
    with override("zh-hans"):
        assert reasons_for(likeness) == reasons
