"""Of the packages' folders, what pages load is collected, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find, get_finders

SOURCE = Path(__file__).resolve().parents[2] / "src" / "linli"
LOADED = re.compile(r"vendor/[\w./-]+\.(?:js|css)")


def loaded_by_pages() -> set[str]:
    """Return the vendor files that templates and scripts name."""
    pages = [path for ending in ("html", "js") for path in SOURCE.rglob(f"*.{ending}")]
    return {name for page in pages for name in LOADED.findall(page.read_text("utf-8"))}


@pytest.mark.parametrize("name", sorted(loaded_by_pages()))
def test_what_pages_load_is_found(name) -> None:
    assert find(name)


def test_what_no_page_loads_is_not_collected() -> None:
    names = [
        f"{storage.prefix}/{name}"
        for finder in get_finders()
        for name, storage in finder.list([])
        if str(getattr(storage, "prefix", "")).startswith("vendor")
    ]
    assert {name for name in names if not name.endswith(".png")} == loaded_by_pages()
    assert find("vendor/leaflet/leaflet-src.js") is None
