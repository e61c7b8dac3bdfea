"""``linli worker --once`` does what is due, and comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from linli.kernel.background.chores import Chore
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.notify.models import Notice

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_it_works() -> None:
    from tests.neighbourhood import make_neighbourhood

    here = make_neighbourhood()
    matter = here.at_stage("accepted")
    matter.clocks.filter(stopped_at=None).update(due_at=timezone.now() - timedelta(hours=1))

    call_command("worker", once=True)

    assert not PendingEvent.objects.exists()
    assert matter.events.filter(kind="casework.overdue").exists()
    assert not Notice.objects.filter(state="waiting").exists()


def test_a_chore_that_fails_is_tried_again_later() -> None:
    def fail() -> int:
        raise RuntimeError

    chore = Chore("failing", 10, fail)

    assert chore.run() == 0
    assert chore.next_at > 0


def test_a_chore_that_found_work_looks_again_at_once() -> None:
    chore = Chore("busy", 1000, lambda: 1)
    chore.run()
    soon = chore.next_at
    chore.work = lambda: 0
    chore.run()

    assert chore.next_at > soon + 900
