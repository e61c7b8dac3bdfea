"""The nightly fit: a new model from the desk's decisions, used only where it is better."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from linli.engines.triage import NothingToLearn, Triage, calibration_error, macro_f1, to_bytes
from linli.kernel.background.nights import begin_night
from linli.kernel.indicators.folding import locked
from linli.kernel.organisations.models import Community
from linli.kernel.packs.loading import content_of
from linli.mechanisms.casework.suggesting.decisions import Decision, decisions
from linli.mechanisms.casework.suggesting.judging import judge
from linli.mechanisms.casework.suggesting.models import (
    Subject,
    TriageModel,
    TriageNight,
    Verdict,
)
from linli.mechanisms.casework.suggesting.offering import in_use
from linli.mechanisms.casework.suggesting.words import words_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

log = logging.getLogger(__name__)
FEWEST_LEARNT = 50  # decisions; with fewer, confidence could not be measured
FEWEST_KEPT = 12  # decisions kept aside; with fewer, nobody could say which is better
FEWEST_SOURCES = 5  # reporters who must have used a word for it to be kept
LEAST_GAIN = 0.002  # of macro F1: a tie changes nothing
MOST_LOSS_OF_HONESTY = 0.05  # of calibration error


def begin_nights(now: datetime | None = None) -> int:
    """Enqueue the fit of each community whose night it is, once a night; return how many."""
    return begin_night(TriageNight, lambda community, _day: fit_night.enqueue(community.pk), now)


@task()
def fit_night(community_id: int) -> None:
    """Judge what was suggested, then fit both models anew; a community gone meanwhile is let be."""
    community = Community.objects.select_related("pack").filter(pk=community_id).first()
    if community is None:
        return
    while judge(community):
        pass
    for subject in Subject.values:
        fitted = fit(community, subject)
        log.info("%s %s: %s", community.code, subject, fitted.verdict if fitted else "not fitted")


def fit(community: Community, subject: str) -> TriageModel | None:
    """Fit a model and take it into use where it is better; None where there is too little.

    Nor is anything fitted where nothing was decided since the last one.
    """
    found = decisions(community, subject)
    learnt = [one for one in found if not one.kept_aside]
    kept = [one for one in found if one.kept_aside]
    if len(learnt) < FEWEST_LEARNT or len(kept) < FEWEST_KEPT:
        return None
    rows = TriageModel.objects.filter(community=community, subject=subject)
    last = rows.order_by("-version").only("fitted_at").first()
    if last is not None and found[0].at <= last.fitted_at:
        return None
    began = timezone.now()
    try:
        model = _learn(community, subject, learnt)
    except NothingToLearn:
        return None
    return _keep(community, subject, model, learnt, kept, began)


def _learn(community: Community, subject: str, learnt: Sequence[Decision]) -> Triage:
    """Fit on decisions and the words of the pack, the same words by one reporter counted once."""
    words = words_for(subject, content_of(community.pack))
    return Triage.fit(
        [one.text for one in learnt],
        [one.code for one in learnt],
        descriptions=words,
        sources=[one.reporter for one in learnt],
        groups=["".join(one.text.split()) for one in learnt],
        fewest=FEWEST_SOURCES,
    )


def scores_of(model: Triage, kept: Sequence[Decision]) -> dict[str, float]:
    """Return macro F1, the share of hits and the calibration error on decisions kept aside."""
    answers = [model.likeliest(one.text) or ("", 0.0) for one in kept]
    codes = [one.code for one in kept]
    right = [code == said for code, (said, _sure) in zip(codes, answers, strict=True)]
    return {
        "macro_f1": round(macro_f1(codes, [said for said, _sure in answers]), 4),
        "hits": round(sum(right) / len(right), 4) if right else 0.0,
        "error": round(calibration_error([sure for _said, sure in answers], right), 4),
    }


def _keep(
    community: Community,
    subject: str,
    model: Triage,
    learnt: Sequence[Decision],
    kept: Sequence[Decision],
    began: datetime,
) -> TriageModel:
    """Compare it with the one in use on the same decisions, and keep it with the verdict."""
    with transaction.atomic():
        locked(community.pk, wait=True)
        used = in_use(community, subject)
        rows = TriageModel.objects.filter(community=community, subject=subject)
        now_used = rows.filter(in_use=True).first()
        scores = scores_of(model, kept)
        rival = scores_of(used.model, kept) if used else {}
        verdict = _verdict(scores, rival, now_used)
        taken = verdict in (Verdict.BETTER, Verdict.FIRST)
        if taken:
            rows.filter(in_use=True).update(in_use=False)
        last = rows.order_by("-version").values_list("version", flat=True).first()
        return TriageModel.objects.create(
            community=community, subject=subject, version=(last or 0) + 1, fitted_at=began,
            learnt=len(learnt), kept=len(kept), codes=len(model.codes),
            scores=scores, rival=rival, verdict=verdict,
            data=to_bytes(model) if taken or verdict == Verdict.HELD else b"",
            in_use=taken, used_since=began if taken else None,
        )  # fmt: skip


def _verdict(
    scores: dict[str, float], rival: dict[str, float], now_used: TriageModel | None
) -> Verdict:
    if rival and scores["macro_f1"] < rival["macro_f1"] + LEAST_GAIN:
        return Verdict.NOT_BETTER
    if now_used is None:
        return Verdict.FIRST
    if scores["error"] > rival["error"] + MOST_LOSS_OF_HONESTY:
        return Verdict.LESS_HONEST
    return Verdict.HELD if now_used.held_by_id else Verdict.BETTER
