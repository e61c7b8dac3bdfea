"""What a notice says: the pack's text, filled in, in the reader's language.

No message names another person: the reporter reads the own title, everybody else what the
public may read, and staff find the rest behind the link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linli.kernel.notify.readers import Reader, Readers, absolute, addressed
from linli.kernel.packs.loading import content_of
from linli.kernel.procedures.declaration import action_of_event, procedure_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.matters.models import Matter
    from linli.kernel.notify.models import Notice
    from linli.kernel.packs.schema import NoticeText

TITLE_LENGTH = 60
_LINK = re.compile(r"\s*[:：]?\s*\{link\}")


@dataclass(frozen=True)
class Text:
    """A notice in words. ``brief`` is the body without the address, where a link stands apart."""

    subject: str
    body: str
    brief: str
    path: str  # of the page to read on, without the host
    to_reporter: bool = False  # whose matter it is, and who may answer

    @property
    def link(self) -> str:
        """The page to read on, with scheme and host."""
        return absolute(self.path)


def compose_all(notices: Sequence[Notice], language: str = "") -> dict[int, Text]:
    """Return the texts of notices to people by primary key, in a fixed number of queries.

    ``language``: the person's own where empty. Each notice must have person, matter (with pack,
    community) and event (with ``answerable``) loaded.
    """
    readers = Readers(notices)
    return {notice.pk: compose(notice, readers, language) for notice in notices}


def compose(notice: Notice, readers: Readers, language: str = "") -> Text:
    """Return what one notice says, to the person as `Readers` knows them."""
    person, _matter = addressed(notice)
    with translation.override(language or person.language):
        wording = _wording(notice, readers.of(notice))
        path = readers.link(notice)
        values = _values(notice, readers.of(notice), absolute(path))
        subject, body = str(wording.subject), str(wording.body)
        return Text(
            subject=_one_line(subject.format_map(values)),
            body=body.format_map(values).strip(),
            brief=_ended(_LINK.sub("", body).format_map(values).strip()),
            path=path,
            to_reporter=readers.of(notice) in (Reader.REPORTER, Reader.CO_REPORTER),
        )


class _Plain:
    """A text for what the pack is silent about: what happened, to which matter."""

    def __init__(self, notice: Notice) -> None:
        happened = _("There is news")
        if notice.event is not None:
            action = action_of_event(notice.event.kind)[1]
            happened = str(action.happened or action.label)
        happened = happened.replace("{", "{{").replace("}", "}}")
        self.subject = _("%(happened)s: {title}") % {"happened": happened}
        self.body = _("%(happened)s: {title} ({number}). {link}") % {"happened": happened}


def _wording(notice: Notice, reader: Reader) -> NoticeText | _Plain:
    texts = content_of(addressed(notice)[1].pack).notices
    names = [notice.template]
    if reader is Reader.STAFF:
        names.insert(0, f"{notice.template}.staff")
    found = next((texts[name] for name in names if name in texts), None)
    return found or _Plain(notice)


def _values(notice: Notice, reader: Reader, link: str) -> dict[str, str]:
    """Return a value for each of `packs.schema.NOTICE_FIELDS`."""
    (_person, matter), event = addressed(notice), notice.event
    unit = event.answerable if event is not None else None
    promised = notice.context.get("promised_on")
    if promised is None and event is not None:
        promised = event.facts.get("promised_on")
    return {
        "number": matter.number,
        "title": title_for(matter, reader)[:TITLE_LENGTH],
        "link": link,
        "community": matter.community.name,
        "unit": unit.name if unit is not None else matter.community.name,
        "promised_on": _day(promised),
    }


def title_for(matter: Matter, reader: Reader) -> str:
    """Return what a matter is called in a message: only its reporter reads the reporter's words."""
    if reader is Reader.REPORTER and matter.title:
        return _one_line(matter.title)
    if matter.public_title:
        return _one_line(matter.public_title)
    category = content_of(matter.pack).categories.get(matter.category)
    return str(category.label if category else procedure_named(matter.procedure).title)


def _day(value: Any) -> str:
    if not value:
        return _("a day still to be named")
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return str(date_format(day, "DATE_FORMAT"))


def _ended(text: str) -> str:
    """Close the sentence from which the address was taken."""
    if not text or text[-1] in "。.！!？?":
        return text
    return text + ("。" if ord(text[-1]) > 0x2E7F else ".")


def _one_line(text: str) -> str:
    return " ".join(text.split())
