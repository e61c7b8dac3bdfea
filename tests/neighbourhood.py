"""A small neighbourhood for tests: street, community, desk, two units, a grid, one of each role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import Community, Membership, Organisation
from linli.kernel.packs.loading import load_pack
from linli.kernel.people.models import Person
from linli.kernel.places.models import Address, Area
from linli.kernel.procedures.performing import begin, perform

PASSWORD = "correct-horse-battery"


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """Return a GeoJSON polygon: a square with its south-west corner given in degrees."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class Neighbourhood:
    """The rows most tests need."""

    community: Community
    street: Organisation
    committee: Organisation
    desk: Organisation
    roads: Organisation
    property_company: Organisation
    grid: Organisation
    grid_area: Area
    doorway: Address
    dispatcher: Person
    handler: Person
    other_handler: Person
    caller: Person
    supervisor: Person
    secretary: Person
    grid_worker: Person
    resident: Person
    stranger: Person

    def person(self, username: str, organisation: Organisation | None, role: str = "") -> Person:
        """Create a person, with a post if an organisation is given."""
        person = Person.objects.create_user(username, PASSWORD, display_name=username.title())
        if organisation is not None:
            self.post(person, organisation, role)
        return person

    def post(self, person: Person, organisation: Organisation, role: str) -> Membership:
        """Give a person a post."""
        return Membership.objects.create(
            community=organisation.community, person=person, organisation=organisation, role=role,
            since=organisation.community.day_of(timezone.now()),
        )  # fmt: skip

    def report(self, *, by: Person | None = None, text: str = "路灯坏了。", **facts: Any) -> Event:
        """Report something."""
        return begin(
            "casework", "report", community=self.community, by=by, facts={"text": text, **facts}
        )

    def at_stage(self, stage: str, *, by: Person | None = None, **facts: Any) -> Matter:
        """Return a matter led to a stage by the usual way."""
        matter = self.report(by=by or self.resident, **facts).matter
        steps: list[tuple[str, str, Person, dict[str, Any]]] = [
            ("received", "triage", self.dispatcher, {"category": "pothole"}),
            ("dispatched", "dispatch", self.dispatcher, {"to": str(self.roads.uuid)}),
            ("accepted", "accept", self.handler, {}),
            ("in_hand", "reply", self.handler, {"text": "一周内修好。"}),
            ("solved", "solve", self.handler, {"text": "已经修好。"}),
            (
                "closed",
                "rate",
                by or self.resident,
                {"contacted": True, "solved": True, "satisfaction": 5},
            ),
        ]
        names = [name for name, *_ in steps]
        for _name, action, person, given in steps[: names.index(stage) + 1]:
            perform(matter, action, by=person, facts=given)
        matter.refresh_from_db()
        return matter


def make_neighbourhood(code: str = "dh", prefix: str = "DH") -> Neighbourhood:
    """Create a neighbourhood; several with different codes stand apart."""
    community = Community.objects.create(
        code=code, name="东湖社区", prefix=prefix, pack=load_pack("cn-community")
    )

    def node(above: Organisation | None, kind: str, name: str, own: str) -> Organisation:
        fields = {"community": community, "kind": kind, "name": name, "code": own}
        if above is None:
            return Organisation.objects.add_root(fields)
        return Organisation.objects.add_child(above, fields)

    street = node(None, "street", "东湖街道", "street")
    committee = node(street, "community", "东湖社区居委会", "committee")
    desk = node(committee, "desk", "诉求受理台", "desk")
    roads = node(committee, "department", "市政所", "roads")
    company = node(committee, "department", "安居物业", "property")
    grid = node(committee, "grid", "第一网格", "grid-1")
    area = Area.objects.create(
        community=community, kind="grid", level=5, code=f"{code}-grid-1", name="第一网格",
        organisation=grid, boundary=square(114.30, 30.50),
    )  # fmt: skip
    doorway = Address.objects.create(
        community=community, area=area, text="东湖路1号2栋1单元", normalised="东湖路1号2栋1单元",
        longitude=114.305, latitude=30.505, doorway_code=f"{code.upper()}0001",
    )  # fmt: skip
    here = Neighbourhood(
        community, street, committee, desk, roads, company, grid, area, doorway,
        *[None] * 9,  # type: ignore[arg-type]
    )  # fmt: skip
    for name, organisation, role in (
        ("dispatcher", desk, "dispatcher"),
        ("handler", roads, "handler"),
        ("other_handler", company, "handler"),
        ("caller", desk, "caller"),
        ("supervisor", street, "supervisor"),
        ("secretary", committee, "secretary"),
        ("grid_worker", grid, "grid_worker"),
        ("resident", committee, "resident"),
        ("stranger", None, ""),
    ):
        setattr(here, name, here.person(f"{code}-{name}", organisation, role))
    return here
