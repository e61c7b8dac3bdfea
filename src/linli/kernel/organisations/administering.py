"""Changing the tree of organisations and the federations; each change is audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.access.reach import Conflicts, NotAdministered, require_reach
from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import (
    Community,
    Federation,
    FederationMember,
    Membership,
    Organisation,
)
from linli.kernel.organisations.tree import within
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import registry

if TYPE_CHECKING:
    from linli.kernel.people.models import Person

CHANGEABLE = ("name", "kind", "code", "public_phone", "description")


def create_organisation(
    by: Person, parent: Organisation, *, name: str, kind: str, **fields: str
) -> Organisation:
    """Create an organisation below another. Raises NotAdministered, Conflicts."""
    require_reach(by, parent, "administer_organisations")
    _check_kind(parent.community, kind)
    values = {"community": parent.community, "name": name, "kind": kind, **fields}
    with transaction.atomic():
        _lock(parent.community)
        _check_code(parent.community, fields.get("code", ""))
        fresh = Organisation.objects.get(pk=parent.pk)
        if fresh.dissolved_on:
            raise Conflicts(_("The organisation above was dissolved."), "parent")
        made: Organisation = Organisation.objects.add_child(fresh, values)
        audit("organisations.created", by, made.community, str(made.uuid), name=name, kind=kind)
    return made


def change_organisation(by: Person, organisation: Organisation, **fields: str) -> Organisation:
    """Rename it or change what is said of it. Raises NotAdministered, Conflicts."""
    require_reach(by, organisation, "administer_organisations")
    changed = {
        name: value
        for name, value in fields.items()
        if name in CHANGEABLE and getattr(organisation, name) != value
    }
    if "kind" in changed:
        _check_kind(organisation.community, changed["kind"])
    with transaction.atomic():
        _lock(organisation.community)
        _check_code(organisation.community, changed.get("code", ""), organisation)
        was = {name: getattr(organisation, name) for name in changed}
        Organisation.objects.filter(pk=organisation.pk).update(**changed)
        if changed:
            told = {"was": was, "now": changed}
            audit(
                "organisations.changed", by, organisation.community, str(organisation.uuid), **told
            )
    return Organisation.objects.get(pk=organisation.pk)


def move_organisation(by: Person, organisation: Organisation, to: Organisation) -> None:
    """Put it, with all below it, under another. Raises NotAdministered, Conflicts."""
    require_reach(by, organisation, "administer_organisations")
    require_reach(by, to, "administer_organisations")
    if to.community_id != organisation.community_id:
        raise NotAdministered
    with transaction.atomic():
        _lock(organisation.community)
        node = Organisation.objects.get(pk=organisation.pk)
        target = Organisation.objects.get(pk=to.pk)
        if target.path.startswith(node.path):
            raise Conflicts(_("An organisation cannot lie below itself."), "to")
        if target.dissolved_on:
            raise Conflicts(_("The organisation above was dissolved."), "to")
        Organisation.objects.move(node, target, pos="last-child")
        audit("organisations.moved", by, node.community, str(node.uuid), to=str(target.uuid))


def dissolve_organisation(by: Person, organisation: Organisation) -> None:
    """End it today: nothing may lie there any more; its posts and seats end with it.

    Raises NotAdministered, Conflicts.
    """
    require_reach(by, organisation, "administer_organisations")
    today = organisation.community.day_of(timezone.now())
    with transaction.atomic():
        _lock(organisation.community)
        node = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if node.dissolved_on:
            raise Conflicts(_("It was dissolved already."))
        _check_nothing_lies_there(node)
        Organisation.objects.filter(pk=node.pk).update(dissolved_on=today)
        open_ended = Q(until__isnull=True) | Q(until__gt=today)
        ended = Membership.objects.filter(open_ended, organisation=node, since__lte=today)
        posts = ended.update(until=today)
        FederationMember.objects.filter(open_ended, organisation=node, since__lte=today).update(
            until=today
        )
        audit("organisations.dissolved", by, node.community, str(node.uuid), posts_ended=posts)


def _check_nothing_lies_there(node: Organisation) -> None:
    below = within(node).filter(dissolved_on__isnull=True).exclude(pk=node.pk)
    if below.exists():
        raise Conflicts(_("Organisations still lie below it. Move or dissolve them first."))
    # Some procedures pass on what a dissolved unit had; a desk is where things come back to.
    passed_on = [name for name, one in registry.items() if "pass_on_from_dissolved" in one.actions]
    stays = Q(desk=node) | (Q(responsible=node) & ~Q(procedure__in=passed_on))
    lies = Matter.objects.filter(stays, closed_at__isnull=True)
    if number := lies.values_list("number", flat=True).order_by("pk").first():
        raise Conflicts(
            _("Open matters still lie there, such as %(number)s. Send them elsewhere first.")
            % {"number": number}
        )
    if node.areas.exists():
        raise Conflicts(_("It is still in charge of grids. Give them to another first."))
    if node.convenes.exists():
        raise Conflicts(_("It still convenes a federation."))


def create_federation(by: Person, convener: Organisation, name: str) -> Federation:
    """Create a federation that an organisation convenes. Raises NotAdministered, Conflicts."""
    require_reach(by, convener, "administer_organisations")
    community = convener.community
    try:
        with transaction.atomic():
            made = Federation.objects.create(community=community, convener=convener, name=name)
            FederationMember.objects.create(federation=made, organisation=convener)
            audit("federations.created", by, community, str(made.uuid), name=name)
    except IntegrityError:
        raise Conflicts(_("There is a federation of this name."), "name") from None
    return made


def join_federation(by: Person, federation: Federation, organisation: Organisation) -> None:
    """Give an organisation a seat; it keeps its superiors. Raises NotAdministered, Conflicts."""
    require_reach(by, federation.convener, "administer_organisations")
    if organisation.community_id != federation.community_id or organisation.dissolved_on:
        raise NotAdministered
    try:
        with transaction.atomic():
            FederationMember.objects.create(federation=federation, organisation=organisation)
            audit("federations.joined", by, federation.community, str(federation.uuid),
                organisation=str(organisation.uuid),
            )  # fmt: skip
    except IntegrityError:
        raise Conflicts(_("It is a member already."), "organisation") from None


def leave_federation(by: Person, seat: FederationMember) -> None:
    """End a seat today. Raises NotAdministered, Conflicts."""
    federation = seat.federation
    require_reach(by, federation.convener, "administer_organisations")
    if seat.organisation_id == federation.convener_id:
        raise Conflicts(_("Who convenes it cannot leave it."))
    with transaction.atomic():
        today = federation.community.day_of(timezone.now())
        seats = FederationMember.objects.filter(pk=seat.pk, until__isnull=True)
        if seats.update(until=max(today, seat.since)):
            audit("federations.left", by, federation.community, str(federation.uuid),
                organisation=str(seat.organisation.uuid),
            )  # fmt: skip


def _lock(community: Community) -> None:
    """One change to a community's tree at a time: paths of others move with each."""
    Community.objects.select_for_update().get(pk=community.pk)


def _check_kind(community: Community, kind: str) -> None:
    if kind not in pack_of(community).organisation_kinds:
        raise Conflicts(_("Please choose one of the options."), "kind")


def _check_code(community: Community, code: str, but: Organisation | None = None) -> None:
    taken = Organisation.objects.filter(community=community, code=code)
    if code and taken.exclude(pk=but.pk if but else None).exists():
        raise Conflicts(_("Another organisation has this code."), "code")
