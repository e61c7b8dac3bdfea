"""The pages of figures over the roll-ups of ten million matters: each page below 100 ms.

Roll-ups are filled as the kernel would have kept them of requests of five years, 60 units, 300
grids and 85 categories; that they are the same is first checked on requests brought through the
door. Then pages are asked over HTTP with many periods and filters: the three rates, the league,
the overview. Roll-ups by all three of unit, grid and category at once are left out: pages
narrowed by two things besides their rows read those. The peer counts the same rates from the
matters themselves, of which there are far fewer.

    python -m bench.figures [--matters 10000000] [--questions 60]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from bench.serving import beside_postgres, p50_and_p99, serving

if TYPE_CHECKING:
    from bench.city import City

BOUND_MS = 100.0
BOUNDED = ("rates", "league")
SAMPLE = 60
PEER_ASKED = 5


def main() -> None:
    """Measure and print JSON; exit status 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--matters", type=int, default=10_000_000)
    parser.add_argument("--questions", type=int, default=60, help="of each page")
    parser.add_argument("--peer-matters", type=int, default=100_000)
    asked = parser.parse_args()
    beside_postgres("bench.figures", durable=False)
    result = measure(asked.matters, asked.questions, asked.peer_matters)
    print(json.dumps(result, ensure_ascii=False))
    sys.exit(0 if result["ok"] else 1)


def measure(matters: int, questions: int, peer_matters: int) -> dict[str, Any]:
    """Check the filling on a sample, fill, ask, and return the figures of each page."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    sound = sample_is_kept_alike()
    from bench.city import fill, make_city
    from linli.kernel.indicators.models import Summary

    began = time.perf_counter()
    city = make_city()
    fill(city, peer_matters)
    fill_summaries(city, matters)
    filled = time.perf_counter() - began
    with serving() as address:
        pages = {
            name: ask(address, city, name, questions) for name in ("rates", "league", "figures")
        }
    peer = peer_median(city)
    good = all(pages[name]["p99_ms"] < BOUND_MS for name in BOUNDED)
    return {
        "name": "figures",
        "database": "postgresql",
        "matters": matters,
        "summaries": Summary.objects.count(),
        "filled_in_seconds": round(filled, 1),
        "roll_ups_as_the_kernel_keeps_them": sound,
        "p99_bound_ms": BOUND_MS,
        "pages": pages,
        "peer_matters": peer_matters,
        "peer_p50_ms": peer,
        "ok": good and sound and not any(one["errors"] for one in pages.values()),
    }


# --- the filling, and its check ------------------------------------------------------------------
def fill_summaries(city: City, matters: int) -> None:
    """Write the summaries of so many drawn requests up to yesterday."""
    from django.db import connection, transaction

    from bench.bulk import without_indexes
    from bench.city import YEARS
    from bench.stories import Cube, drawn
    from linli.kernel.indicators.models import Summary

    days = 365 * YEARS
    first = date.today() - timedelta(days=days)
    units = [*(one.pk for one in city.units), city.desk.pk]
    areas = [one.pk for one in city.areas]
    codes = sorted({code for code, _phrase in city.phrases})
    cube = Cube(drawn(matters, first, days, (len(units) - 1, len(areas), len(codes))),
                (len(units), len(areas), len(codes)))  # fmt: skip
    names = ([0, *units], ["", *codes], [0, *areas])
    columns = "community_id, level, indicator, since, organisation, category, area, value"
    sql = f"COPY {Summary._meta.db_table} ({columns}) FROM STDIN"
    with (
        transaction.atomic(),
        without_indexes(Summary),
        connection.cursor() as cursor,
        cursor.cursor.copy(sql) as copy,
    ):
        for level, name, keys, values in cube.summaries(len(units)):
            head = f"{city.community.pk}\t{level}\t{name}"
            lines = [
                f"{head}\t{day}\t{names[0][o]}\t{names[1][c]}\t{names[2][a]}\t{value}\n"
                for (day, o, c, a), value in zip(
                    cube.rows(level, keys), values.tolist(), strict=True
                )
            ]
            copy.write("".join(lines))
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {Summary._meta.db_table}")


def sample_is_kept_alike() -> bool:
    """Bring requests through the door, fold them, and compare each summary with the filling's."""
    from django.db import transaction

    from bench.stories import Cube
    from linli.kernel.indicators.folding import fold_pending
    from linli.kernel.indicators.models import Summary
    from tests.neighbourhood import make_neighbourhood

    with transaction.atomic():
        here = make_neighbourhood()
        stories = live(here)
        while fold_pending():
            pass
        cube = Cube(stories, (3, 1, 3))
        units = (0, here.roads.pk, here.property_company.pk, here.desk.pk)
        codes, areas = ("", "lift", "parking", "pothole"), (0, here.grid_area.pk)
        filled = {
            (level, name, day, units[o], codes[c], areas[a]): value
            for level, name, keys, values in cube.summaries(3)
            for (day, o, c, a), value in zip(cube.rows(level, keys), values.tolist(), strict=True)
        }
        columns = ("level", "indicator", "since", "organisation", "category", "area")
        rows = Summary.objects.filter(community=here.community).exclude(value=0)
        kept = {row[:-1]: row[-1] for row in rows.values_list(*columns, "value")}
        transaction.set_rollback(True)
    for key in sorted(kept.keys() ^ filled.keys())[:10]:
        print("differs", key, kept.get(key), filled.get(key), file=sys.stderr)
    return kept == filled


def live(here: Any) -> Any:
    """Live requests through the door, and return them as stories."""
    import numpy as np

    from bench.stories import NEVER, Stories
    from linli.engines.quantiles import band_of
    from linli.kernel.events.models import Event
    from linli.kernel.procedures.performing import begin, perform

    dice, zone_hour = random.Random(5), timedelta(hours=2)
    first = date(2026, 1, 5)
    start = datetime.fromisoformat("2026-01-05T01:00:00+00:00")
    rows: list[list[int]] = []
    for _ in range(SAMPLE):
        at = start + timedelta(days=dice.randint(0, 60))
        unit = dice.randint(1, 2)
        handler, company = (
            (here.handler, here.roads) if unit == 1 else (here.other_handler, here.property_company)
        )
        category = dice.randint(1, 3)
        rated = {"contacted": True, "solved": dice.random() < 0.7,
                 "satisfaction": dice.randint(1, 5)}  # fmt: skip
        matter = begin("casework", "report", community=here.community, by=here.resident, at=at,
                       facts={"text": "路灯坏了"}).matter  # fmt: skip
        code = ("lift", "parking", "pothole")[category - 1]
        steps = [
            (here.dispatcher, "triage", {"category": code, "area": str(here.grid_area.uuid)}),
            (here.dispatcher, "dispatch", {"to": str(company.uuid)}),
            (handler, "reply", {"text": "会办"}),
            (handler, "solve", {"text": "好了"}),
            (here.resident, "rate", rated),
        ]
        days = [(at.date() - first).days]
        for by, action, facts in steps[: dice.randint(0, 5)]:
            at += zone_hour * dice.choice([0, 12, 12, 60])
            perform(matter, action, by=by, facts=facts, at=at)
            days.append((at.date() - first).days)
        noted: dict[str, Any] = {}
        for facts in Event.objects.filter(matter=matter).values_list("facts", flat=True):
            noted |= facts
        rows.append([
            *days, *[NEVER] * (6 - len(days)), unit, 1, category,
            int(noted.get("reply_clock") == "kept"), band_of(noted.get("reply_minutes", 0)),
            band_of(noted.get("solve_minutes", 0)), int(rated["solved"]), rated["satisfaction"],
        ])  # fmt: skip
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Stories(first, columns[:6], *columns[6:])


# --- asking --------------------------------------------------------------------------------------
def ask(address: str, city: City, page: str, many: int) -> dict[str, Any]:
    """Ask a page with many periods and filters; return latencies and how many went wrong."""
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(city.people["supervisor"])
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    chance, took, labels, errors = random.Random(1), [], [], 0
    with httpx.Client(base_url=address, headers=cookie, timeout=60) as http:
        for number in range(many + 10):
            query = _question(city, chance)
            began = time.perf_counter()
            answer = http.get(reverse(f"desk:{page}"), params=query)
            seconds = time.perf_counter() - began
            errors += answer.status_code != 200
            if number >= 10:  # both workers have compiled their templates
                took.append(seconds)
                labels.append(" ".join(f"{k}={v[:8]}" for k, v in query.items() if v))
    p50, p99 = p50_and_p99(took)
    slowest = sorted(zip(took, labels, strict=True), reverse=True)[:3]
    return {
        "requests": many,
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "errors": errors,
        "slowest": [f"{seconds * 1000:.0f} ms {label}" for seconds, label in slowest],
    }


def _question(city: City, chance: random.Random) -> dict[str, str]:
    day = date.today() - timedelta(days=chance.randint(0, 4 * 365))
    narrowed = {
        "unit": str(chance.choice(city.units).uuid),
        "area": str(chance.choice(city.areas).uuid),
        "category": chance.choice(city.phrases)[0],
    }
    asked = chance.choice(["", "", "unit", "area", "category"])
    return {
        "period": chance.choice(["week", "month", "month", "quarter", "year"]),
        "day": day.isoformat(),
        "by": chance.choice(["unit", "unit", "area", "category", "group"]),
        **({asked: narrowed[asked]} if asked else {}),
    }


def peer_median(city: City) -> float:
    """Return the median of counting the rates of a year by unit from the matters, in ms."""
    from django.db.models import Count, Q

    from linli.mechanisms.casework.models import ServiceRequest

    took = []
    for _ in range(PEER_ASKED):
        began = time.perf_counter()
        rows = ServiceRequest.objects.filter(matter__community=city.community)
        list(
            rows.values("matter__responsible").annotate(
                answered=Count("pk", filter=Q(first_replied_at__isnull=False)),
                kept=Count("pk", filter=Q(matter__clocks__kept=True, matter__clocks__name="reply")),
                rated=Count("pk", filter=Q(rated_at__isnull=False)),
                solved=Count("pk", filter=Q(solved=True)),
                satisfied=Count("pk", filter=Q(satisfaction__gte=3)),
            )
        )
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 1)


if __name__ == "__main__":
    main()
