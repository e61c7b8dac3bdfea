"""Links to files in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from linli.kernel.files.links import link_to

if TYPE_CHECKING:
    from linli.kernel.files.links import Size
    from linli.kernel.files.models import Upload
    from linli.kernel.matters.models import Attachment

register = template.Library()


@register.filter
def file_link(file: Attachment | Upload, size: Size = "full") -> str:
    """Return the signed address of a file on a page that may show it."""
    return link_to(file, size)
