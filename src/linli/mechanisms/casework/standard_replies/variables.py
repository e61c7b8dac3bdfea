"""The places of a standard reply that are filled in when it is chosen."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.packs.loading import content_of

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.matters.models import Matter

# A reply is public: nothing here says who reported, in which words, or behind which door.
VARIABLES: dict[str, Any] = {
    "number": gettext_lazy("the number of the matter"),
    "title": gettext_lazy("its title on the public board"),
    "category": gettext_lazy("its category"),
    "area": gettext_lazy("its grid"),
    "unit": gettext_lazy("the unit that answers for it"),
    "phone": gettext_lazy("the public telephone of the unit"),
    "promised_on": gettext_lazy("the promised day"),
    "today": gettext_lazy("today's date"),
    "community": gettext_lazy("the community"),
}


def wrong_variables(text: str) -> list[str]:
    """Return a sentence for each thing in braces that cannot be filled in."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return [_("A brace { or } stands alone; write {{ or }} for the character itself.")]
    wrong = []
    for _text, name, spec, conversion in parts:
        if name is not None and (name not in VARIABLES or spec or conversion):
            known = "、".join(f"{{{one}}}" for one in VARIABLES)
            wrong.append(
                _("“{%(name)s}” cannot be filled in; known are: %(known)s.")
                % {"name": name, "known": known}
            )
    return list(dict.fromkeys(wrong))


def filled_in(text: str, matter: Matter, now: datetime | None = None) -> str:
    """Return a standard reply with the values of a matter; what it does not know stays in braces.

    A reply kept from a time when other variables were known is returned as it stands.
    """
    if wrong_variables(text):
        return text
    return text.format_map(_Known(values_of(matter, now)))


class _Known(dict[str, str]):
    """Values by name; a place without one stays as it was, to be filled in by hand."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def values_of(matter: Matter, now: datetime | None = None) -> dict[str, str]:
    """Return what a matter knows of the variables; empty values are left out."""
    zone = ZoneInfo(matter.community.timezone)
    today = (now or timezone.now()).astimezone(zone).date()
    request = getattr(matter, "servicerequest", None)
    promised = request.promised_on if request else None
    category = content_of(matter.pack).categories.get(matter.category)
    unit = matter.responsible or matter.desk
    label = str(category.label) if category else ""
    values = {
        "number": matter.number,
        "title": matter.public_title or label,
        "category": label,
        "area": matter.area.name if matter.area else "",
        "unit": unit.name if unit else "",
        "phone": unit.public_phone if unit else "",
        "promised_on": date_format(promised, "DATE_FORMAT") if promised else "",
        "today": date_format(today, "DATE_FORMAT"),
        "community": matter.community.name,
    }
    return {name: str(value) for name, value in values.items() if value}
