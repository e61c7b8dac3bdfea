"""In whose name a topic is proposed, and which units can be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.kernel.access.relations import posts_in
from linli.kernel.organisations.models import Membership, Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.errors import InvalidFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person


def proposing_organisation(person: Person, community: Community) -> Organisation:
    """Return in whose name a person proposes: the highest post as supervisor or secretary.

    Raises LookupError for who holds neither.
    """
    posts = [post for post in posts_in(person, community) if "supervisor" in post.roles]
    if not posts:
        raise LookupError("holds no post that may propose")
    highest = min(posts, key=lambda post: (len(post.path), post.path))
    return Organisation.objects.get(pk=highest.organisation_id)


def check_answers(field: str, units: Iterable[Organisation], community: Community) -> None:
    """Raise InvalidFacts for units where nobody could do the work. One query."""
    chosen = {unit.pk: unit.name for unit in units}
    roles = pack_of(community).roles_including("handler")
    posts = Membership.objects.current().filter(organisation__in=chosen, role__in=roles)
    answering = set(posts.values_list("organisation", flat=True))
    if silent := [name for key, name in chosen.items() if key not in answering]:
        sentence = _("Nobody there could do it: %(names)s.") % {"names": ", ".join(silent)}
        raise InvalidFacts({field: [sentence]})
