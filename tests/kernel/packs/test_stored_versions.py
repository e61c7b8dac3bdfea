"""A version that was stored stays readable, whatever settings a newer Linli no longer has."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from linli.kernel.packs.loading import stored_content


@pytest.fixture
def values(here) -> dict[str, Any]:
    return dict(here.community.pack.content)


def test_it_works(values) -> None:
    assert stored_content(values).name == "cn-community"


def test_settings_that_went_are_left_out(values) -> None:
    values["bells"] = {"loud": True}
    clocks = {**values["clocks"], "reply": {**values["clocks"]["reply"], "chimes": 3}}

    found = stored_content({**values, "clocks": clocks})

    assert found.clocks["reply"].normal.working_days == 7
    assert not hasattr(found, "bells")


def test_anything_else_that_is_wrong_is_refused(values) -> None:
    values["bells"] = {"loud": True}
    with pytest.raises(ValidationError):
        stored_content({**values, "roles": 3})
