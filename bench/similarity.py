"""“Is it this?” over a million matters: from what is typed to the three suggestions.

In PostgreSQL filled like a city: locating, candidates by place and time, comparing the words,
counting who stands behind them. Duplicates in other words are planted: how many are among the
three suggestions (recall), and how many suggestions are of the same trouble (precision). A crowd
of open matters on one block is asked too. The peer compares the words with those of every open
public matter (TF-IDF over pieces of 1 to 3 characters) and looks at the place afterwards.

    python -m bench.similarity [--matters 1000000] [--questions 300]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from typing import TYPE_CHECKING, Any

from bench.million import prepare
from bench.paraphrases import SAID_AGAIN
from bench.serving import beside_postgres, p50_and_p99

if TYPE_CHECKING:
    from bench.city import City
    from linli.kernel.matters.models import Matter

BOUND_MS, LEAST_RECALL, LEAST_PRECISION = 20.0, 0.8, 0.8
CROWD, ASKED = 3_000, 3
NEAR = 0.0004  # degrees: some 40 m


def main() -> None:
    """Measure and print JSON; exit status 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--matters", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=300, help="of each kind")
    asked = parser.parse_args()
    beside_postgres("bench.similarity", durable=False)
    result = measure(asked.matters, asked.questions)
    print(json.dumps(result, ensure_ascii=False))
    sys.exit(0 if result["ok"] else 1)


def measure(matters: int, questions: int) -> dict[str, Any]:
    """Fill, plant, ask; return latencies and how much of what was planted is found."""
    city, filled = prepare(matters)
    chance = random.Random(3)
    planted = plant(city, chance)
    crowd = gather(city, min(CROWD, matters // 10))
    from linli.kernel.matters.models import Matter

    ours = ask_planted(city, planted, chance)
    speed = {
        "anywhere": ask_anywhere(city, questions, chance),
        "planted": ours.pop("milliseconds"),
        "on_a_crowded_block": ask_crowd(city, crowd, questions, chance),
    }
    peer = ask_peer(city, planted, chance)
    worst = max(one["p99_ms"] for one in speed.values())
    good = worst < BOUND_MS and ours["recall"] >= LEAST_RECALL
    return {
        "name": "similarity",
        "database": "postgresql",
        "matters": Matter.objects.count(),
        "filled_in_seconds": filled,
        "p99_bound_ms": BOUND_MS,
        "speed": speed,
        "planted": len(planted) * 3,
        **ours,
        "peer": peer,
        "ok": good and ours["precision"] >= LEAST_PRECISION,
    }


def open_public(city: City) -> Any:
    """Return the public requests that can be suggested."""
    from linli.kernel.matters.models import Matter
    from linli.mechanisms.casework.similar import open_for_support

    return Matter.objects.filter(open_for_support(), community=city.community)


def plant(city: City, chance: random.Random) -> list[Matter]:
    """Let some open public matters say what `SAID_AGAIN` says; return them in its order."""
    from linli.kernel.matters.models import Matter

    keys = list(open_public(city).filter(longitude__isnull=False).values_list("pk", flat=True))
    chosen = chance.sample(sorted(keys), len(SAID_AGAIN))
    for key, (category, said, _again) in zip(chosen, SAID_AGAIN, strict=True):
        Matter.objects.filter(pk=key).update(
            public_title=said, public_text=said, title=said, text=said, category=category
        )
    by_key = Matter.objects.in_bulk(chosen)
    return [by_key[key] for key in chosen]


def gather(city: City, many: int) -> tuple[float, float]:
    """Move so many open public matters onto one block; return its middle."""
    from linli.kernel.matters.cells import cell_of
    from linli.kernel.matters.entries import SearchEntry
    from linli.kernel.matters.models import Matter

    longitude, latitude = 114.35, 30.55
    said = [said for _category, said, _again in SAID_AGAIN]
    rows = list(open_public(city).exclude(public_title__in=said)[:many])
    entries = SearchEntry.objects.in_bulk([row.pk for row in rows])
    for n, row in enumerate(rows):
        row.longitude = longitude + (n % 60 - 30) * 4e-5
        row.latitude = latitude + (n // 60 - 25) * 4e-5
        entry = entries[row.pk]
        entry.longitude, entry.latitude = row.longitude, row.latitude
        entry.cell = cell_of(row.longitude, row.latitude)
    Matter.objects.bulk_update(rows, ["longitude", "latitude"], batch_size=500)
    fields = ["longitude", "latitude", "cell"]
    SearchEntry.objects.bulk_update(entries.values(), fields, batch_size=500)
    return longitude, latitude


def ask(
    city: City, text: str, longitude: float, latitude: float
) -> tuple[list[tuple[float, float]], list[Matter]]:
    """Ask as the report form does, three times; return what was suggested.

    Before it, of each time, milliseconds by the clock and of this process's own work.
    """
    from linli.mechanisms.casework.views.similar import suggestions

    typed = {"text": text, "longitude": str(longitude), "latitude": str(latitude)}
    took = []
    for _ in range(ASKED):
        began, worked = time.perf_counter(), time.thread_time()
        found = suggestions(city.community, typed)
        own = (time.thread_time() - worked) * 1000
        took.append(((time.perf_counter() - began) * 1000, own))
    return took, [one.matter for one in found]


def ask_planted(city: City, planted: list[Matter], chance: random.Random) -> dict[str, Any]:
    """Report each planted trouble three times near by, and another trouble at the same place."""
    took, hits, right, shown, wrong = [], 0, 0, 0, 0
    for at, (matter, (category, _said, again)) in enumerate(zip(planted, SAID_AGAIN, strict=True)):
        other = SAID_AGAIN[(at + 7) % len(SAID_AGAIN)][2][0]
        for text in again:
            milliseconds, found = ask(city, text, *near(matter, chance))
            took.append(milliseconds)
            hits += matter.pk in {one.pk for one in found}
            right += sum(one.category == category for one in found)
            shown += len(found)
        _milliseconds, found = ask(city, other, *near(matter, chance))
        wrong += matter.pk in {one.pk for one in found}
    return {
        "milliseconds": told(took),
        "recall": round(hits / (3 * len(planted)), 3),
        "precision": round(right / max(1, shown), 3),
        "suggested_for_another_trouble": round(wrong / len(planted), 3),
    }


def ask_anywhere(city: City, many: int, chance: random.Random) -> dict[str, float]:
    """Ask about any trouble at any place."""
    from bench.city import EAST, NORTH, SOUTH, WEST

    took = []
    for n in range(many):
        text = f"{n}号楼{chance.choice(city.phrases)[1]}，{chance.choice(SAID_AGAIN)[1]}"
        where = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
        took.append(ask(city, text, *where)[0])
    return told(took)


def ask_crowd(
    city: City, middle: tuple[float, float], many: int, chance: random.Random
) -> dict[str, float]:
    """Ask on the block where thousands are open."""
    took = []
    for n in range(many):
        text = f"{n}号楼{chance.choice(city.phrases)[1]}"
        moved = [one + chance.uniform(-1, 1) * 1e-3 for one in middle]
        took.append(ask(city, text, moved[0], moved[1])[0])
    return told(took)


def near(matter: Matter, chance: random.Random) -> tuple[float, float]:
    """Return a point some steps away."""
    return (
        (matter.longitude or 0) + chance.uniform(-NEAR, NEAR),
        (matter.latitude or 0) + chance.uniform(-NEAR, NEAR),
    )


def told(took: list[list[tuple[float, float]]]) -> dict[str, float]:
    """Return the median and the 99th percentile.

    ``calm``: of the fastest answer to each question, which shows the query rather than the
    neighbours on the machine. ``own``: of this process's work, without waiting and database.
    """
    p50, p99 = p50_and_p99([clock / 1000 for times in took for clock, _own in times])
    calm = p50_and_p99([min(times)[0] / 1000 for times in took])[1]
    own = p50_and_p99([own / 1000 for times in took for _clock, own in times])[1]
    rounded = {"p50_ms": p50, "p99_ms": p99, "p99_calm_ms": calm, "p99_own_ms": own}
    return {name: round(value, 2) for name, value in rounded.items()}


def ask_peer(city: City, planted: list[Matter], chance: random.Random) -> dict[str, Any]:
    """Compare with all open public matters by words first, by place afterwards."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    began = time.perf_counter()
    rows = list(open_public(city).values_list("pk", "public_title", "longitude", "latitude"))
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    matrix = vectorizer.fit_transform(title for _key, title, _x, _y in rows)
    warming = time.perf_counter() - began
    keys = np.array([row[0] for row in rows])
    where = np.array([[row[2] or 0.0, row[3] or 0.0] for row in rows])
    took, hits = [], 0
    for matter, (_category, _said, again) in zip(planted, SAID_AGAIN, strict=True):
        for text in again:
            point = near(matter, chance)
            began, worked = time.perf_counter(), time.thread_time()
            scores = (matrix @ vectorizer.transform([text]).T).toarray().ravel()
            scores[np.abs(where - point).max(axis=1) > 0.0025] = 0
            best = keys[np.argsort(-scores)[:3]]
            own = (time.thread_time() - worked) * 1000
            took.append([((time.perf_counter() - began) * 1000, own)])
            hits += matter.pk in best
    recall = round(hits / (3 * len(planted)), 3)
    return {"warming_seconds": round(warming, 2), "compared": len(rows), **told(took),
            "recall": recall}  # fmt: skip


if __name__ == "__main__":
    main()
