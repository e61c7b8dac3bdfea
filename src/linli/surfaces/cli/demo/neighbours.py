"""Neighbours who support what others reported: a few public matters have several behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import begin
from linli.mechanisms.casework.similar import open_for_support

if TYPE_CHECKING:
    from linli.surfaces.cli.demo.world import World

SUPPORTED, MOST = 12, 6  # how many matters, and how many join one at most


def support_some(world: World) -> None:
    """Let guests join some of the newest open public matters on the last day."""
    chance = world.settings.random
    rows = Matter.objects.filter(open_for_support(), community=world.community)
    newest = list(rows.order_by("-created_at", "-pk")[: 4 * SUPPORTED])
    for main in chance.sample(newest, min(SUPPORTED, len(newest))):
        for _ in range(chance.randint(1, MOST)):
            begin(
                "casework", "support", community=world.community, by=None,
                facts={"into": main.number}, at=world.now,
            )  # fmt: skip
