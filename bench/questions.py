"""What people ask of a city's matters: addresses with filters, words, pages and boxes drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.city import EAST, ESTATES, NORTH, SOUTH, WEST
from linli.kernel.access.tokens import issue
from linli.kernel.matters.inbox import inbox
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from random import Random

    from bench.city import City

STAFF = ("dispatcher", "handler", "rare_handler", "supervisor", "secretary", "grid_worker")
VIEWS = ("", "overdue", "unsent", "returned", "reopened", "broken", "closed")
ZOOMS = range(10, 19)


@dataclass(frozen=True)
class Question:
    """An address, who asks, and how it is named in the report."""

    path: str
    who: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Who asks what."""
        return f"{self.who} {self.path}"


def questions_for(city: City, many: int, chance: Random) -> dict[str, list[Question]]:
    """Return so many questions of each kind."""
    asker = _Asker(city, chance)
    kinds = {
        "board": asker.board,
        "board_map": asker.board_map,
        "board_points": asker.board_points,
        "home": asker.home,
        "inbox_api": asker.inbox_api,
        "list_api": asker.list_api,
        "search_api": asker.search_api,
        "matter_api": asker.matter_api,
        "map_points": asker.map_points,
        "desk_home": asker.desk_home,
        "inbox": asker.inbox,
        "search": asker.search,
        "matter": asker.matter,
    }
    return {kind: [ask() for _ in range(many)] for kind, ask in kinds.items()}


class _Asker:
    """Draws questions; knows everyone's session and token."""

    def __init__(self, city: City, chance: Random) -> None:
        self.city, self.chance = city, chance
        self.session, self.token = {}, {}
        for name in STAFF:
            client = Client()
            client.force_login(city.people[name])
            self.session[name] = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
            token = issue(city.people[name], city.community, "bench", None)
            self.token[name] = {"Authorization": f"Bearer {token}"}
        numbers = Matter.objects.filter(audience="public").order_by("?")
        self.numbers = list(numbers.values_list("number", flat=True)[:500])
        self.categories = sorted({code for code, _phrase in city.phrases})
        self.after = {name: self._positions(name) for name in STAFF}

    def _positions(self, name: str) -> list[str]:
        """Return where later pages of an inbox begin, up to the hundredth."""
        found, after = [""], ""
        for _ in range(20):
            page = inbox(self.city.people[name], self.city.community, after=after, size=200)
            if not (after := page.after):
                break
            found.append(after)
        return found

    def _ask(self, path: str, who: str, headers: dict[str, str], **query: Any) -> Question:
        given = {key: value for key, value in query.items() if value not in ("", None)}
        return Question(f"{path}?{urlencode(given)}" if given else path, who, headers)

    def _words(self) -> str:
        """Return words people type: common, rare, two of them, one character, an estate."""
        phrases, chance = self.city.phrases, self.chance
        common = phrases[min(int(chance.paretovariate(0.7)), len(phrases) - 1)][1]
        rare = phrases[chance.randrange(len(phrases) // 2, len(phrases))][1]
        estate = chance.choice(ESTATES)
        return chance.choice(
            [common, rare, f"{estate} {common[-2:]}", common[:2], common[0], estate, "没有这样的词",
             chance.choice(self.numbers), str(chance.randrange(1, 200_000))]
        )  # fmt: skip

    def _box(self, zoom: int) -> str:
        width = 360 / 2**zoom * 4  # four tiles, as on a screen
        west = self.chance.uniform(WEST, EAST) - width / 2
        south = self.chance.uniform(SOUTH, NORTH) - width / 3
        return f"{west:.5f},{south:.5f},{west + width:.5f},{south + width * 0.6:.5f}"

    def home(self) -> Question:
        return Question("/", "public")

    def board(self) -> Question:
        """Any mix of filters, half of them on a page far down."""
        chance = self.chance
        query = {
            "category": chance.choice(["", "", chance.choice([*self.categories, "roads"])]),
            "state": chance.choice(["", "", "waiting", "in_hand", "closed"]),
            "area": chance.choice(["", "", chance.choice(self.city.areas).code]),
            "q": chance.choice(["", "", "", self._words()]),
            "figure": chance.choice([""] * 8 + ["reported", "answered", "solved"]),
        }
        if query["figure"]:
            query["month"] = timezone.now().strftime("%Y-%m")
        way = chance.choice(["", "before:", "after:"])
        page = way and f"{way}{chance.choice(self.numbers)}"
        return self._ask("/board/", "public", {}, **query, page=page)

    def board_map(self) -> Question:
        return self._ask("/board/map/", "public", {}, category=self.chance.choice(["", "roads"]))

    def board_points(self) -> Question:
        chance, zoom = self.chance, self.chance.choice(ZOOMS)
        return self._ask(
            "/board/points.json", "public", {}, bbox=self._box(zoom), zoom=zoom,
            category=chance.choice(["", "", "", chance.choice(self.categories)]),
            q=chance.choice(["", "", "", self._words()]),
        )  # fmt: skip

    def inbox_api(self) -> Question:
        who = self.chance.choice(STAFF)
        after = self.chance.choice(self.after[who])
        return self._ask("/api/v1/me/inbox", who, self.token[who], after=after, limit=50)

    def list_api(self) -> Question:
        chance, who = self.chance, self.chance.choice(STAFF)
        query = {
            "stage": chance.choice(["", "", "received", "in_hand", "closed"]),
            "category": chance.choice(["", chance.choice(self.categories)]),
            "area": chance.choice(["", "", chance.choice(self.city.areas).code]),
            "responsible": chance.choice(["", "", chance.choice(self.city.units).code]),
            "open": chance.choice(["", "", "true", "false"]),
        }
        return self._ask("/api/v1/matters", who, self.token[who], **query)

    def search_api(self) -> Question:
        who = self.chance.choice(STAFF)
        return self._ask("/api/v1/matters", who, self.token[who], text=self._words())

    def matter_api(self) -> Question:
        who = self.chance.choice(STAFF)
        return Question(f"/api/v1/matters/{self.chance.choice(self.numbers)}", who, self.token[who])

    def map_points(self) -> Question:
        who, zoom = self.chance.choice(STAFF), self.chance.choice(ZOOMS)
        session = self.session[who]
        return self._ask(reverse("desk:map_points"), who, session, box=self._box(zoom), zoom=zoom)

    def inbox(self) -> Question:
        """The page with its filters, its lists, and pages far down."""
        chance, who = self.chance, self.chance.choice(STAFF)
        query = {
            "view": chance.choice([*VIEWS, "", ""]),
            "category": chance.choice(["", "", chance.choice(self.categories)]),
            "unit": chance.choice(["", "", "", chance.choice(self.city.units).uuid]),
            "area": chance.choice(["", "", "", chance.choice(self.city.areas).uuid]),
            "urgency": chance.choice(["", "", "", "urgent"]),
            "q": chance.choice(["", "", "", self._words()]),
        }
        after = chance.choice(self.after[who]) if query["view"] == "" else ""
        return self._ask(reverse("desk:inbox"), who, self.session[who], **query, after=after)

    def search(self) -> Question:
        who, words = self.chance.choice(STAFF), self._words()
        if words in self.numbers:  # leads to the matter's page at once
            words = words.rpartition("-")[2]
        return self._ask(reverse("desk:search"), who, self.session[who], q=words)

    def matter(self) -> Question:
        who = self.chance.choice(STAFF)
        path = reverse("desk:matter", kwargs={"number": self.chance.choice(self.numbers)})
        return Question(path, who, self.session[who])

    def desk_home(self) -> Question:
        who = self.chance.choice(STAFF)
        return Question(reverse("desk:home"), who, self.session[who])
