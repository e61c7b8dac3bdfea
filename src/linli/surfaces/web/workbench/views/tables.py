"""Lists of the workbench taken along as CSV; who took them is on record.

They hold what all staff in charge may read in bulk: never a reporter, nor anyone's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel.access.audit import audit
from linli.kernel.files.writing_tables import csv_answer
from linli.kernel.matters.inbox import inbox_rows
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import registry
from linli.surfaces.web.workbench.filters import asked_for
from linli.surfaces.web.workbench.guarding import Desk, needs
from linli.surfaces.web.workbench.views.supervision import asked_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter

export = needs("export")
PAGE = 2_000
_READ = ("pk", "number", "procedure", "stage", "category", "responsible__name", "area__code",
         "urgency", "channel", "created_at", "due_at", "closed_at", "public_title")  # fmt: skip


@require_safe
@export
def inbox_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The inbox as filtered, all of it."""
    asked = asked_for(request, desk)
    audit("inbox.exported", desk.person, desk.community)
    return _matters(desk, "inbox", inbox_rows(desk.person, desk.community, asked.filters))


@require_safe
@export
def supervision_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The chosen list of the supervisor, all of it."""
    board, filters = asked_list(request, desk)
    rows = inbox_rows(desk.person, desk.community, filters)
    audit("supervision.exported", desk.person, desk.community, list=board.name)
    return _matters(desk, f"supervision-{board.name}", rows)


def _matters(desk: Desk, name: str, rows: QuerySet[Matter]) -> HttpResponse:
    columns = [
        _("Number"), _("Stage"), _("Category"), _("Unit"), _("Grid"), _("Urgency"), _("Channel"),
        _("Reported at"), _("Due"), _("Closed"), _("Public title"),
    ]  # fmt: skip
    categories = {code: str(one.label) for code, one in pack_of(desk.community).categories.items()}
    stages = {
        (procedure.name, stage.name): str(stage.label)
        for procedure in registry.values()
        for stage in procedure.stages
    }
    day = desk.community.day_of(timezone.now())
    answer: HttpResponse = csv_answer(
        f"{name}-{desk.community.code}-{day:%Y%m%d}.csv", columns, _read(rows, categories, stages)
    )
    return answer


def _read(
    rows: QuerySet[Matter], categories: dict[str, str], stages: dict[tuple[str, str], str]
) -> Iterator[Sequence[Any]]:
    """Yield the lines, a page read at a time, in the order they came in."""
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk").values_list(*_READ)[:PAGE]):
        for _key, number, procedure, stage, category, *others in page:
            label = stages.get((procedure, stage), stage)
            yield [number, label, categories.get(category, category), *others]
        last = page[-1][0]
