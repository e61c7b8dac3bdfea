"""A city's five years of matters in PostgreSQL, as `perform()` would have left them, but fast.

What people wrote is made of phrases: things of the pack's categories and what is wrong with them,
drawn with Zipf's frequencies, as words are in life. One in twenty matters is open, most of those
young. Search entries use the kernel's own words, marks and cells; `differing_entries` compares.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from bench.bulk import Table, reset_sequences, without_indexes
from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event
from linli.kernel.matters.cells import cell_of
from linli.kernel.matters.entries import SearchEntry
from linli.kernel.matters.flags import flags_text
from linli.kernel.matters.models import Matter, NumberSeries, Participant
from linli.kernel.matters.search import entry_values, marks_of
from linli.kernel.matters.words import words_of
from linli.kernel.organisations.models import Community, Membership, Organisation
from linli.kernel.packs.loading import load_pack, pack_of
from linli.kernel.people.models import Person
from linli.kernel.places.models import Area
from linli.mechanisms.casework.models import ServiceRequest

if TYPE_CHECKING:
    pass

WEST, SOUTH, EAST, NORTH = 114.20, 30.48, 114.50, 30.68  # about 29 by 22 km
COLUMNS, ROWS = 20, 15  # grids
UNITS, REPORTERS, YEARS = 60, 5_000, 5
BATCH = 20_000
NEW, OPEN_NEW, OPEN_OLD = 0.05, 0.8, 0.0105  # the newest 5 % are mostly open: 5 % of all
TROUBLES = (
    "坏了", "不亮", "破损", "漏水", "堵塞", "异响", "脱落", "没人管", "长期占用", "气味难闻",
    "影响出行", "存在安全隐患", "噪声扰民", "积水严重", "需要维修", "反复出现", "收费不合理",
    "晚上很黑", "老人摔倒", "无法使用", "堆放杂物", "多次反映未解决", "希望尽快处理", "建议增设",
    "被车辆压坏", "倒伏", "松动", "缺失", "生锈", "渗水",
)  # fmt: skip
ESTATES = tuple(
    first + second
    for first in ("东湖", "安居", "和平", "光明", "翠柳", "紫阳", "水果湖", "青山", "沙湖", "白鹭")
    for second in ("花园", "新村", "小区", "家园", "苑", "里", "公寓", "坊")
)
STAGES = (("received", None), ("dispatched", True), ("accepted", True), ("in_hand", True),
          ("solved", True))  # fmt: skip
STORY = ("reported", "triaged", "dispatched", "replied")  # past tenses of the first actions
ACTIONS = ("report", "triage", "dispatch", "reply")
RETURNED, REOPENED, BROKEN = 0.05, 0.02, 0.97
TABLES = (Matter, SearchEntry, ServiceRequest, Clock, Participant, Event)


@dataclass
class City:
    """The rows all matters hang on, and the people who look at them."""

    community: Community
    street: Organisation
    desk: Organisation
    units: list[Organisation]
    areas: list[Area]
    people: dict[str, Person]
    phrases: list[tuple[str, str]] = field(default_factory=list)  # category, phrase


def make_city() -> City:
    """Create the community, its organisations, grids, staff and reporters."""
    community = Community.objects.create(
        code="city", name="江城", prefix="JC", pack=load_pack("cn-community")
    )

    def node(above: Organisation | None, kind: str, name: str, code: str) -> Organisation:
        fields = {"community": community, "kind": kind, "name": name, "code": code}
        if above is None:
            return Organisation.objects.add_root(fields)
        return Organisation.objects.add_child(above, fields)

    street = node(None, "street", "江城街道", "street")
    committee = node(street, "community", "江城社区居委会", "committee")
    desk = node(committee, "desk", "诉求受理台", "desk")
    units = [node(committee, "department", f"第{n + 1}承办单位", f"unit-{n}") for n in range(UNITS)]
    areas = [_grid(community, node, committee, n) for n in range(COLUMNS * ROWS)]
    posts = {
        "dispatcher": (desk, "dispatcher"), "handler": (units[0], "handler"),
        "rare_handler": (units[-1], "handler"), "supervisor": (street, "supervisor"),
        "secretary": (committee, "secretary"),
        "grid_worker": (areas[150].organisation, "grid_worker"),
    }  # fmt: skip
    people = {}
    for name, (organisation, role) in posts.items():
        people[name] = Person.objects.create_user(name, None, display_name=name)
        Membership.objects.create(
            community=community, person=people[name], organisation=organisation, role=role
        )
    table = Table(Person, ("username", "display_name", "is_guest"))
    table.copy((f"reporter-{n}", f"居民{n}", True) for n in range(REPORTERS))
    city = City(community, street, desk, units, areas, people)
    city.phrases = phrases(community)
    return city


def find_city() -> City | None:
    """Return the city a database was filled with, or None."""
    community = Community.objects.filter(code="city").select_related("pack").first()
    if community is None:
        return None
    by_code = {one.code: one for one in community.organisations.all()}
    names = ("dispatcher", "handler", "rare_handler", "supervisor", "secretary", "grid_worker")
    people = {one.username: one for one in Person.objects.filter(username__in=names)}
    units = [by_code[f"unit-{n}"] for n in range(UNITS)]
    areas = list(community.areas.select_related("organisation").order_by("pk"))
    street, desk = by_code["street"], by_code["desk"]
    return City(community, street, desk, units, areas, people, phrases(community))


def _grid(community: Community, node: Any, committee: Organisation, n: int) -> Area:
    column, row = n % COLUMNS, n // COLUMNS
    width, height = (EAST - WEST) / COLUMNS, (NORTH - SOUTH) / ROWS
    west, south = WEST + column * width, SOUTH + row * height
    ring = [[west, south], [west + width, south], [west + width, south + height],
            [west, south + height], [west, south]]  # fmt: skip
    return Area.objects.create(
        community=community, kind="grid", level=5, code=f"420106001001{n:02d}",
        name=f"第{n + 1}网格", organisation=node(committee, "grid", f"第{n + 1}网格", f"grid-{n}"),
        boundary={"type": "Polygon", "coordinates": [ring]},
    )  # fmt: skip


def phrases(community: Community) -> list[tuple[str, str]]:
    """Return some thousand phrases with the category each belongs to, commonest first."""
    found = [
        (code, f"{str(setting.label)[:12]}{trouble}")
        for trouble in TROUBLES
        for code, setting in pack_of(community).leaf_categories().items()
    ]
    order = np.random.default_rng(5).permutation(len(found))
    return [found[at] for at in order]


def zipf(many: int) -> np.ndarray[Any, Any]:
    """Return frequencies that fall with the rank."""
    weights = 1 / np.arange(1, many + 1)
    return weights / weights.sum()


@lru_cache(maxsize=100_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


def fill(city: City, many: int, seed: int = 1) -> None:
    """Write so many matters and all that belongs to them; then gather statistics."""
    maker = _Maker(city, many, seed)
    with transaction.atomic(), without_indexes(*TABLES):
        tables = {
            Matter: Table(Matter, _Maker.MATTER, procedure="casework", channel="web", text=""),
            SearchEntry: Table(SearchEntry, _Maker.ENTRY),
            ServiceRequest: Table(ServiceRequest, _Maker.REQUEST),
            Clock: Table(Clock, _Maker.CLOCK),
            Participant: Table(Participant, _Maker.PART, role="reporter"),
            Event: Table(Event, _Maker.EVENT, commitments={}),
        }
        for first in range(0, many, BATCH):
            rows = maker.batch(first, min(BATCH, many - first))
            for model, table in tables.items():
                table.copy(rows[model])
        NumberSeries.objects.bulk_create(
            NumberSeries(community=city.community, year=year, last=last)
            for year, last in maker.serials.items()
        )
        reset_sequences(*TABLES)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def differing_entries(many: int = 200) -> int:
    """Return how many of some matters' entries are not what the kernel itself would write."""
    rows = Matter.objects.select_related("search").order_by("?")[:many]
    return sum(
        any(getattr(row.search, name) != value for name, value in entry_values(row).items())
        for row in rows
    )


class _Maker:
    """Makes the rows of matters, batch by batch."""

    MATTER = ("id", "uuid", "community_id", "pack_id", "number", "title", "text", "public_title",
              "public_text", "stage", "version", "urgency", "category", "audience", "desk_id",
              "responsible_id", "reporter_id", "area_id", "address_text", "longitude", "latitude",
              "created_at", "changed_at", "closed_at", "due_at", "due_clock", "flags")  # fmt: skip
    ENTRY = ("matter_id", "community_id", "words", "public_words", "is_open", "is_public",
             "is_named", "responsible_id", "desk_id", "area_id", "cell", "longitude",
             "latitude")  # fmt: skip
    REQUEST = ("matter_id", "first_unit_id", "returns", "reply", "replied_at", "first_replied_at",
               "solution", "solved_at", "contacted", "solved", "satisfaction", "rated_at",
               "reopened", "promise_broken")  # fmt: skip
    CLOCK = ("community_id", "matter_id", "name", "started_at", "due_at", "stopped_at", "kept",
             "overdue_at")  # fmt: skip
    PART = ("matter_id", "person_id", "since")
    EVENT = ("uuid", "community_id", "matter_id", "seq", "kind", "action", "actor_id", "relation",
             "organisation_id", "answerable_id", "area_id", "category", "from_stage", "to_stage",
             "facts", "audience", "at", "leaf_hash")  # fmt: skip

    def __init__(self, city: City, many: int, seed: int) -> None:
        self.city, self.many = city, many
        self.random = np.random.default_rng(seed)
        self.now = timezone.now().replace(microsecond=0)
        self.since = self.now - timedelta(days=365 * YEARS)
        self.serials: dict[int, int] = {}
        self.reporters = list(
            Person.objects.filter(is_guest=True).values_list("pk", flat=True).order_by("pk")
        )

    def batch(self, first: int, many: int) -> dict[type, list[tuple[Any, ...]]]:
        """Return the rows of matters ``first`` + 1 … ``first + many``, by model."""
        rows: dict[type, list[tuple[Any, ...]]] = {model: [] for model in TABLES}
        draw = self._draw(many)
        for n in range(many):
            self._one(first + n, {name: values[n] for name, values in draw.items()}, rows)
        return rows

    def _draw(self, many: int) -> dict[str, list[Any]]:
        """Draw everything by chance for a batch at once."""
        r, city = self.random, self.city
        drawn = {
            "phrase": r.choice(len(city.phrases), many, p=zipf(len(city.phrases))),
            "second": r.choice(len(city.phrases), many, p=zipf(len(city.phrases))),
            "estate": r.choice(len(ESTATES), many, p=zipf(len(ESTATES))),
            "building": r.integers(1, 90, many),
            "unit": r.choice(UNITS, many, p=zipf(UNITS)),
            "area": r.choice(len(city.areas), many, p=zipf(len(city.areas))),
            "reporter": r.integers(0, len(self.reporters), many),
            "x": r.random(many), "y": r.random(many), "placed": r.random(many) < 0.92,
            "open": r.random(many), "stage": r.choice(5, many, p=(0.15, 0.15, 0.1, 0.5, 0.1)),
            "audience": r.choice(3, many, p=(0.6, 0.395, 0.005)),
            "urgency": r.choice(3, many, p=(0.9, 0.08, 0.02)),
            "days": r.random(many), "due": r.random(many), "kept": r.random(many) < 0.9,
            "rated": r.integers(1, 6, many),
        }  # fmt: skip
        return {name: values.tolist() for name, values in drawn.items()}

    def _one(self, n: int, d: dict[str, Any], rows: dict[type, list[tuple[Any, ...]]]) -> None:
        city, pk = self.city, n + 1
        community, desk = city.community.pk, city.desk.pk
        created = self.since + (self.now - self.since) * (n / self.many)
        opened = d["open"] < (OPEN_NEW if n > self.many * (1 - NEW) else OPEN_OLD)
        stage, sent = STAGES[d["stage"]] if opened else ("closed", True)
        unit = city.units[d["unit"]].pk if sent else None
        area = city.areas[d["area"]]
        closed = None if opened else min(created + timedelta(days=30 * d["days"] + 0.1), self.now)
        due = self._due(d["due"]) if opened else None
        category, phrase = city.phrases[d["phrase"]]
        second = city.phrases[d["second"]][1]
        estate, building = ESTATES[d["estate"]], d["building"]
        audience = ("public", "parties", "named")[d["audience"]]
        urgency = ("normal", "urgent", "emergency")[d["urgency"]]
        public = audience == "public"
        text = f"{estate}{building}栋{phrase}，{second}。"
        place = (None, None)
        if d["placed"]:
            west, south = area.boundary["coordinates"][0][0]
            place = (
                west + d["x"] * (EAST - WEST) / COLUMNS,
                south + d["y"] * (NORTH - SOUTH) / ROWS,
            )
        reporter = self.reporters[d["reporter"]]
        address = f"{estate}{building}栋"
        shown, shown_text = (phrase, f"{phrase}，{second}。") if public else ("", "")
        rows[Matter].append((
            pk, UUID(int=(0x0190 << 112) | (0x7 << 76) | (0x8 << 60) | pk), community,
            city.community.pack_id, self._number(created), phrase, text, shown, shown_text, stage,
            4, urgency, category, audience, desk, unit, reporter, area.pk, address, *place, created,
            closed or created, closed, due, "solve" if due else "", _flags(d),
        ))  # fmt: skip
        pieces = (phrase, text, address, shown)
        entry = SimpleNamespace(
            community_id=community, pk=pk, is_open=opened, responsible_id=unit, desk_id=desk,
            area_id=area.pk, category=category,
        )  # fmt: skip
        marks = marks_of(entry)  # type: ignore[arg-type]
        words = dict.fromkeys((*marks, *(word for piece in pieces for word in _of(piece))))
        told = dict.fromkeys((*marks, *_of(shown), *_of(shown_text))) if public else {}
        cell = None if place[0] is None or audience == "named" else cell_of(*place)  # type: ignore[arg-type]
        rows[SearchEntry].append((
            pk, community, " ".join(words), " ".join(told), opened, public,
            audience == "named", unit, desk, area.pk, cell, *place,
        ))  # fmt: skip
        self._beside(pk, d, unit, created, closed, due, reporter, rows)
        if n % 10 == 0 or n > self.many - 1000:
            self._events(pk, d, unit, area.pk, category, created, reporter, rows[Event])

    def _due(self, chance: float) -> datetime | None:
        return None if chance < 0.05 else self.now + timedelta(days=20 * chance - 8)

    def _number(self, created: datetime) -> str:
        year = (created + timedelta(hours=8)).year
        serial = self.serials[year] = self.serials.get(year, 0) + 1
        return f"{self.city.community.prefix}-{year}-{serial:06d}"

    def _beside(
        self, pk: int, d: dict[str, Any], unit: int | None, created: datetime,
        closed: datetime | None, due: datetime | None, reporter: int, rows: Any,
    ) -> None:  # fmt: skip
        replied = (
            created + timedelta(hours=20) if unit and created < self.now - timedelta(1) else None
        )
        rated = closed is not None and d["days"] < 0.7
        rows[ServiceRequest].append((
            pk, unit, int(d["days"] < RETURNED), "已安排人员处理。" if replied else "", replied,
            replied, "已经修好，请您查看。" if closed else "", closed, True if rated else None,
            d["rated"] > 2 if rated else None, d["rated"] if rated else None,
            closed if rated else None, int(d["y"] < REOPENED), d["due"] > BROKEN,
        ))  # fmt: skip
        community = self.city.community.pk
        ends = created + timedelta(days=1)
        late = None if d["kept"] else ends
        rows[Clock].append((
            community, pk, "reply", created, ends, replied, d["kept"] if replied else None, late
        ))  # fmt: skip
        if due:
            over = due if due < self.now else None
            rows[Clock].append((community, pk, "solve", created, due, None, None, over))
        rows[Participant].append((pk, reporter, created))

    def _events(
        self, pk: int, d: dict[str, Any], unit: int | None, area: int, category: str,
        created: datetime, reporter: int, rows: list[tuple[Any, ...]],
    ) -> None:  # fmt: skip
        stages = ("", "received", "received", "dispatched", "in_hand")
        for seq in range(1, 5 if unit else 2):
            uuid = UUID(int=(0x0191 << 112) | (0x7 << 76) | (0x8 << 60) | (pk << 3) | seq)
            facts = {"text": "已安排处理。"} if seq == 4 else {"category": category}
            rows.append((
                uuid, self.city.community.pk, pk, seq, f"casework.{STORY[seq - 1]}",
                ACTIONS[seq - 1], reporter if seq == 1 else self.city.people["dispatcher"].pk,
                "public" if seq == 1 else "desk.dispatcher", None, unit or self.city.desk.pk, area,
                category, stages[seq - 1], stages[seq], facts, "public" if seq > 1 else "parties",
                created + timedelta(hours=seq - 1), hashlib.sha256(uuid.bytes).digest(),
            ))  # fmt: skip


def _flags(d: dict[str, Any]) -> str:
    told = {
        "returned": d["days"] < RETURNED, "reopened": d["y"] < REOPENED, "broken": d["due"] > BROKEN
    }  # fmt: skip
    return flags_text(name for name, holds in told.items() if holds)


def _of(text: str) -> tuple[str, ...]:
    """Return the words of a text: phrase by phrase, since few of them are ever new."""
    return _words(text) if len(text) < 24 else tuple(words_of(text))
