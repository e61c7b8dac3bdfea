"""Codes of grid cells by GB/T 30428.1."""

from __future__ import annotations

import pytest

from linli.kernel.places.grid_codes import BadGridCode, GridCode, read_grid_code


def test_a_code_has_four_parts() -> None:
    code = read_grid_code("42011100100201")
    assert code == GridCode("420111", "001", "002", "01")
    assert str(code) == "42011100100201"


@pytest.mark.parametrize(
    "code",
    ["", "4201110010020", "420111001002011", "4201110010020A", "４２０１１１００１００２０１",
     "99011100100201", "42011100000201", "42011100100001", "42011100100200"],
)  # fmt: skip
def test_others_are_refused(code) -> None:
    with pytest.raises(BadGridCode) as refused:
        read_grid_code(code)
    assert str(refused.value)
