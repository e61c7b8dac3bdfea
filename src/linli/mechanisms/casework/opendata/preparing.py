"""Preparing a closed period, once; and correcting what is out without parting its classes."""

from __future__ import annotations

import gzip
import json
import logging
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.organisations.models import Community
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.opendata.columns import OUTCOMES
from linli.mechanisms.casework.opendata.files import files_of, rows_of
from linli.mechanisms.casework.opendata.generalising import published
from linli.mechanisms.casework.opendata.models import Release, ReleaseFile
from linli.mechanisms.casework.opendata.reading import outcomes_of, reported_in
from linli.mechanisms.casework.opendata.releasing import OpenDataRefused, checked_reason
from linli.mechanisms.casework.rates.periods import period_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from linli.kernel.people.models import Person

log = logging.getLogger(__name__)


def prepare(community: Community, day: date, by: Person | None = None) -> Release:
    """Prepare the period of the pack's kind in which a day lies, for people to look at.

    Raises OpenDataRefused: the period is not over, days of it are in another release, or too few
    people reported for even one row.
    """
    setting = pack_of(community).open_data
    period = period_of(setting.period, day)
    if period.until >= community.day_of(timezone.now()):
        raise OpenDataRefused(_("This period is not over yet."))
    release = Release(community=community, since=period.since, until=period.until)
    _refuse_overlap(release)
    made = published(
        community, reported_in(community, period.since, period.until), period.since, period.until
    )
    if not made.rows:
        sentence = _("Fewer than %(k)s people reported in this period; nothing can be published.")
        raise OpenDataRefused(sentence % {"k": setting.k})
    release.loss = made.loss
    release.rule = setting.model_dump(mode="json", exclude={"publishes", "after_days"})
    _store(release, [list(texts) for texts, _matter in made.rows],
           [matter for _texts, matter in made.rows])  # fmt: skip
    audit("open_data.prepared", by, community, str(release.uuid), period=release.period)
    return release


def prepare_due() -> int:
    """Prepare the last closed period of each community whose pack says so; a chore."""
    done = 0
    for community in Community.objects.select_related("pack").order_by("pk"):
        setting = pack_of(community).open_data
        if not setting.publishes:
            continue
        today = community.day_of(timezone.now())
        last = period_of(setting.period, today).before()
        tried = Release.objects.filter(community=community, since=last.since).exists()
        if tried or (today - last.until).days < setting.after_days:
            continue
        try:
            prepare(community, last.since)
            done += 1
        except OpenDataRefused as refused:
            log.info("no open data of %s: %s", community.code, refused)
    return done


def correct(release: Release, by: Person, reason: str) -> Release:
    """Prepare another edition of what is out: the same rows in the same classes, outcomes anew.

    No row is added, taken away or told finer: whoever lays both editions side by side learns no
    more of a person than that somebody of a class had another outcome. Raises OpenDataRefused.
    """
    text = checked_reason(reason)
    if release.state != Release.State.RELEASED:
        raise OpenDataRefused(_("Only what is out, in its newest edition, can be corrected."))
    matters: list[int] = json.loads(gzip.decompress(bytes(release.keys)))
    outcomes = outcomes_of(release.community, matters)
    rows = [
        ([*row[:OUTCOMES], *outcomes.get(matter, row[OUTCOMES:])], matter)
        for row, matter in zip(rows_of(release), matters, strict=True)
    ]
    rows.sort()
    edition = Release(
        community=release.community, since=release.since, until=release.until, rule=release.rule,
        loss=release.loss, edition=release.edition + 1,
    )  # fmt: skip
    _store(edition, [row for row, _matter in rows], [matter for _row, matter in rows])
    audit("open_data.corrected", by, release.community, str(release.uuid), reason=text,
          edition=edition.edition)  # fmt: skip
    return edition


def _refuse_overlap(release: Release) -> None:
    taken = Release.objects.filter(
        community=release.community, since__lte=release.until, until__gte=release.since
    ).exclude(state=Release.State.REFUSED)
    if taken.exists():
        raise OpenDataRefused(_("Days of this period are in a release already."))


def _store(release: Release, rows: Sequence[Any], matters: list[int]) -> None:
    release.rows, release.prepared_at = len(rows), timezone.now()
    release.keys = gzip.compress(json.dumps(matters).encode(), mtime=0)
    try:
        with transaction.atomic():
            if release.edition == 1:  # again, with nobody else preparing: periods may differ
                Community.objects.select_for_update().get(pk=release.community_id)
                _refuse_overlap(release)
            release.save()
            ReleaseFile.objects.bulk_create(files_of(release, rows))
    except IntegrityError:
        raise OpenDataRefused(_("Days of this period are in a release already.")) from None
