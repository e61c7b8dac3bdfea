"""Words for lists of matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from linli.surfaces.web.workbench import showing

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.procedures.forms import FactsForm
    from linli.surfaces.web.workbench.showing import Due

register = template.Library()


@register.filter
def due(matter: Matter) -> Due | None:
    """The clock that falls due first."""
    return showing.due(matter, matter.due_at, matter.due_clock)


@register.filter
def stage(matter: Matter) -> str:
    """The label of its stage."""
    return showing.stage_label(matter)


@register.filter
def category(matter: Matter) -> str:
    """The label of its category."""
    return showing.category_label(matter)


@register.filter
def public_name(matter: Matter) -> str:
    """What it is called where the reporter's words may not be read."""
    return matter.public_title or showing.category_label(matter) or matter.number


@register.filter
def kept_files(form: FactsForm, name: str) -> list[tuple[str, str]]:
    """Files of a refused submission that need not be sent again: input name and identifier."""
    return [(f"{form.add_prefix(name)}_kept", uuid) for uuid in form.kept_uploads.get(name, [])]
