"""Secret links: derived from the master key, found by their digest, and good for one matter."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linli.kernel.access.links import (
    digest_of,
    find_link,
    link_for,
    made_with_current_key,
    new_link,
    token_of,
)
from linli.kernel.access.models import AccessLink


@pytest.fixture
def link(here) -> AccessLink:
    matter = here.report(by=here.resident).matter
    made = new_link(matter, here.resident)
    made.save()
    return made


def test_it_works(link, here) -> None:
    found = find_link(token_of(link))

    assert found == link
    assert (found.matter_id, found.person) == (link.matter_id, here.resident)


def test_the_token_itself_is_stored_nowhere(link) -> None:
    row = AccessLink.objects.filter(pk=link.pk).values().get()

    assert token_of(link) not in map(str, row.values())
    assert row["digest"] == digest_of(token_of(link))


def test_as_typed_from_paper(link) -> None:
    assert find_link(f"  {token_of(link).upper()} ") == link


def test_two_links_to_one_matter_differ(link, here) -> None:
    other = new_link(link.matter, here.resident)
    other.save()

    assert token_of(other) != token_of(link)
    assert link_for(link.matter, here.resident) == other


@pytest.mark.parametrize("token", ["", "x", "a" * 26, "a" * 10_000, "路灯", "' OR 1=1 --"])
def test_another_token_finds_nothing(link, token) -> None:
    assert find_link(token) is None


def test_a_revoked_link_finds_nothing(link, here) -> None:
    token = token_of(link)
    AccessLink.objects.filter(pk=link.pk).update(revoked_at=timezone.now())

    assert find_link(token) is None
    assert link_for(link.matter, here.resident) is None


def test_the_matter_of_another_is_not_reached(link, here) -> None:
    assert link_for(link.matter, here.stranger) is None


def test_an_earlier_key_still_opens_what_was_made_with_it(link, settings) -> None:
    token, old = token_of(link), settings.MASTER_KEY
    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = "another-key", [old]

    assert token_of(link) == token
    assert find_link(token) == link
    assert not made_with_current_key(link)


def test_without_the_earlier_key_the_token_is_lost(link, settings) -> None:
    token = token_of(link)
    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = "another-key", []

    assert token_of(link) != token
