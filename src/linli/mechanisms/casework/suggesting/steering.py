"""A supervisor takes another model into use, or lets the nightly fit choose again: on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.indicators.folding import locked
from linli.mechanisms.casework.suggesting.models import TriageModel

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person


class NotUsable(ValueError):
    """The model cannot be taken into use; the text is a sentence for people."""


def take_into_use(model: TriageModel, by: Person) -> None:
    """Use a kept model from now on and hold to it, whatever the nights bring. Raises NotUsable."""
    with transaction.atomic():
        locked(model.community_id, wait=True)
        row = TriageModel.objects.select_for_update().get(pk=model.pk)
        if row.in_use:
            raise NotUsable(_("This model is in use already."))
        if not row.data:
            raise NotUsable(_("This model was never in use, so only its scores were kept."))
        rows = TriageModel.objects.filter(community=row.community_id, subject=row.subject)
        rows.filter(in_use=True).update(in_use=False, held_by=None)
        rows.filter(pk=row.pk).update(in_use=True, used_since=timezone.now(), held_by=by)
        audit("triage.model_taken", by, model.community, str(row.uuid),
              about=row.subject, version=row.version)  # fmt: skip


def let_nights_choose(community: Community, subject: str, by: Person) -> bool:
    """Let the nightly fit replace the model in use again; return whether it was held."""
    with transaction.atomic():
        locked(community.pk, wait=True)
        rows = TriageModel.objects.filter(community=community, subject=subject, in_use=True)
        held = rows.filter(held_by__isnull=False).update(held_by=None)
        if held:
            audit("triage.model_let_go", by, community, subject)
        return bool(held)
