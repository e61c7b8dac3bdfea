"""The key by which push services know this installation (RFC 8292)."""

from __future__ import annotations

import base64
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02

FILE = "vapid.key"


def key() -> Vapid02:
    """Return the private key: of the settings, else one made once and kept with the data."""
    return _key(settings.VAPID_PRIVATE_KEY, settings.DATA / FILE)


@lru_cache(maxsize=4)
def _key(told: str, path: Path) -> Vapid02:
    text = told or _kept(path)
    return Vapid02.from_pem(text.encode()) if "BEGIN" in text else Vapid02.from_raw(text.encode())


def _kept(path: Path) -> str:
    """Return the key in the file; two processes that start at once agree on one."""
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        number = made.private_numbers().private_value.to_bytes(32, "big")
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
            file.write(base64.urlsafe_b64encode(number).decode().rstrip("="))
        try:
            os.link(file.name, path)
        except FileExistsError:
            pass  # the other process was faster: its key is ours
        finally:
            os.unlink(file.name)
    return path.read_text().strip()


def public_key() -> str:
    """Return the public key as browsers want it: an uncompressed point in base64url."""
    point = key().public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).decode().rstrip("=")
