"""Every role goes to every address, also those added tomorrow: nothing fails, nothing leaks.

Words and numbers are planted in matters of one neighbourhood. Whoever has no business there must
not find the words; nobody but the reporter may find the reporter's name and numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from linli.kernel.access.links import link_for, token_of
from linli.kernel.access.tokens import issue
from linli.kernel.files.links import link_to
from linli.kernel.files.models import Upload
from linli.kernel.mail.models import SetAside
from linli.kernel.organisations.models import Federation, Membership
from linli.kernel.people.contacts import set_contact
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.by_mail.taking import Arrived, take
from tests.letters import letter, mailbox_for
from tests.mechanisms.casework.hot_topics.saying import found_topic
from tests.mechanisms.casework.monthly_topics.months import proposed
from tests.mechanisms.whistle.whistling import blow, call_of, do
from tests.surfaces.walking import Walker, all_routes

# The first word is searched for, and pages may repeat it; the second must never come back.
SEARCHED = "zebra7731"
WORDS = ("quagga8842", "okapi1190street", "bongo5523note", "kudu3308answer")
CONTACTS = ("Ouyang-Planted", "13955550137", "planted@example.org")
SEARCH = f"c=dh&q={SEARCHED}&text={SEARCHED}"

OUTSIDERS = ("anyone", "stranger", "elsewhere_secretary", "elsewhere_dispatcher",
             "complained_of")  # fmt: skip
STAFF = ("dispatcher", "handler", "caller", "supervisor", "secretary", "grid_worker")

# Routes that show a word to whoever goes there, each with the reason why that is right.
OPEN_TO_WHO_GOES_THERE = {
    "/t/<slug:token>/": "the secret link is the reporter's key: who holds it is the reporter",
    "/t/<slug:token>/received/": "the same link",
    "/t/<slug:token>/rate/": "the same link",
    "/t/<slug:token>/data/": "the same link",
    "/t/<slug:token>/phone/": "the same link",
    "/t/<slug:token>/do/<slug:action>/": "the same link",
}
# Routes that show a contact value to staff on purpose.
REVEALED_ON_PURPOSE = {
    "/desk/m/<slug:number>/contact/": "reveals one value for a reason, noted and told the person",
}


@dataclass
class Planted:
    """Matters full of marks: one for staff only, one on the public board, a public whistle."""

    hidden: Any
    public: Any
    whistle: Any
    call: Any
    month: Any
    token: str
    upload: Upload
    letter: SetAside


@pytest.fixture
def planted(here) -> Planted:
    private = {"text": f"{SEARCHED} {WORDS[0]}", "address": f"{SEARCHED} {WORDS[1]}"}
    name, phone, email = CONTACTS
    hidden = here.report(name=name, phone=phone, email=email, **private).matter
    public = here.report(by=here.resident, **private).matter
    for kind, value in zip(("name", "phone", "email"), CONTACTS, strict=True):
        set_contact(here.resident, kind, value)
    accused = {"complained_of": str(here.property_company.uuid)}
    for matter, publish in ((hidden, False), (public, True)):
        steps = [
            (here.dispatcher, "triage", {"category": "pothole", "publish": publish}),
            (here.dispatcher, "note", {"text": f"{SEARCHED} {WORDS[2]}"}),
            (here.dispatcher, "dispatch", {"to": str(here.roads.uuid)} | accused),
            (here.handler, "accept", {}),
        ]
        for person, action, facts in steps:
            perform(matter, action, by=person, facts=facts)
    perform(hidden, "reply", by=here.handler, facts={"text": f"{SEARCHED} {WORDS[3]}"})
    for matter in (hidden, public):
        matter.refresh_from_db()
    upload = Upload.objects.create(
        community=here.community, kind="image", content_type="image/png", name="x.png",
        sha256="0" * 64, size=1, path="dh/none.png", uploaded_by=here.resident,
    )  # fmt: skip
    facts = {"what": f"{SEARCHED} {WORDS[0]}", "place": WORDS[1], "why": WORDS[2]}
    whistle = blow(here, departments=[str(here.roads.uuid)], **facts)
    call = do(call_of(whistle, here.roads), "report_in", here.handler, note=WORDS[3])
    month = proposed(here, category="pothole", title="专项")
    return Planted(
        hidden, public, whistle, call, month, token_of(link_for(hidden, hidden.reporter)), upload,
        _put_aside(here),
    )  # fmt: skip


def _put_aside(here) -> SetAside:
    """Return a letter that was put aside, in a mailbox whose server nobody may call."""
    box = mailbox_for(here.community, host="localhost")
    take(Arrived(box, letter(f"{SEARCHED} {WORDS[0]}", subject=f"{SEARCHED} {WORDS[1]}",
                             sender=f"{CONTACTS[0]} <{CONTACTS[2]}>", more="Precedence: bulk")))  # fmt: skip
    return SetAside.objects.select_related("mailbox").get()


@pytest.fixture
def values(here, elsewhere, planted) -> dict[str, list[str]]:
    """Return what may stand in an address, by the name of the parameter.

    A new name in a route makes the test below fail: add here what it stands for, from the
    neighbourhood where the marks are planted.
    """
    federation = Federation.objects.create(
        community=here.community, name="联合党委", convener=here.committee
    )
    topic = found_topic(here, planted.hidden, planted.public)
    uuids = (here.resident, here.handler, here.roads, planted.upload, planted.hidden, federation,
             topic, planted.letter, planted.letter.mailbox)  # fmt: skip
    key = str(Membership.objects.filter(person=here.handler).get().pk)
    return {
        "number": [
            one.number
            for one in (
                planted.hidden,
                planted.public,
                planted.whistle,
                planted.call,
                planted.month,
            )
        ],
        "token": [planted.token, "a" * 26],
        "month": [f"{timezone.now():%Y-%m}", "nonsense"],
        "figure": ["before", "received", "left_out", "nonsense"],
        "action": ["triage", "rate", "answer"],
        "code": [here.doorway.doorway_code, "dh", "nonsense"],
        "name": ["casework", "nonsense"],
        "table": ["rates", "times-unit", "nonsense"],
        "uuid": [str(one.uuid) for one in uuids],
        "post": [key],
        "seat": [key],
        "pk": [key],
        "format": ["json", "xml"],
        "kind": ["phone", "csv", "nonsense"],
        "key": ["nonsense"],
        "uidb36": ["1"],
        "signed": [link_to(planted.upload).rpartition("/")[2], "nonsense"],
    }


@pytest.fixture
def walkers(here, elsewhere) -> dict[str, Walker]:
    """Return everyone who walks, with a session and a token of their own community."""

    def walker(name: str, there: Any, role: str) -> Walker:
        person = getattr(there, role)
        return Walker(name, person, issue(person, there.community, name, None))

    people = {role: (here, role) for role in ("stranger", "resident", *STAFF)}
    people["complained_of"] = (here, "other_handler")
    people["elsewhere_secretary"] = (elsewhere, "secretary")
    people["elsewhere_dispatcher"] = (elsewhere, "dispatcher")
    found = {name: walker(name, there, role) for name, (there, role) in people.items()}
    return found | {"anyone": Walker("anyone")}


def walk(walker: Walker, values: dict[str, list[str]]) -> list[str]:
    """Go everywhere; return what failed and what leaked, a line each."""
    wrong = []
    for route in all_routes():
        forbidden = marks_forbidden(walker.name, route.pattern)
        for address in route.addresses(values):
            for how, answer in walker.visits(address, SEARCH):
                if answer.status_code >= 500:
                    cause = answer.exc_info[1] if getattr(answer, "exc_info", None) else ""
                    wrong.append(f"{how}: {answer.status_code} {cause!r}")
                wrong += [f"{how}: shows {mark}" for mark in forbidden if mark in answer.whole]
    return wrong


def marks_forbidden(role: str, pattern: str) -> tuple[str, ...]:
    """Return the marks that a role must not find at a route."""
    words = WORDS if role in OUTSIDERS and pattern not in OPEN_TO_WHO_GOES_THERE else ()
    own = role == "resident" or (role in STAFF and pattern in REVEALED_ON_PURPOSE)
    return words + (() if own else CONTACTS)


@pytest.fixture(autouse=True)
def _nobody_is_held_up(unlimited, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_every_parameter_of_a_route_has_a_value(values) -> None:
    unknown = {
        f"{name} in {route.pattern}"
        for route in all_routes()
        for name in route.parameters
        if name not in values
    }

    assert unknown == set(), "say in the fixture `values` what these stand for"


# What the others may do is decided in Python, on any database alike.
ON_EVERY_DATABASE = ("anyone", "resident", "handler", "dispatcher")
roles = [
    pytest.param(role, marks=() if role in ON_EVERY_DATABASE else pytest.mark.sqlite)
    for role in (*OUTSIDERS, "resident", *STAFF)
]


@pytest.mark.parametrize("role", roles)
def test_nothing_fails_and_nothing_leaks(role, walkers, values) -> None:
    assert walk(walkers[role], values) == []


def test_exceptions_name_routes_that_exist() -> None:
    known = {route.pattern for route in all_routes()}

    assert {*OPEN_TO_WHO_GOES_THERE, *REVEALED_ON_PURPOSE} <= known


def test_the_marks_can_be_found_where_they_belong(here, planted, walkers) -> None:
    api = f"/api/v1/matters/{planted.hidden.number}"
    seen = "".join(
        answer.whole
        for address in (api, f"{api}/events")
        for _how, answer in walkers["dispatcher"].visits(address, SEARCH)
    )

    assert [mark for mark in WORDS if mark not in seen] == []
    assert walkers["stranger"]._go("get", api).status_code == 404


def test_the_walk_notices_what_fails_and_what_leaks(walkers, values, settings) -> None:
    def leaking(request: Any, number: str) -> HttpResponse:
        return HttpResponse(f"{number} {WORDS[1]} {CONTACTS[1]}")

    def failing(request: Any) -> HttpResponse:
        raise RuntimeError("broken")

    addresses: Any = ModuleType("addresses_that_fail_and_leak")
    addresses.urlpatterns = [path("leak/<slug:number>/", leaking), path("fail/", failing)]
    addresses.handler500 = lambda request: HttpResponse(status=500)
    addresses.handler404 = lambda request, exception: HttpResponse(status=404)
    settings.ROOT_URLCONF = addresses

    wrong = "\n".join(walk(walkers["stranger"], values))

    assert f"shows {WORDS[1]}" in wrong
    assert f"shows {CONTACTS[1]}" in wrong
    assert "GET /fail/: 500 RuntimeError('broken')" in wrong
