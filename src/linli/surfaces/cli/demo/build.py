"""Building a demo neighbourhood: all of it in one transaction, or nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from linli.kernel.deadlines.clocks import calendar_of
from linli.kernel.events.models import Event
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.notify.models import Channel, Notice
from linli.kernel.packs.loading import content_of
from linli.mechanisms.casework.hot_topics.nights import count_day
from linli.mechanisms.casework.suggesting.learning import fit_night
from linli.surfaces.cli.demo.ground import draw
from linli.surfaces.cli.demo.letters import receive_letters
from linli.surfaces.cli.demo.neighbours import support_some
from linli.surfaces.cli.demo.open_data import release_months
from linli.surfaces.cli.demo.organisations import create_community, create_organisations
from linli.surfaces.cli.demo.people import create_people
from linli.surfaces.cli.demo.places import create_places
from linli.surfaces.cli.demo.play import play
from linli.surfaces.cli.demo.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from linli.kernel.organisations.models import Community
    from linli.surfaces.cli.demo.settings import Settings

READ_AFTER = timedelta(days=3)


def build(
    settings: Settings, tell: Callable[[int, int], None], now: datetime | None = None
) -> Community:
    """Create the neighbourhood with a year of matters, its figures, and what was learnt."""
    with transaction.atomic():
        world = _world(settings, now or timezone.now())
        create_organisations(world)
        create_places(world)
        create_people(world)
        play(world, tell)
        support_some(world)
        receive_letters(world)
        _settle_notices(world)
    count_day(world.community, world.community.day_of(world.now))
    while fold_pending():
        pass
    release_months(world)
    fit_night.func(world.community.pk)
    return world.community


def _world(settings: Settings, now: datetime) -> World:
    community, values = create_community(settings), settings.values
    longitude, latitude = values["community"]["centre"]
    return World(
        settings=settings,
        community=community,
        pack=content_of(community.pack),
        calendar=calendar_of(community.pack, community.timezone),
        now=now.replace(microsecond=0),
        begins=now.replace(microsecond=0) - timedelta(days=settings.number("days")),
        ground=draw((longitude, latitude), [grid["buildings"] for grid in values["grids"]]),
    )


def _settle_notices(world: World) -> None:
    """Date the notices as their events, keep those on the site; nobody has an address to send to.

    What is older than a few days counts as read.
    """
    notices = Notice.objects.filter(community=world.community)
    notices.exclude(channel=Channel.SITE).delete()
    happened = Subquery(Event.objects.filter(pk=OuterRef("event_id")).values("at")[:1])
    notices.update(created_at=happened, state=Notice.State.DELIVERED)
    notices.update(delivered_at=F("created_at"))
    notices.filter(created_at__lt=world.now - READ_AFTER).update(read_at=F("created_at"))
