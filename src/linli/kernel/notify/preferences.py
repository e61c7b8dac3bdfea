"""By which ways a person wants to be told, and the link that stops e-mail with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing

from linli.kernel.notify.models import NoticePreference
from linli.kernel.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WAYS = ("email", "push", "sms")
_SIGNER = signing.Signer(salt="linli.notify.stop-email")


def preferences_of(people: Iterable[int]) -> Mapping[int, NoticePreference]:
    """Return the wishes of people by primary key; who has none is not in it and wants all."""
    return NoticePreference.objects.in_bulk(list(people))


def wants(preferences: Mapping[int, NoticePreference], person: int, way: str) -> bool:
    """Whether a person wants to be told by a way of `WAYS`."""
    found = preferences.get(person)
    return found is None or bool(getattr(found, way))


def set_preferences(person: Person, **ways: bool) -> NoticePreference:
    """Keep a person's wishes; ways not named stay as they are."""
    found, _created = NoticePreference.objects.update_or_create(person=person, defaults=ways)
    return found


def stop_token(person: Person) -> str:
    """Return the token by which whoever got a person's e-mail stops further ones (RFC 8058)."""
    return _SIGNER.sign(person.uuid.hex)


def person_of_stop_token(token: str) -> Person | None:
    """Return the person whose e-mail a token stops, or None for a wrong token."""
    try:
        return Person.objects.filter(uuid=_SIGNER.unsign(token)).first()
    except (signing.BadSignature, ValueError):
        return None
