"""No file speaks of work left undone, of one developer's machine, or of a package index."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Written in parts, so that this file does not find itself.
UNDONE = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"]
MACHINES = [
    r"/ho" + r"me/\w",
    r"/Us" + r"ers/\w",
    r"/ro" + "ot/",
    r"/wo" + r"rk/\w",
    r"C:\\Us" + "ers",
]
INDEXES = [
    "py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com",
    "npm" + "mirror.com", "mirrors." + "aliyun", "tuna." + "tsinghua", "docker" + ".io",
    "gh" + "cr.io", "quay" + ".io", "gcr" + ".io",
]  # fmt: skip
STRAY = re.compile("|".join([*UNDONE, *MACHINES, *map(re.escape, INDEXES)]))


def texts() -> list[Path]:
    told = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in told.splitlines() if (ROOT / name).is_file()]


def stray_words(text: str) -> list[str]:
    return [
        f"{number}: {found.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        if (found := STRAY.search(line))
    ]


def test_there_are_none() -> None:
    found = {}
    for path in texts():
        try:
            words = stray_words(path.read_text("utf-8"))
        except UnicodeDecodeError:  # a picture, a spreadsheet
            continue
        if words:
            found[path.relative_to(ROOT).as_posix()] = words
    assert found == {}


@pytest.mark.parametrize(
    "word", ["# TO" + "DO later", "/ho" + "me/li/linli", "https://py" + "pi.org/"]
)
def test_the_reader_sees_them(word: str) -> None:
    assert stray_words(word)
