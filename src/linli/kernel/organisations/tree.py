"""Walking the tree of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.organisations.models import Organisation

if TYPE_CHECKING:
    from django.db.models import QuerySet


def parent_of(organisation: Organisation) -> Organisation | None:
    """Return the organisation one level up, or None at the top."""
    parent: Organisation | None = Organisation.objects.get_parent(organisation)
    return parent


def within(organisation: Organisation) -> QuerySet[Organisation]:
    """Return an organisation and everything below it."""
    return Organisation.objects.filter(path__startswith=organisation.path)
