"""A foreign city, and an endpoint that fetches from it and sends to it."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from linli.kernel.exchange import asking, endpoints
from linli.kernel.exchange.endpoints import add_endpoint
from linli.kernel.exchange.models import Endpoint
from tests.foreign_city import URL, ForeignCity


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def city(monkeypatch) -> ForeignCity:
    found = ForeignCity()
    monkeypatch.setattr(asking, "fetch", found.fetch)
    monkeypatch.setattr(endpoints, "check_url", lambda url: None)
    return found


@pytest.fixture
def endpoint(here, city) -> Endpoint:
    services = {"P1": "pothole", "L1": "streetlight"}
    return add_endpoint(
        here.community, name="邻市", url=URL, jurisdiction="city", key="k-1", services=services,
        pulls=True, pushes=True, by=here.secretary,
    )  # fmt: skip
