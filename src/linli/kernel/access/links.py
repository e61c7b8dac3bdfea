"""Secret links: the token is derived from the master key, only its digest is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from linli.kernel.access.models import AccessLink
from linli.kernel.identifiers import new_uuid
from linli.kernel.people.secrets import master_keys

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.people.models import Person


def token_of(link: AccessLink) -> str:
    """Return the token of a link: 128 bits in 26 letters and digits, the same every time.

    Of a link made under an earlier master key, the token it was made with, as long as that key
    is among ``settings.MASTER_KEY_FALLBACKS``; see `people.key_rotation` for what comes after.
    """
    tokens = [_token(master, link) for master in master_keys()]
    return next((token for token in tokens if digest_of(token) == link.digest), tokens[0])


def made_with_current_key(link: AccessLink) -> bool:
    """Whether the token of a link can be derived from the current master key."""
    return digest_of(_token(master_keys()[0], link)) == link.digest


def _token(master: str, link: AccessLink) -> str:
    mac = hmac.new(master.encode(), b"access-link" + link.uuid.bytes, hashlib.sha256).digest()[:16]
    return base64.b32encode(mac).decode().rstrip("=").lower()


def digest_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256, hex."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


def new_link(matter: Matter, person: Person) -> AccessLink:
    """Return the unsaved secret link by which ``person`` comes back to ``matter``."""
    link = AccessLink(uuid=new_uuid(), matter=matter, person=person)
    link.digest = digest_of(token_of(link))
    return link


def find_link(token: str) -> AccessLink | None:
    """Return the valid link of a token, or None."""
    return (
        AccessLink.objects.select_related("matter__community__pack", "person")
        .defer("matter__community__pack__content")
        .filter(digest=digest_of(token), revoked_at__isnull=True)
        .first()
    )


def link_for(matter: Matter, person: Person) -> AccessLink | None:
    """Return the newest valid link of a person to a matter."""
    return (
        AccessLink.objects.filter(matter=matter, person=person, revoked_at__isnull=True)
        .order_by("-pk")
        .first()
    )
