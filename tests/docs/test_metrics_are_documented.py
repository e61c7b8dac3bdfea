"""Every figure of /metrics is explained, with its labels, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.neighbourhood import make_neighbourhood

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "metrics.md"


def documented() -> dict[str, set[str]]:
    """The labels of each figure, as the page's table says."""
    rows = re.findall(
        r"^\| `(linli_\w+)` \| \w+ \|([^|\n]*)\|", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


def served() -> dict[str, set[str]]:
    """The labels of each figure, as an installation with an overdue matter says."""
    text = Client().get("/metrics").content.decode()
    found: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(linli_\w+?)(?:_total)?(?:\{(.*)\})? ", text, re.MULTILINE):
        plain = re.sub(r"_(bucket|count|sum|created)$", "", name)
        found.setdefault(plain, set()).update(re.findall(r'(\w+)="', labels))
    return {name: labels - {"le"} for name, labels in found.items()}


@pytest.mark.django_db
def test_what_is_served_is_explained() -> None:
    from datetime import timedelta

    from django.utils import timezone

    here = make_neighbourhood()
    late = here.report().matter
    type(late)._base_manager.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))
    Client().get("/healthz")
    assert served() == documented()
