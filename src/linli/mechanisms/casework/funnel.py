"""How far the requests of some days have come by now, and where the others stand or ended.

Each request is in one state: the furthest step it ever reached and the stage it is at. A request
that reached a step counts as having reached those before it: an earlier record brings its answer
without anybody having sent it. So the steps never grow, and what one lost is told to the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from linli.kernel.events.models import Event
from linli.kernel.indicators.stocks import InState, Stock
from linli.kernel.indicators.summing import sums
from linli.mechanisms.casework.indicators import ANSWERS, RATINGS, RECEIVED, SOLUTIONS
from linli.mechanisms.casework.models import Satisfaction
from linli.mechanisms.casework.stages import procedure

if TYPE_CHECKING:
    from django.db.models import Expression

    from linli.kernel.indicators.reading import Slice

# In order: name, label, and which events lead to it.
STEPS: tuple[tuple[str, Any, Q], ...] = (
    ("received", _("Received"), Q(kind__in=RECEIVED)),
    ("taken_up", _("Taken up by the desk"), Q(kind="casework.triaged")),
    ("dispatched", _("Sent to a unit"), Q(kind__in=("casework.dispatched", "casework.assigned"))),
    ("replied", _("Answered"), Q(kind__in=ANSWERS)),
    ("solved", _("Reported as done"), Q(kind__in=SOLUTIONS)),
    ("called_back", _("Reporter asked back"), Q(kind__in=RATINGS)),
    (
        "satisfied",
        _("Reporter satisfied"),
        Q(kind__in=RATINGS, facts__satisfaction__gte=int(Satisfaction.BASICALLY)),
    ),
)
_STAGES = {stage.name: stage for stage in procedure.stages}
_ENDS = tuple(stage.name for stage in procedure.stages if stage.final)


def _so_far(condition: Q) -> Exists:
    """Whether the event, or one of its matter before it, fulfils a condition."""
    return Exists(
        Event.objects.filter(condition, matter=OuterRef("matter"), seq__lte=OuterRef("seq"))
    )


def _standing() -> Expression:
    reached = [
        When(_so_far(condition), then=Value(str(number)))
        for number, (_name, _label, condition) in reversed(list(enumerate(STEPS)))
    ]
    step = Case(*reached, output_field=TextField())
    whole = Concat(step, Value(":"), F("to_stage"), output_field=TextField())
    return Case(When(_so_far(STEPS[0][2]), then=whole), output_field=TextField())


def _open() -> Expression:
    return Case(
        When(_so_far(STEPS[0][2]) & ~Q(to_stage__in=_ENDS), then=Value("open")),
        output_field=TextField(),
    )


open_stock = Stock("casework.open", "casework", _open, ("open",))
still_open = InState("casework.open", _("Open at the end"), open_stock, ("open",))

_stock = Stock(
    "casework.funnel",
    "casework",
    _standing,
    tuple(f"{number}:{stage}" for number in range(len(STEPS)) for stage in _STAGES),
    dated="began",
)
# How many came at least so far; and of those that came no further, how many stand at each stage.
reached = [
    InState(
        f"casework.reached_{name}",
        label,
        _stock,
        tuple(state for state in _stock.states if int(state[0]) >= number),
    )
    for number, (name, label, _condition) in enumerate(STEPS)
]
stopped = {
    (number, stage): InState(
        f"casework.stopped_{name}_{stage}", one.label, _stock, (f"{number}:{stage}",)
    )
    for number, (name, _label, _condition) in enumerate(STEPS)
    for stage, one in _STAGES.items()
}


@dataclass(frozen=True)
class Step:
    """One step: how many reached it, and where those stand that came no further."""

    figure: InState
    count: int
    rest: list[tuple[InState, int]]

    @property
    def lost(self) -> int:
        """How many came no further."""
        return sum(count for _figure, count in self.rest)


def funnel_of(asked: Slice) -> list[Step]:
    """Return the steps of the requests received in a slice, in order."""
    kept = [_stock.kept_as(state) for state in _stock.states]
    found = {name: value for (_key, name, _step), value in sums(asked, kept).items()}
    steps = []
    for number, figure in enumerate(reached):
        count = sum(found.get(name, 0) for name in figure.kept)
        rest = [
            (one, found.get(one.kept[0], 0)) for (at, _), one in stopped.items() if at == number
        ]
        steps.append(Step(figure, count, [(one, value) for one, value in rest if value]))
    return steps
