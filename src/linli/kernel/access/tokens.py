"""Bearer tokens of the API: shown once, stored as a digest, recognised by their checksum.

A token reads ``linli_`` + 43 letters and digits (256 random bits) + 6 (CRC-32 of what stands
before): what cannot be one is refused without asking the database, and scanners of source code
find those that were published by mistake.
"""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import CharField, DateTimeField, Q
from django.utils import timezone

from linli.kernel.access.audit import audit
from linli.kernel.access.models import ApiToken
from linli.kernel.kept_queries import Given, KeptQuery

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

PREFIX = "linli_"
BITS = 256
USE_NOTED_EVERY = timedelta(minutes=1)
_valid = KeptQuery(
    lambda: (
        ApiToken.objects.select_related("person__key", "community__pack")
        .defer("community__pack__content")
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=Given("now", DateTimeField())))
        .filter(revoked_at__isnull=True, person__is_active=True)
        .filter(digest=Given("digest", CharField()), scope=Given("scope", CharField()))
    )
)
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_LENGTH, _CHECK_LENGTH = 43, 6
_LENGTH = len(PREFIX) + _SECRET_LENGTH + _CHECK_LENGTH


def issue(
    person: Person,
    community: Community,
    name: str,
    expires: datetime | None,
    *,
    by: Person | None = None,
    scope: str = ApiToken.Scope.API,
) -> str:
    """Store a token that acts as ``person`` within ``community``; return its only plain text.

    ``expires``: when it ends, None for never. ``by``: who issued it, None from the command line.
    ``scope``: what it opens, of `ApiToken.Scope`.
    Raises ValueError for a guest or someone inactive, and for an end that has passed.
    """
    if person.is_guest or not person.is_active:
        raise ValueError("a token needs an active account")
    if expires is not None and expires <= timezone.now():
        raise ValueError("a token must not end before it begins")
    plaintext = _new_plaintext()
    with transaction.atomic():
        token = ApiToken.objects.create(
            person=person,
            community=community,
            name=name,
            expires_at=expires,
            scope=scope,
            digest=_digest(plaintext),
        )
        _note("token.issued", token, by)
    return plaintext


def verify(plaintext: str, scope: str = ApiToken.Scope.API) -> ApiToken | None:
    """Return the token with its person, community and pack; None unless it is valid now and here.

    One query, and one more at most once a minute to note the use.
    """
    if not is_well_formed(plaintext):
        return None
    now = timezone.now()
    token = _valid.first(digest=_digest(plaintext), scope=scope, now=now)
    if token is not None:
        _note_use(token, now)
    return token


def revoke(token: ApiToken, *, by: Person | None = None) -> None:
    """End a token now; ending one that has been revoked changes nothing."""
    with transaction.atomic():
        rows = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if rows.update(revoked_at=timezone.now()):
            _note("token.revoked", token, by)
    token.refresh_from_db(fields=["revoked_at"])


def is_well_formed(plaintext: str) -> bool:
    """Whether a text can be a token at all: prefix, length, alphabet and checksum."""
    if len(plaintext) != _LENGTH or not plaintext.startswith(PREFIX) or not plaintext.isascii():
        return False
    return secrets.compare_digest(_checksum(plaintext[:-_CHECK_LENGTH]), plaintext[-_CHECK_LENGTH:])


def _new_plaintext() -> str:
    body = PREFIX + _base62(secrets.randbits(BITS), _SECRET_LENGTH)
    return body + _checksum(body)


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECK_LENGTH)


def _base62(number: int, length: int) -> str:
    found = ""
    for _ in range(length):
        number, digit = divmod(number, 62)
        found = _DIGITS[digit] + found
    return found


def _digest(plaintext: str) -> str:
    """Return the SHA-256, hex: 256 random bits need neither salt nor a slow hash."""
    return hashlib.sha256(plaintext.encode()).hexdigest()


def _note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now


def _note(action: str, token: ApiToken, by: Person | None) -> None:
    audit(
        action,
        by,
        token.community,
        subject=str(token.uuid),
        person=str(token.person.uuid),
        name=token.name,
        scope=token.scope,
        expires=token.expires_at.isoformat() if token.expires_at else None,
    )
