"""Contact data: kept encrypted, shown masked, revealed with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from linli.kernel.people.models import Contact, ContactReveal, Person
from linli.kernel.people.secrets import (
    ValueErased,
    blind_index,
    blind_indexes,
    decrypt_for,
    encrypt_for,
)

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter

MASK = "•"


def set_contact(person: Person, kind: str, value: str) -> Contact:
    """Keep one contact value of a person, replacing what was there.

    Another value than before is not verified any more.
    """
    index = blind_index(value)
    with transaction.atomic():
        before = Contact.objects.filter(person=person, kind=kind).first()
        same = before is not None and before.blind_index in blind_indexes(value)
        contact, _ = Contact.objects.update_or_create(
            person=person,
            kind=kind,
            defaults={
                "ciphertext": encrypt_for(person, value),
                "blind_index": index,
                "verified_at": before.verified_at if before and same else None,
            },
        )
    return contact


def delete_contact(person: Person, kind: str) -> bool:
    """Forget one contact value; return whether there was one."""
    return bool(Contact.objects.filter(person=person, kind=kind).delete()[0])


def mark_verified(contact: Contact) -> None:
    """Note that a person proved a telephone number or e-mail address to be theirs.

    Numbers are handed on: of several accounts with the same one, the last to prove it has it.
    """
    with transaction.atomic():
        others = Contact.objects.filter(
            kind=contact.kind, blind_index=contact.blind_index, person__is_guest=False
        ).exclude(pk=contact.pk)
        others.update(verified_at=None)
        contact.verified_at = timezone.now()
        contact.save(update_fields=["verified_at"])


def account_of_contact(typed: str) -> Person | None:
    """Return the open account that verified this telephone number or e-mail address, if one."""
    return Person.objects.filter(
        contacts__kind__in=(Contact.Kind.PHONE, Contact.Kind.EMAIL),
        contacts__blind_index__in=blind_indexes(typed),
        contacts__verified_at__isnull=False,
        is_guest=False,
        is_active=True,
    ).first()


def account_named(typed: str) -> Person | None:
    """Return the account somebody means by a user name, a telephone number or an e-mail address.

    Asks the same of the database whether there is one or not.
    """
    by_contact = account_of_contact(typed)
    by_name = Person.objects.filter(username__iexact=typed.strip(), is_guest=False).first()
    return by_name or by_contact


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
