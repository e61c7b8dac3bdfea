"""The server is killed while 200 people report: every answered report is there, none twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest
from django.db import connections

from linli.kernel.access.tokens import issue
from linli.kernel.matters.models import Matter
from tests.faults.server import PATIENCE, running_server
from tests.neighbourhood import make_neighbourhood

pytestmark = pytest.mark.django_db(transaction=True)
REPORTS = 200
ANSWERS_BEFORE_THE_END = 60
AT_THE_DOOR = 100  # connections: however slowly the crowd reads, some are unanswered at the end


@dataclass
class Crowd:
    """200 people, each with a report and a key of their own."""

    url: str
    token: str
    when_enough: Callable[[], object]  # called in the middle of it, once
    answered: dict[int, str] = field(default_factory=dict)

    async def report(self, client: httpx.AsyncClient, person: int) -> None:
        """Send the report; note the number that came back."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": f"person-{person:04d}-first-try",
        }
        body = {
            "procedure": "casework",
            "start": "report",
            "facts": {"text": f"第{person}户停水了。"},
        }
        try:
            reply = await client.post(f"{self.url}/api/v1/matters", json=body, headers=headers)
        except httpx.TransportError:
            return
        if reply.status_code == 201:
            number = reply.json()["number"]
            is_first = person not in self.answered
            assert self.answered.setdefault(person, number) == number
            if is_first and len(self.answered) == ANSWERS_BEFORE_THE_END:
                self.when_enough()
        else:
            assert reply.status_code in (502, 503), reply.text

    async def all_at_once(self) -> None:
        """Everybody reports at the same time."""
        limits = httpx.Limits(max_connections=AT_THE_DOOR)
        async with httpx.AsyncClient(limits=limits, timeout=PATIENCE) as client:
            await asyncio.gather(*(self.report(client, one) for one in range(REPORTS)))


def test_every_answered_report_is_there_and_none_twice() -> None:
    here = make_neighbourhood()
    token = issue(here.resident, here.community, "crowd", None)
    connections.close_all()

    with running_server() as server:
        crowd = Crowd(server.url, token, server.kill)
        asyncio.run(crowd.all_at_once())
        answered_before = dict(crowd.answered)
        assert ANSWERS_BEFORE_THE_END <= len(answered_before) < REPORTS  # in the middle of it

        stored = set(Matter.objects.values_list("number", flat=True))
        assert set(answered_before.values()) <= stored

        server.start()
        asyncio.run(crowd.all_at_once())

    assert len(crowd.answered) == REPORTS
    assert {crowd.answered[person] for person in answered_before} == set(answered_before.values())
    texts = list(Matter.objects.values_list("text", flat=True))
    assert len(texts) == len(set(texts)) == REPORTS
    serials = sorted(int(number[-6:]) for number in Matter.objects.values_list("number", flat=True))
    assert serials == list(range(1, REPORTS + 1))
