"""What is reported when and where: a year with its seasons, its weeks and its hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from linli.surfaces.cli.demo.world import Plot, World

TRIES = 12
JUST_NOW = 4  # reports of the last hour
WEEKEND = 0.7  # as many reports as on a workday
# How many reports come in each hour of the day, from midnight on.
HOURS = [1, 0, 0, 0, 0, 1, 4, 9, 13, 14, 12, 9, 8, 8, 10, 11, 10, 9, 9, 10, 9, 6, 4, 2]
OFFICE = range(8, 18)
# channel: how often while the desk is open, and how often else.
CHANNELS = {"account": (26, 40), "guest": (18, 34), "doorway": (11, 20), "phone": (29, 4),
            "visit": (8, 0), "wechat": (6, 2), "letter": (2, 0)}  # fmt: skip
# Some days many report the same: how much more of what in which months.
SPELLS = [
    ((6, 7, 8), "road_flooding", 7, 3.0), ((6, 7, 8), "flooding", 7, 3.0),
    ((6, 7), "leak", 3, 1.6), ((12, 1, 2), "snow_ice", 4, 2.0), ((12, 1, 2), "snow", 4, 2.5),
    ((11, 12, 1), "heating", 5, 1.8), ((12, 1), "no_heat", 4, 1.8), ((7, 8), "power_cut", 4, 1.8),
    ((7, 8, 9), "lake_water", 3, 1.4), ((11,), "parcels", 2, 1.4),
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One report before it is told: when, how, what about, where, in which words."""

    at: datetime
    channel: str
    category: str
    plot: Plot
    title: str
    public_text: str
    text: str
    said: str  # the place as the reporter says it, and as the public reads it
    public: str
    place: dict[str, Any]


def cases(world: World) -> list[Case]:
    """Return the year's reports in order of time."""
    times = sorted(_times(world))
    spells = _spells(world)
    return [_case(world, at, spells.get(_day(world, at))) for at in times]


def _day(world: World, at: datetime) -> date:
    return world.community.day_of(at)


def _times(world: World) -> list[datetime]:
    random, zone = world.settings.random, ZoneInfo(world.community.timezone)
    today = _day(world, world.now)
    days = [today - timedelta(days=back) for back in range(world.settings.number("days"))]
    spells = _spells(world)
    weights = [
        (WEEKEND if day.weekday() >= 5 else 1.0) * (spells[day][1] if day in spells else 1.0)
        for day in days
    ]
    # However quiet the hour, something has just come in.
    found = [world.now - timedelta(minutes=random.uniform(2, 60)) for _ in range(JUST_NOW)]
    while len(found) < world.settings.number("matters"):
        day = random.choices(days, weights)[0]
        hour = random.choices(range(24), HOURS)[0]
        at = datetime(day.year, day.month, day.day, hour, random.randrange(60),
                      random.randrange(60), tzinfo=zone)  # fmt: skip
        if world.begins < at < world.now:
            found.append(at)
    return found


def _spells(world: World) -> dict[date, tuple[str, float]]:
    """Return the days on which many report the same; always the same days of a year."""
    today, found = _day(world, world.now), dict[date, tuple[str, float]]()
    for number, (months, category, count, more) in enumerate(SPELLS):
        if category not in world.settings.reports:
            continue
        days = [
            day
            for back in range(1, world.settings.number("days"))
            if (day := today - timedelta(days=back)).month in months
        ]
        for turn in range(min(count, len(days))):
            found[days[(turn * 17 + number * 5) % len(days)]] = (category, more)
    return found


def _case(world: World, at: datetime, spell: tuple[str, float] | None) -> Case:
    settings, random = world.settings, world.settings.random
    swept = spell is not None and random.random() < 0.55
    category = spell[0] if spell and swept else _category(world, at)
    given = settings.reports[category]
    for _ in range(TRIES):
        plot = random.choice(world.plots[:-1] if given["at"] != "lake" else _by_the_lake(world))
        private, public, place = _place(world, plot, given["at"])
        told = _told(world, category, private, public)
        if told["title"] not in world.said_lately:
            break
    world.said_lately.append(told["title"])
    hour = at.astimezone(ZoneInfo(world.community.timezone)).hour
    return Case(
        at=at,
        channel=_channel(world, hour, "doorway" in place),
        category=category,
        plot=plot,
        said=private,
        public=public,
        place=place,
        **told,
    )


def alike(world: World, case: Case, other: Case) -> Case:
    """Return a case that reports, in other words, what another one has reported."""
    for _ in range(TRIES):
        told = _told(world, other.category, other.said, other.public)
        if told["title"] != other.title:
            break
    return replace(case, category=other.category, plot=other.plot, said=other.said,
                   public=other.public, place=other.place, **told)  # fmt: skip


def _told(world: World, category: str, said: str, public: str) -> dict[str, Any]:
    """Return title, public text and own text of a report about a place."""
    settings = world.settings
    title, text = settings.dealt(f"says {category}", settings.reports[category]["says"])
    when = settings.deal("when")
    own = settings.deal("open") + text.format(p=said, w=when) + settings.deal("close")
    return {
        "title": title.format(p=public),
        "public_text": text.format(p=public, w=when),
        "text": own.strip(),
    }


def _category(world: World, at: datetime) -> str:
    month = _day(world, at).month
    reports = world.settings.reports
    weights = [given["n"] * given.get("months", {}).get(month, 1) for given in reports.values()]
    return world.settings.random.choices(list(reports), weights)[0]


def _by_the_lake(world: World) -> list[Plot]:
    return [plot for plot in world.plots if plot.shore] or world.plots


def _channel(world: World, hour: int, at_a_door: bool) -> str:
    names = [name for name in CHANNELS if at_a_door or name != "doorway"]
    column = 0 if hour in OFFICE else 1
    return world.settings.random.choices(names, [CHANNELS[name][column] for name in names])[0]


def _place(world: World, plot: Plot, kind: str) -> tuple[str, str, dict[str, Any]]:
    """Return the place as the reporter says it, as the public reads it, and as the form has it."""
    random, phrases = world.settings.random, world.settings.phrases
    if kind in ("street", "lake"):
        points = plot.shore if kind == "lake" and plot.shore else plot.kerb
        longitude, latitude = random.choice(points)
        spot = world.settings.deal("lakeside" if kind == "lake" else "landmarks")
        said = spot if kind == "lake" else phrases.get("street", "{street}{spot}").format(
            street=plot.values["street"], spot=spot
        )  # fmt: skip
        return said, said, {"longitude": longitude, "latitude": latitude, "address": said}
    number = random.randrange(len(plot.doorways))
    address, told = plot.doorways[number], {**plot.values, "building": plot.houses[number]}
    flat = random.randint(1, 6) * 100 + random.randint(1, 3)
    unit = 1 + sum(house == plot.houses[number] for house in plot.houses[:number])
    shape = {"door": "doorway", "flat": "flat"}.get(kind, "building")
    said = phrases[shape].format(**told, unit=unit, flat=flat)
    place: dict[str, Any] = {"address": address.text}
    if kind == "door":
        place["doorway"] = address.doorway_code
    return said, plot.values["estate"], place
