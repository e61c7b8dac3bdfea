"""Requests made anonymous: the hierarchies of places and categories, and the rows as texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from linli.engines.anonymity import (
    TIME_LEVELS,
    Column,
    Hierarchy,
    Rule,
    Sensitive,
    anonymise,
    days_hierarchy,
    faults,
    measure,
)
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.opendata.columns import CLASS, LEVELS

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.schema import PackContent
    from linli.mechanisms.casework.opendata.reading import Reported

Texts = tuple[str, ...]


class NotAnonymous(RuntimeError):
    """The finished table was checked and a class is too small: it must not be kept."""


@dataclass(frozen=True)
class Published:
    """The rows as texts with the matter each is of, in the order they are published; the loss."""

    rows: list[tuple[Texts, int]]
    loss: dict[str, Any]


def published(community: Community, reported: Sequence[Reported], since: date, until: date
              ) -> Published:  # fmt: skip
    """Make requests anonymous by the pack's rule. Raises NotAnonymous; never publishes then.

    The rows are in the order of their texts, so that their order tells nothing.
    """
    pack, areas = pack_of(community), _areas(community)
    columns = _columns(pack, areas, reported, since, until)
    people = np.array([one.person for one in reported], dtype=np.int64)
    rule = Rule(pack.open_data.k, pack.open_data.l, _sensitive(pack))
    table = anonymise(columns, people, rule)
    texts = list(zip(*(table.texts(number) for number in range(3)), strict=True))
    names = {code: (kind, name) for _parent, _level, code, kind, name in areas.values()}
    rows = []
    for one, (place, time, category), levels in zip(
        reported, texts, table.levels.tolist(), strict=True
    ):
        if place is None:
            continue
        kind, name = names.get(place, ("", ""))
        level = TIME_LEVELS[min(levels[1], len(TIME_LEVELS) - 1)]
        rows.append(((
            kind, place, name, level, time, _category_level(pack, category), category,
            _category_name(pack, category), *one.outcome,
        ), one))  # fmt: skip
    rows.sort(key=lambda row: (row[0], row[1].matter))
    _check(rows, rule, columns)
    told = {
        name: dict(sorted(Counter(text[place] for text, _one in rows).items()))
        for name, place in LEVELS.items()
    }
    loss = asdict(measure(table, people)) | {"told": told}
    return Published([(text, one.matter) for text, one in rows], loss)


def _check(rows: list[tuple[Any, Reported]], rule: Rule, columns: list[Column]) -> None:
    says, plain = _telling(columns[2].hierarchy, rule.sensitive)
    read = [
        ([text[place] for place in CLASS], None if one.person < 0 else one.person)
        for text, one in rows
    ]
    if wrong := faults(read, k=rule.k, l=rule.l, column=2, says=says, plain=plain):
        raise NotAnonymous(str(wrong[0]))


def _telling(hierarchy: Hierarchy, sensitive: Sensitive | None) -> tuple[set[str], set[str]]:
    """Return the texts of categories that give a sensitive one away, and those that are plain."""
    says: set[str] = set()
    plain: set[str] = set()
    if sensitive is None:
        return says, plain
    for level, labels in enumerate(hierarchy.labels):
        telling, harmless = sensitive.kinds(hierarchy, level)
        says |= {label for label, one in zip(labels, telling, strict=True) if one and label}
        plain |= {label for label, one in zip(labels, harmless, strict=True) if one and label}
    return says, plain


# --- the three columns --------------------------------------------------------------------------
Area = tuple[int | None, int, str, str, str]  # parent, level, code, kind, name


def _areas(community: Community) -> dict[int, Area]:
    rows = community.areas.values_list("pk", "parent_id", "level", "code", "kind", "name")
    return {pk: (parent, level, code, kind, name) for pk, parent, level, code, kind, name in rows}


def _columns(
    pack: PackContent, areas: dict[int, Area], reported: Sequence[Reported], since: date,
    until: date,
) -> list[Column]:  # fmt: skip
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    finest, levels = TIME_LEVELS.index(pack.open_data.finest_time), _levels(pack, areas)
    # All that could have been reported, not only what was: else “daily life” would give away
    # “health” in a month in which nothing else of it was reported.
    paths = sorted({tuple(_path(areas, levels, area)) for area in (*areas, None)})
    places = {path: number for number, path in enumerate(paths)}
    place_of = {area: places[tuple(_path(areas, levels, area))] for area in (*areas, None)}
    kinds = _categories(pack)
    kind_of = {code: number for number, code in enumerate(kinds)}
    where = [place_of[one.area] for one in reported]
    when = [(one.day - since).days for one in reported]
    what = [kind_of.get(one.category, kind_of[""]) for one in reported]
    place = Hierarchy.of([str(level) for level in levels], paths)
    category = Hierarchy.of(("category", "group"), [_group(pack, code) for code in kinds])
    return [
        Column(place, np.array(where, dtype=np.int64)),
        Column(days_hierarchy(days), np.array(when, dtype=np.int64), finest),
        Column(category, np.array(what, dtype=np.int64)),
    ]


def _categories(pack: PackContent) -> list[str]:
    """Return every category that can be chosen, and "" for none."""
    return ["", *sorted(pack.leaf_categories())]


def _levels(pack: PackContent, areas: dict[int, Area]) -> list[int]:
    """Return the levels of areas that may be named, the finest first."""
    kind = pack.area_kinds.get(pack.open_data.finest_place or "")
    if kind is None:
        return [-1]
    return sorted({level for _p, level, *_ in areas.values() if level <= kind.level},
                  reverse=True) or [-1]  # fmt: skip


def _path(areas: dict[int, Area], levels: Sequence[int], area: int | None) -> list[str]:
    """Return the code of the nearest area at or above each level; "" where there is none."""
    path, one = [], area
    for level in levels:
        while one is not None and areas[one][1] > level:
            one = areas[one][0]
        path.append("" if one is None else areas[one][2])
    return path


def _group(pack: PackContent, category: str) -> tuple[str, str]:
    known = pack.categories.get(category)
    return ("", "") if known is None else (category, known.parent or category)


def _sensitive(pack: PackContent) -> Sensitive:
    """What has no category may be about anything, so it is company for nothing."""
    marks = [not code or _is_sensitive(pack, code) for code in _categories(pack)]
    return Sensitive(2, np.array(marks, dtype=bool))


def _is_sensitive(pack: PackContent, code: str) -> bool:
    known = pack.categories[code]
    group = pack.categories.get(known.parent or "")
    return known.sensitive or bool(group and group.sensitive)


def _category_level(pack: PackContent, category: str) -> str:
    if not category:
        return ""
    return "category" if category in pack.leaf_categories() else "group"


def _category_name(pack: PackContent, category: str) -> str:
    known = pack.categories.get(category)
    return known.label.root.get(pack.languages[0], "") if known else ""
