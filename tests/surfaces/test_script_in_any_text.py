"""A script in any text anyone may write is shown as text on every page that shows it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from linli.kernel.access.links import link_for, token_of
from linli.kernel.matters.models import Matter
from linli.kernel.people.contacts import set_contact
from linli.kernel.procedures.choices import literal_choices, plain_types
from linli.kernel.procedures.declaration import Action
from linli.kernel.procedures.facts import Refers, marker_of
from linli.kernel.procedures.performing import begin, perform
from tests.mechanisms.casework.every_action import (
    ACTIONS,
    STARTS,
    first_stage,
    matter_at,
    may,
    prepared,
    right_facts,
)
from tests.surfaces.walking import all_routes

MARK = "zz9"
# Together short enough for the shortest text, 120 characters.
SCRIPTS = (
    f'"><script>{MARK}()</script>',
    f"'><img src=x onerror={MARK}()>",
    f"</textarea></title><svg onload={MARK}()>",
    f"{{{{{MARK}}}}}{{%now%}}javascript:{MARK}()",
)


class Watching(HTMLParser):
    """Notes every tag, attribute or script of a page in which the mark came alive."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []
        self.shown = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if MARK in tag:
            self.alive.append(tag)
        for name, value in attrs:
            runs = name.startswith("on") or name in (
                "src",
                "href",
                "action",
                "formaction",
                "srcdoc",
            )
            begins = (value or "").strip().lower().startswith(("javascript:", "data:text"))
            if MARK in name or (
                MARK in (value or "") and (name.startswith("on") or (runs and begins))
            ):
                self.alive.append(f"<{tag} {name}={value}>")
        given = dict(attrs)
        is_data = given.get("type") == "application/json"  # read by a script, never run
        if tag == "script" and "src" not in given and not is_data:
            self.alive.append("a script without a file of its own")

    def handle_data(self, data: str) -> None:
        self.shown += data.count(MARK)


def texts_of(action: Action) -> list[str]:
    """Return the fields of an action in which people write freely."""
    return [
        name
        for name, field in action.facts.model_fields.items()
        if str in plain_types(field)
        and marker_of(field, Refers) is None
        and not literal_choices(field)
        and name
        not in ("doorway", "clock", "source", "source_id", "media_url")  # codes, shown nowhere
    ]


def written(here: Any, action: Action, script: str) -> Matter | None:
    """Perform an action with the script in all its texts; return the matter."""
    is_start = action in STARTS
    matter = matter_at(here, "received" if is_start else first_stage(action))
    if not is_start:
        matter = prepared(here, matter, action)
    # Only now: what facts refer to may have come with the matter.
    facts = right_facts(action, here, whole=True) | dict.fromkeys(texts_of(action), script)
    if "phone" in facts:
        facts |= {"phone": "13955550137", "email": "a@example.org"}
    by = may(here, action)
    if is_start:
        return begin("casework", action.name, community=here.community, by=by, facts=facts).matter
    return perform(matter, action.name, by=by, facts=facts).matter


def pages_of(here: Any, matters: list[Matter]) -> list[str]:
    """Return the addresses of every page that shows one matter or several."""
    found = []
    for matter in matters:
        link = link_for(matter, matter.reporter) if matter.reporter else None
        filled = {
            "number": [matter.number],
            "token": [token_of(link) if link else "a" * 26],
            "action": ["note"],
        }
        for route in all_routes():
            if route.pattern.endswith((".pdf", ".ics")):  # files, slow to make, no pages
                continue
            if {"number", "token"} & set(route.parameters) and set(route.parameters) <= set(filled):
                found += route.addresses(filled)
    lists = [route.pattern for route in all_routes() if not route.parameters]
    return found + [address for address in lists if not address.startswith(("/api", "/accounts"))]


def test_it_is_shown_as_text(here, settings) -> None:
    settings.RATE_LIMITS, script = {}, "".join(SCRIPTS)
    set_contact(here.resident, "name", script)
    for person in (here.resident, here.handler, here.dispatcher):
        person.display_name = script[:60]
        person.save()
    for row in (here.roads, here.property_company, here.grid_area):
        row.name = script[:80]
        row.save()
    matters = [written(here, action, script) for action in [*STARTS, *ACTIONS]]
    Matter.objects.update(public_title=script, public_text=script, audience="public")

    shown, alive = 0, []
    readers = {"/t/": None, "/board": None, "/matters": here.resident, "": here.dispatcher}
    clients = {begins: Client(raise_request_exception=False) for begins in readers}
    for begins, person in readers.items():
        if person:
            clients[begins].force_login(person)
        for address in pages_of(here, [one for one in matters if one]):
            if begins != next(one for one in readers if address.startswith(one)):
                continue
            client = clients[begins]
            answer = client.get(address)
            if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
                continue
            assert "script-src 'self'" in answer["Content-Security-Policy"]
            page = Watching()
            page.feed(answer.content.decode())
            shown += page.shown
            alive += [f"{address}: {what}" for what in page.alive]
    assert alive == []
    assert shown > 50


def test_the_watch_notices_a_script() -> None:
    page = Watching()
    page.feed(f"<p>{SCRIPTS[0]}{SCRIPTS[1]}<a href='javascript:{MARK}()'>{MARK}</a>")

    assert len(page.alive) == 3
    assert page.shown > 0


def test_there_are_texts_to_write_in() -> None:
    assert sum(len(texts_of(action)) for action in [*STARTS, *ACTIONS]) > 25
