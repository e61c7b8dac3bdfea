"""Replacing the master key while people go on.

1. Put the new key into ``LINLI_MASTER_KEY`` and the old one into ``LINLI_MASTER_KEY_FALLBACKS``;
   restart. From now on everything is closed with the new key, and what the old one closed is
   still opened, found and recognised.
2. Run ``linli rotate_keys``, as often as one likes: it carries on where it stopped.
3. Take the old key out of ``LINLI_MASTER_KEY_FALLBACKS``; restart.

What hangs on the master key, and what becomes of it:

=========================  ================================================================
the keys of people         wrapped anew; what they encrypt stays as it is
blind indexes of contacts  made anew from the value
secrets of second factors  sealed anew
secret links               the token is derived from the key, so a link handed out cannot be
                           shown again without it; it goes on working, since it is found by its
                           digest, and the person gets a second one, which is shown from now on
marks of answers by e-mail as secret links, while the old key is among the fallbacks; without it
                           an answer to an old letter becomes a report of its own
codes just sent            good for ten minutes, under either key
=========================  ================================================================

Other rooms that seal something, such as webhooks, add how it is sealed anew: see `also`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Model

from linli.kernel.access.links import made_with_current_key, new_link
from linli.kernel.access.models import AccessLink
from linli.kernel.people.models import Contact, PersonKey
from linli.kernel.people.secrets import (
    ValueErased,
    blind_index,
    decrypt_for,
    reseal,
    rewrap,
)
from linli.kernel.people.sign_in import SEALED_FOR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

M = TypeVar("M", bound=Model)
BATCH = 500
Rotation = Callable[[], int]
_more: dict[str, Rotation] = {}


def also(name: str, rotate: Rotation) -> None:
    """Let another room take part: ``rotate`` closes its secrets anew and returns how many."""
    _more[name] = rotate


def rewrap_all() -> dict[str, int]:
    """Close everything with the current master key; return how many of each were changed.

    Raises InvalidToken when something was closed with a key that is not among the fallbacks;
    what was done until then stays done.
    """
    return {
        "keys": _keys(),
        "contacts": _contacts(),
        "second_factors": _second_factors(),
        "links": _links(),
    } | {name: rotate() for name, rotate in _more.items()}


def _keys() -> int:
    done = 0
    for key in _each(PersonKey.objects.all()):
        with transaction.atomic():
            locked = PersonKey.objects.select_for_update().filter(pk=key.pk).first()
            if locked is not None:  # else erased meanwhile
                locked.wrapped = rewrap(bytes(locked.wrapped))
                locked.save(update_fields=["wrapped"])
                done += 1
    return done


def _contacts() -> int:
    done = 0
    for contact in _each(Contact.objects.select_related("person__key")):
        try:
            index = blind_index(decrypt_for(contact.person, contact.ciphertext))
        except ValueErased:
            continue
        # Only if nobody changed the value meanwhile.
        rows = Contact.objects.filter(pk=contact.pk, blind_index=contact.blind_index)
        done += rows.exclude(blind_index=index).update(blind_index=index)
    return done


def _second_factors() -> int:
    """Authenticators of apps hold ``secret``, recovery codes ``seed``; passkeys nothing secret."""
    done = 0
    for factor in _each(Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)):
        with transaction.atomic():
            locked = Authenticator.objects.select_for_update().filter(pk=factor.pk).first()
            if locked is None:
                continue
            for name in ("secret", "seed"):
                if name in locked.data:
                    sealed = reseal(locked.data[name].encode(), SEALED_FOR)
                    locked.data[name] = sealed.decode()
            locked.save(update_fields=["data"])
            done += 1
    return done


def _links() -> int:
    """Give whoever has a link of an earlier key, and none of this one, one of this one."""
    done = 0
    valid = AccessLink.objects.filter(revoked_at__isnull=True)
    for link in _each(valid.select_related("matter", "person")):
        newer = valid.filter(matter=link.matter, person=link.person, pk__gt=link.pk)
        if not made_with_current_key(link) and not newer.exists():
            new_link(link.matter, link.person).save()
            done += 1
    return done


def _each(rows: QuerySet[M]) -> Iterator[M]:
    last = None
    while batch := list((rows.filter(pk__gt=last) if last else rows).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk
