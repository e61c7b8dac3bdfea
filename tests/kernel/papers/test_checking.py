"""`linli pack check` names each thing in a paper that cannot be filled, with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.utils.translation import override

from linli.kernel.packs.loading import folder_of, read_pack
from linli.kernel.packs.problems import PackInvalid


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder_of("cn-community"), tmp_path / "cn-community"))


def problems(folder: Path, old: str, new: str) -> list[str]:
    file = folder / "papers.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackInvalid) as refused, override("en"):
        read_pack(folder)
    return [str(problem) for problem in refused.value.problems]


def test_it_works(folder: Path) -> None:
    assert set(read_pack(folder).papers) == {"reply_letter", "monthly_report"}


@pytest.mark.parametrize(
    ("old", "new", "where", "told"),
    [
        ("{addressee}", "{phone}", "reply_letter.body[0].paragraph", "“{phone}” is not filled in"),
        ("{addressee}", "{addressee!r}", "body[0].paragraph", "takes no format"),
        ("{addressee}", "{addressee:>9999}", "body[0].paragraph", "takes no format"),
        ("{addressee}", "{addressee.pk}", "body[0].paragraph", "is not filled in"),
        ("{addressee}", "{", "body[0].paragraph", "stands alone"),
        ("rows: figures", "rows: numbers", "table.rows", "“numbers” is not offered here"),
        ("          change:", "          chance:", "columns.chance", "“chance” is not offered here"),
        ("points: sentences", "points: praise", "points", "“praise” is not offered here"),
        ("when: address", "when: home", "body[1].when", "“home” is not offered here"),
        ("monthly_report:", "yearly_report:", "papers.yearly_report", "is not offered here"),
        ("    - points: sentences", "    - points: sentences\n      heading: {zh-hans: 甲, en: A}",
         "body", "exactly one of"),
        (', en: "Dear {addressee},"', "", "body[0].paragraph", "The text in “en” is missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_is_named(folder, old: str, new: str, where: str, told: str) -> None:
    found = problems(folder, old, new)
    assert any("papers.yaml:" in one and where in one and told in one for one in found), found
