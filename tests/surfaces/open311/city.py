"""What happens in one of two cities, in a process of its own on a database of its own.

Run as ``python -m tests.surfaces.open311.city STEP``; reads and prints JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

from django.utils import timezone


def seed(code: str, prefix: str) -> dict[str, str]:
    """Make a neighbourhood; return a key for another city's Linli."""
    from linli.kernel.access.tokens import issue
    from tests.neighbourhood import make_neighbourhood

    here = make_neighbourhood(code, prefix)
    return {"key": issue(here.stranger, here.community, "other city", None, scope="open311")}


def refer(url: str, key: str) -> dict[str, Any]:
    """Refer a request to the other city and send it; make a public one of our own."""
    from linli.kernel.procedures.performing import perform
    from linli.mechanisms.casework.exchanging.pushing import push_due

    community, endpoint = _endpoint(url, key)
    matter = _reported(community, "湖边路上有坑，请联系张三。")
    facts = {
        "reason": "other_authority", "referred_to": endpoint.name, "text": "由邻市办理。",
        "endpoint": str(endpoint.uuid), "handover": "湖边路上有坑。",
    }  # fmt: skip
    perform(matter, "refer", by=_person(community, "dispatcher"), facts=facts)
    pushed = push_due(), push_due()
    return {
        "referred": matter.number,
        "own": _reported(community, "路灯坏了。").number,
        "pushed": pushed,
    }


def work(url: str, key: str) -> dict[str, Any]:
    """Fetch the other city's request, twice; then close what it sent us."""
    from linli.kernel.matters.models import Matter
    from linli.kernel.procedures.performing import perform
    from linli.mechanisms.casework.exchanging.pulling import pull

    community, endpoint = _endpoint(url, key)
    pulls = [vars(pull(endpoint)) for _ in range(2)]
    sent = Matter.objects.get(channel="open311")
    desk = _person(community, "dispatcher")
    perform(sent, "triage", by=desk, facts={"category": "pothole"})
    perform(sent, "close", by=desk, facts={"text": "已经补好。"})
    fetched = list(Matter.objects.filter(channel="exchange").values_list("text", flat=True))
    return {"pulls": pulls, "sent": [sent.number, sent.text], "fetched": fetched}


def hear(url: str, key: str) -> dict[str, Any]:
    """Fetch news, twice; return what happened to the request we sent."""
    from linli.kernel.events.models import Event
    from linli.kernel.exchange.models import Endpoint
    from linli.kernel.matters.models import Matter
    from linli.mechanisms.casework.exchanging.pulling import pull

    endpoint = Endpoint.objects.select_related("community__pack").get()
    pulls = [vars(pull(endpoint)) for _ in range(2)]
    kinds = ("casework.sent_elsewhere", "casework.heard")
    events = Event.objects.filter(kind__in=kinds).order_by("pk")
    return {
        "pulls": pulls,
        "events": list(events.values_list("kind", "matter__number", "facts")),
        "matters": Matter.objects.count(),
    }


def _endpoint(url: str, key: str) -> tuple[Any, Any]:
    from linli.kernel.exchange.endpoints import add_endpoint
    from linli.kernel.organisations.models import Community

    community = Community.objects.select_related("pack").get()
    return community, add_endpoint(
        community,
        name="邻市",
        url=url,
        key=key,
        pulls=True,
        pushes=True,
        since=timezone.now() - timedelta(hours=1),
    )


def _person(community: Any, role: str) -> Any:
    from linli.kernel.people.models import Person

    return Person.objects.get(username=f"{community.code}-{role}")


def _reported(community: Any, text: str) -> Any:
    from linli.kernel.procedures.performing import begin, perform

    facts = {"text": text, "category": "pothole", "longitude": 114.305, "latitude": 30.505}
    matter = begin("casework", "report", community=community, by=None, facts=facts).matter
    perform(matter, "triage", by=_person(community, "dispatcher"), facts={"category": "pothole"})
    return matter


if __name__ == "__main__":
    import django

    django.setup()
    step = {"seed": seed, "refer": refer, "work": work, "hear": hear}[sys.argv[1]]
    print(json.dumps(step(*sys.argv[2:])))
