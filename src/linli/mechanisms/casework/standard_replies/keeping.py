"""Who may see which standard replies, and who may write, change and retire them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.relations import can, posts_in
from linli.kernel.organisations.models import Organisation
from linli.mechanisms.casework.standard_replies.models import StandardReply
from linli.mechanisms.casework.standard_replies.variables import wrong_variables

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

FOR_ALL = "administer_organisations"
MOST = 200  # for one unit, or for the whole community


class NotKept(ValueError):
    """A reply that was not kept: ``field`` and a sentence."""

    def __init__(self, sentence: str, field: str = "") -> None:
        self.sentence, self.field = sentence, field
        super().__init__(sentence)


def replies_for(person: Person, community: Community) -> QuerySet[StandardReply]:
    """Return the replies a person can use: of the community, and of the own units and those above.

    Retired ones are in it; ``retired_at`` tells.
    """
    steps = Organisation.steplen
    paths = {
        post.path[:end]
        for post in posts_in(person, community)
        if post.staff
        for end in range(steps, len(post.path) + 1, steps)
    }
    shared = Q(organisation__isnull=True) | Q(organisation__path__in=paths)
    rows = StandardReply.objects.filter(shared, community=community)
    return rows.select_related("organisation").order_by(
        F("organisation__path").asc(nulls_first=True), "title"
    )


def units_to_write_for(person: Person, community: Community) -> list[Organisation]:
    """Return the units in which a person holds a post as staff, as they lie in the tree."""
    held = {post.organisation_id for post in posts_in(person, community) if post.staff}
    return list(Organisation.objects.standing().filter(pk__in=held).order_by("path"))


def may_change(person: Person, reply: StandardReply) -> bool:
    """Whether a person may change a reply: of an own unit, or of all with the power for it."""
    if reply.organisation_id is None:
        return can(person, FOR_ALL, reply.community)
    posts = posts_in(person, reply.community)
    return any(post.staff and post.organisation_id == reply.organisation_id for post in posts)


def keep_reply(person: Person, reply: StandardReply, *, seen: int | None = None) -> StandardReply:
    """Write a new reply or a changed one.

    ``seen``: the version the person read; None for a new one. Raises NotKept for a reply the person
    may not write, a variable nobody knows, a title taken, or one changed meanwhile.
    """
    if not may_change(person, reply):
        raise NotKept(_("You may keep replies for your own unit only."), "organisation")
    if wrong := wrong_variables(reply.text):
        raise NotKept(" ".join(wrong), "text")
    try:
        with transaction.atomic():
            _write(person, reply, seen)
    except IntegrityError:
        raise NotKept(_("There is a reply of this title already."), "title") from None
    return reply


def _write(person: Person, reply: StandardReply, seen: int | None) -> None:
    reply.changed_at, reply.changed_by = timezone.now(), person
    if reply.pk is None:
        beside = StandardReply.objects.filter(
            community=reply.community, organisation=reply.organisation
        )
        if beside.count() >= MOST:
            raise NotKept(_("At most %(most)s replies can be kept.") % {"most": MOST})
        reply.save(force_insert=True)
        return
    current = StandardReply.objects.select_for_update().get(pk=reply.pk)
    if seen is not None and current.version != seen:
        raise NotKept(_("Somebody changed it meanwhile. Your text is kept here; compare them."))
    reply.version = current.version + 1
    reply.save()


def set_retired(person: Person, reply: StandardReply, retired: bool) -> None:
    """Retire a reply, or bring it back; doing so twice changes nothing. Raises NotKept."""
    if not may_change(person, reply):
        raise NotKept(_("You may keep replies for your own unit only."))
    rows = StandardReply.objects.filter(pk=reply.pk, retired_at__isnull=retired)
    rows.update(retired_at=timezone.now() if retired else None, changed_by=person)
