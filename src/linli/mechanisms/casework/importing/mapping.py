"""The map of an import: which column holds what, and what its words mean here."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints, field_validator

from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.checking import check_shape
from linli.kernel.packs.loading import pack_of
from linli.kernel.packs.problems import PackInvalid
from linli.kernel.packs.reading import read_settings
from linli.kernel.packs.texts import Strict
from linli.mechanisms.casework.past import Channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.problems import Problem
    from linli.kernel.packs.reading import Path_, Source

OTHERWISE = "*"
USUAL_TIMES = (
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y-%m-%d", "%Y/%m/%d",
    "%Y年%m月%d日",
)  # fmt: skip
Column = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Columns(Strict):
    """Which column of the table holds what; what is left out is not in the table."""

    id: Column
    text: Column | None = None
    time: Column | None = None
    title: Column | None = None
    category: Column | None = None
    channel: Column | None = None
    likes: Column | None = None
    address: Column | None = None
    doorway: Column | None = None
    longitude: Column | None = None
    latitude: Column | None = None
    name: Column | None = None
    phone: Column | None = None
    email: Column | None = None
    reply: Column | None = None
    reply_time: Column | None = None
    unit: Column | None = None


class ImportMap(Strict):
    """How to read the tables of one earlier system."""

    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,29}$")]
    columns: Columns
    times: list[str] = Field(default=list(USUAL_TIMES), min_length=1)
    zone: str | None = None  # the community's when absent
    categories: dict[str, str] = {}
    channels: dict[str, Channel] = {}
    units: dict[str, str] = {}
    publish: bool = False
    running_since: date | None = None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (LookupError, OSError, ValueError):
                raise ValueError(_("There is no time zone “%(zone)s”.") % {"zone": name}) from None
        return name


def read_map(path: Path, community: Community) -> ImportMap:
    """Read the map of an import and check it against the community's pack and organisations.

    Raises PackInvalid with every problem, its file and its line.
    """
    source = read_settings(path)
    found = check_shape(source, ImportMap)
    problems = [*source.problems, *_unknown_targets(found, source, community)]
    if problems:
        raise PackInvalid(problems)
    return found


def _unknown_targets(found: ImportMap, source: Source, community: Community) -> Iterator[Problem]:
    def problem(path: Path_, sentence: str) -> Problem:
        return source.problem(path, sentence)

    leaves = pack_of(community).leaf_categories()
    for word, code in found.categories.items():
        if code not in leaves:
            sentence = _("There is no category “%(category)s”.") % {"category": code}
            yield problem(("categories", word), sentence)
    standing = Organisation.objects.standing().filter(community=community).exclude(code="")
    units = set(standing.values_list("code", flat=True))
    for word, code in found.units.items():
        if code not in units:
            sentence = _("No organisation has the code “%(code)s”.") % {"code": code}
            yield problem(("units", word), sentence)
    if found.columns.reply and not found.columns.reply_time:
        yield problem(("columns",), _("With “reply”, “reply_time” must be named too."))
