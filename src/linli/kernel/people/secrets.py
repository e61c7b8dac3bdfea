"""Encryption with a key per person, and commitments that outlive the value they bind.

Everything hangs on the master key. Earlier master keys in ``settings.MASTER_KEY_FALLBACKS`` still
open what they closed, so that a key can be replaced while people go on: see `key_rotation`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from linli.kernel.people.models import Person, PersonKey


class ValueErased(LookupError):
    """The person's key is gone: the value can never be read again."""


class WrongMasterKey(RuntimeError):
    """A person's key was wrapped with a master key that this installation does not know."""


@lru_cache(maxsize=8)
def _derived(master: str, purpose: bytes) -> bytes:
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"linli", info=purpose)
    return hkdf.derive(master.encode())


def master_keys() -> list[str]:
    """Return the master key, then those before it that may still have closed something."""
    return [settings.MASTER_KEY, *settings.MASTER_KEY_FALLBACKS]


def _cipher(purpose: bytes) -> MultiFernet:
    keys = (_derived(master, purpose) for master in master_keys())
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _wrapping() -> MultiFernet:
    return _cipher(b"wrap")


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
            raw = _unwrapped(key)
    else:
        raw = _unwrapped(key)
    person._fernet = Fernet(raw)  # type: ignore[attr-defined]
    return person._fernet  # type: ignore[attr-defined, no-any-return]


def _unwrapped(key: PersonKey) -> bytes:
    try:
        return _wrapping().decrypt(bytes(key.wrapped))
    except InvalidToken:  # not to be mistaken for a value that was erased
        raise WrongMasterKey(key.pk) from None


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
    key = _key_of(person, create=False)
    try:
        return key.decrypt(bytes(ciphertext)).decode()
    except InvalidToken as error:
        raise ValueErased(person.pk) from error


def blind_index(value: str) -> str:
    """Return the keyed hash by which an encrypted value is found (hex, 64 characters)."""
    return blind_indexes(value)[0]


def blind_indexes(value: str) -> list[str]:
    """Return the hash of a value under each master key, the current one first: for finding."""
    plain = comparable(value).encode()
    keys = (_derived(master, b"blind") for master in master_keys())
    return [hmac.new(key, plain, hashlib.sha256).hexdigest() for key in keys]


def comparable(value: str) -> str:
    """Return a value as it is compared: no case, and a telephone number by its digits alone.

    >>> comparable("+86 138-0000-5678"), comparable("Wang@Mail.CN")
    ('13800005678', 'wang@mail.cn')
    """
    plain = value.strip().lower()
    if re.fullmatch(r"[+\d][\d\s().\-]{5,}", plain):
        return re.sub(r"^(\+86|0086)", "", re.sub(r"[\s().\-]", "", plain))
    return plain


def seal(value: bytes, purpose: bytes) -> bytes:
    """Encrypt a secret of the installation's own, such as a webhook's, with the master key."""
    return _cipher(b"seal " + purpose).encrypt(value)


def unseal(sealed: bytes, purpose: bytes) -> bytes:
    """Decrypt what `seal` encrypted for the same purpose. Raises InvalidToken for another key."""
    return _cipher(b"seal " + purpose).decrypt(sealed)


def reseal(sealed: bytes, purpose: bytes) -> bytes:
    """Seal anew with the current master key. Raises InvalidToken when no key opens it."""
    return _cipher(b"seal " + purpose).rotate(sealed)


def rewrap(wrapped: bytes) -> bytes:
    """Wrap a person's key anew with the current master key. Raises InvalidToken likewise."""
    return _wrapping().rotate(wrapped)


def new_salt() -> bytes:
    """Return 16 random bytes that keep a commitment from being guessed."""
    return secrets.token_bytes(16)


def commitment(value: str, salt: bytes) -> str:
    """Return the salted SHA-256 of ``value`` (hex): what an event holds instead of it."""
    return hashlib.sha256(salt + value.encode()).hexdigest()
