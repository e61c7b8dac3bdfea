"""The monthly report on the workbench: read, printed, taken as Word or PDF, each figure opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from linli.kernel.access.audit import audit
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.notify.readers import absolute
from linli.kernel.packs.loading import pack_of
from linli.kernel.papers.pdf import PdfNotAvailable, told_of, why_no_pdf
from linli.mechanisms.casework.monthly import (
    KIND,
    Month,
    month_of,
    months_offered,
    paper_of,
    report_of,
)
from linli.mechanisms.casework.monthly.readers import reads_whole, units_read_by
from linli.surfaces.web.papers.evidence import Addresses, address_of
from linli.surfaces.web.papers.handing_out import FORMATS, file_of
from linli.surfaces.web.workbench.filters import by_uuid
from linli.surfaces.web.workbench.guarding import Desk, staff_only, typed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.organisations.models import Organisation
    from linli.kernel.papers.document import Document


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The report of a month; ``format=word`` or ``format=pdf`` hands it over as a file."""
    unit, month = _whose(request, desk), _month(desk, typed(request, "month"))
    if KIND not in pack_of(desk.community).papers:
        return render(
            request, "web_papers/no_report.html", {"section": "monthly_report"}, status=404
        )
    kind = typed(request, "format")
    if kind in FORMATS:
        return _file(request, desk, unit, month, kind)
    return _page(request, desk, unit, month)


def _whose(request: HttpRequest, desk: Desk) -> Organisation | None:
    """Return the unit asked for, None for the whole community.

    Raises PermissionDenied for what the person does not read. Without a wish, the widest that is.
    """
    readable = units_read_by(desk.person, desk.community)
    if wanted := typed(request, "unit"):
        unit = readable.filter(code=wanted).first() or by_uuid(readable, wanted)
        if unit is None:
            raise PermissionDenied
        found: Organisation = unit
        return found
    if reads_whole(desk.person, desk.community):
        return None
    first = readable.first()
    if first is None:
        raise PermissionDenied
    return first


def _month(desk: Desk, name: str) -> Month:
    return month_of(name, desk.community.day_of(timezone.now()))


def _paper(desk: Desk, unit: Organisation | None, month: Month) -> Document:
    report = report_of(desk.community, unit, month)
    own = absolute(reverse("papers:monthly")) + f"?{_query(unit, month)}"
    return paper_of(report, get_language() or "", Addresses(unit, month), own)


def _query(unit: Organisation | None, month: Month, **more: str) -> str:
    values = {"month": month.name, "unit": str(unit.uuid) if unit else "", **more}
    return urlencode({name: value for name, value in values.items() if value})


def _file(
    request: HttpRequest, desk: Desk, unit: Organisation | None, month: Month, kind: str
) -> HttpResponse:
    whose = unit.code if unit and unit.code else desk.community.code
    try:
        if kind == "pdf" and why_no_pdf():
            raise PdfNotAvailable
        answer = file_of(_paper(desk, unit, month), kind, f"report-{whose}-{month.name}")
    except PdfNotAvailable:
        return _page(request, desk, unit, month, 503)
    audit("paper.made", desk.person, desk.community, month.name, paper=KIND, format=kind,
          unit=str(unit.uuid) if unit else "")  # fmt: skip
    return answer


def _page(
    request: HttpRequest,
    desk: Desk,
    unit: Organisation | None,
    month: Month,
    status: int = 200,
) -> HttpResponse:
    today = desk.community.day_of(timezone.now())
    readable = units_read_by(desk.person, desk.community)
    told: dict[str, Any] = {
        "section": "monthly_report",
        "unit": unit,
        "month": month,
        "months": [
            (f"{first:%Y-%m}", date_format(first, "YEAR_MONTH_FORMAT"))
            for first in months_offered(today)
        ],
        "units": [(str(one.uuid), "　" * (one.depth - 1) + one.name) for one in readable],
        "whole": reads_whole(desk.person, desk.community),
        "files": [(kind, f"?{_query(unit, month, format=kind)}") for kind in FORMATS],
        "pdf": not why_no_pdf(),
        "no_pdf_asked": status == 503,
        "pending": PendingEvent.objects.filter(event__community=desk.community).exists(),
        "on_screen": True,
        **told_of(_paper(desk, unit, month)),
    }
    return render(request, "web_papers/monthly.html", told, status=status)


@require_safe
@staff_only
def evidence(request: HttpRequest, desk: Desk, month: str, figure: str) -> HttpResponse:
    """Lead from the short path a report prints to the list a figure opens to."""
    unit = _whose(request, desk)
    area = desk.community.areas.filter(code=typed(request, "area")).only("uuid").first()
    found = address_of(
        figure, unit, _month(desk, month),
        category=typed(request, "category"), area=str(area.uuid) if area else "",
    )  # fmt: skip
    if found is None:
        raise Http404
    return redirect(found)
