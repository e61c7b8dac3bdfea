"""How far a person administers: the organisations below the posts that carry the power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel.access.relations import posts_in
from linli.kernel.organisations.models import Organisation
from linli.kernel.procedures.errors import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

Power = Literal["administer_people", "administer_organisations"]


class NotAdministered(Refused):
    """The person may not administer this."""

    code = "not_administered"
    status = 403

    @property
    def sentence(self) -> str:
        return _("This lies outside what you administer.")


class Conflicts(Refused):
    """What was asked cannot stand beside what is; the sentence says what stands against it."""

    code = "conflicts"
    status = 409

    def __init__(self, sentence: str, field: str = "__all__") -> None:
        super().__init__()
        self._sentence, self.field = sentence, field

    @property
    def sentence(self) -> str:
        return self._sentence


def reach(person: Person, community: Community, power: Power) -> QuerySet[Organisation]:
    """Return the organisations of a community a person may administer, dissolved ones too."""
    rows = Organisation.objects.filter(community=community)
    if person.is_active and person.is_administrator:
        return rows
    within = Q(pk__in=[])
    for post in posts_in(person, community):
        if power in post.may:
            within |= Q(path__startswith=post.path)
    return rows.filter(within)


def require_reach(person: Person, organisation: Organisation, power: Power) -> None:
    """Raise NotAdministered unless the person administers the organisation."""
    if not reach(person, organisation.community, power).filter(pk=organisation.pk).exists():
        raise NotAdministered
