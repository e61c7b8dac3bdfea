"""The master key is replaced while everything goes on working, before, during and after."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from linli.kernel.access.links import find_link, link_for, token_of
from linli.kernel.access.models import AccessLink
from linli.kernel.notify import signing
from linli.kernel.notify.models import WebhookEndpoint
from linli.kernel.people import key_rotation
from linli.kernel.people.contacts import (
    account_named,
    mark_verified,
    masked_contacts,
    reveal_contact,
    set_contact,
)
from linli.kernel.people.key_rotation import also, rewrap_all
from linli.kernel.people.models import Person
from linli.kernel.people.secrets import ValueErased, WrongMasterKey
from linli.kernel.people.sign_in import SecondFactorAdapter

NEW = "another-master-key"


@pytest.fixture
def kept(here):
    """Something of everything that hangs on the master key; returns the token of a link."""
    mark_verified(set_contact(here.resident, "phone", "13800005678"))
    sealed = SecondFactorAdapter().encrypt("ABCDEF")
    Authenticator.objects.create(user=here.resident, type="totp", data={"secret": sealed})
    matter = here.report(phone="13900001111").matter
    return token_of(link_for(matter, matter.reporter))


def replace_key(settings) -> None:
    settings.MASTER_KEY_FALLBACKS = [settings.MASTER_KEY]
    settings.MASTER_KEY = NEW


def everything_works(here, token: str) -> None:
    person = Person.objects.get(pk=here.resident.pk)
    assert masked_contacts(person) == {"phone": "138••••5678"}
    assert account_named("13800005678") == person
    secret = Authenticator.objects.get().data["secret"]
    assert SecondFactorAdapter().decrypt(secret) == "ABCDEF"
    link = find_link(token)
    assert link is not None
    assert find_link(token_of(link_for(link.matter, link.person))).matter == link.matter


def test_it_works(here, kept, settings) -> None:
    everything_works(here, kept)
    replace_key(settings)
    everything_works(here, kept)

    done = rewrap_all()

    everything_works(here, kept)
    settings.MASTER_KEY_FALLBACKS = []
    everything_works(here, kept)
    assert done == {
        "keys": 2,
        "contacts": 2,
        "second_factors": 1,
        "links": 1,
        "webhooks": 0,
        "open311": 0,
        "mail": 0,
    }


def test_a_key_nobody_told_of_is_not_mistaken_for_erasure(here, kept, settings) -> None:
    settings.MASTER_KEY = NEW

    with pytest.raises(WrongMasterKey):
        everything_works(here, kept)


def test_a_second_run_changes_no_index_and_no_link(here, kept, settings) -> None:
    replace_key(settings)
    rewrap_all()

    again = rewrap_all()

    assert (again["contacts"], again["links"]) == (0, 0)
    assert AccessLink.objects.count() == 2


def test_a_link_handed_out_goes_on_and_a_new_one_is_shown(here, kept, settings) -> None:
    replace_key(settings)
    rewrap_all()
    settings.MASTER_KEY_FALLBACKS = []

    link = find_link(kept)
    shown = token_of(link_for(link.matter, link.person))

    assert shown != kept
    assert find_link(shown).person == link.person


def test_a_revoked_link_stays_revoked(here, kept, settings) -> None:
    AccessLink.objects.update(revoked_at="2026-01-01T00:00Z")
    replace_key(settings)

    assert rewrap_all()["links"] == 0
    assert find_link(kept) is None


def test_what_is_written_during_it_is_closed_with_the_new_key(here, settings) -> None:
    replace_key(settings)
    set_contact(here.stranger, "phone", "13811112222")
    settings.MASTER_KEY_FALLBACKS = []

    assert masked_contacts(Person.objects.get(pk=here.stranger.pk)) == {"phone": "138••••2222"}


def test_who_was_erased_stays_erased(here, kept, settings) -> None:
    here.resident.key.delete()
    replace_key(settings)
    rewrap_all()

    person = Person.objects.get(pk=here.resident.pk)
    with pytest.raises(ValueErased):
        reveal_contact(person, "phone", by=here.handler, reason="x")


def test_many_keys_in_batches(here, kept, settings, monkeypatch) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 1)
    replace_key(settings)

    assert rewrap_all()["keys"] == 2


def test_another_room_takes_part(here, monkeypatch) -> None:
    monkeypatch.setattr(key_rotation, "_more", {})
    also("webhooks", lambda: 7)

    assert rewrap_all()["webhooks"] == 7


def test_webhooks_are_sealed_anew(here, settings) -> None:
    endpoint = WebhookEndpoint.objects.create(
        community=here.community, name="x", url="https://hook.example/",
        secret=signing.sealed(b"one"), previous_secret=signing.sealed(b"two"),
    )  # fmt: skip
    replace_key(settings)

    assert rewrap_all()["webhooks"] == 1

    settings.MASTER_KEY_FALLBACKS = []
    endpoint.refresh_from_db()
    assert signing.opened(endpoint.secret) == b"one"
    assert signing.opened(endpoint.previous_secret) == b"two"


def test_the_command(here, kept, settings) -> None:
    replace_key(settings)
    told = StringIO()

    call_command("rotate_keys", stdout=told)

    assert "keys: 2" in told.getvalue()


def test_the_command_says_when_a_key_is_missing(here, kept, settings) -> None:
    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = NEW, ["not the one"]

    with pytest.raises(CommandError, match="LINLI_MASTER_KEY_FALLBACKS"):
        call_command("rotate_keys")
