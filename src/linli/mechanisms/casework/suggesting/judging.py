"""What came of suggestions: for each matter the desk decided, what had been suggested."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from linli.kernel.organisations.models import Community
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.suggesting.decisions import decisions
from linli.mechanisms.casework.suggesting.models import Subject, SuggestionOutcome
from linli.mechanisms.casework.suggesting.offering import models_in_use

if TYPE_CHECKING:
    from linli.mechanisms.casework.suggesting.decisions import Decision
    from linli.mechanisms.casework.suggesting.offering import InUse

BATCH = 200  # decisions at a time: about a second
OVERLAP = timedelta(minutes=5)  # transactions may commit later than the time they bear


def judge_all() -> int:
    """Judge what was decided since the last time in every community; return how many."""
    return sum(judge(community) for community in Community.objects.select_related("pack"))


def judge(community: Community) -> int:
    """Write what was suggested for each matter decided since, and what the desk decided.

    The first decision keeps what was suggested; a later correction only changes what is right.
    Safe in several workers: a matter has one row a subject.
    """
    used = models_in_use(community)
    return sum(_judge(community, subject, used[subject]) for subject in Subject.values
               if subject in used)  # fmt: skip


def _judge(community: Community, subject: str, used: InUse) -> int:
    rows = SuggestionOutcome.objects.filter(community=community, subject=subject)
    last = rows.order_by("-at").values_list("at", flat=True).first()
    found = decisions(community, subject, since=last - OVERLAP if last else None)
    known = dict(
        rows.filter(matter__in=[one.matter_id for one in found]).values_list("matter_id", "chosen")
    )
    new = [one for one in found if known.get(one.matter_id) != one.code][-BATCH:]
    threshold = pack_of(community).casework.suggest_from
    with transaction.atomic():
        for one in sorted(new, key=lambda decision: decision.at):
            if one.matter_id in known:
                rows.filter(matter=one.matter_id).update(chosen=one.code)
            else:
                _write(community, subject, used, one, threshold)
    return len(new)


def _write(
    community: Community, subject: str, used: InUse, one: Decision, threshold: float
) -> None:
    code, sure = used.model.likeliest(one.text) or ("", 0.0)
    SuggestionOutcome.objects.get_or_create(
        matter_id=one.matter_id,
        subject=subject,
        defaults={
            "community": community, "version": used.version, "suggested": code[:60],
            "confidence": sure, "sure": sure >= threshold, "chosen": one.code[:60], "at": one.at,
        },
    )  # fmt: skip
