"""Two people at the same moment: a period is prepared once, and each look counts once."""

from __future__ import annotations

import pytest

from linli.mechanisms.casework.opendata.models import Release
from linli.mechanisms.casework.opendata.preparing import prepare
from linli.mechanisms.casework.opendata.releasing import OpenDataRefused, let_out, refuse
from tests.mechanisms.casework.opendata.a_month import DAY, a_month
from tests.neighbourhood import make_neighbourhood
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def tried(work):
    """Run it and return what came of it, a refusal too."""
    try:
        return work()
    except OpenDataRefused as refused:
        return refused


@pytest.fixture
def here():
    return make_neighbourhood()


def test_a_period_is_prepared_once(here) -> None:
    a_month(here)

    found = together(2, lambda _number: tried(lambda: prepare(here.community, DAY)))

    assert sorted(type(one).__name__ for one in found) == ["OpenDataRefused", "Release"]
    assert Release.objects.count() == 1


def test_the_same_person_twice_is_one_look(here) -> None:
    a_month(here)
    release = prepare(here.community, DAY)

    found = together(2, lambda _number: tried(lambda: let_out(release, here.supervisor, "看过")))

    assert sorted(type(one).__name__ for one in found) == ["OpenDataRefused", "Release"]
    assert Release.objects.get().state == Release.State.SEEN


def test_released_and_refused_at_once_is_one_of_them(here) -> None:
    a_month(here)
    release = prepare(here.community, DAY)
    let_out(release, here.supervisor, "看过")
    works = (lambda: let_out(release, here.secretary, "同意"),
             lambda: refuse(release, here.supervisor, "不妥"))  # fmt: skip

    found = together(2, lambda number: tried(works[number]))

    assert sum(isinstance(one, OpenDataRefused) for one in found) == 1
    kept = Release.objects.get()
    assert kept.files.exists() == (kept.state == Release.State.RELEASED)
