"""Where the figures of a monthly report open: the lists of the workbench, and short paths to them.

A report prints the short path, ``/desk/r/2026-10/overdue/``; followed, it leads to the
list of events that were counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from linli.kernel.notify.readers import absolute
from linli.mechanisms.casework.monthly.figures import SENT, figures_for

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Organisation
    from linli.mechanisms.casework.monthly import Month

# The rates list what they count without what was left out, as they count it.
RATES = {
    "answered_rate": ("casework.answered_in_time", "casework.answer_missed"),
    "solved_rate": ("casework.rated",),
    "satisfied_rate": ("casework.rated",),
}
CAME = "came"  # to units, by category or grid


@dataclass(frozen=True)
class Addresses:
    """The addresses of the figures of one report, whole and short."""

    unit: Organisation | None
    month: Month

    def __call__(self, figure: str, **narrowed: str) -> tuple[str, str]:
        """Return the whole address of a figure, and the path that print shows."""
        if figure == "report":
            path = reverse("papers:monthly")
            narrowed["month"] = self.month.name
        else:
            names = {"month": self.month.name, "figure": figure}
            path = reverse("papers:evidence", kwargs=names)
        if self.unit is not None:
            narrowed.setdefault("unit", self.unit.code or str(self.unit.uuid))
        path += f"?{urlencode(narrowed)}" if narrowed else ""
        return absolute(path), path


def address_of(
    figure: str, unit: Organisation | None, month: Month, *, category: str = "", area: str = ""
) -> str | None:
    """Return the address of the list behind a figure, None where the report has none such."""
    if figure == "account":
        return reverse("desk:account")
    if figure == "left_out":
        return reverse("desk:exclusions")
    figures = {one.name: one.indicators for one in figures_for(unit)}
    figures[CAME] = SENT.indicators
    indicators = figures.get(figure) or RATES.get(figure)
    if indicators is None:
        return None
    values = {
        "period": "custom",
        "day": month.since.isoformat(),
        "until": month.until.isoformat(),
        "unit": str(unit.uuid) if unit else "",
        "category": category,
        "area": area,
        "kept": "" if figure in RATES else "all",
        "indicator": list(indicators),
    }
    query = urlencode({name: value for name, value in values.items() if value}, doseq=True)
    return f"{reverse('desk:rates_evidence')}?{query}"
