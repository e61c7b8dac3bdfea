"""Real tables that are not shipped: found beside the checkout, or where the environment says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("LINLI_SHARED_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def messages() -> Path:
    """The folder of the citizens' messages; the test is skipped where it is not there."""
    folder = SHARED / "citizen-messages"
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; set LINLI_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def opinion() -> Path:
    """The folder of published conversations; the test is skipped where it is not there."""
    folder = SHARED / "opinion"
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; set LINLI_SHARED_DATA")
    return folder
