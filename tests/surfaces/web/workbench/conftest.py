"""Browsers of staff, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def desk(here: Any) -> Callable[..., Client]:
    """Return a client signed in as the person of a role: ``desk("dispatcher")``."""

    def signed_in(role: str, there: Any = None) -> Client:
        client = Client()
        client.force_login(getattr(there or here, role))
        return client

    return signed_in


@pytest.fixture
def text() -> Callable[[Any], str]:
    """Return the text of an answer."""
    return lambda answer: answer.content.decode()
