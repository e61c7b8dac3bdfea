"""Run benches and print a line of JSON for each; exit status 1 where a bound is missed.

    python -m bench [--quick] [NAME …]

``--quick`` asks little of few rows: it shows that each bench runs, not how fast Linli is.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

QUICK: dict[str, list[str]] = {
    "anonymity": ["--rows", "3000"],
    "locate": ["--cells", "10000", "--points", "10000"],
    "consensus": ["--people", "1000", "--statements", "100", "--many", "20000", "500"],
    "intake": ["--seconds", "1", "--rounds", "1", "--clients", "2"],
    "million": ["--matters", "2000", "--questions", "4"],
    "pages": [],
    "similarity": ["--matters", "2000", "--questions", "4"],
    "topics": ["--messages", "2000"],
    "figures": ["--matters", "3000", "--questions", "6", "--peer-matters", "500"],
    "triage": ["--folds", "2"],
}


def main() -> int:
    """Run them one after another, so that none disturbs another."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure speed and size.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(QUICK))
    parser.add_argument("--quick", action="store_true", help="with few rows: does each run?")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(QUICK):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    missed = 0
    for name in asked.names or QUICK:
        result = run(name, quick=asked.quick)
        print(json.dumps(result, ensure_ascii=False), flush=True)
        missed += not result["ok"]
    return 1 if missed else 0


def run(name: str, *, quick: bool) -> dict[str, object]:
    """Run one bench in a process of its own; return what it printed, or why it failed."""
    command = [sys.executable, "-m", f"bench.{name}", *(QUICK[name] if quick else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        result: dict[str, object] = json.loads(done.stdout)
    except ValueError:
        result = {"name": name, "ok": False, "error": done.stderr[-2000:]}
    return result


if __name__ == "__main__":
    sys.exit(main())
