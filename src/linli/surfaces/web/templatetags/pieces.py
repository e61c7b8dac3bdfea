"""Pieces that stand on a page hundreds of times: drawn once, or joined without a template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.template import engines
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
Choices = Iterable[tuple[Any, Any]]
_NAME = re.compile(r"[a-z0-9-]+")


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the component ``icon`` of a name, drawn once for all; none for what names none."""
    return _drawn(name) if _NAME.fullmatch(name) else SafeString()


@lru_cache(maxsize=256)
def _drawn(name: str) -> SafeString:
    drawn = engines["django"].from_string(f'{{% cotton icon name="{name}" /%}}').render()
    return mark_safe(drawn.strip())  # noqa: S308 - our own component


@register.simple_tag
def options(
    groups: Iterable[tuple[Any, Iterable[tuple[Any, Any]]]], chosen: Any = ""
) -> SafeString:
    """Return the options of a select, under their headings: groups of (value, label).

    A heading of "" is none. A street has hundreds of grids and units to choose from.
    """
    parts = []
    for heading, choices in groups:
        if heading:
            parts.append(f'<optgroup label="{conditional_escape(heading)}">')
        for value, label in choices:
            mark = " selected" if value == chosen else ""
            shown = f"{conditional_escape(value)}", f"{conditional_escape(label)}"
            parts.append(f'<option value="{shown[0]}"{mark}>{shown[1]}</option>')
        if heading:
            parts.append("</optgroup>")
    return mark_safe("".join(parts))  # noqa: S308 - each value and label is escaped
