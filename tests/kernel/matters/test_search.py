"""Search finds by number, words, place and person, and shows nobody what is not theirs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from linli.kernel.matters import finding
from linli.kernel.matters.entries import SearchEntry
from linli.kernel.matters.finding import search
from linli.kernel.matters.models import Matter
from linli.kernel.matters.search import reindex
from linli.kernel.matters.words import wanted, words_of
from linli.kernel.procedures.performing import perform


def test_it_works(here) -> None:
    matter = here.report(text="三号楼的路灯坏了，晚上很黑。").matter
    here.report(text="电梯停了")

    assert search(here.dispatcher, here.community, "路灯坏了") == [matter]


@pytest.mark.parametrize("typed", ["灯", "路灯 很黑", "三号楼", "路灯！！", "ＬＥＤ", "led-a19"])
def test_ways_to_type_it(here, typed: str) -> None:
    matter = here.report(text="三号楼的路灯坏了，晚上很黑。LED A19").matter

    assert search(here.dispatcher, here.community, typed) == [matter]


@pytest.mark.parametrize(
    "typed", ["", "  ", "！？", "路灯 水管", "'); --", "a:*", "_c1", "\x00", "𠮷"]
)
def test_what_finds_nothing(here, typed: str) -> None:
    here.report(text="三号楼的路灯坏了")

    assert search(here.dispatcher, here.community, typed) == []


def test_the_newest_comes_first_and_there_is_an_end(here) -> None:
    matters = [here.report(text="路灯坏了").matter for _ in range(5)]

    assert search(here.dispatcher, here.community, "路灯", limit=3) == matters[:1:-1]


@pytest.mark.parametrize("text", ["路灯", "路", "路灯 东门", "没有"])
def test_windows_of_time_find_the_same(here, monkeypatch, text: str) -> None:
    matters = [here.report(text=f"{place}路灯坏了").matter for place in ("东门", "西门") * 3]
    whole = search(here.dispatcher, here.community, text)
    near = finding._Window(after=matters[3].pk)
    windows = [near, finding._Window(marks=("_m9",)), finding._Window()]
    monkeypatch.setattr(finding, "_windows", lambda newest, few: windows)

    assert search(here.dispatcher, here.community, text) == whole
    assert search(here.dispatcher, here.community, text, limit=1) == whole[:1]


def test_few_newest_are_read_and_the_index_is_not_asked(here, monkeypatch) -> None:
    matters = [here.report(text="路灯坏了").matter for _ in range(4)]
    asked = []
    windows = [finding._Window(after=matters[1].pk), finding._Window()]
    monkeypatch.setattr(finding, "_windows", lambda newest, few: asked.append(newest) or windows)
    with CaptureQueriesContext(connection) as queries:
        assert search(here.dispatcher, here.community, "路灯", limit=2) == matters[:1:-1]

    index = "to_tsvector" if connection.vendor == "postgresql" else "MATCH"
    assert asked == [matters[-1].pk]
    assert not [query for query in queries if index in query["sql"]]


def test_by_number_whole_or_its_serial(here) -> None:
    matter = here.report(text="路灯坏了").matter
    other = here.report(text=f"我上次报的{matter.number[-6:]}").matter

    assert search(here.dispatcher, here.community, matter.number.lower()) == [matter]
    found = search(here.dispatcher, here.community, matter.number[-6:])
    assert found == [matter, other]


def test_by_address(here) -> None:
    matter = here.report(text="门禁坏了", doorway=here.doorway.doorway_code).matter

    assert search(here.dispatcher, here.community, "东湖路1号") == [matter]


@pytest.mark.parametrize("typed", ["13812345678", "王小明"])
def test_by_person(here, typed: str) -> None:
    matter = here.report(text="门禁坏了", phone="13812345678", name="王小明").matter

    assert search(here.dispatcher, here.community, typed) == [matter]
    assert search(here.dispatcher, here.community, typed, reporter_hidden=Q(pk=matter.pk)) == []


def test_a_person_is_found_only_with_the_power_to_search(here) -> None:
    here.report(text="门禁坏了", phone="13812345678")
    here.post(here.stranger, here.desk, "volunteer")

    assert search(here.stranger, here.community, "13812345678") == []
    assert search(here.resident, here.community, "13812345678") == []
    assert search(None, here.community, "13812345678") == []


def test_a_person_is_not_found_through_a_public_matter_of_others(here) -> None:
    matter = here.report(text="门禁坏了", phone="13812345678").matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": "lift"})

    assert search(here.other_handler, here.community, "13812345678") == []


def test_private_words_of_a_public_matter_are_not_found_by_others(here) -> None:
    matter = here.report(text="王大妈家电梯坏了", by=here.resident).matter
    facts = {"category": "lift", "public_title": "电梯停运"}
    perform(matter, "triage", by=here.dispatcher, facts=facts)

    for person in (None, here.stranger, here.other_handler):
        assert search(person, here.community, "王大妈") == []
        assert search(person, here.community, "电梯停运") == [matter]
    for person in (here.dispatcher, here.supervisor, here.resident):
        assert search(person, here.community, "王大妈") == [matter]


def test_what_is_unpublished_again_leaves_the_public_search(here) -> None:
    matter = here.report(text="电梯坏了").matter
    facts = {"category": "lift", "public_title": "电梯停运"}
    perform(matter, "triage", by=here.dispatcher, facts=facts)
    perform(matter, "triage", by=here.dispatcher, facts=facts | {"publish": False})

    assert search(None, here.community, "电梯停运") == []
    assert SearchEntry.objects.get(pk=matter.pk).public_words == ""


def test_another_community_finds_nothing_here(here, elsewhere) -> None:
    here.report(text="路灯坏了", phone="13812345678")

    for typed in ("路灯", "13812345678", "1"):
        assert search(elsewhere.secretary, elsewhere.community, typed) == []
        assert search(elsewhere.secretary, here.community, typed) == []


def test_each_action_writes_one_row_at_most(here, django_assert_num_queries) -> None:
    from linli.kernel.matters.search import index_matter
    from linli.kernel.writing import Writing

    matter = here.report(text="路灯坏了").matter
    assert SearchEntry.objects.filter(pk=matter.pk).count() == 1
    writing = Writing()
    with django_assert_num_queries(1):
        matter.version = 2
        index_matter(matter, writing)
        writing.send()


def test_the_entry_follows_the_matter(here) -> None:
    matter = here.at_stage("dispatched")
    entry = SearchEntry.objects.get(pk=matter.pk)

    assert entry.responsible_id == here.roads.pk
    assert f"_r{here.roads.pk}" in entry.words.split()
    assert entry.is_open
    assert entry.is_public


def test_entries_can_be_made_anew(here) -> None:
    matter = here.report(text="路灯坏了").matter
    kept = SearchEntry.objects.values().get(pk=matter.pk)
    SearchEntry.objects.all().delete()
    assert search(here.dispatcher, here.community, "路灯") == []

    assert reindex(Matter.objects.all()) == 1
    assert reindex(Matter.objects.all()) == 1
    assert SearchEntry.objects.values().get(pk=matter.pk) == kept
    assert search(here.dispatcher, here.community, "路灯") == [matter]


def test_words_of_a_text() -> None:
    assert words_of("路灯LED坏了 Lamp12") == ["路灯", "灯", "led", "坏了", "了", "lamp", "12"]
    assert wanted("路灯坏 a 灯").words == ("路灯", "灯坏")
    assert wanted("路灯坏 a 灯").beginnings == ("a", "灯")
    assert not wanted("—，。")


def test_the_number_of_queries_does_not_grow(here, django_assert_max_num_queries) -> None:
    for _ in range(10):
        here.report(text="路灯坏了", doorway=here.doorway.doorway_code)
    with django_assert_max_num_queries(12):
        assert len(search(here.dispatcher, here.community, "路灯")) == 10
