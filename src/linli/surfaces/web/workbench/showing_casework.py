"""What the page of a matter shows of casework: parts, answers, standard replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.mail.mailboxes import arrivals_of_matter
from linli.mechanisms.casework.leading import parts_of
from linli.mechanisms.casework.questions import answers_of
from linli.mechanisms.casework.shielding import reporter_hidden_from
from linli.mechanisms.casework.standard_replies.keeping import replies_for
from linli.mechanisms.casework.standard_replies.words import ACTIONS
from linli.surfaces.web.workbench.showing import with_packs

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.surfaces.web.workbench.guarding import Desk


def more_of(desk: Desk, matter: Matter, *, private: bool, offered: set[str]) -> dict[str, Any]:
    """Return what the template takes: at most four queries.

    ``private``: whether the person reads the reporter's own words. ``offered``: names of actions.
    """
    if matter.procedure != "casework":
        return {}
    if not private:
        return {}
    worded = offered.intersection(ACTIONS)
    replies = replies_for(desk.person, desk.community).filter(retired_at=None) if worded else []
    personal = not reporter_hidden_from(desk.person, matter)
    return {
        "answers": answers_of(matter, personal=personal),
        "parts": _parts(desk, matter),
        "letters": arrivals_of_matter(matter.pk),
        "worded": ACTIONS,
        "standard_replies": list(replies),
    }


def _parts(desk: Desk, matter: Matter) -> list[Matter]:
    """Return the parts: who works on the whole sees them, though they lie with other units."""
    if matter.servicerequest.is_part:
        return []
    return with_packs(parts_of(matter).select_related("responsible"), desk.community)
