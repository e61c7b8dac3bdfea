"""The figures of 吹哨报到 as they are kept from events, each of the department called.

Each call is missed at most once (the clock ran out, or it declined) or reported in in time;
those called off before their clock ran out are neither. So the rate of reporting in is
``in_time / (in_time + missed)``, and each number opens to its events.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.declaration import Indicator

_CAME = ("whistle_call.reported_in",)

whistled = Indicator("whistle.whistled", _("Whistles"), ("whistle.whistled",))
called = Indicator("whistle.called", _("Called by a whistle"), ("whistle_call.called",))
in_time = Indicator("whistle.in_time", _("Reported in in time"), _CAME, Q(facts__came="in_time"))
late = Indicator("whistle.late", _("Reported in late"), _CAME, Q(facts__came="late"))
missed = Indicator(
    "whistle.missed",
    _("Not there in time"),
    ("whistle_call.overdue", "whistle_call.declined", *_CAME),
    Q(facts__missed=True),
)
absent = Indicator("whistle.absent", _("Absent"), ("whistle_call.ended",), Q(to_stage="absent"))
rated = Indicator("whistle.rated", _("Rated by who whistled"), ("whistle_call.rated",))
worked = Indicator(
    "whistle.worked", _("Took part in the work"), ("whistle_call.rated",), Q(facts__worked=True)
)
judged = Indicator("whistle.judged", _("Whistles judged"), ("whistle_call.judged",))
justified = Indicator(
    "whistle.justified",
    _("Judged as justified"),
    ("whistle_call.judged",),
    Q(facts__justified=True),
)
duties_agreed = Indicator("whistle.duties", _("Duties agreed"), ("whistle_duty.agreed",))
duties_done = Indicator(
    "whistle.duties_done", _("Duties confirmed as done"), ("whistle_duty.confirmed",)
)
