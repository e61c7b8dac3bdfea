"""Secrets and signatures of webhooks, in the form of Standard Webhooks 1.0.0.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from linli.kernel.people.secrets import reseal, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "whsec_"
PURPOSE = b"webhook"


def new_secret() -> bytes:
    """Return 24 random bytes, the least length the specification allows."""
    return secrets.token_bytes(24)


def shown(secret: bytes) -> str:
    """Return a secret as people copy it: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def sealed(secret: bytes) -> bytes:
    """Return a secret as it is stored."""
    return seal(secret, PURPOSE)


def opened(stored: bytes | memoryview) -> bytes:
    """Return a stored secret."""
    return unseal(bytes(stored), PURPOSE)


def resealed(stored: bytes | memoryview) -> bytes:
    """Return a stored secret sealed with the present master key."""
    return reseal(bytes(stored), PURPOSE)


def headers(identifier: str, timestamp: int, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """Return the three headers of a call; one signature for each key that is valid.

    ``identifier`` stays the same however often the call is tried, so that the receiver can tell.
    """
    signed = f"{identifier}.{timestamp}.".encode() + body
    signatures = (
        base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys
    )
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
