"""Encryption with a key per person, and commitments that outlive the value they bind."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from linli.kernel.people.models import Person, PersonKey


class ValueErased(LookupError):
    """The person's key is gone: the value can never be read again."""


@lru_cache(maxsize=8)
def _derived(master: str, purpose: bytes) -> bytes:
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"linli", info=purpose)
    return hkdf.derive(master.encode())


def _wrapping() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(settings.MASTER_KEY, b"wrap")))


def _key_of(person: Person, create: bool) -> Fernet:
    cached: Fernet | None = getattr(person, "_fernet", None)
    if cached is not None:
        return cached
    key: PersonKey | None = getattr(person, "key", None)  # select_related("key") spares a query
    if key is None:
        if not create or person.erased_at:
            raise ValueErased(person.pk)
        raw = Fernet.generate_key()
        key, created = PersonKey.objects.get_or_create(
            person=person, defaults={"wrapped": _wrapping().encrypt(raw)}
        )
        if not created:
            raw = _wrapping().decrypt(bytes(key.wrapped))
    else:
        raw = _wrapping().decrypt(bytes(key.wrapped))
    person._fernet = Fernet(raw)  # type: ignore[attr-defined]
    return person._fernet  # type: ignore[attr-defined, no-any-return]


def give_key(person: Person) -> None:
    """Make the key of a person who was just created and cannot have one."""
    raw = Fernet.generate_key()
    person.key = PersonKey.objects.create(person=person, wrapped=_wrapping().encrypt(raw))
    person._fernet = Fernet(raw)  # type: ignore[attr-defined]


def opens(key: PersonKey) -> bool:
    """Whether the master key of the settings is the one this key was wrapped with."""
    try:
        _wrapping().decrypt(bytes(key.wrapped))
    except InvalidToken:
        return False
    return True


def encrypt_for(person: Person, value: str) -> bytes:
    """Encrypt ``value`` with the key of ``person``, made on first use.

    Raises ValueErased when the person asked to be forgotten.
    """
    return _key_of(person, create=True).encrypt(value.encode())


def decrypt_for(person: Person, ciphertext: bytes | memoryview) -> str:
    """Decrypt what `encrypt_for` made. Raises ValueErased when the key is gone."""
    try:
        return _key_of(person, create=False).decrypt(bytes(ciphertext)).decode()
    except InvalidToken as error:
        raise ValueErased(person.pk) from error


def blind_index(value: str) -> str:
    """Return the keyed hash by which an encrypted value is found (hex, 64 characters)."""
    key = _derived(settings.MASTER_KEY, b"blind")
    return hmac.new(key, value.strip().lower().encode(), hashlib.sha256).hexdigest()


def new_salt() -> bytes:
    """Return 16 random bytes that keep a commitment from being guessed."""
    return secrets.token_bytes(16)


def commitment(value: str, salt: bytes) -> str:
    """Return the salted SHA-256 of ``value`` (hex): what an event holds instead of it."""
    return hashlib.sha256(salt + value.encode()).hexdigest()
