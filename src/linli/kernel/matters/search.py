"""What a matter can be found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter


def index_matter(matter: Matter) -> None:
    """Keep the search entry of a matter in step; called by perform()."""
