"""What is published of the account and of exclusions: reasons, owners, dates, numbers of matters.

Nothing here names a person. The words of an entry, and a link, are shown only of matters that are
public themselves; of the others the number, the reason and the dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from linli.kernel.indicators.reading import Slice
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.entries import IN_FORCE
from linli.mechanisms.casework.models import AccountEntry, Exclusion
from linli.mechanisms.casework.rates.periods import period_of
from linli.mechanisms.casework.rates.reading import rates_by
from linli.mechanisms.casework.rates.shares import Share, three_rates

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community

RATES_KEPT = 300  # seconds
RELATED = ("matter", "owner", "unit")


def account_entries(community: Community) -> QuerySet[AccountEntry]:
    """Return what stands on the account, the review that comes first on top."""
    rows = AccountEntry.objects.filter(community=community, state=AccountEntry.State.OPEN)
    return rows.select_related(*RELATED).order_by("review_on", "pk")


def left_the_account(community: Community) -> QuerySet[AccountEntry]:
    """Return what left the account, newest first."""
    rows = AccountEntry.objects.filter(community=community, state=AccountEntry.State.LEFT)
    return rows.select_related(*RELATED).order_by("-left_at", "-pk")


def exclusions_in_force(community: Community) -> QuerySet[Exclusion]:
    """Return what is left out of the rates now, newest first."""
    rows = Exclusion.objects.filter(IN_FORCE, community=community)
    return rows.select_related("matter", "unit").order_by("-decided_at", "-pk")


def exclusions_reversed(community: Community) -> QuerySet[Exclusion]:
    """Return what was left out once and counts again, newest first."""
    rows = Exclusion.objects.filter(community=community, reversed_at__isnull=False)
    return rows.select_related("matter", "unit").order_by("-reversed_at", "-pk")


def exclusions_by_reason(community: Community) -> list[tuple[str, int]]:
    """Return the reasons by which something is left out, with how many, most first. One query."""
    rows = Exclusion.objects.filter(IN_FORCE, community=community).values_list("reason")
    pack = pack_of(community)
    counted = rows.annotate(count=Count("pk")).order_by("-count", "reason")
    return [(pack.reason_label("exclude", reason), count) for reason, count in counted]


@dataclass(frozen=True)
class WithAndWithout:
    """One rate of the whole community this year, without what was left out, and with it."""

    without: Share
    whole: Share


def rates_of_the_year(community: Community, today: date | None = None) -> list[WithAndWithout]:
    """Return the three rates of the year so far. Kept for some minutes; then few queries."""
    day = today or community.day_of(timezone.now())
    key = f"rates-of-the-year:{community.pk}:{day.year}"
    kept: list[tuple[Any, ...]] | None = cache.get(key)
    if kept is None:
        year = period_of("year", day)
        row = rates_by(Slice(community, year.since, year.until), "unit")[0]
        pairs = zip(row.shares, row.whole_shares, strict=True)
        kept = [(net.part, net.whole, gross.part, gross.whole) for net, gross in pairs]
        cache.set(key, kept, RATES_KEPT)
    rates = three_rates(pack_of(community))
    return [
        WithAndWithout(Share(rate, numbers[0], numbers[1]), Share(rate, numbers[2], numbers[3]))
        for rate, numbers in zip(rates, kept, strict=True)
    ]
