"""What the desk is suggested, and what a supervisor sees of it, on a phone and on a desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.mechanisms.casework.suggesting.models import SuggestionOutcome, TriageModel
from tests.journeys.conftest import check, sign_in

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])
WORDS = "您好，3号楼电梯故障三天了，昨天还有人困在里面。麻烦物业快点来修。"


@BOTH
def test_one_click_fills_the_form_in(here: Any, served: str, open_page: Any, width: str) -> None:
    matter = here.report(text=WORDS).matter
    page = open_page(width, javascript=width == "desk")  # the phone has none
    sign_in(page, served, here.dispatcher)
    page.goto(f"/desk/m/{matter.number}/")
    if width == "desk":
        check(page, "suggested-desk")
    page.get_by_role("link", name="填上：电梯故障").click()
    assert page.locator("#do-triage select[name='triage-category']").input_value() == "lift"
    page.locator("#do-triage button").first.click()
    page.locator(".ll-alert--success").wait_for()
    page.get_by_role("link", name="填上：安居物业").click()
    page.locator("#do-dispatch button").first.click()
    page.locator(".ll-alert--success").wait_for()
    matter.refresh_from_db()
    assert (matter.category, matter.responsible) == ("lift", here.property_company)


def test_suggestions_on_a_phone(here: Any, served: str, open_page: Any) -> None:
    page = open_page("phone")
    sign_in(page, served, here.dispatcher)
    page.goto(f"/desk/m/{here.report(text=WORDS).matter.number}/")
    check(page, "suggested-phone")
    page.goto(f"/desk/m/{here.report(text='有点事想说一说。').matter.number}/")
    check(page, "suggested-unsure-phone")


@BOTH
def test_a_supervisor_goes_back(here: Any, served: str, open_page: Any, width: str) -> None:
    scores = {"macro_f1": 0.812, "hits": 0.845, "error": 0.031}
    for version, verdict in ((1, "first"), (2, "better"), (3, "not_better")):
        TriageModel.objects.create(
            community=here.community, subject="category", version=version, learnt=400 * version,
            kept=100 * version, codes=48, verdict=verdict, scores=scores, rival=scores,
            data=b"x" if version < 3 else b"", in_use=version == 2, used_since=timezone.now(),
        )  # fmt: skip
    for number in range(12):
        SuggestionOutcome.objects.create(
            community=here.community, matter=here.report().matter, subject="category", version=2,
            suggested="lift", confidence=0.9, sure=number % 3 > 0,
            chosen="leak" if number % 4 == 0 else "lift",
            at=timezone.now() - timedelta(days=5 * number),
        )  # fmt: skip
    page = open_page(width)
    sign_in(page, served, here.supervisor)
    page.goto("/desk/suggestions/")
    check(page, f"suggestions-{width}")
    page.locator("summary", has_text="用这个").click()
    page.get_by_role("button", name="是，用它").click()
    page.locator(".ll-alert--success").wait_for()
    page.get_by_role("button", name="改回由夜里自动挑选").wait_for()
    check(page, f"suggestions-held-{width}")
