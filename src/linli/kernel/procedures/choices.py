"""What a field of facts can hold, read off its type."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Urgency
from linli.kernel.procedures.facts import Options, marker_of

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def plain_types(field: FieldInfo) -> set[Any]:
    """Return the types of a field without annotations: {date, NoneType}, {Literal[…]}, …"""
    found: set[Any] = set()
    stack: list[Any] = [field.annotation]
    while stack:
        annotation = stack.pop()
        origin = get_origin(annotation)
        if origin is Annotated:
            stack.append(get_args(annotation)[0])
        elif origin in (Union, types.UnionType):
            stack.extend(get_args(annotation))
        else:
            found.add(annotation)
    return found


def literal_choices(field: FieldInfo) -> list[tuple[Any, Any]]:
    """Return the values of a ``Literal`` field with their labels, in order; [] for others."""
    for one in plain_types(field):
        if get_origin(one) is Literal:
            values = get_args(one)
            options = marker_of(field, Options)
            known = dict(options.labels) if options else _WELL_KNOWN
            return [(value, known.get(value, str(value))) for value in values]
    return []


_WELL_KNOWN: dict[Any, Any] = dict(Urgency.choices) | {
    "phone": _("By telephone"),
    "visit": _("In person"),
    "letter": _("By letter"),
    "wechat": _("By WeChat"),
    "import": _("Imported"),
}
