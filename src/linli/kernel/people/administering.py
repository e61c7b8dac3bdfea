"""Accounts and posts, as administrators give and end them; each change is audited.

Nobody gives what they do not hold: a post lies within what one administers, and its role
carries no power and sees no further than one's own.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.access.reach import Conflicts, NotAdministered, reach, require_reach
from linli.kernel.access.relations import posts_in
from linli.kernel.organisations.models import Membership, Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.people.models import Person

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.schema import RoleSetting

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else
_WIDTH = {"own": 0, "subtree": 1, "community": 2}


def people_within(by: Person, community: Community) -> QuerySet[Person]:
    """Return the people with a post, past or present, in what somebody administers."""
    rows = reach(by, community, "administer_people")
    posts = Membership.objects.filter(organisation__in=rows)
    return Person.objects.filter(pk__in=posts.values("person_id"), is_guest=False)


def grantable_roles(by: Person, community: Community) -> dict[str, RoleSetting]:
    """Return the roles somebody may give: none that carries more than their own."""
    pack = pack_of(community)
    if by.is_active and by.is_administrator:
        return dict(pack.roles)
    powers, width = _held(by, community)
    return {
        name: role
        for name, role in pack.roles.items()
        if _powers(name, community) <= powers and _width(name, community) <= width
    }


def create_account(
    by: Person, organisation: Organisation, *, username: str, display_name: str, role: str,
    title: str = "", since: date | None = None, until: date | None = None,
) -> tuple[Person, str]:  # fmt: skip
    """Create an account with its first post and return it with its one-time password.

    Raises NotAdministered, Conflicts.
    """
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        raise Conflicts(_("Only letters, digits and @ . + - _ please."), "username") from None
    password = new_one_time_password()
    with transaction.atomic():
        person = _new_person(username, password, display_name)
        audit("people.created", by, organisation.community, str(person.uuid))
        give_post(by, person, organisation, role=role, title=title, since=since, until=until)
    return person, password


def _new_person(username: str, password: str, display_name: str) -> Person:
    taken = Conflicts(_("This user name is taken."), "username")
    if Person.objects.filter(username__iexact=username).exists():
        raise taken
    try:
        with transaction.atomic():
            return Person.objects.create_user(username, password, display_name=display_name)
    except IntegrityError:
        raise taken from None


def give_post(
    by: Person, person: Person, organisation: Organisation, *, role: str, title: str = "",
    since: date | None = None, until: date | None = None,
) -> Membership:  # fmt: skip
    """Give a person a post. Raises NotAdministered, Conflicts."""
    require_reach(by, organisation, "administer_people")
    if organisation.dissolved_on:
        raise Conflicts(_("This organisation was dissolved."), "organisation")
    if role not in grantable_roles(by, organisation.community):
        raise Conflicts(_("You cannot give this role."), "role")
    since = since or organisation.community.day_of(timezone.now())
    if until and until < since:
        raise Conflicts(_("The last day comes before the first."), "until")
    try:
        with transaction.atomic():
            post = Membership.objects.create(
                community=organisation.community, person=person, organisation=organisation,
                role=role, title=title, since=since, until=until,
            )  # fmt: skip
            audit("people.post_given", by, organisation.community, str(person.uuid),
                organisation=str(organisation.uuid), role=role,
                since=since.isoformat(), until=until.isoformat() if until else None,
            )  # fmt: skip
    except IntegrityError:
        raise Conflicts(_("This person holds this post already."), "role") from None
    return post


def end_post(by: Person, post: Membership) -> None:
    """End a post with yesterday, so that it opens nothing from now on.

    One that began today or later never counted and is removed. Raises NotAdministered, Conflicts.
    """
    require_reach(by, post.organisation, "administer_people")
    if post.person_id == by.pk:
        raise Conflicts(_("You cannot end a post of your own."))
    with transaction.atomic():
        post.end(timezone.now())
        audit("people.post_ended", by, post.community, str(post.person.uuid),
            organisation=str(post.organisation.uuid), role=post.role,
        )  # fmt: skip


def set_active(by: Person, person: Person, community: Community, active: bool) -> None:
    """Close an account or open it again. Raises NotAdministered, Conflicts."""
    require_account(by, person, community)
    if person.is_active == active:
        return
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=active)
        audit("people.opened" if active else "people.closed", by, community, str(person.uuid))


def new_password(by: Person, person: Person, community: Community) -> str:
    """Replace a forgotten password by a one-time one and return it.

    Raises NotAdministered, Conflicts.
    """
    require_account(by, person, community)
    password = new_one_time_password()
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        audit("people.password_replaced", by, community, str(person.uuid))
    return password


def require_account(by: Person, person: Person, community: Community) -> None:
    """Raise unless somebody may act on the account itself, not only on posts within reach.

    Every post held must lie within reach and carry no more than one's own, or else a new
    password would be a way to more power. Raises NotAdministered, Conflicts.
    """
    if person.pk == by.pk:
        raise Conflicts(_("You cannot do this to your own account."))
    if not people_within(by, community).filter(pk=person.pk).exists():
        raise NotAdministered
    if by.is_administrator:
        return
    known = set(reach(by, community, "administer_people").values_list("pk", flat=True))
    elsewhere = Membership.objects.current().filter(person=person).exclude(organisation__in=known)
    held = set(Membership.objects.current().filter(person=person).values_list("role", flat=True))
    if person.is_administrator or elsewhere.exists() or held - set(grantable_roles(by, community)):
        raise Conflicts(_("This person also holds posts outside what you administer."))


def _held(by: Person, community: Community) -> tuple[frozenset[str], int]:
    posts = posts_in(by, community)
    powers = frozenset(power for post in posts for power in post.may)
    return powers, max((_WIDTH[sees] for post in posts for sees in post.sees), default=-1)


def _powers(name: str, community: Community) -> frozenset[str]:
    pack = pack_of(community)
    return frozenset(power for role in pack.roles_within(name) for power in pack.roles[role].may)


def _width(name: str, community: Community) -> int:
    pack = pack_of(community)
    return max(_WIDTH[pack.roles[role].sees] for role in pack.roles_within(name))


def new_one_time_password() -> str:
    """Return 16 letters and digits in four groups: about 79 bits, readable over a telephone."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
