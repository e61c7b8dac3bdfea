"""Support instead of a second report: a matter of one's own, joined to the first from the start.

So a supporter is a reporter like any other: told, answered against an own clock, asked, and rated
by the own word alone; a secret link leads back, and it can be taken back. The public sees how
many they are, never who.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.kept_queries import KeptRows, any_of, spread
from linli.kernel.matters.models import Attachment, Audience, Matter, MatterLink, Participant
from linli.kernel.procedures.errors import InvalidFacts
from linli.mechanisms.casework.facts import Support
from linli.mechanisms.casework.intake import guest_of, put_in_place, title_of
from linli.mechanisms.casework.joining import hold
from linli.mechanisms.casework.stages import NOT_JOINED, procedure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.people.models import Person
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest


@procedure.start(
    to="joined",
    by="public",
    label=_("Support a report"),
    past="supported",
    happened=_("Joined a report of others"),
)
def support(request: ServiceRequest, facts: Support, act: Act) -> None:
    """It is this, and it concerns me too: handled with the first report, answered for itself."""
    main = hold(act.refs["into"], "into")
    _refuse_what_cannot_be_supported(act, main)
    reporter = act.by or guest_of(facts)
    words = facts.text or main.public_title
    act.set(text=words, title=title_of(words), reporter=reporter)
    put_in_place(act, facts)
    act.set(
        area=act.matter.area or main.area,
        category=main.category,
        urgency=main.urgency,
        desk=main.desk,
        responsible=main.responsible,
    )
    act.take_part(reporter, Participant.Role.REPORTER)
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.REPORT, Audience.PARTIES)
    act.link(MatterLink.Kind.DUPLICATE_OF, main)
    if not main.servicerequest.reply:  # else the answer is read before it is asked for
        act.start_clock("reply")
    if act.by is None:
        act.result["token"] = act.secret_link(reporter)


def _refuse_what_cannot_be_supported(act: Act, main: Matter) -> None:
    if main.procedure != procedure.name or main.audience != Audience.PUBLIC:
        # As if it were not there: nobody learns the numbers of what is not public.
        raise InvalidFacts({"into": [gettext("There is no matter with this number.")]})
    if main.stage not in NOT_JOINED:
        sentence = gettext("It is not worked on any more. Please report anew if it is still so.")
        raise InvalidFacts({"into": [sentence]})
    if act.by is not None and own_place_in(main, act.by) is not None:
        raise InvalidFacts({"into": [gettext("You reported or support this already.")]})


def own_place_in(main: Matter, person: Person) -> Matter | None:
    """Return the matter by which a person stands behind one: it itself, or one joined to it.

    One query.
    """
    joined = Q(links_out__target=main, links_out__kind=MatterLink.Kind.DUPLICATE_OF)
    rows = Matter.objects.filter(Q(pk=main.pk) | joined, reporter=person)
    return rows.exclude(stage="withdrawn").order_by("pk").first()


def numbers_behind(matters: Iterable[Matter]) -> dict[int, int]:
    """Return how many people stand behind each matter, whoever reported it included. One query."""
    keys = [matter.pk for matter in matters]
    if not keys:
        return {}
    most = 1 << (len(keys) - 1).bit_length()  # few sizes, so that few queries are kept
    joined = dict(_joined(most)(**spread("key", keys, most)))
    return {key: 1 + joined.get(key, 0) for key in keys}


@cache
def _joined(most: int) -> KeptRows:
    of_them = Q(links_in__kind=MatterLink.Kind.DUPLICATE_OF) & ~Q(
        links_in__source__stage="withdrawn"
    )
    return KeptRows(
        lambda: (
            Matter.objects.filter(pk__in=any_of("key", most))
            .order_by()
            .values("pk")
            .annotate(many=Count("links_in", filter=of_them))
            .values_list("pk", "many")
        )
    )


def public_main_of(matter: Matter) -> Matter | None:
    """Return the matter another is handled with, where anyone may read it. At most one query."""
    if matter.stage not in ("joined", "solved"):
        return None
    links = MatterLink.objects.filter(source=matter, kind=MatterLink.Kind.DUPLICATE_OF)
    link = links.filter(target__audience=Audience.PUBLIC).select_related("target").first()
    return link.target if link else None
