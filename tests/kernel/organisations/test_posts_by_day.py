"""A post holds by the day of its community, whatever zone is active where it is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from linli.kernel.access.relations import posts_of
from linli.kernel.organisations.models import Community, Membership
from linli.kernel.people.models import Person

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # half past midnight of the 25th in China


@pytest.fixture(autouse=True)
def _at_midnight(monkeypatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: EVENING)


def holds(person: Person) -> bool:
    posts = posts_of(Person.objects.get(pk=person.pk))
    assert bool(posts) == Membership.objects.current().filter(person=person).exists()
    return bool(posts)


@pytest.mark.parametrize("active", ["UTC", "Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize(
    ("since", "until", "held"),
    [(25, None, True), (26, None, False), (1, 24, False), (1, 25, True)],
)
def test_it_works(here, active, since, until, held) -> None:
    Membership.objects.filter(person=here.handler).update(
        since=date(2026, 11, since), until=until and date(2026, 11, until)
    )
    with timezone.override(active):
        assert holds(here.handler) is held


def test_each_community_has_a_day_of_its_own(here, elsewhere) -> None:
    Community.objects.filter(pk=elsewhere.community.pk).update(timezone="America/New_York")
    Membership.objects.update(since=date(2026, 11, 25))
    assert holds(here.handler)
    assert not holds(elsewhere.handler)
