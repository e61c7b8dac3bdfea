"""The citizens' messages that are not shipped, as the benches on real text read them."""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = (
    Path(os.environ.get("LINLI_SHARED_DATA", ROOT.parent / "shared" / "data")) / "citizen-messages"
)
SHINGLE = 5  # characters
NEAR = 0.3  # share of shingles in common from which two messages count as near-identical


@dataclass(frozen=True)
class Labelled:
    """Messages with their labels, what a published entry predicted, and which are alike."""

    texts: list[str]
    labels: list[str]
    published: list[str]
    groups: list[int]


def rows(name: str) -> list[dict[str, str]]:
    """Return a table of the folder as dictionaries."""
    with (MESSAGES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def text_of(row: dict[str, str]) -> str:
    """Return title and body of a message, the title as the first line."""
    return f"{row['title'].strip()}\n{row['body'].strip()}"


def labelled() -> Labelled:
    """Return the labelled messages."""
    found = rows("labelled.csv")
    texts = [text_of(row) for row in found]
    return Labelled(
        texts,
        [row["label"] for row in found],
        [row["peer_prediction"] for row in found],
        near_groups(texts),
    )


def unlabelled(besides: Sequence[str]) -> list[str]:
    """Return the messages without a label, none of them one of ``besides``."""
    known = {"".join(line.split()) for text in besides for line in text.split("\n", 1)}
    texts = [text_of(row) for row in rows("messages.csv")]
    return [
        text
        for text in texts
        if not known & {"".join(line.split()) for line in text.split("\n", 1)}
    ]


def near_groups(texts: Sequence[str]) -> list[int]:
    """Return for each text the first one it is near-identical to, itself where there is none."""
    shingles = [
        {text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1))}
        for text in ("".join(text.split()) for text in texts)
    ]
    holders: dict[str, list[int]] = defaultdict(list)
    groups: list[int] = []
    for row, own in enumerate(shingles):
        common = Counter(other for one in own for other in holders[one])
        alike = [
            other
            for other, count in common.items()
            if count / (len(own) + len(shingles[other]) - count) > NEAR
        ]
        groups.append(min((groups[other] for other in alike), default=row))
        for one in own:
            holders[one].append(row)
    return groups
