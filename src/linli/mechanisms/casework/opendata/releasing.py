"""Letting a prepared release out, or not: by people, with a reason on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.access.relations import can
from linli.mechanisms.casework.opendata.files import content_of_file
from linli.mechanisms.casework.opendata.models import Release

if TYPE_CHECKING:
    from linli.kernel.people.models import Person

POWER = "release_data"
LONGEST_REASON = 500


class OpenDataRefused(ValueError):
    """It cannot be done; its text is a plain sentence. Nothing was changed."""


def checked_reason(reason: str) -> str:
    """Return a reason without blanks around it. Raises OpenDataRefused where it is no reason."""
    text = reason.replace("\x00", "").strip()
    if not text:
        raise OpenDataRefused(_("Please give a reason."))
    if len(text) > LONGEST_REASON:
        sentence = _("The reason may have at most %(most)s characters.")
        raise OpenDataRefused(sentence % {"most": LONGEST_REASON})
    return text


def let_out(release: Release, by: Person, reason: str) -> Release:
    """Release it, or, where the pack asks for two people and this is the first, note the look.

    An edition that corrects another takes its place. Raises OpenDataRefused.
    """
    text = checked_reason(reason)
    with transaction.atomic():
        found = _locked(release, by)
        for file in found.files.all():
            content_of_file(file)
        if found.rule.get("second_person") and found.state == Release.State.PREPARED:
            found.state, found.seen_by = Release.State.SEEN, by
            found.seen_at, found.seen_reason = timezone.now(), text
            found.save(update_fields=["state", "seen_by", "seen_at", "seen_reason"])
            audit("open_data.seen", by, found.community, str(found.uuid), reason=text)
            return found
        if found.seen_by_id == by.pk:
            raise OpenDataRefused(_("You looked at it yourself; a second person must release it."))
        Release.objects.filter(
            community=found.community, since=found.since, state=Release.State.RELEASED
        ).update(state=Release.State.REPLACED)
        _decide(found, by, text, Release.State.RELEASED)
    return found


def refuse(release: Release, by: Person, reason: str) -> Release:
    """Refuse it; it was never public, so its period may be prepared again. OpenDataRefused."""
    text = checked_reason(reason)
    with transaction.atomic():
        found = _locked(release, by)
        found.files.all().delete()
        _decide(found, by, text, Release.State.REFUSED)
    return found


def _decide(found: Release, by: Person, reason: str, state: Release.State) -> None:
    found.state, found.decided_by = state, by
    found.decided_at, found.reason = timezone.now(), reason
    found.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    audit(f"open_data.{state.value}", by, found.community, str(found.uuid), reason=reason,
          period=found.period, edition=found.edition)  # fmt: skip


def _locked(release: Release, by: Person) -> Release:
    if not can(by, POWER, release.community):
        raise OpenDataRefused(_("You may not release open data here."))
    rows = Release.objects.select_for_update(of=("self",)).select_related("community")
    found = rows.get(pk=release.pk)
    if not found.waits:
        raise OpenDataRefused(_("It was decided on already."))
    return found
