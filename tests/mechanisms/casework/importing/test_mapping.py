"""A map is checked with line numbers before a row is read."""

from __future__ import annotations

import pytest

from linli.kernel.packs.problems import PackInvalid
from linli.mechanisms.casework.importing.mapping import read_map
from tests.mechanisms.casework.importing.conftest import MAP, write


def problems(here, tmp_path, text: str) -> list[str]:
    with pytest.raises(PackInvalid) as caught:
        read_map(write(tmp_path / "map.yaml", text), here.community)
    return [str(one) for one in caught.value.problems]


def test_it_is_read(here, tmp_path) -> None:
    found = read_map(write(tmp_path / "map.yaml", MAP), here.community)
    assert (found.source, found.columns.text, found.units["市政"]) == ("hotline", "内容", "roads")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("source: hotline", "sauce: hotline", "map.yaml:1: sauce: This key is not known. Did you mean “source”?"),
        ("source: hotline", "source: Hot Line", "map.yaml:1: source: “Hot Line” is not allowed here;"),
        ("text: 内容", "txt: 内容", "map.yaml:2: columns.txt: This key is not known. Did you mean “text”?"),
        ("id: 编号, ", "", "map.yaml:2: columns.id: This setting is missing."),
        ("道路: pothole", "道路: potholes", "map.yaml:4: categories.道路: There is no category “potholes”."),
        ("电话: phone", "电话: pigeon", "map.yaml:5: channels.电话: It must be one of:"),
        ("市政: roads", "市政: rodes", "map.yaml:6: units.市政: No organisation has the code “rodes”."),
        (", reply_time: 答复时间", "", "map.yaml:2: columns: With “reply”, “reply_time” must be named too."),
        ("source: hotline", "source: hotline\nzone: Asia/Wuhan", "map.yaml:2: zone: There is no time zone “Asia/Wuhan”."),
        ("source: hotline", "source: hotline\nsource: mail", "map.yaml:2: source: This key stands here twice."),
        ("source: hotline", "source: hotline\nrunning_since: soon", "map.yaml:2: running_since: It is not valid"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(here, tmp_path, old, new, told) -> None:
    assert old in MAP
    found = problems(here, tmp_path, MAP.replace(old, new))
    assert any(one.startswith(told) for one in found), found


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words"])
def test_what_is_no_map_is_told(here, tmp_path, text) -> None:
    assert problems(here, tmp_path, text)[0].startswith("map.yaml:1:")


def test_a_map_that_is_not_there_is_told(here, tmp_path) -> None:
    with pytest.raises(PackInvalid, match=r"nowhere\.yaml:1: There is no such file"):
        read_map(tmp_path / "nowhere.yaml", here.community)
