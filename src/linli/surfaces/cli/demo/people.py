"""Creating people, their posts, their contact data, and the accounts to sign in with."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password

from linli.kernel.organisations.models import Membership
from linli.kernel.people.contacts import set_contact
from linli.kernel.people.models import Contact, Person
from linli.kernel.people.secrets import give_key
from linli.surfaces.cli.demo.organisations import grid_code_of

if TYPE_CHECKING:
    from linli.surfaces.cli.demo.world import World

PASSWORD = "linli-demo"  # noqa: S105 - printed for everyone who looks at the demo
BEFORE = timedelta(days=60)  # posts are older than the first matter


def create_people(world: World) -> None:
    """Create everybody: accounts first, then who does the work, then residents up to the number."""
    names = _Names(world)
    password = make_password(PASSWORD)  # once: hashing is slow on purpose
    for account in world.settings.values["accounts"]:
        person = _person(world, account["user"], account["name"], password)
        _post(world, person, account["at"], account["role"])
        for role, code in account.get("also", []):
            _post(world, person, code, role)
        if not world.pack.roles[account["role"]].staff:
            _contacts(world, person, names)
            world.residents.append(person)
    _staff(world, names)
    _residents(world, names)


class _Names:
    """Names in turn: of staff in full, of residents as they want to be called."""

    def __init__(self, world: World) -> None:
        values, random = world.settings.values, world.settings.random
        self.surnames, self.given, self.called = (
            cycle(random.sample(list(values[name]), len(values[name])))
            for name in ("surnames", "given", "called")
        )
        self.estates = cycle([grid["estate"] for grid in values["grids"]])
        self.full_name: str = values.get("full_name", "{surname}{given}")
        self.count = 0

    def full(self) -> str:
        return self.full_name.format(surname=next(self.surnames), given=next(self.given))

    def shown(self) -> str:
        template, told = next(self.called), {"surname": next(self.surnames)}
        return template.format(given=next(self.given), estate=next(self.estates), **told)

    def user(self, role: str) -> str:
        self.count += 1
        return f"{role.replace('_', '-')}-{self.count:03d}"


def _person(world: World, user: str, name: str, password: str = "") -> Person:
    prefix = world.settings.values.get("user_prefix", "")
    languages = world.pack.languages
    person = Person(
        username=prefix + user, display_name=name, language=languages[0],
        joined_at=world.begins - BEFORE,
    )  # fmt: skip
    person.password = password
    if not password:
        person.set_unusable_password()
    person.save(force_insert=True)
    return person


def _post(world: World, person: Person, code: str, role: str) -> None:
    Membership.objects.create(
        community=world.community,
        person=person,
        organisation=world.organisations[code],
        role=role,
        since=(world.begins - BEFORE).date(),
    )
    world.staff.setdefault((code, role), []).append(person)


def _staff(world: World, names: _Names) -> None:
    """Give every unit with work a head and handlers, every grid a lead and two workers."""
    values = world.settings.values
    for given in values["organisations"]:
        code = given["code"]
        for number in range(given.get("staff", 0)):
            role = "lead" if number == 0 else "handler"
            if not (role == "lead" and world.holders(code, "lead")):
                _post(world, _person(world, names.user(role), names.full()), code, role)
        if not world.holders(code, "handler") and given.get("staff"):
            _post(world, _person(world, names.user("handler"), names.full()), code, "handler")
    for code, role in values.get("more_staff", [["desk", "dispatcher"], ["desk", "caller"]]):
        _post(world, _person(world, names.user(role), names.full()), code, role)
    for number in range(1, len(values["grids"]) + 1):
        code = grid_code_of(number)
        for role in values.get("grid_roles", ["grid_lead", "grid_worker", "grid_worker"]):
            _post(world, _person(world, names.user(role), names.full()), code, role)


def _residents(world: World, names: _Names) -> None:
    """Fill up with residents; some lead their building, serve as volunteers, sit on committees."""
    values = world.settings.values
    extra: dict[int, tuple[str, str]] = {
        number: (role, code) for number, (role, code) in enumerate(values.get("extra_posts", []))
    }
    wanted = world.settings.number("people") - Person.objects.filter(
        memberships__community=world.community
    ).distinct().count()  # fmt: skip
    for number in range(max(wanted, 0)):
        person = _person(world, names.user("resident"), names.shown())
        _post(world, person, values.get("residents_at", "committee"), "resident")
        if number in extra:
            _post(world, person, extra[number][1], extra[number][0])
        _contacts(world, person, names)
        world.residents.append(person)


def _contacts(world: World, person: Person, names: _Names) -> None:
    give_key(person)
    doorway = world.settings.random.choice(world.plots).doorways
    told: dict[str, Any] = {
        Contact.Kind.NAME: names.full(),
        Contact.Kind.PHONE: phone_of(world),
        Contact.Kind.ADDRESS: world.settings.random.choice(doorway).text,
    }
    for kind, value in told.items():
        set_contact(person, kind, value)


def phone_of(world: World) -> str:
    """Return a telephone number that nobody can have."""
    shape: str = world.settings.values.get("phone", "12900######")  # no mobile number begins 129
    return "".join(
        str(world.settings.random.randrange(10)) if sign == "#" else sign for sign in shape
    )
