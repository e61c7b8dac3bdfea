"""Flags on matters are what their details say, after every action, and can be made anew."""

from __future__ import annotations

import pytest

from linli.kernel.matters.flags import flagged, flags_text
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.flagging import rebuild_flags
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.models import ServiceRequest

RETURN = {"reason": "not_our_duty", "explanation": "不归我们"}


def test_it_works(here) -> None:
    matter = here.at_stage("dispatched")
    perform(matter, "return_to_desk", by=here.handler, facts=RETURN)

    matter.refresh_from_db()
    assert matter.flags == " returned "
    assert list(Matter.objects.filter(flagged("returned"))) == [matter]
    assert not Matter.objects.filter(flagged("turned")).exists()
    assert list(rebuild_flags(here.community)) == []


def test_a_rebuild_sets_right_what_differs(here, elsewhere) -> None:
    right, wrong = here.at_stage("accepted"), here.at_stage("accepted")
    Matter.objects.filter(pk=wrong.pk).update(flags=" reopened ")
    ServiceRequest.objects.filter(pk=wrong.pk).update(promise_broken=True)

    found = [(wrong, " reopened ", " broken ")]
    assert list(rebuild_flags(elsewhere.community)) == []
    assert list(rebuild_flags(here.community, check=True)) == found
    assert list(rebuild_flags(here.community)) == found
    assert list(rebuild_flags(here.community)) == []
    right.refresh_from_db()
    assert right.flags == ""


@pytest.mark.parametrize(
    ("returns", "reopened", "broken", "text"),
    [(0, 0, False, ""), (2, 0, False, " returned "), (1, 3, True, " broken reopened returned ")],
)
def test_what_a_request_carries(returns: int, reopened: int, broken: bool, text: str) -> None:
    request = ServiceRequest(returns=returns, reopened=reopened, promise_broken=broken)

    assert flags_text(request.flags()) == text
