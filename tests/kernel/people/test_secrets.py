"""Values are encrypted with a key per person, and found by a keyed hash."""

from __future__ import annotations

import pytest

from linli.kernel.people import secrets
from linli.kernel.people.models import Person, PersonKey
from linli.kernel.people.secrets import (
    ValueErased,
    blind_index,
    commitment,
    comparable,
    decrypt_for,
    encrypt_for,
    seal,
    unseal,
)


def test_it_works(here) -> None:
    closed = encrypt_for(here.resident, "王小明")

    assert "王小明".encode() not in closed
    assert decrypt_for(Person.objects.get(pk=here.resident.pk), closed) == "王小明"


def test_each_person_has_a_key_of_their_own(here) -> None:
    closed = encrypt_for(here.resident, "王小明")
    encrypt_for(here.handler, "x")

    with pytest.raises(ValueErased):
        decrypt_for(here.handler, closed)


def test_without_the_key_nothing_opens_and_none_is_made(here) -> None:
    closed = encrypt_for(here.resident, "王小明")
    PersonKey.objects.filter(person=here.resident).delete()
    person = Person.objects.get(pk=here.resident.pk)

    with pytest.raises(ValueErased):
        decrypt_for(person, closed)
    assert not PersonKey.objects.filter(person=person).exists()


def test_who_is_erased_gets_no_new_key(here, settings) -> None:
    here.resident.erased_at = here.resident.joined_at

    with pytest.raises(ValueErased):
        encrypt_for(here.resident, "x")


@pytest.mark.parametrize(
    "typed", ["13800005678", "138-0000-5678", "+86 138 0000 5678", "0086(138)00005678"]
)
def test_a_number_is_found_however_it_is_written(typed) -> None:
    assert blind_index(typed) == blind_index("13800005678")


def test_other_values_are_compared_without_case(settings) -> None:
    assert comparable(" Wang@Mail.CN ") == "wang@mail.cn"
    assert blind_index("wang@mail.cn") != blind_index("wang@mail.com")


def test_the_hash_depends_on_the_master_key(settings) -> None:
    before = blind_index("13800005678")
    settings.MASTER_KEY = "another"

    assert blind_index("13800005678") != before


def test_a_seal_opens_for_its_purpose_alone() -> None:
    closed = seal(b"secret", b"webhook")

    assert unseal(closed, b"webhook") == b"secret"
    with pytest.raises(secrets.InvalidToken):
        unseal(closed, b"other")


def test_a_commitment_cannot_be_guessed_without_its_salt() -> None:
    one, other = secrets.new_salt(), secrets.new_salt()

    assert commitment("王小明", one) == commitment("王小明", one)
    assert commitment("王小明", one) != commitment("王小明", other)
