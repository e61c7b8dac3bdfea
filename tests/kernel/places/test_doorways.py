"""Codes of doorways."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.places.doorways import (
    ALPHABET,
    clean_doorway_code,
    give_doorway_codes,
    is_sound,
    new_doorway_code,
)
from linli.kernel.places.models import Address

codes = st.builds(new_doorway_code)


def test_a_code_is_short_and_has_no_letter_that_looks_like_another() -> None:
    code = new_doorway_code()
    assert len(code) == 8
    assert is_sound(code)
    assert not set(ALPHABET) & set("01ILO")
    assert len({new_doorway_code() for _ in range(500)}) == 500


@given(codes, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code, place, other) -> None:
    slip = code[:place] + other + code[place + 1 :]
    assert is_sound(slip) == (slip == code)


@given(codes, st.integers(0, 6))
def test_two_that_changed_places_are_noticed(code, place) -> None:
    slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_sound(slip) == (slip == code)


def test_other_things_are_not_codes() -> None:
    assert not is_sound("")
    assert not is_sound("DH0001")
    assert not is_sound("门" * 8)


def test_it_is_read_however_it_was_typed() -> None:
    assert clean_doorway_code(" abcd-efg h\n") == "ABCDEFGH"


def test_every_address_without_a_code_gets_one(here) -> None:
    for number in range(3):
        Address.objects.create(
            community=here.community, area=here.grid_area, text=f"{number}", normalised=f"{number}"
        )
    assert give_doorway_codes(here.community) == 3
    assert give_doorway_codes(here.community) == 0
    codes = set(here.community.addresses.values_list("doorway_code", flat=True))
    assert len(codes) == 4
    assert "DH0001" in codes
    assert all(is_sound(code) for code in codes - {"DH0001"})
