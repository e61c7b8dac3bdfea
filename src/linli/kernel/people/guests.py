"""People without an account, who come back by a secret link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.people.models import Contact, Person
from linli.kernel.people.secrets import blind_index, encrypt_for, give_key

if TYPE_CHECKING:
    from collections.abc import Mapping


def new_guest(contacts: Mapping[Contact.Kind, str]) -> Person:
    """Create a guest with the contact values they left, each encrypted.

    Writes one row for the person, one for the key and one for each value, and reads none:
    reports come in here.
    """
    person = Person.objects.create_guest()
    give_key(person)
    if contacts:
        Contact.objects.bulk_create(
            Contact(
                person=person,
                kind=kind,
                ciphertext=encrypt_for(person, value),
                blind_index=blind_index(value),
            )
            for kind, value in contacts.items()
        )
    return person
