"""The opinion map: as like the published groups as may be, and how fast, beside red-dwarf.

    python -m bench.consensus [--people 10000 --statements 500] [--many 1000000 5000]

On the published conversations, where they are (`LINLI_SHARED_DATA`, or ``shared/data`` beside the
checkout): the adjusted Rand index with the groups Polis published, of ours and of red-dwarf's, over
those whom all three put in a group. On votes made up of planted groups: seconds from columns of
votes to map and statistics, ours and red-dwarf's in the same run; then, in a process of its own, a
million people and 43 million votes: seconds and memory of the whole, and of 1,000 votes more.
Prints one line of JSON; the exit status says whether every bound held.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from bench.conversations import NAMES, likeness, read_conversation, red_dwarf, their_groups
from linli.engines.consensus import OpinionMap, Votes, representative

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("LINLI_SHARED_DATA", ROOT.parent / "shared" / "data"))
BOUNDS = {"ahead": 0.1, "times_faster": 10, "fit_s": 45, "megabytes": 6_000, "update_s": 2}
GROUPS, TIMES, BATCH = 4, 3, 1_000
MANY_VOTES_EACH = 43
Columns = tuple[Any, Any, Any]


def main() -> int:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.consensus", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--statements", type=int, default=500)
    parser.add_argument("--many", type=int, nargs=2, default=[1_000_000, 5_000])
    parser.add_argument("--only-many", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only_many:
        print(json.dumps(measure_many(*asked.many)))
        return 0
    warnings.simplefilter("ignore")
    folder = SHARED / "opinion"
    real = measure_real(folder) if folder.is_dir() else None
    beside = measure_beside(asked.people, asked.statements)
    many = in_a_process_of_its_own(asked.many)
    ok = (
        beside["times_faster"] >= BOUNDS["times_faster"]
        and many["fit_s"] <= BOUNDS["fit_s"]
        and many["megabytes"] < BOUNDS["megabytes"]
        and many["update_s"] <= BOUNDS["update_s"]
        and (real is None or real["ok"])
    )
    print(json.dumps({"name": "consensus", "ok": ok, "real": real, "beside": beside,
                      "many": many, "bounds": BOUNDS}))  # fmt: skip
    return 0 if ok else 1


def measure_real(folder: Path) -> dict[str, Any]:
    """Return the likeness to the published groups, conversation by conversation."""
    scores = {}
    for name in NAMES:
        told = read_conversation(folder, name)
        ours = OpinionMap.fit(told.votes, moderated_out=told.moderated_out).groups
        theirs = their_groups(red_dwarf(told.votes, told.moderated_out), told.votes)
        counted = (ours >= 0) & (theirs >= 0)
        scores[name] = {
            "ours": round(likeness(told.published, ours, counted), 3),
            "red_dwarf": round(likeness(told.published, theirs, counted), 3),
        }
    means = {who: round(float(np.mean([each[who] for each in scores.values()])), 3)
             for who in ("ours", "red_dwarf")}  # fmt: skip
    each = all(one["ours"] >= one["red_dwarf"] for one in scores.values())
    ahead = means["ours"] >= means["red_dwarf"] + BOUNDS["ahead"]
    return {"adjusted_rand": scores, "mean": means, "ok": each and ahead}


def measure_beside(people: int, statements: int) -> dict[str, Any]:
    """Return the seconds of both for the same votes, from columns to statistics."""
    columns, group = make_up(people, statements, 41.2)
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        opinions = OpinionMap.fit(Votes.of(*columns))
        representative(opinions)
        took.append(time.perf_counter() - began)
    votes = Votes.of(*columns)
    began = time.perf_counter()
    theirs = red_dwarf(votes, [])
    seconds = time.perf_counter() - began
    ours = opinions.groups
    counted, found = ours >= 0, their_groups(theirs, votes)
    true = group[opinions.people]
    return {
        "people": people, "statements": statements, "votes": len(votes),
        "ours_s": round(min(took), 2), "ours_slowest_s": round(max(took), 2),
        "red_dwarf_s": round(seconds, 2), "times_faster": round(seconds / min(took), 1),
        "groups": opinions.division.groups,
        "adjusted_rand": {"ours": round(likeness(true, ours, counted), 3),
                          "red_dwarf": round(likeness(true, found, counted), 3)},
    }  # fmt: skip


def in_a_process_of_its_own(many: list[int]) -> dict[str, Any]:
    """Return what `measure_many` measures where nothing else uses memory."""
    command = [sys.executable, "-m", "bench.consensus", "--only-many"]
    command += ["--many", *map(str, many)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure_many(people: int, statements: int) -> dict[str, Any]:
    """Return seconds and memory of a map of very many, and of the same after 1,000 votes more."""
    columns, group = make_up(people, statements, MANY_VOTES_EACH)
    began, fit_worked = time.perf_counter(), time.process_time()
    votes = Votes.of(*columns)
    opinions = OpinionMap.fit(votes)
    fitted, fit_worked = time.perf_counter(), time.process_time() - fit_worked
    representative(opinions)
    told = time.perf_counter()
    chance = np.random.default_rng(5)
    batch = Votes.of(chance.integers(0, people, BATCH), chance.integers(0, statements, BATCH),
                     chance.integers(-1, 2, BATCH))  # fmt: skip
    before_update, worked = time.perf_counter(), time.process_time()
    after = opinions.update(batch)
    updated, worked = time.perf_counter(), time.process_time() - worked
    representative(after)
    told_again = time.perf_counter()
    same = after.groups[: len(opinions.groups)] == opinions.groups
    true = group[opinions.people]
    return {
        "people": people, "statements": statements, "votes": len(votes),
        "fit_s": round(fitted - began, 1), "fit_cpu_s": round(fit_worked, 1),
        "statistics_s": round(told - fitted, 1),
        "update_s": round(updated - before_update, 2), "update_cpu_s": round(worked, 2),
        "statistics_again_s": round(told_again - updated, 1),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "groups": opinions.division.groups, "kept_their_group": round(float(same.mean()), 4),
        "adjusted_rand": round(likeness(true, opinions.groups, opinions.groups >= 0), 3),
    }  # fmt: skip


def make_up(people: int, statements: int, votes_each: float) -> tuple[Columns, Any]:
    """Return columns of votes of planted groups, and the group of each person.

    How many votes a person casts has a long tail; each group leans its own way on each statement,
    each person deviates, and who is near the middle passes.
    """
    chance = np.random.default_rng(20_261_124)
    group = chance.integers(0, GROUPS, people)
    leaning = chance.standard_normal((GROUPS, statements)).astype(np.float32)
    cast = np.minimum(chance.geometric(1 / votes_each, people), statements)
    who = np.repeat(np.arange(people, dtype=np.int32), cast)
    # Statements in a stride of the person's own, coprime to their number: none comes twice.
    strides = np.array([n for n in range(1, statements) if np.gcd(n, statements) == 1])
    turn = np.arange(len(who), dtype=np.int64) - np.repeat(np.cumsum(cast) - cast, cast)
    turn *= np.repeat(chance.choice(strides, people), cast)
    turn += np.repeat(chance.integers(0, statements, people), cast)
    turn %= statements
    what = turn.astype(np.int32)
    del turn
    lean = leaning[group[who], what]
    lean += chance.standard_normal(len(who), dtype=np.float32)
    said = (lean > 0.3).astype(np.int8) - (lean < -0.3).astype(np.int8)
    return (who, what, said), group


if __name__ == "__main__":
    sys.exit(main())
