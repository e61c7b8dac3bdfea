"""How a request comes in: by the reporter's own hand, taken down by staff, or split off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.kept_queries import Given, KeptQuery
from linli.kernel.matters.models import Attachment, Audience, Participant
from linli.kernel.organisations.models import Organisation
from linli.kernel.people.guests import new_guest
from linli.kernel.people.models import Contact
from linli.kernel.places.charge import area_in_charge
from linli.kernel.places.locating import locate
from linli.kernel.procedures.errors import InvalidFacts
from linli.mechanisms.casework.facts import DeskReport, Place, Report, Split, Support
from linli.mechanisms.casework.questions import keep_answers
from linli.mechanisms.casework.stages import SYSTEM, procedure

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

TITLE_LENGTH = 40

_coded = KeptQuery(
    lambda: Organisation.objects.standing().filter(
        community=Given("community"), code=Given("code", CharField())
    )[:1]
)
_top = KeptQuery(
    lambda: (
        Organisation.objects.standing()
        .filter(community=Given("community"))
        .order_by("depth", "path")[:1]
    )
)


@procedure.start(
    to="received", by="public", label=_("Report"), past="reported", happened=_("Reported")
)
def report(request: ServiceRequest, facts: Report, act: Act) -> None:
    """Anyone reports; without an account a secret link leads back.

    北京市接诉即办工作条例 (2021) art. 12: requests are taken from every channel and registered.
    """
    keep_answers(request, facts, act)
    reporter = act.by or guest_of(facts)
    _receive(act, facts, reporter)
    if act.by is None:
        act.result["token"] = act.secret_link(reporter)


@procedure.start(
    to="received",
    by=("community.dispatcher", "community.grid_worker", "community.handler"),
    label=_("Take down a report"),
    past="taken_down",
    happened=_("Taken down by staff"),
)
def take_down(request: ServiceRequest, facts: DeskReport, act: Act) -> None:
    """Staff write down what someone said on the telephone, at the desk or on the stairs."""
    keep_answers(request, facts, act)
    reporter = guest_of(facts)
    _receive(act, facts, reporter)
    act.set(urgency=facts.urgency)
    act.matter.channel = facts.channel
    act.result["token"] = act.secret_link(reporter)


@procedure.start(
    to="received", by=SYSTEM, label=_("Split off"), past="split_off", happened=_("Split off")
)
def split_off(request: ServiceRequest, facts: Split, act: Act) -> None:
    """The second wish of one message becomes a matter of its own (see `casework.split`)."""
    act.set(
        text=facts.text,
        title=title_of(facts.text),
        category=facts.category or "",
        desk=desk_of(act.matter.community),
    )
    act.start_clock("triage")
    act.start_clock("reply")


def guest_of(facts: Report | Support) -> Person:
    """Create the guest who reported, with the contact data that was left."""
    contacts = {
        Contact.Kind.NAME: facts.name,
        Contact.Kind.PHONE: facts.phone,
        Contact.Kind.EMAIL: facts.email,
    }
    return new_guest({kind: value for kind, value in contacts.items() if value})


def _receive(act: Act, facts: Report, reporter: Person) -> None:
    write_down(act, facts, reporter)
    act.start_clock("triage")
    act.start_clock("reply")
    act.tell_role(act.matter.desk, "dispatcher")


def write_down(act: Act, facts: Report, reporter: Person) -> None:
    """Put what was said into the matter: whose words, what about, where."""
    act.set(text=facts.text, title=title_of(facts.text), reporter=reporter)
    act.set(category=facts.category or "", desk=desk_of(act.matter.community))
    if act.refs.get("category"):
        act.set(urgency=act.pack.categories[facts.category or ""].urgency)
    put_in_place(act, facts)
    act.take_part(reporter, Participant.Role.REPORTER)
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.REPORT, Audience.PARTIES)


def put_in_place(act: Act, facts: Place) -> None:
    """Put into the matter what is known of the place. Raises InvalidFacts for half a point."""
    if (facts.longitude is None) != (facts.latitude is None):
        raise InvalidFacts({"address": [gettext("A point needs both longitude and latitude.")]})
    found = locate(
        act.matter.community,
        longitude=facts.longitude,
        latitude=facts.latitude,
        address=facts.address or "",
        doorway=facts.doorway or "",
    )
    if facts.doorway and found.address is None:
        raise InvalidFacts({"doorway": [gettext("This doorway code is not known here.")]})
    # The grid, not the building: somebody answers for it, and the public reads it.
    act.set(
        area=area_in_charge(found.area) if found.area else None,
        address_text=found.text,
        longitude=found.longitude,
        latitude=found.latitude,
    )


def title_of(text: str) -> str:
    """Return the first sentence or line of a text, shortened, as its title."""
    first = text.strip().splitlines()[0]
    for stop in "。！？!?；;":
        first = first.split(stop)[0] or first
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def desk_of(community: Community) -> Organisation | None:
    """Return the organisation whose desk receives requests: by the pack's code, else the top."""
    from linli.kernel.packs.loading import pack_of

    code = pack_of(community).casework.desk
    return _coded.first(community=community.pk, code=code) or _top.first(community=community.pk)
