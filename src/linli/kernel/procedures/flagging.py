"""Making the flags of matters anew from their details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.matters.flags import flags_text
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.declaration import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.kernel.organisations.models import Community

BATCH = 2_000


def rebuild_flags(
    community: Community, *, check: bool = False
) -> Iterator[tuple[Matter, str, str]]:
    """Give each matter whose flags differ, as kept and as its detail says; set them right.

    ``check``: change nothing. A query for each `BATCH` of matters, and one for those that differ.
    """
    for procedure in registry.values():
        if procedure.detail is not None:
            yield from _rebuild(procedure.detail, procedure.name, community, check)


def _rebuild(
    detail: Any, procedure: str, community: Community, check: bool
) -> Iterator[tuple[Matter, str, str]]:
    rows = detail.objects.filter(matter__community=community, matter__procedure=procedure)
    rows = rows.select_related("matter").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        for one in batch:
            kept, found = one.matter.flags, flags_text(one.flags())
            if kept != found:
                if not check:
                    Matter.objects.filter(pk=one.pk, version=one.matter.version).update(flags=found)
                yield one.matter, kept, found
