"""Contact data: kept encrypted, shown masked, revealed with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from linli.kernel.people.models import Contact, ContactReveal
from linli.kernel.people.secrets import ValueErased, blind_index, decrypt_for, encrypt_for

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.people.models import Person

MASK = "•"


def set_contact(person: Person, kind: str, value: str) -> Contact:
    """Keep one contact value of a person, replacing what was there."""
    contact, _ = Contact.objects.update_or_create(
        person=person,
        kind=kind,
        defaults={"ciphertext": encrypt_for(person, value), "blind_index": blind_index(value)},
    )
    return contact


def masked_contacts(person: Person) -> dict[str, str]:
    """Return a person's contact values by kind, masked; what was erased is left out."""
    found: dict[str, str] = {}
    for contact in Contact.objects.filter(person=person).order_by("kind"):
        try:
            found[contact.kind] = mask(contact.kind, decrypt_for(person, contact.ciphertext))
        except ValueErased:
            continue
    return found


def mask(kind: str, value: str) -> str:
    """Return a value with just enough left to recognise it by: 138••••5678, 王•, w•••@mail.cn."""
    if kind == Contact.Kind.PHONE and len(value) >= 8:
        return value[:3] + MASK * (len(value) - 7) + value[-4:]
    if kind == Contact.Kind.EMAIL and "@" in value:
        name, _, host = value.rpartition("@")
        return f"{name[:1]}{MASK * 3}@{host}"
    return value[:1] + MASK * max(1, min(len(value) - 1, 6))


def reveal_contact(
    person: Person, kind: str, *, by: Person, reason: str, matter: Matter | None = None
) -> str:
    """Return one value in full, and note who looked, when and why; the person is shown that.

    Raises Contact.DoesNotExist where there is no such value, ValueErased where its key is gone,
    and ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    with transaction.atomic():
        contact = Contact.objects.get(person=person, kind=kind)
        value = decrypt_for(person, contact.ciphertext)
        ContactReveal.objects.create(
            person=person, kind=kind, revealed_to=by, reason=reason.strip(), matter=matter
        )
    return value
