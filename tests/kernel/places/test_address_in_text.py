"""The one address a longer text names."""

from __future__ import annotations

import pytest

from linli.kernel.places.addresses import address_named_in
from linli.kernel.places.models import Address

pytestmark = pytest.mark.django_db


def other(here, text: str) -> Address:
    return Address.objects.create(
        community=here.community, area=here.grid_area, text=text, normalised=text
    )


def test_it_works(here) -> None:
    text = "您好！我住在东湖路一号 2 幢1单元，楼下的路灯坏了三天。\n请派人修理。谢谢！"
    assert address_named_in(here.community, text) == here.doorway


@pytest.mark.parametrize("text", [
    "", "路灯坏了", "东湖路上的路灯坏了", "东湖路1号", "12月3日给你们打过电话 13800000000",
    "1" * 5_000, "号" * 5_000, "。" * 5_000,
])  # fmt: skip
def test_a_text_that_names_none(here, text) -> None:
    assert address_named_in(here.community, text) is None


def test_a_text_that_names_two(here) -> None:
    other(here, "东湖路3号1栋")
    text = "东湖路1号2栋1单元。也去看看东湖路3号1栋。"
    assert address_named_in(here.community, text) is None


def test_one_far_inside_a_long_sentence(here) -> None:
    text = "我们这里" + "已经说过很多次了，" * 12 + "东湖路1号2栋1单元门口的灯坏了"
    assert address_named_in(here.community, text) == here.doorway


def test_the_queries_are_few_however_long_the_text(here, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(16):
        address_named_in(here.community, "5号楼的灯坏了。\n" * 500 + "6号楼也坏了。" * 500)
