"""What is wrong with a pack: each problem with its file, line and a plain sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: ``file`` within the pack's folder, ``line`` from 1, ``path`` of the setting."""

    file: str
    line: int
    path: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return (
            f"{where}: {self.path}: {self.sentence}" if self.path else f"{where}: {self.sentence}"
        )


class PackInvalid(ValueError):
    """A pack with mistakes; ``problems`` holds all that were found, in the order of the files."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))
