"""What a caller says, and how an answer already given came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.events.models import Event
from linli.kernel.packs.loading import content_of
from linli.mechanisms.casework.indicators import RATINGS

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.matters.models import Matter


def script_for(matter: Matter) -> str:
    """Return the pack's words for a call about a matter, filled in; what the public may read."""
    script = content_of(matter.pack).casework.call_back.script
    text = (
        str(script)
        if script is not None
        else gettext(
            "Hello, this is {community}. You reported “{title}” ({number}), and {unit} says it is "
            "done. Were you contacted, is it solved, and are you satisfied?"
        )
    )
    return text.format_map({
        "number": matter.number,
        "title": matter.public_title or matter.title,
        "community": matter.community.name,
        "unit": matter.responsible.name if matter.responsible else matter.community.name,
        "link": "",
        "promised_on": "",
    })  # fmt: skip


@dataclass(frozen=True)
class Given:
    """An answer that was given: when, and which way it came."""

    at: datetime
    way: Any

    @property
    def sentence(self) -> str:
        """The one sentence that says that it counts."""
        return gettext("Your answer was taken down already (%(way)s). The first one counts.") % {
            "way": self.way
        }


WAYS = {
    "web": _("on the web"),
    "link": _("by the link in the message"),
    "phone": _("by telephone"),
}


def answer_given(matter: Matter) -> Given | None:
    """Return the newest answer of the reporter's, or None. One query."""
    event = Event.objects.filter(matter=matter, kind__in=RATINGS).order_by("-seq").first()
    if event is None:
        return None
    way = "phone" if event.kind == "casework.called_back" else event.facts.get("through", "web")
    return Given(event.at, WAYS.get(way, WAYS["web"]))
