"""A receiver of calls, and a neighbourhood whose people can be reached."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from linli.kernel.notify.endpoints import add_endpoint
from linli.kernel.notify.models import WebhookEndpoint
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE = True
    with receiving() as one:
        yield one


@pytest.fixture
def hook(here, receiver) -> tuple[WebhookEndpoint, str]:
    """A webhook for all public events, and its secret."""
    return add_endpoint(here.community, "测试", receiver.url, [], by=here.secretary)
