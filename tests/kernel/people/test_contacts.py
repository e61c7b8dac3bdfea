"""Setting, verifying and finding contact values."""

from __future__ import annotations

import pytest

from linli.kernel.people.contacts import (
    account_named,
    delete_contact,
    mark_verified,
    set_contact,
)
from linli.kernel.people.guests import new_guest
from linli.kernel.people.models import Contact


def test_it_works(here) -> None:
    mark_verified(set_contact(here.resident, "phone", "138 0000 5678"))

    assert account_named("+8613800005678") == here.resident


def test_a_value_that_is_not_verified_finds_nobody(here) -> None:
    set_contact(here.resident, "phone", "13800005678")

    assert account_named("13800005678") is None


def test_another_value_has_to_be_verified_anew(here) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))
    set_contact(here.resident, "phone", "13800005678")
    assert Contact.objects.get().verified_at is not None

    set_contact(here.resident, "phone", "13900005678")

    assert Contact.objects.get().verified_at is None


def test_who_proves_a_number_last_has_it(here) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))
    mark_verified(set_contact(here.stranger, "phone", "13800005678"))

    assert account_named("13800005678") == here.stranger


def test_a_guest_is_no_account(here) -> None:
    guest = new_guest({Contact.Kind.PHONE: "13800005678"})
    mark_verified(guest.contacts.get())

    assert account_named("13800005678") is None
    assert account_named(guest.username) is None


def test_a_user_name_goes_before_a_number(here) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))
    named = here.person("13800005678", None)

    assert account_named("13800005678") == named


@pytest.mark.parametrize("kind", ["name", "address"])
def test_nobody_is_found_by_name_or_address(here, kind) -> None:
    mark_verified(set_contact(here.resident, kind, "13800005678"))

    assert account_named("13800005678") is None


def test_deleting_says_whether_there_was_anything(here) -> None:
    set_contact(here.resident, "phone", "13800005678")

    assert delete_contact(here.resident, "phone")
    assert not delete_contact(here.resident, "phone")


def test_finding_costs_the_same_whether_there_is_somebody(here, django_assert_num_queries) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))

    for typed in (here.resident.username, "13800005678", "nobody"):
        with django_assert_num_queries(2):
            account_named(typed)
