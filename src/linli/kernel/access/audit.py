"""The audit log: what was done outside matters, by whom, kept at least six months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.access.models import AuditEntry

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person


def audit(
    action: str,
    actor: Person | None,
    community: Community | None,
    subject: str = "",
    **details: Any,
) -> AuditEntry:
    """Write that ``actor`` (None: Linli itself, or the command line) did ``action``.

    ``action``: a name such as "token.issued". ``subject``: what it was done to, an identifier
    and never a personal value. ``details``: plain JSON values, likewise not personal.
    """
    return AuditEntry.objects.create(
        action=action, actor=actor, community=community, subject=subject[:120], details=details
    )
