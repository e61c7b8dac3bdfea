"""The account of what cannot be solved now, as staff see it: proposals, reviews, what left it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.kernel.matters.queries import in_charge
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import action_of_event
from linli.mechanisms.casework.models import AccountEntry
from linli.mechanisms.casework.published import RELATED, account_entries, left_the_account
from linli.surfaces.web.workbench.guarding import Desk, staff_only

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST = 200
LATEST = 30


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for a decision, then what stands there, the next review on top; five queries."""
    proposed = AccountEntry.objects.filter(
        community=desk.community, state=AccountEntry.State.PROPOSED
    )
    lists: dict[str, list[AccountEntry]] = {
        "proposed": list(proposed.select_related(*RELATED).order_by("at", "pk")[:MOST]),
        "standing": list(account_entries(desk.community)[:MOST]),
        "left": list(left_the_account(desk.community)[:LATEST]),
    }
    keys = {entry.matter_id for rows in lists.values() for entry in rows}
    own = in_charge(desk.person, desk.community).filter(pk__in=keys)
    mine = set(own.values_list("pk", flat=True))
    pack, today = pack_of(desk.community), timezone.localdate()
    told: dict[str, Any] = {
        name: [
            {"entry": entry, "matter": entry.matter, "private": entry.matter_id in mine,
             "reason": pack.reason_label("on_account", entry.reason),
             "late": entry.review_on < today, "how": _how(entry.left_by_event)}
            for entry in rows
        ]
        for name, rows in lists.items()
    }  # fmt: skip
    return render(request, "workbench/account.html", {"section": "account", **told})


def _how(kind: str) -> Any:
    return action_of_event(kind)[1].happened if kind else ""
