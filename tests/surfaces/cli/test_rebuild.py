"""`linli rebuild`."""

from __future__ import annotations

import json

import pytest

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.models import Rollup
from linli.kernel.matters.entries import SearchEntry
from linli.kernel.matters.finding import search
from linli.kernel.matters.models import Matter
from linli.mechanisms.casework.hot_topics.models import HotTopic
from tests.mechanisms.casework.hot_topics.saying import LIFT, say


@pytest.fixture
def wrong(here):
    """A neighbourhood with a figure that its events do not give."""
    here.report()
    fold_pending()
    Rollup.objects.filter(indicator="casework.reported").update(value=7)
    return here


def test_figures_in_order_stay_as_they_are(linli, here) -> None:
    here.report()
    fold_pending()
    assert linli("rebuild", "indicators", "--check").out == "Figures that differed: 0.\n"


def test_checking_tells_and_changes_nothing(linli, wrong) -> None:
    done = linli("rebuild", "indicators", "--check")
    assert done.code == 1
    assert "casework.reported" in done.out
    assert "kept 7, counted 1" in done.out
    assert done.err == "Figures that differ: 1.\n"
    assert Rollup.objects.get(indicator="casework.reported").value == 7


def test_rebuilding_mends_it_once(linli, wrong) -> None:
    assert linli("rebuild", "indicators").out.endswith("Figures that differed: 1.\n")
    assert Rollup.objects.get(indicator="casework.reported").value == 1
    assert linli("rebuild", "indicators").out == "Figures that differed: 0.\n"


def test_machines_read_json(linli, wrong) -> None:
    (found,) = json.loads(linli("rebuild", "indicators", "--json").out)
    assert (found["community"], found["kept"], found["counted"]) == ("dh", 7, 1)


def test_one_community_alone(linli, wrong, elsewhere) -> None:
    assert linli("rebuild", "indicators", "--check", "--community", "xh").code == 0
    assert linli("rebuild", "indicators", "--check", "--community", "xx").code == 1


def test_search_is_indexed_anew(linli, here) -> None:
    here.report(text="路灯坏了。")
    SearchEntry.objects.update(words="")
    assert search(here.dispatcher, here.community, "路灯") == []
    assert linli("rebuild", "search").out == "Matters indexed: 1.\n"
    assert len(search(here.dispatcher, here.community, "路灯")) == 1


def test_flags_are_checked_and_made_anew(linli, here) -> None:
    matter = here.report(text="路灯坏了。").matter
    Matter.objects.filter(pk=matter.pk).update(flags=" broken ")

    checked = linli("rebuild", "flags", "--check")
    assert (checked.code, checked.err) == (1, "Matters that differ: 1.\n")
    assert checked.out == f"{matter.number}: kept broken, counted -\n"
    assert linli("rebuild", "flags").out.endswith("Matters that differed: 1.\n")
    assert linli("rebuild", "flags", "--check").out == "Matters that differed: 0.\n"


def test_hot_topics_are_counted_now(linli, here) -> None:
    say(here, LIFT)

    assert linli("rebuild", "topics", "--community", "dh").out.endswith("hot topics: 1\n")
    assert HotTopic.objects.count() == 1
    assert linli("rebuild", "topics", "--community", "nowhere").code == 1
