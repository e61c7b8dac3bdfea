"""Published conversations: votes, statements moderated out, and the groups Polis published."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from linli.engines.consensus import Votes

NAMES = (
    "vtaiwan.uberx",
    "football-concussions",
    "brexit-consensus",
    "american-assembly.bowling-green",
)


@dataclass(frozen=True)
class Conversation:
    """One conversation; `published` is each participant's group, -1 for none."""

    name: str
    votes: Votes
    moderated_out: list[int]
    published: Any


def read_conversation(folder: Path, name: str) -> Conversation:
    """Return the conversation of this name."""
    with (folder / f"{name}.participants-votes.csv").open(encoding="utf-8-sig") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["participant"]))
    with (folder / f"{name}.comments.csv").open(encoding="utf-8-sig") as file:
        closed = [
            int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1"
        ]
    cells = [
        (int(row["participant"]), int(statement), int(float(said)))
        for row in rows
        for statement, said in row.items()
        if statement.isdigit() and said
    ]
    people, statements, said = zip(*cells, strict=True)
    groups = {int(row["participant"]): int(row["group-id"] or -1) for row in rows}
    votes = Votes.of(people, statements, said)
    published = np.array([groups[person] for person in votes.people.tolist()])
    return Conversation(name, votes, closed, published)


def red_dwarf(votes: Votes, moderated_out: list[int], seed: int = 0) -> Any:
    """Return what red-dwarf makes of the votes by default, but for components without chance."""
    from reddwarf.implementations.base import run_pipeline

    return run_pipeline(
        votes=as_records(votes),
        mod_out_statement_ids=moderated_out,
        random_state=seed,
        reducer_kwargs={"svd_solver": "covariance_eigh"},
    )


def as_records(votes: Votes) -> list[dict[str, int]]:
    """Return the votes as red-dwarf takes them."""
    table = votes.table.tocoo()
    people, statements = votes.people[table.coords[0]], votes.statements[table.coords[1]]
    columns = zip(people.tolist(), statements.tolist(), table.data.tolist(), strict=True)
    return [
        {"participant_id": person, "statement_id": statement, "vote": said, "modified": 0}
        for person, statement, said in columns
    ]


def their_groups(result: Any, votes: Votes) -> Any:
    """Return red-dwarf's groups in the order of the people here, -1 for none."""
    found = result.participants_df["cluster_id"].reindex(votes.people)
    return found.fillna(-1).astype(int).to_numpy()


def likeness(published: Any, groups: Any, counted: Any) -> float:
    """Return the adjusted Rand index over those counted whom both put in a group."""
    from sklearn.metrics import adjusted_rand_score

    both = counted & (published >= 0) & (groups >= 0)
    return float(adjusted_rand_score(published[both], groups[both]))
