"""What changed between two versions of a pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.kernel.packs.schema import PackContent

ABSENT = object()


@dataclass(frozen=True)
class Change:
    """A setting that differs; ``before`` or ``after`` is `ABSENT` where it does not exist."""

    path: str
    before: Any
    after: Any

    @property
    def sign(self) -> str:
        """``+`` for a new setting, ``-`` for one that is gone, ``~`` for one that changed."""
        if self.before is ABSENT:
            return "+"
        return "-" if self.after is ABSENT else "~"


def difference(before: PackContent, after: PackContent) -> list[Change]:
    """Return every setting that differs, by path, down to the single value.

    Where only the order of what is in both differs, the keys before and after are returned.
    """
    return list(_compare(before.model_dump(mode="json"), after.model_dump(mode="json"), ""))


def _compare(before: Any, after: Any, path: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            inner = f"{path}.{key}" if path else key
            yield from _compare(before.get(key, ABSENT), after.get(key, ABSENT), inner)
        in_both = [
            [key for key in one if key in before and key in after] for one in (before, after)
        ]
        if in_both[0] != in_both[1]:
            yield Change(path, in_both[0], in_both[1])
    elif before != after:
        yield Change(path, before, after)
