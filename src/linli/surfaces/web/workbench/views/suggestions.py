"""How suggestions do, which models there are, and taking another one into use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.suggesting import record, steering
from linli.mechanisms.casework.suggesting.decisions import unit_code
from linli.mechanisms.casework.suggesting.learning import FEWEST_KEPT, FEWEST_LEARNT
from linli.mechanisms.casework.suggesting.models import Subject, TriageModel
from linli.surfaces.web.workbench.guarding import Desk, needs

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

choose = needs("choose_models")


@require_safe
@choose
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Agreement by week, what shifted, and every model with its scores."""
    usable = record.usable(desk.community)
    told = {
        "section": "suggestions",
        "subjects": [_about(desk, subject, usable) for subject in Subject],
        "fewest": FEWEST_LEARNT + FEWEST_KEPT,
        "threshold": round(100 * pack_of(desk.community).casework.suggest_from),
    }
    return render(request, "workbench/suggestions.html", told)


def _about(desk: Desk, subject: Subject, usable: set[int]) -> dict[str, Any]:
    models = record.models(desk.community, subject)
    labels = _labels(desk, subject)
    return {
        "name": subject.value,
        "label": subject.label,
        "models": [(row, row.pk in usable and not row.in_use) for row in models],
        "used": next((row for row in models if row.in_use), None),
        "weeks": record.weeks(desk.community, subject),
        "shifts": [
            (labels.get(one.code, one.code), one) for one in record.shifts(desk.community, subject)
        ],
    }


def _labels(desk: Desk, subject: Subject) -> dict[str, str]:
    """Return the names of codes, also of units that were dissolved."""
    if subject == Subject.CATEGORY:
        return {code: str(one.label) for code, one in pack_of(desk.community).categories.items()}
    rows = Organisation.objects.filter(community=desk.community).only("uuid", "code", "name")
    return {unit_code(row): row.name for row in rows}


@require_POST
@choose
def use(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Take a kept model into use."""
    rows = TriageModel.objects.select_related("community").defer("data")
    model = get_object_or_404(rows, community=desk.community, uuid=uuid)
    try:
        steering.take_into_use(model, desk.person)
    except steering.NotUsable as refused:
        messages.error(request, str(refused))
    else:
        told = _("Version %(version)s is in use from now on; the nights do not replace it.")
        messages.success(request, told % {"version": model.version})
    return redirect("desk:suggestions")


@require_POST
@choose
def let_go(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """Let the nightly fit choose again."""
    if kind not in Subject.values:
        raise Http404
    if steering.let_nights_choose(desk.community, kind, desk.person):
        messages.success(request, _("From tonight a better model is taken into use by itself."))
    else:
        messages.info(request, _("No model is held; the nightly fit chooses already."))
    return redirect("desk:suggestions")
