"""The letter of reply (答复函): what was asked, what is answered, by whom, until when.

It names the reporter only where somebody who may look asked for it, with a reason that is kept
(see `kernel.people.contacts.reveal_contact`). The link on a letter that staff make is never the
secret one: whoever holds that could rate in the reporter's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import segno
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.kernel.access.relations import relation_of
from linli.kernel.packs.loading import content_of, pack_of
from linli.kernel.papers.composing import Content, compose, declared
from linli.kernel.papers.document import Picture

if TYPE_CHECKING:
    from datetime import date, datetime

    from linli.kernel.matters.models import Matter
    from linli.kernel.papers.document import Document
    from linli.kernel.people.models import Person

KIND = "reply_letter"
ANCHORS = ("responsible", "desk", "above")  # whose staff may write it


def may_write_letter(person: Person, matter: Matter) -> bool:
    """Whether a person writes letters on a matter: staff of its unit, its desk, or above them."""
    roles = pack_of(matter.community).roles
    held = (relation.partition(".") for relation in relation_of(person, matter))
    return any(
        anchor in ANCHORS and role in roles and roles[role].staff for anchor, _dot, role in held
    )


def is_answered(matter: Matter) -> bool:
    """Whether there is anything to write a letter of: a reply, or what was done."""
    request = getattr(matter, "servicerequest", None)
    return request is not None and bool(request.reply or request.solution)


def languages_of(matter: Matter) -> list[str]:
    """Return the languages a letter can be written in; empty where the pack declares none."""
    pack = pack_of(matter.community)
    return list(pack.languages) if KIND in pack.papers else []


def letter_of(
    matter: Matter,
    language: str,
    *,
    link: str = "",
    contact: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Document:
    """Return the letter of reply of a matter.

    ``link``: the absolute address printed as a QR code, empty for none. ``contact``: the
    reporter's name and address, where they may stand on it. Raises NoSuchPaper.
    """
    setting, language = declared(pack_of(matter.community), KIND, language)
    with override(language):
        values = _values(matter, link, contact or {}, now or timezone.now())
    pictures = {"tracking_code": Picture(qr_png(link), link=link)} if link else {}
    return compose(setting, Content(values, pictures=pictures), language)


def _values(matter: Matter, link: str, contact: Mapping[str, str], now: datetime) -> dict[str, str]:
    request, unit = matter.servicerequest, matter.responsible or matter.desk
    category = content_of(matter.pack).categories.get(matter.category)
    zone = ZoneInfo(matter.community.timezone)

    def day(at: datetime | date | None) -> str:
        if at is None:
            return ""
        return date_format(at.astimezone(zone) if hasattr(at, "astimezone") else at, "DATE_FORMAT")

    return {
        "number": matter.number,
        "title": matter.title,
        "category": str(category.label) if category else "",
        "asked": matter.text,
        "reply": request.reply,
        "replied_on": day(request.replied_at),
        "promised_on": day(request.promised_on),
        "solution": request.solution if matter.stage in ("solved", "closed") else "",
        "solved_on": day(request.solved_at) if matter.stage in ("solved", "closed") else "",
        "unit": unit.name if unit else matter.community.name,
        "unit_phone": unit.public_phone if unit else "",
        "community": matter.community.name,
        "addressee": contact.get("name") or _("resident"),
        "address": contact.get("address", ""),
        "reported_on": day(matter.created_at),
        "date": day(now),
        "link": link,
    }


def qr_png(text: str) -> bytes:
    """Return a QR code as PNG, with the correction of errors that survives a copier."""
    told = BytesIO()
    segno.make(text, error="m").save(told, kind="png", scale=8, border=2)
    return told.getvalue()
