"""A contact value in full: for a reason, on record, shown to the person."""

from __future__ import annotations

import pytest

from linli.kernel.people.contacts import reveal_contact, set_contact
from linli.kernel.people.models import Contact, ContactReveal, Person, PersonKey
from linli.kernel.people.secrets import ValueErased
from tests.kernel.people.conftest import signed_in


def test_it_works(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    matter = here.report(by=here.resident).matter

    value = reveal_contact(
        here.resident, "phone", by=here.handler, reason=" 约时间 ", matter=matter
    )

    look = ContactReveal.objects.get()
    assert value == "13800005678"
    assert (look.person, look.revealed_to, look.matter) == (here.resident, here.handler, matter)
    assert look.reason == "约时间"


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_not_without_a_reason(here, reason) -> None:
    set_contact(here.resident, "phone", "13800005678")

    with pytest.raises(ValueError, match="reason"):
        reveal_contact(here.resident, "phone", by=here.handler, reason=reason)

    assert not ContactReveal.objects.exists()


def test_nothing_is_noted_where_there_is_nothing(here) -> None:
    with pytest.raises(Contact.DoesNotExist):
        reveal_contact(here.resident, "phone", by=here.handler, reason="约时间")

    assert not ContactReveal.objects.exists()


def test_what_was_erased_cannot_be_revealed(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    PersonKey.objects.filter(person=here.resident).delete()
    person = Person.objects.get(pk=here.resident.pk)

    with pytest.raises(ValueErased):
        reveal_contact(person, "phone", by=here.handler, reason="约时间")

    assert not ContactReveal.objects.exists()


def test_the_person_sees_who_looked_when_and_why(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    matter = here.report(by=here.resident).matter
    reveal_contact(here.resident, "phone", by=here.handler, reason="约时间修灯", matter=matter)

    page = signed_in(here.resident).get("/me/").content.decode()

    for told in (here.handler.display_name, "约时间修灯", matter.number):
        assert told in page
    assert "约时间修灯" not in signed_in(here.stranger).get("/me/").content.decode()
    assert "约时间修灯" in signed_in(here.resident).get("/me/looks/").content.decode()
