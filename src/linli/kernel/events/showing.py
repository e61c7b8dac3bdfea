"""Facts of events as text in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import content_of
from linli.kernel.places.models import Area
from linli.kernel.procedures.choices import literal_choices, plain_types
from linli.kernel.procedures.declaration import action_of_event
from linli.kernel.procedures.facts import Refers, marker_of

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from linli.kernel.events.models import Event
    from linli.kernel.matters.models import Matter


class Names:
    """Names of what the events of one matter refer to, read in one query a kind."""

    def __init__(self, matter: Matter, events: list[Event]) -> None:
        self.pack = content_of(matter.pack)
        wanted: dict[str, set[str]] = {"organisation": set(), "area": set()}
        for event in events:
            for name, declared in action_of_event(event.kind)[1].facts.model_fields.items():
                refers = marker_of(declared, Refers)
                given = event.facts.get(name)
                if refers and refers.to == "organisations" and given:
                    wanted["organisation"].update(given)
                elif refers and refers.to in wanted and given:
                    wanted[refers.to].add(given)
        self._names: dict[str, str] = {}
        for model, kind in ((Organisation, "organisation"), (Area, "area")):
            if wanted[kind]:
                rows = model.objects.filter(uuid__in=wanted[kind]).values_list("uuid", "name")
                self._names.update({str(uuid): name for uuid, name in rows})

    def of(self, uuid: str) -> str:
        """Return the name of an organisation or area, empty when it is unknown."""
        return self._names.get(uuid, "")


def shown_value(declared: FieldInfo, value: Any, names: Names) -> str:
    """Return a fact as text; empty for what is shown elsewhere (files) or not given."""
    if value is None or value == "" or value == []:
        return ""
    refers = marker_of(declared, Refers)
    if refers is not None:
        return _reference(refers, value, names)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    for choice, label in literal_choices(declared):
        if choice == value:
            return str(label)
    if isinstance(value, str) and date in plain_types(declared):
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if isinstance(value, str) and datetime in plain_types(declared):
        return date_format(localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
    return str(value)


def _reference(refers: Refers, value: Any, names: Names) -> str:
    if refers.to in ("organisation", "area"):
        return names.of(str(value))
    if refers.to == "organisations":
        return _(", ").join(filter(None, (names.of(str(one)) for one in value)))
    if refers.to == "category":
        category = names.pack.categories.get(value)
        return str(category.label) if category else str(value)
    if refers.to == "reason":
        return names.pack.reason_label(refers.list_name, value)
    return str(value) if refers.to == "matter" else ""
