"""Messages of one trouble come together; people make it hot, not one person's persistence."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.similarity.topics import HALF_LIFE, Message, hot_topics

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PLANT = [
    ("幸福路搅拌站夜间施工扰民", "搅拌站灰尘大，噪音整夜不停，老人孩子睡不着"),
    ("投诉幸福路搅拌站噪音", "小区旁边的搅拌站噪音很大，灰尘飘进家里"),
    ("幸福路搅拌站灰尘污染严重", "搅拌站的灰尘让人不敢开窗，夜里噪音不停"),
]
BUS = [
    ("建议增加12路公交车班次", "早高峰12路公交车半小时才来一班，挤不上去"),
    ("12路公交车班次太少", "等12路公交车要半小时，早高峰根本挤不上"),
]


def message(key, said=PLANT[0], who=None, *, days=0.0, **more) -> Message:
    return Message(key, *said, NOW - timedelta(days=days), who, **more)


def town(**more) -> list[Message]:
    """Three people on the plant, two on the bus, one on something else."""
    others = [("图书馆周末几点开门", "想带孩子去看书")]
    return [
        message(f"m{n}", said, f"p{n}", days=n, **more)
        for n, said in enumerate(PLANT + BUS + others)
    ]


def test_it_works() -> None:
    plant, bus = hot_topics(town(likes=1, places=("幸福路",)), now=NOW)

    assert set(plant.members) == {"m0", "m1", "m2"}
    assert plant.name in {title for title, _text in PLANT}
    assert (plant.reports, plant.reporters, plant.likes) == (3, 3, 3)
    assert (plant.first, plant.last) == (NOW - timedelta(days=2), NOW)
    assert plant.places == ("幸福路",)
    assert set(bus.members) == {"m3", "m4"}
    assert plant.heat.total > bus.heat.total > 0


def test_heat_is_what_the_formula_says() -> None:
    said = [
        message(0, who="a", likes=3),
        message(1, who="a", days=30),
        message(2, who="b", days=60),
    ]
    (topic,) = hot_topics(said, now=NOW, half_life=timedelta(days=30))

    assert topic.heat.voices == pytest.approx(1 + 0.5 / 2 + 0.25)
    assert topic.heat.support == pytest.approx(2)
    assert topic.heat.spread == pytest.approx(1 + math.log2(3) / 10)
    assert topic.heat.total == pytest.approx(3.5 * topic.heat.spread, abs=1e-4)


def test_areas_that_two_reports_name_spread_it() -> None:
    both, city = frozenset("AB"), frozenset("ABCDEFGH")
    (plain,) = hot_topics([message(n) for n in range(3)], now=NOW)
    (wide,) = hot_topics([message(n, areas=(both, both, city)[n]) for n in range(3)], now=NOW)

    assert plain.heat.spread == 1
    assert wide.heat.spread == pytest.approx(1.1)
    assert wide.areas[:2] == ("A", "B")


def test_nothing_makes_no_topic_and_one_message_none_unless_asked() -> None:
    assert hot_topics([], now=NOW) == []
    assert hot_topics([message("one")], now=NOW) == []
    (topic,) = hot_topics([message("one")], now=NOW, fewest=1)
    assert topic.members == ("one",)


@pytest.mark.parametrize("said", [("", ""), ("？！", "。。。"), ("\ud800", "\0")])
def test_messages_that_say_nothing_are_of_no_topic(said) -> None:
    assert hot_topics([message(n, said) for n in range(5)], now=NOW) == []


def test_identical_messages_are_one_topic_even_of_one_writer() -> None:
    (many,) = hot_topics([message(n, who=n) for n in range(30)], now=NOW)
    (one,) = hot_topics([message(n, who="same") for n in range(30)], now=NOW)

    assert many.reports == one.reports == 30
    assert (many.reporters, one.reporters) == (30, 1)
    assert one.heat.voices == pytest.approx(sum(1 / nth for nth in range(1, 31)))


def test_whoever_gives_no_name_is_somebody_else_each_time() -> None:
    (topic,) = hot_topics([message(0), message(1), message(2, who="a")], now=NOW)
    assert topic.reporters == 3


def test_half_of_a_small_town_may_speak_of_one_thing() -> None:
    said = [message(n, PLANT[n % 3], n) for n in range(100)]
    said += [message(100 + n, (chr(0x4E00 + n) * 3, chr(0x6E00 + n) * 9), n) for n in range(100)]
    hottest = hot_topics(said, now=NOW)[0]
    assert set(hottest.members) == set(range(100))


def test_a_manner_of_writing_brings_nothing_together() -> None:
    asked = [
        "修好河边栏杆",
        "更换老旧电表",
        "补种行道树木",
        "清理屋后水沟",
        "开放社区球场",
        "增设夜间急诊",
    ]
    said = [
        message(n, (f"恳请父母官快快{what}为盼", f"草民再拜顿首，{what}，不胜感激涕零之至"), "old")
        for n, what in enumerate(asked)
    ]
    assert hot_topics(said, now=NOW) == []


def test_two_troubles_of_one_place_are_two() -> None:
    lift = [
        ("松雅湖小区电梯坏了三个月无人检修", "电梯坏了，高层老人下不了楼，物业不肯检修"),
        ("松雅湖小区电梯无人检修老人下不了楼", "物业三个月不检修电梯，老人只能爬楼"),
    ]
    school = [
        ("松雅湖小区幼儿园学费涨价太多", "幼儿园学费每学期涨了一千元，家长不同意"),
        ("松雅湖小区幼儿园乱涨学费", "家长都不同意幼儿园涨学费，一学期多一千元"),
    ]
    said = [message(n, text, n) for n, text in enumerate(lift + school)]
    topics = hot_topics(said, now=NOW)
    assert {frozenset(topic.members) for topic in topics} == {frozenset({0, 1}), frozenset({2, 3})}


@pytest.mark.parametrize("mid", [None, frozenset("AB")])
def test_disjoint_areas_are_never_joined(mid) -> None:
    said = [message(n, areas=frozenset("A")) for n in range(4)]
    said += [message(9, areas=mid)]
    said += [message(10 + n, areas=frozenset("B")) for n in range(4)]
    topics = hot_topics(said, now=NOW)

    assert len(topics) == 2
    for topic in topics:
        assert not ({0, 1, 2, 3} & set(topic.members) and {10, 11, 12, 13} & set(topic.members))


def test_an_empty_set_of_areas_is_not_known() -> None:
    said = [message(0, areas=frozenset()), message(1, areas=frozenset("A"))]
    assert hot_topics(said, now=NOW)[0].reports == 2


def test_without_new_reports_it_cools_by_half_each_half_life() -> None:
    said = [message(n, who=n) for n in range(4)]
    (fresh,), (old,) = (hot_topics(said, now=NOW + age) for age in (timedelta(0), HALF_LIFE))
    assert old.heat.total == pytest.approx(fresh.heat.total / 2)


def test_a_message_from_later_counts_as_of_now() -> None:
    (topic,) = hot_topics([message(0), message(1, days=-400)], now=NOW)
    assert topic.heat.voices == 2


def test_most_keeps_the_hottest() -> None:
    (only,) = hot_topics(town(), now=NOW, most=1)
    assert set(only.members) == {"m0", "m1", "m2"}


@pytest.mark.parametrize(
    ("said", "more", "why"),
    [
        ([message(1), message(1)], {}, "one key"),
        ([message(1, likes=-1)], {}, "negative"),
        ([Message(1, "a", "b", datetime(2026, 1, 1))], {}, "zone"),
        ([message(1)], {"now": datetime(2026, 1, 1)}, "zone"),
        ([message(1)], {"half_life": timedelta(0)}, "half_life"),
    ],
)
def test_what_cannot_be_counted_is_refused(said, more, why) -> None:
    with pytest.raises(ValueError, match=why):
        hot_topics(said, **{"now": NOW, **more})


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_messages_changes_nothing(order) -> None:
    said = town(likes=2)
    assert hot_topics([said[n] for n in order], now=NOW) == hot_topics(said, now=NOW)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 50)), min_size=2, max_size=12))
def test_one_serial_writer_never_beats_as_many_different_people(told) -> None:
    heats = []
    for serial in (True, False):
        said = [
            message(n, who="same" if serial else n, days=days, likes=likes)
            for n, (days, likes) in enumerate(told)
        ]
        (topic,) = hot_topics(said, now=NOW)
        heats.append(topic.heat.total)
    assert heats[0] < heats[1]


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PLANT + BUS), st.sampled_from([None, "A", "B", "AB", "BC", "C"])),
        max_size=25,
    )
)
def test_each_message_is_in_one_topic_at_most_and_all_areas_have_one_in_common(told) -> None:
    said = {
        n: message(n, text, n, areas=area and frozenset(area))
        for n, (text, area) in enumerate(told)
    }
    topics = hot_topics(said.values(), now=NOW, fewest=1)
    members = [key for topic in topics for key in topic.members]

    assert sorted(members) == sorted(said)
    for topic in topics:
        known = [said[key].areas for key in topic.members if said[key].areas]
        assert not known or frozenset.intersection(*known)
