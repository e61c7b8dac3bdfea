"""Everything held about a person, for that person: one JSON file and their files in a ZIP.

PIPL (2021) art. 45. Rooms and mechanisms that hold more add a section:

>>> @section("votes")
... def _votes(person): return [...]
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils import timezone

from linli.kernel.access.audit import audit
from linli.kernel.access.models import ApiToken, AuditEntry
from linli.kernel.events.models import PersonalValue
from linli.kernel.events.timeline import timeline
from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Matter, Participant, SavedView
from linli.kernel.notify.models import Notice, NoticePreference, PushSubscription
from linli.kernel.organisations.models import Membership
from linli.kernel.people.models import Contact, ContactReveal
from linli.kernel.people.secrets import ValueErased, decrypt_for

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

Section = Callable[[Any], Any]
sections: dict[str, Section] = {}
IN_MEMORY = 4 * 1024 * 1024


def section(name: str) -> Callable[[Section], Section]:
    """Add a section to what people can take with them: a function of the person, plain values."""

    def add(read: Section) -> Section:
        if name in sections:
            raise ValueError(f"two sections are named {name}")
        sections[name] = read
        return read

    return add


def all_about(person: Person) -> dict[str, Any]:
    """Return every section as plain values."""
    return {"written_at": timezone.now()} | {name: read(person) for name, read in sections.items()}


def export(person: Person, community: Community | None = None) -> IO[bytes]:
    """Write the ZIP, note it in the audit log, and return it open at its beginning."""
    archive = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        told = json.dumps(all_about(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        pack.writestr("data.json", told)
        for upload in files_of(person):
            path = Path(settings.MEDIA_ROOT) / upload.path
            if path.is_file():
                pack.write(path, f"files/{upload.uuid}-{upload.name}")
    audit("people.exported", person, community, str(person.uuid))
    archive.seek(0)
    return archive


def files_of(person: Person) -> list[Upload]:
    """Return the files a person sent, with an account or without."""
    theirs = Q(uploaded_by=person) | Q(attachment__event__actor=person)
    return list(Upload.objects.filter(theirs).distinct().order_by("pk"))


@section("person")
def _person(person: Person) -> Any:
    names = ("uuid", "username", "display_name", "language", "large_type", "joined_at",
             "last_login", "is_guest")  # fmt: skip
    return {name: getattr(person, name) for name in names}


@section("contacts")
def _contacts(person: Person) -> Any:
    return [
        {
            "kind": contact.kind,
            "value": _readable(person, contact.ciphertext),
            "verified_at": contact.verified_at,
            "updated_at": contact.updated_at,
        }
        for contact in Contact.objects.filter(person=person).order_by("kind")
    ]


@section("who_saw_my_contacts")
def _reveals(person: Person) -> Any:
    rows = ContactReveal.objects.filter(person=person).select_related("revealed_to", "matter")
    return [
        {
            "kind": row.kind,
            "by": str(row.revealed_to),
            "at": row.at,
            "reason": row.reason,
            "matter": row.matter.number if row.matter else None,
        }
        for row in rows
    ]


@section("posts")
def _posts(person: Person) -> Any:
    rows = Membership.objects.filter(person=person).select_related("organisation")
    return [
        {"organisation": post.organisation.name, "role": post.role, "title": post.title,
         "since": post.since, "until": post.until}
        for post in rows.order_by("since")
    ]  # fmt: skip


@section("ways_to_sign_in")
def _ways(person: Person) -> Any:
    rows = Authenticator.objects.filter(user=person).order_by("pk")
    return [
        {"kind": row.type, "added": row.created_at, "last_used": row.last_used_at} for row in rows
    ]


@section("api_tokens")
def _tokens(person: Person) -> Any:
    names = ("name", "created_at", "expires_at", "revoked_at", "last_used_at")
    return list(ApiToken.objects.filter(person=person).order_by("pk").values(*names))


@section("matters")
def _matters(person: Person) -> Any:
    taking_part = Participant.objects.filter(person=person).values("matter_id")
    rows = Matter.objects.filter(Q(reporter=person) | Q(pk__in=taking_part))
    related = ("community", "pack", "responsible", "desk", "area")
    return [_matter(matter, person) for matter in rows.select_related(*related).order_by("pk")]


def _matter(matter: Matter, person: Person) -> dict[str, Any]:
    own = matter.reporter_id == person.pk
    told = {"number": matter.number, "procedure": matter.procedure, "stage": matter.stage,
            "created_at": matter.created_at, "closed_at": matter.closed_at}  # fmt: skip
    if own:
        told |= {name: getattr(matter, name) for name in
                 ("title", "text", "address_text", "longitude", "latitude")}  # fmt: skip
    told["timeline"] = [
        {"at": entry.at, "what": entry.sentence, "who": entry.actor, "facts": entry.fields}
        for entry in timeline(matter, person)
    ]
    return told


@section("what_i_wrote")
def _values(person: Person) -> Any:
    rows = PersonalValue.objects.filter(subject=person).select_related("event__matter")
    return [
        {"matter": row.event.matter.number, "at": row.event.at, "field": row.field,
         "value": _readable(person, row.ciphertext)}
        for row in rows.order_by("pk")
    ]  # fmt: skip


@section("files")
def _files(person: Person) -> Any:
    return [
        {"file": f"{upload.uuid}-{upload.name}", "kind": upload.content_type, "size": upload.size,
         "sent_at": upload.created_at}
        for upload in files_of(person)
    ]  # fmt: skip


@section("notices")
def _notices(person: Person) -> Any:
    names = ("channel", "template", "created_at", "delivered_at", "read_at", "matter__number")
    return list(Notice.objects.filter(person=person).order_by("pk").values(*names))


@section("how_i_am_told")
def _told(person: Person) -> Any:
    wishes = NoticePreference.objects.filter(person=person).values("email", "push", "sms").first()
    browsers = PushSubscription.objects.filter(person=person).values("endpoint", "created_at")
    return {"wishes": wishes, "browsers": list(browsers)}


@section("saved_views")
def _views(person: Person) -> Any:
    return list(SavedView.objects.filter(person=person).values("name", "query", "created_at"))


@section("audit_log")
def _audit(person: Person) -> Any:
    theirs = Q(actor=person) | Q(subject=str(person.uuid))
    names = ("action", "subject", "details", "at")
    return list(AuditEntry.objects.filter(theirs).order_by("pk").values(*names))


def _readable(person: Person, ciphertext: Any) -> str | None:
    try:
        return decrypt_for(person, ciphertext)
    except ValueErased:
        return None
