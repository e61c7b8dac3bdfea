"""A copy of a pack that a test breaks."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from linli.kernel.packs.loading import read_pack
from linli.kernel.packs.problems import PackInvalid

PACKS = Path(__file__).resolve().parents[3] / "packs"


@dataclass
class Copy:
    """A pack's folder to write into."""

    folder: Path

    def change(self, file: str, old: str, new: str) -> int:
        """Replace a text that stands once in a file and return its line."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def problems(self) -> list[str]:
        """Return what is wrong, as lines."""
        with pytest.raises(PackInvalid) as caught:
            read_pack(self.folder)
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def copy(tmp_path) -> Copy:
    folder = tmp_path / "open311-city"
    shutil.copytree(PACKS / "open311-city", folder)
    return Copy(folder)
