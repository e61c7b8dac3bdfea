"""Who sees hot topics, and of each only the reports in their charge.

A topic is named by words of its reports and counts them: whoever sees a topic sees at least two of
its reports, and no figure tells of one that is not theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from linli.kernel.access.relations import posts_in
from linli.kernel.matters.queries import in_charge
from linli.mechanisms.casework.hot_topics.models import TopicMember

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

ROLES = frozenset({"dispatcher", "supervisor", "secretary"})
FEWEST_SEEN = 2  # one report alone is a matter, and its words are its reporter's


def sees_topics(person: Person | None, community: Community) -> bool:
    """Whether a person sees hot topics at all: dispatchers, supervisors, secretaries."""
    return any(post.roles & ROLES for post in posts_in(person, community))


def reports_seen(person: Person, community: Community) -> QuerySet[Matter]:
    """Return the requests of which a person may see that they are in a topic."""
    return in_charge(person, community).filter(procedure="casework")


def members_seen(person: Person, community: Community) -> QuerySet[TopicMember]:
    """Return the members of topics whose matter is in the person's charge."""
    mine = reports_seen(person, community).filter(pk=OuterRef("matter"))
    return TopicMember.objects.filter(Exists(mine), topic__community=community)
