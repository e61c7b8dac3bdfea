"""Releases in words: what is out, how large its files are, and what was made coarse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.opendata.models import Release, ReleaseFile

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community

TIME_WORDS = {
    "day": _("One day"),
    "week": _("Week"),
    "month": _("Month"),
    "quarter": _("Quarter"),
    "year": _("Year"),
}
CATEGORY_WORDS = {"category": _("Exact category"), "group": _("Only the group")}


@dataclass(frozen=True)
class Shown:
    """A release with its files, and what share of its rows tells what."""

    release: Release
    files: list[ReleaseFile]
    told: list[tuple[Any, list[tuple[Any, int, str]]]]


def out(community: Community) -> list[Shown]:
    """Return what anyone may have, the newest period first. Two queries."""
    rows = Release.objects.filter(
        community=community, state__in=(Release.State.RELEASED, Release.State.REPLACED)
    )
    releases = list(rows.defer("keys").order_by("-since", "-edition"))
    files: dict[int, list[ReleaseFile]] = {}
    stored = ReleaseFile.objects.filter(release__in=releases).defer("content")
    for file in stored.order_by("pk"):
        files.setdefault(file.release_id, []).append(file)
    return [Shown(one, files.get(one.pk, []), told_of(community, one)) for one in releases]


def told_of(community: Community, release: Release) -> list[tuple[Any, list[tuple[Any, int, str]]]]:
    """Return, of place, time and category, how many rows tell how much, the finest first."""
    pack = pack_of(community)
    kinds = sorted(pack.area_kinds.items(), key=lambda item: -item[1].level)
    places = {code: kind.label for code, kind in kinds} | {"": _("No place but the whole")}
    words = (
        ("place", _("Place"), places),
        ("time", _("Time"), TIME_WORDS),
        ("category", _("Category"), CATEGORY_WORDS | {"": _("No category")}),
    )
    counted, total = release.loss.get("told", {}), max(release.rows, 1)
    return [
        (
            label,
            [
                (text, counted[name][code], _share(counted[name][code], total))
                for code, text in known.items()
                if counted.get(name, {}).get(code)
            ],
        )
        for name, label, known in words
    ]


def _share(part: int, whole: int) -> str:
    """Return per cent as people read it: whole, or "<1"."""
    share = 100 * part / whole
    return "<1" if 0 < share < 1 else f"{share:.0f}"


def file_named(name: str) -> ReleaseFile | None:
    """Return a file that anyone may have, or None."""
    if "\x00" in name:  # PostgreSQL takes none
        return None
    rows = ReleaseFile.objects.filter(
        name=name, release__state__in=(Release.State.RELEASED, Release.State.REPLACED)
    )
    return rows.select_related("release").defer("release__keys").first()
