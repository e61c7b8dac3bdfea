"""Each bench runs on few rows and tells its figures; how fast is for `make bench` to say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import QUICK, run
from bench.citizens import MESSAGES

KEYS = {
    "anonymity": {"seconds", "ours", "peer", "ratio", "bounds"},
    "consensus": {"real", "beside", "many", "bounds"},
    "figures": {"matters", "summaries", "pages", "roll_ups_as_the_kernel_keeps_them"},
    "locate": {"points_per_second", "peer_points_per_second", "ratio", "agreed"},
    "intake": {"reports_per_second", "ratio", "half_load_p99_ms", "errors"},
    "million": {"matters", "open", "figures", "entries_as_the_kernel_writes_them"},
    "pages": {"pages", "bound_kb"},
    "similarity": {"speed", "recall", "precision", "planted", "peer"},
    "topics": {"real", "made_up", "bounds"},
    "triage": {"macro_f1", "calibration_error", "p99_ms", "plain_macro_f1", "published_macro_f1"},
}
_POSTGRES = bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))) or shutil.which("initdb")


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bench makes its own database and data folder, whatever the tests use."""
    for name in ("DATABASE_URL", "LINLI_DATA", "LINLI_BENCH_INSIDE", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", QUICK)
def test_it_works(name: str) -> None:
    if name not in ("anonymity", "consensus", "locate", "topics", "triage") and not _POSTGRES:
        pytest.skip("PostgreSQL is not installed")
    if name == "triage" and not MESSAGES.is_dir():
        pytest.skip(f"no messages at {MESSAGES}")

    result = run(name, quick=True)

    assert "error" not in result
    assert result["name"] == name
    assert isinstance(result["ok"], bool)
    assert KEYS[name] <= result.keys()
    if name == "million":
        assert result["matters"] == 2000
        assert result["entries_as_the_kernel_writes_them"]
        assert all(one["errors"] == 0 for one in result["figures"].values())
    if name == "figures":
        assert result["roll_ups_as_the_kernel_keeps_them"]
    if name == "intake":
        assert result["errors"] == 0
    if name == "pages":
        assert all(page["missing"] == [] for page in result["pages"].values())


def test_an_unknown_bench_is_refused() -> None:
    command = [sys.executable, "-m", "bench", "speed_of_light"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)

    assert done.returncode == 2
    assert "speed_of_light" in done.stderr
