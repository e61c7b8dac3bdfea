"""What staff correct: hide a topic, take a report out of it, and back again; all on record.

The nights keep to it: see `counting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.indicators.folding import locked
from linli.mechanisms.casework.hot_topics.models import HotTopic, TakenOut

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.people.models import Person

LONGEST_REASON = 200


class NotCorrected(ValueError):
    """The correction cannot be made; the text is a sentence for people."""


def hide(topic: HotTopic, by: Person, why: str) -> None:
    """Say that it is not one topic, or none for this list. Raises NotCorrected."""
    with transaction.atomic():
        row = _held(topic)
        if row.hidden_at is not None:
            raise NotCorrected(_("This topic is hidden already."))
        row.hidden_at, row.hidden_by, row.hidden_why = timezone.now(), by, _reason(why)
        row.save(update_fields=["hidden_at", "hidden_by", "hidden_why"])
        audit("hot_topic.hidden", by, topic.community, str(topic.uuid))


def show_again(topic: HotTopic, by: Person) -> None:
    """Put a hidden topic back on the list. Raises NotCorrected."""
    with transaction.atomic():
        row = _held(topic)
        if row.hidden_at is None:
            raise NotCorrected(_("This topic is on the list already."))
        row.hidden_at, row.hidden_by, row.hidden_why = None, None, ""
        row.save(update_fields=["hidden_at", "hidden_by", "hidden_why"])
        audit("hot_topic.shown_again", by, topic.community, str(topic.uuid))


def take_out(topic: HotTopic, matter: Matter, by: Person, why: str) -> None:
    """Take a report out of a topic, from now on and in all nights. Raises NotCorrected.

    The figures of the topic follow with the next count; until then they are those of last night.
    """
    with transaction.atomic():
        _held(topic)
        reason = _reason(why)
        gone, _rows = topic.members.filter(matter=matter).delete()
        if not gone:
            raise NotCorrected(_("This report is not in the topic (any more)."))
        TakenOut.objects.create(topic=topic, matter=matter, by=by, why=reason)
        audit("hot_topic.taken_out", by, topic.community, str(topic.uuid), matter=matter.number)


def put_back(topic: HotTopic, matter: Matter, by: Person) -> None:
    """Let the next night decide again whether a report belongs there. Raises NotCorrected."""
    with transaction.atomic():
        _held(topic)
        gone, _rows = TakenOut.objects.filter(topic=topic, matter=matter).delete()
        if not gone:
            raise NotCorrected(_("This report was not taken out."))
        audit("hot_topic.put_back", by, topic.community, str(topic.uuid), matter=matter.number)


def _reason(why: str) -> str:
    words = " ".join(why.split())
    if not words:
        raise NotCorrected(_("Please say why."))
    if len(words) > LONGEST_REASON:
        raise NotCorrected(_("Please use at most %(max)s characters.") % {"max": LONGEST_REASON})
    return words


def _held(topic: HotTopic) -> HotTopic:
    """Return the topic as it stands, held until commit. Raises NotCorrected where it is gone."""
    locked(topic.community_id, wait=True)
    row = HotTopic.objects.filter(pk=topic.pk).first()
    if row is None:
        raise NotCorrected(_("This topic does not exist any more."))
    return row
