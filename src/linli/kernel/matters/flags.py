"""What lists pick matters out by, such as "reopened": kept on the matter by the one door.

A mechanism's detail says which flags it carries (`MatterDetail.flags`). Copied to the matter they
are counted and filtered by the index of open matters alone, without asking each for its detail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Iterable


def flags_text(names: Iterable[str]) -> str:
    """Return flags as a matter keeps them: in order, with a space on both sides of each."""
    ordered = sorted(set(names))
    return f" {' '.join(ordered)} " if ordered else ""


def flagged(name: str) -> Q:
    """Return the condition on matters that carry a flag."""
    return Q(flags__contains=f" {name} ")
