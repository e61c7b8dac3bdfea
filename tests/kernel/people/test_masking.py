"""Contact values are shown with just enough left to recognise them by."""

from __future__ import annotations

import pytest

from linli.kernel.people.contacts import mask, masked_contacts, set_contact
from linli.kernel.people.models import PersonKey


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13800005678", "138••••5678"),
        ("phone", "110", "1••"),
        ("phone", "1", "1•"),
        ("email", "wang@mail.cn", "w•••@mail.cn"),
        ("email", "not an address", "n••••••"),
        ("name", "王小明", "王••"),
        ("address", "东湖路1号2栋1单元302室", "东••••••"),
    ],
)
def test_it_works(kind, value, shown) -> None:
    assert mask(kind, value) == shown


def test_a_short_value_is_never_shown_whole() -> None:
    for value in ("王", "ab", "1234567"):
        assert value != mask("phone", value)


def test_the_values_of_a_person_by_kind(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    set_contact(here.resident, "name", "王小明")

    assert masked_contacts(here.resident) == {"phone": "138••••5678", "name": "王••"}


def test_what_was_erased_is_left_out(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    PersonKey.objects.filter(person=here.resident).delete()
    person = type(here.resident).objects.get(pk=here.resident.pk)

    assert masked_contacts(person) == {}
