"""The table of roles says what the pack says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linli.kernel.packs.loading import content_of, load_pack

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "roles-and-powers.md"


@pytest.mark.django_db
def test_every_role_with_its_powers() -> None:
    pack = content_of(load_pack("cn-community"))
    wanted = {}
    for code, role in pack.roles.items():
        within = [pack.roles[name] for name in pack.roles_within(code)]
        powers = {power for one in within for power in one.may}
        staff = any(one.staff for one in within)
        wanted[code] = (set(role.includes), role.sees if staff else "", powers)
    assert documented() == wanted


def documented() -> dict[str, tuple[set[str], str, set[str]]]:
    rows = re.findall(
        r"^\| `(\w+)` \|[^|\n]*\|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|$",
        PAGE.read_text("utf-8"),
        re.MULTILINE,
    )
    found = {}
    for code, includes, sees, powers in rows:
        scope = sees.strip() if sees.strip() in ("own", "subtree", "community") else ""
        found[code] = (set(re.findall(r"\w+", includes)), scope, set(re.findall(r"\w+", powers)))
    return found
