"""Whatever the rows: enough people in each class, no order that matters, nothing gained twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.anonymity import Column, Hierarchy, Rule, Sensitive, anonymise, faults, measure
from tests.engines.anonymity.made import CATEGORY, PLACE, TIME, columns, rule

ROW = st.tuples(st.integers(0, 8), st.integers(0, 58), st.integers(0, 3), st.integers(-1, 12))
TABLES = st.lists(ROW, max_size=60)
SAYS, PLAIN = {"health"}, {"pothole", "lamp", "parcels", "roads"}


def published(rows, k: int = 3, diversity: int = 2, finest=(0, 0, 0)):
    who = np.array([row[3] for row in rows], dtype=np.int64)
    table = anonymise(columns([row[:3] for row in rows], finest), who, rule(k, diversity))
    texts = list(zip(*(table.texts(number) for number in range(3)), strict=True))
    return table, who, texts


def of_the_published(rows, texts):
    return [
        (text, None if row[3] < 0 else row[3])
        for row, text in zip(rows, texts, strict=True)
        if text[0] is not None
    ]


@settings(max_examples=60, deadline=None)
@given(rows=TABLES, k=st.integers(3, 6), diversity=st.integers(1, 3))
def test_every_class_holds_enough_people_and_values(rows, k, diversity) -> None:
    _table, _who, texts = published(rows, k, diversity)

    kept = of_the_published(rows, texts)

    assert faults(kept, k=k, l=diversity, column=2, says=SAYS, plain=PLAIN) == []


@settings(max_examples=40, deadline=None)
@given(rows=TABLES, k=st.integers(3, 6))
def test_what_is_left_out_belongs_to_fewer_than_k_people(rows, k) -> None:
    table, who, _texts = published(rows, k)

    out = who[~table.kept]

    assert len(set(out[out >= 0].tolist())) < k


@settings(max_examples=40, deadline=None)
@given(rows=TABLES, seed=st.integers(0, 1000))
def test_the_order_of_rows_and_the_names_of_people_do_not_matter(rows, seed) -> None:
    order = np.random.default_rng(seed).permutation(len(rows))
    mixed = [(*rows[one][:3], rows[one][3] if rows[one][3] < 0 else 900 - rows[one][3])
             for one in order]  # fmt: skip

    _table, _who, texts = published(rows)
    _table, _who, again = published(mixed)

    assert again == [texts[one] for one in order]


@settings(max_examples=40, deadline=None)
@given(rows=TABLES, finest=st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 2)))
def test_nothing_is_finer_than_asked(rows, finest) -> None:
    table, _who, _texts = published(rows, finest=finest)

    assert (table.levels[table.kept] >= np.array(finest)).all()


@settings(max_examples=40, deadline=None)
@given(rows=TABLES)
def test_a_published_table_stays_as_it_is(rows) -> None:
    table, who, texts = published(rows)
    kept = [number for number, text in enumerate(texts) if text[0] is not None]
    again = anonymise(
        [_as_published(table, number, texts, kept) for number in range(3)],
        who[kept],
        Rule(3, 2, _sensitive(texts, kept)),
    )

    assert (again.levels == 0).all()
    assert measure(again, who[kept]).suppressed == 0


def _as_published(table, number: int, texts, kept) -> Column:
    """Return a column whose finest values are the published ones, coarser ones staying coarse."""
    hierarchy = (PLACE, TIME, CATEGORY)[number]
    names, values = np.unique([texts[row][number] for row in kept], return_inverse=True)
    paths = []
    for name in names:
        level = next(at for at, labels in enumerate(hierarchy.labels) if name in labels)
        leaf = int(np.flatnonzero(hierarchy.codes[level] == hierarchy.labels[level].index(name))[0])
        above = [hierarchy.labels[at][hierarchy.codes[at][leaf]] for at in range(hierarchy.top)]
        paths.append([name if at <= level else above[at] for at in range(hierarchy.top)])
    return Column(Hierarchy.of(hierarchy.levels[:-1], paths), values.astype(np.int64))


def _sensitive(texts, kept) -> Sensitive:
    names = np.unique([texts[row][2] for row in kept])
    return Sensitive(2, np.array([name in SAYS for name in names], dtype=bool))
