"""A bar on the terminal while rows are read; silent where nobody looks."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from linli.kernel.files.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def progress_over(path: Path, label: str) -> Iterator[Callable[[int], object]]:
    """Yield a function that moves a bar on by so many rows of a table."""
    if not sys.stderr.isatty():
        yield lambda rows: None
        return
    total = sum(1 for _row in read_table(path).rows)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda rows: bar.advance(task, rows)
