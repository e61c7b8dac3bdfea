"""Addresses as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.places.addresses import match_address, normalise, suggest_addresses
from linli.kernel.places.locating import locate
from linli.kernel.places.models import Address

PIECES = "东湖路里村一二三四五六七八九十百零〇两０１２３1234 　号楼栋幢座单元层室#-—（），Aaｂ單號"


@pytest.mark.parametrize(
    "one, other",
    [
        ("东湖路１号", "东湖路1号"),
        ("东湖路 1 号，2 栋", "东湖路1号2栋"),
        ("十二号楼", "12号楼"),
        ("二十号楼", "20栋"),
        ("一百零五号", "105号"),
        ("三〇二室", "302室"),
        ("两单元", "2单元"),
        ("12号楼", "12栋"),
        ("12幢", "12栋"),
        ("A座", "a栋"),
        ("3#楼", "3栋"),
        ("03栋", "3栋"),
        ("1號2棟3單元", "1号2栋3单元"),
        ("3—1—201", "3-1-201"),
    ],
)
def test_two_spellings_are_one(one, other) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    "one, other",
    [("1栋", "11栋"), ("1号2栋", "12栋"), ("1号", "1栋"), ("五一路", "51路"), ("2楼", "2栋")],
)
def test_different_places_stay_different(one, other) -> None:
    assert normalise(one) != normalise(other)


def test_the_name_of_the_community_goes() -> None:
    assert normalise("东湖社区 东湖路1号", "东湖社区") == "东湖路1号"
    assert normalise("东湖社区", "东湖社区") == "东湖社区"


@given(st.text(PIECES, max_size=30))
def test_the_form_of_a_form_is_itself(text) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert normalise(normalise(text, "东湖"), "东湖") == normalise(text, "东湖")


@given(st.integers(1, 999), st.sampled_from(["号", "栋", "单元", "室"]))
def test_chinese_numerals_are_read(number, unit) -> None:
    assert normalise(chinese(number) + unit) == f"{number}{unit}"


def chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


@pytest.fixture
def addresses(here) -> dict[str, Address]:
    made = {"东湖路1号2栋1单元": here.doorway}
    for text in ("东湖路1号2栋2单元", "东湖路1号12栋1单元", "东湖路11号2栋", "湖滨花园3栋"):
        made[text] = Address.objects.create(
            community=here.community, area=here.grid_area, text=text, normalised=normalise(text)
        )
    return made


@pytest.mark.parametrize(
    "asked, meant",
    [
        ("东湖路1号2栋1单元", "东湖路1号2栋1单元"),
        ("东湖社区东湖路一号二号楼一单元", "东湖路1号2栋1单元"),
        ("武汉市东湖路1号12幢1单元门口路灯", "东湖路1号12栋1单元"),
        ("东湖路11号2栋", "东湖路11号2栋"),
        ("湖滨花园3栋302", "湖滨花园3栋"),
        ("湖滨花园 3 号楼", "湖滨花园3栋"),
    ],
)
def test_it_is_found(here, addresses, asked, meant) -> None:
    assert match_address(here.community, asked) == (addresses[meant], [])


def test_a_beginning_of_several_is_none_of_them(here, addresses) -> None:
    found, may_be = match_address(here.community, "东湖路1号2栋")
    assert found is None
    assert {address.text for address in may_be} == {"东湖路1号2栋1单元", "东湖路1号2栋2单元"}


def test_when_all_it_may_mean_lie_in_one_area_the_area_is_known(here, addresses) -> None:
    found = locate(here.community, address="东湖路1号2栋")
    assert (found.address, found.area, found.text) == (None, here.grid_area, "东湖路1号2栋")
    assert len(found.suggestions) == 2


@pytest.mark.parametrize("asked", ["", "湖", "湖滨花园", "北京路9号", "东湖路9号2栋1单元9", "%%%%"])
def test_what_names_no_address_finds_none(here, addresses, asked) -> None:
    assert match_address(here.community, asked)[0] is None


def test_no_number_is_cut(here, addresses) -> None:
    """东湖路1号2栋1单元 must not answer for 东湖路1号2栋11单元, nor 1号2栋 for 11号2栋."""
    assert match_address(here.community, "东湖路1号2栋11单元")[0] is None


def test_another_communitys_address_is_not_found(here, elsewhere, addresses) -> None:
    assert match_address(elsewhere.community, "湖滨花园3栋") == (None, [])
    assert suggest_addresses(elsewhere.community, "湖滨") == []


def test_suggestions_begin_with_what_begins_so(here, addresses) -> None:
    texts = [address.text for address in suggest_addresses(here.community, "东湖路1号")]
    assert texts[:3] == ["东湖路1号2栋1单元", "东湖路1号2栋2单元", "东湖路1号12栋1单元"]
    assert [a.text for a in suggest_addresses(here.community, "花园")] == ["湖滨花园3栋"]
    assert len(suggest_addresses(here.community, "东湖路", limit=2)) == 2


def test_suggestions_for_a_house_that_is_not_there_are_its_neighbours(here, addresses) -> None:
    texts = {address.text for address in suggest_addresses(here.community, "东湖路1号2栋7单元")}
    assert texts == {"东湖路1号2栋1单元", "东湖路1号2栋2单元"}


def test_nothing_typed_suggests_nothing(here, addresses) -> None:
    assert suggest_addresses(here.community, " ，") == []


def test_it_costs_few_queries(here, addresses, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        match_address(here.community, "东湖路1号2栋")
    with django_assert_max_num_queries(4):
        suggest_addresses(here.community, "某路1号2栋7单元")


def test_a_very_long_text_is_no_burden(here, addresses, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        match_address(here.community, "东湖路1号" * 1000)
