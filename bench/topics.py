"""Hot topics: are messages of one trouble brought together, in what time and memory.

On the citizens' messages, where they are (`LINLI_SHARED_DATA`, or ``shared/data`` beside the
checkout): pairwise precision, recall and F1 on 250 pairs labelled by reading that no threshold
was chosen on, for ours, a published list of five topics, and a baseline (TF-IDF cosine and
connected components, its threshold chosen on the other 250); and whether the published topics are
among our ten hottest. On messages made up for ``--messages``: seconds, memory, and the same
scores over all pairs of the planted troubles.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import resource
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from linli.engines.similarity.topics import Message, hot_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linli.engines.similarity.topics import Topic

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("LINLI_SHARED_DATA", ROOT.parent / "shared" / "data"))
PAIRS = ROOT / "tests" / "realdata" / "hot_topic_pairs.csv"
CHINA = timezone(timedelta(hours=8))
DISTRICT = re.compile(r"[A-Z]\d+[区县]")
A_YEAR = timedelta(days=365)  # half-life: the table holds a year, and so does the published list
LEAST_F1, MOST_SECONDS, MOST_MEGABYTES = 0.88, 300, 2_000
Pair = tuple[str, str, bool]


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.topics", description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000, help="made up (default 50000)")
    asked = parser.parse_args()
    folder = SHARED / "citizen-messages"
    real = measure_real(folder) if folder.is_dir() else None
    made = measure_made_up(asked.messages)
    ok = made["seconds"] < MOST_SECONDS and made["peak_megabytes"] < MOST_MEGABYTES
    if real:
        ours, baseline = real["held_out"]["ours"]["f1"], real["held_out"]["baseline"]["f1"]
        ok = ok and ours >= LEAST_F1 and ours > baseline
    print(json.dumps({"name": "topics", "ok": ok, "real": real, "made_up": made,
                      "bounds": {"f1": LEAST_F1, "seconds": MOST_SECONDS,
                                 "megabytes": MOST_MEGABYTES}}, ensure_ascii=False))  # fmt: skip


def measure_real(folder: Path) -> dict[str, Any]:
    """Return the scores on the citizens' messages."""
    messages, chosen, held_out = read_messages(folder), *read_pairs()
    began = time.perf_counter()
    topics = hot_topics(messages, now=max(one.at for one in messages), half_life=A_YEAR)
    seconds = time.perf_counter() - began
    ours, (threshold, baseline) = same_topic(topics), fit_baseline(messages, chosen)
    peer = read_peer(folder)
    listed = {key for keys in peer.values() for key in keys}
    both_listed = [pair for pair in chosen + held_out if {pair[0], pair[1]} <= listed]
    ways = {"ours": ours, "peer": same_in(peer.values()), "baseline": baseline,
            "saying_same_of_all": lambda _one, _other: True}  # fmt: skip
    return {
        "messages": len(messages), "topics": len(topics), "seconds": round(seconds, 1),
        "peak_megabytes": peak_megabytes(), "baseline_threshold": threshold,
        "held_out": {name: score(held_out, same) for name, same in ways.items()},
        "both_in_the_published_list": {
            name: score(both_listed, same) for name, same in ways.items()
        },
        "published_topics": {name: find(keys, topics) for name, keys in peer.items()},
        "hottest": [
            [topic.name, topic.reports, topic.reporters, topic.likes, topic.heat.total]
            for topic in topics[:10]
        ],
    }  # fmt: skip


def read_messages(folder: Path) -> list[Message]:
    """Return the citizens' messages; areas: the districts of the title, else of the text."""
    with (folder / "messages.csv").open(encoding="utf-8-sig") as file:
        return [_message(row) for row in csv.DictReader(file)]


def _message(row: dict[str, str]) -> Message:
    at = datetime.strptime(row["time"].replace("-", "/"), "%Y/%m/%d %H:%M:%S")
    text = " ".join(row["body"].split())
    areas = DISTRICT.findall(row["title"]) or DISTRICT.findall(text)
    return Message(
        row["id"], row["title"], text, at.replace(tzinfo=CHINA), row["user"], int(row["likes"]),
        frozenset(areas) or None,
    )  # fmt: skip


def read_pairs() -> tuple[list[Pair], list[Pair]]:
    """Return the labelled pairs: those thresholds may be chosen on, and those held out."""
    with PAIRS.open(encoding="utf-8") as file:
        pairs = [(row["one"], row["other"], row["same"] == "1") for row in csv.DictReader(file)]
    return pairs[::2], pairs[1::2]


def read_peer(folder: Path) -> dict[str, set[str]]:
    """Return the published topics: five, each with its messages."""
    topics: dict[str, set[str]] = {}
    with (folder / "hot_topics_peer.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            topics.setdefault(row["topic"], set()).add(row["id"])
    return topics


def score(pairs: Sequence[Pair], same: Callable[[str, str], bool]) -> dict[str, float]:
    """Return precision, recall and F1 of saying which pairs are of one trouble."""
    said = [(same(one, other), truly) for one, other, truly in pairs]
    right = sum(told and truly for told, truly in said)
    precision = right / max(1, sum(told for told, _truly in said))
    recall = right / max(1, sum(truly for _told, truly in said))
    return {"pairs": len(pairs), **_scores(precision, recall)}


def _scores(precision: float, recall: float) -> dict[str, float]:
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    scores = {"precision": precision, "recall": recall, "f1": f1}
    return {name: round(value, 3) for name, value in scores.items()}


def same_topic(topics: Sequence[Topic]) -> Callable[[str, str], bool]:
    """Return whether two messages are in one of these topics."""
    return same_in([set(topic.members) for topic in topics])


def same_in(groups: Any) -> Callable[[str, str], bool]:
    """Return whether two keys are in one of these sets."""
    groups = list(groups)
    return lambda one, other: any(one in keys and other in keys for keys in groups)


def fit_baseline(
    messages: Sequence[Message], pairs: Sequence[Pair]
) -> tuple[float, Callable[[str, str], bool]]:
    """Return the threshold of the best F1 on these pairs, and what it then says of any pair."""
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(2, 3), min_df=2, sublinear_tf=True, dtype=np.float32
    )
    rows = vectorizer.fit_transform(f"{one.title} {one.text}" for one in messages)
    alike = (rows @ rows.T).tocsr()
    at = {one.key: row for row, one in enumerate(messages)}
    tried = []
    for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        alike.data[alike.data < threshold] = 0
        alike.eliminate_zeros()
        labels = connected_components(alike, directed=False)[1]

        def same(one: str, other: str, labels: Any = labels) -> bool:
            return bool(labels[at[one]] == labels[at[other]])

        tried.append((score(pairs, same)["f1"], threshold, same))
    _f1, threshold, same = max(tried, key=lambda one: one[0])
    return threshold, same


def find(keys: set[str], topics: Sequence[Topic]) -> dict[str, Any]:
    """Return the rank of the topic that holds most of the keys, and how many.

    ``found``: it is among the ten hottest and holds half of them.
    """
    shared = [len(keys & set(topic.members)) for topic in topics]
    at = max(range(len(topics)), key=shared.__getitem__)
    return {
        "listed": len(keys), "found": at < 10 and shared[at] * 2 >= len(keys), "rank": at + 1,
        "shared": shared[at], "ours": topics[at].reports, "name": topics[at].name,
    }  # fmt: skip


def measure_made_up(many: int) -> dict[str, Any]:
    """Return seconds, memory and scores for messages made up."""
    messages, troubles = make_up(many)
    began = time.perf_counter()
    topics = hot_topics(messages, now=datetime(2026, 1, 1, tzinfo=UTC), half_life=A_YEAR)
    seconds = time.perf_counter() - began
    ours = np.arange(many) + many
    for number, topic in enumerate(topics):
        ours[list(topic.members)] = number
    right = _pairs_within(np.array(troubles) * 2 * many + ours)
    precision = right / max(1, _pairs_within(ours))
    recall = right / max(1, _pairs_within(np.array(troubles)))
    return {"messages": many, "seconds": round(seconds, 1), "peak_megabytes": peak_megabytes(),
            "topics": len(topics), **_scores(precision, recall)}  # fmt: skip


def _pairs_within(groups: Any) -> int:
    sizes = np.unique(groups, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def make_up(many: int) -> tuple[list[Message], list[int]]:
    """Return messages of troubles of 1 to 400 reports, and the trouble of each.

    A title is a place and what is wrong; a text repeats both, and four of the eight things there
    are to say of that trouble, among phrases with Zipf's frequencies, of characters with Zipf's.
    """
    chance = random.Random(20261124)
    letters = [chr(0x4E00 + n) for n in range(3_000)]
    often = [1 / (n + 5) for n in range(3_000)]

    def phrase(least: int, most: int) -> str:
        return "".join(chance.choices(letters, often, k=chance.randint(least, most)))

    phrases = [phrase(4, 12) for _ in range(4_000)]
    wrong = [phrase(4, 8) for _ in range(400)]
    weights = [1 / (n + 20) for n in range(4_000)]
    messages: list[Message] = []
    troubles: list[int] = []
    trouble = 0
    while len(messages) < many:
        place, what, trouble = phrase(3, 5), chance.choice(wrong), trouble + 1
        own = [phrase(5, 12) for _ in range(8)]
        for _ in range(min(many - len(messages), min(400, int(chance.paretovariate(1.2))))):
            filler = chance.choices(phrases, weights, k=15)
            told = [place, what, *chance.sample(own, 4), *filler]
            chance.shuffle(told)
            at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(8_760))
            title = f"{place}{what}{chance.choice(phrases)}"
            messages.append(
                Message(len(messages), title, "，".join(told), at, chance.randrange(many))
            )
            troubles.append(trouble)
    return messages, troubles


def peak_megabytes() -> int:
    """Return the most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
