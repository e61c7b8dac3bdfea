"""The funnel as a table: how many reached each step, and where those stand that came no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from linli.mechanisms.casework.figures.tables import Cell, Column, Line, Opens, Table
from linli.mechanisms.casework.funnel import funnel_of
from linli.mechanisms.casework.stages import procedure

if TYPE_CHECKING:
    from linli.kernel.indicators.declaration import Figure
    from linli.kernel.indicators.reading import Slice


def funnel(asked: Slice) -> Table:
    """Return the steps of the requests received in a slice, with a column a stage."""

    def opens(figure: Figure) -> Opens:
        return Opens((figure.name,), asked.since, asked.until)

    steps = funnel_of(asked)
    received = steps[0].count
    stands = [
        {figure.states[0].partition(":")[2]: (figure, count) for figure, count in step.rest}
        for step in steps
    ]
    stages = [one for one in procedure.stages if any(one.name in rest for rest in stands)]
    lines = []
    for step, rest in zip(steps, stands, strict=True):
        found = [rest.get(stage.name) for stage in stages]
        lines.append(
            Line(
                step.figure.label,
                [
                    Cell(step.count, opens(step.figure)),
                    Cell(round(100 * step.count / received, 1) if received else None),
                    *(Cell(one[1], opens(one[0])) if one else Cell(None) for one in found),
                ],
            )
        )
    return Table(
        "funnel",
        _("How far requests have come"),
        _("Step"),
        [
            Column(_("Came so far")),
            Column(_("Of those received"), "per_cent"),
            *(Column(stage.label) for stage in stages),
        ],
        lines,
        _("After the share: where those stand now that came no further than the step."),
    )
