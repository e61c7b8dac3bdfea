"""Run every bench and print one JSON document; exit status 1 where a bound is missed.

python -m bench [--small]
"""

from __future__ import annotations

import json
import subprocess
import sys

BENCHES: dict[str, list[str]] = {
    "bench.locate": ["--cells", "10000"],
    "bench.intake": ["--seconds", "2", "--rounds", "1"],
    "bench.matters": ["--rows", "20000"],
}


def main() -> int:
    """Run them one after another, so that none disturbs another."""
    small = "--small" in sys.argv[1:]
    results, missed = [], 0
    for name, fewer in BENCHES.items():
        command = [sys.executable, "-m", name, *(fewer if small else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        missed += done.returncode != 0
        try:
            results.append(json.loads(done.stdout))
        except ValueError:
            results.append({"name": name, "ok": False, "error": done.stderr[-2000:]})
    print(json.dumps(results, indent=2, ensure_ascii=False))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
