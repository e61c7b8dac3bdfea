"""What is done outside matters is written down, with no personal value."""

from __future__ import annotations

from linli.kernel.access.audit import audit
from linli.kernel.access.models import AuditEntry


def test_it_works(here) -> None:
    audit("export.made", here.secretary, here.community, "matters", rows=12)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.community) == (
        "export.made", here.secretary, here.community,
    )  # fmt: skip
    assert (entry.subject, entry.details) == ("matters", {"rows": 12})


def test_what_linli_itself_did_has_no_actor(db) -> None:
    audit("key.rotated", None, None)

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.community, entry.subject, entry.details) == (None, None, "", {})


def test_a_long_subject_is_cut(here) -> None:
    audit("export.made", here.secretary, here.community, "x" * 500)

    assert len(AuditEntry.objects.get().subject) == 120
