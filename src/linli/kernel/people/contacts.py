"""Contact data: kept encrypted, shown masked, revealed with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import blind_index, encrypt_for

if TYPE_CHECKING:
    from linli.kernel.people.models import Person


def set_contact(person: Person, kind: str, value: str) -> Contact:
    """Keep one contact value of a person, replacing what was there."""
    contact, _ = Contact.objects.update_or_create(
        person=person,
        kind=kind,
        defaults={"ciphertext": encrypt_for(person, value), "blind_index": blind_index(value)},
    )
    return contact
