"""Suggestions for one matter: the likeliest codes with confidence, and the words that decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from linli.engines.triage import Suggestion, Triage, UnreadableModel, from_bytes
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import content_of
from linli.mechanisms.casework.suggesting.decisions import text_of, unit_code
from linli.mechanisms.casework.suggesting.models import Subject, TriageModel
from linli.mechanisms.casework.suggesting.words import model_of_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community

MOST = 3
LEAST = 0.05  # confidence; what is less likely only distracts
LOOKED_AT = 12  # codes, since some may be gone from the pack


@dataclass(frozen=True)
class Offer:
    """A code that may be right. ``value``: what the form takes; ``per_cent``: how sure."""

    value: str
    label: str
    per_cent: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Suggested:
    """What is offered for one subject. ``sure``: the first is above the pack's threshold.

    ``measured``: the confidence was set by decisions of the desk; else it is a guess from the
    words of the pack. ``pieces``: the text, each piece with whether it decided.
    """

    subject: str
    offers: list[Offer]
    sure: bool
    measured: bool
    version: int
    pieces: list[tuple[str, bool]]


@dataclass(frozen=True)
class InUse:
    """A model with its version; 0 is the words of the pack."""

    version: int
    model: Triage


def in_use(community: Community, subject: str) -> InUse | None:
    """Return the model a community uses, or None where there is none at all. One query."""
    return models_in_use(community).get(subject)


def models_in_use(community: Community) -> dict[str, InUse]:
    """Return the model in use of each subject. One query; data is read once a process."""
    rows = TriageModel.objects.filter(community=community, in_use=True)
    kept = {row.subject: row for row in rows.only("uuid", "subject", "version")}
    found: dict[str, InUse] = {}
    for subject in Subject.values:
        row = kept.get(subject)
        model = _loaded(row.uuid) if row else None
        version = row.version if row and model else 0
        model = model or model_of_words(subject, community.pack)
        if model is not None:
            found[subject] = InUse(version, model)
    return found


@lru_cache(maxsize=32)
def _loaded(uuid: UUID) -> Triage | None:
    """Return a kept model; None where its bytes cannot be read, and the pack's words serve."""
    try:
        return from_bytes(bytes(TriageModel.objects.get(uuid=uuid).data))
    except UnreadableModel:
        return None


def suggested_for(matter: Matter, subjects: Iterable[str]) -> list[Suggested]:
    """Return what is offered for a matter. Two queries at most: the models, the units."""
    wanted = list(subjects)
    if not wanted or not matter.text.strip():
        return []
    used = models_in_use(matter.community)
    return [_for(matter, subject, used[subject]) for subject in wanted if subject in used]


def _for(matter: Matter, subject: str, used: InUse) -> Suggested:
    text, begins = text_of(matter)
    found = used.model.suggest(text, LOOKED_AT)
    known = choices(matter, subject, [one.code for one in found])
    kept = [one for one in found if one.code in known and one.confidence >= LEAST][:MOST]
    threshold = content_of(matter.pack).casework.suggest_from
    offers = [_offer(one, *known[one.code]) for one in kept]
    return Suggested(
        subject,
        offers,
        sure=bool(kept) and kept[0].confidence >= threshold,
        measured=used.model.certainty.measured > 0,
        version=used.version,
        pieces=_marked(matter.text, kept[0], begins) if kept else [],
    )


def choices(matter: Matter, subject: str, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the codes that can be chosen now, each with the form's value and its label.

    A category the pack no longer has and a unit that was dissolved are not offered.
    """
    wanted = set(codes)
    if subject == Subject.CATEGORY:
        leaves = content_of(matter.pack).leaf_categories()
        return {code: (code, str(leaves[code].label)) for code in wanted & leaves.keys()}
    rows = Organisation.objects.standing().filter(community=matter.community)
    rows = rows.exclude(pk=matter.responsible_id) if matter.responsible_id else rows
    return {
        unit_code(row): (str(row.uuid), row.name)
        for row in rows.only("uuid", "name", "code")
        if unit_code(row) in wanted
    }


def _offer(one: Suggestion, value: str, label: str) -> Offer:
    words = tuple(dict.fromkeys(reason.word for reason in one.reasons))
    return Offer(value, label, round(one.confidence * 100), words)


def _marked(text: str, best: Suggestion, begins: int) -> list[tuple[str, bool]]:
    """Return the text in pieces, those that decided marked."""
    pieces: list[tuple[str, bool]] = []
    done = 0
    for reason in best.reasons:
        start, end = reason.start - begins, reason.end - begins
        if start < done:
            continue
        pieces += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in (*pieces, (text[done:], False)) if piece[0]]
