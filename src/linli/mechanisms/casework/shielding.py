"""An organisation complained of never learns who complained, whatever else it may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from linli.kernel.access.relations import posts_in
from linli.kernel.organisations.models import Organisation

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person


def reporter_hidden_from(person: Person | None, matter: Matter) -> bool:
    """Whether the reporter is hidden: the person has a post in, or below, the one complained of."""
    request = getattr(matter, "servicerequest", None)
    accused = request.subject_organisation if request else None
    if accused is None:
        return False
    return any(post.path.startswith(accused.path) for post in posts_in(person, matter.community))


def matters_hiding_reporter_from(person: Person | None, community: Community) -> Q:
    """Return the condition on matters whose reporter is hidden from the person."""
    steps = Organisation.steplen
    paths = {
        post.path[:end]
        for post in posts_in(person, community)
        for end in range(steps, len(post.path) + 1, steps)
    }
    return Q(servicerequest__subject_organisation__path__in=paths)
