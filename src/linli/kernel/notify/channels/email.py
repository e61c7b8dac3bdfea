"""E-mail: plain text with a simple HTML version, and a way to stop it with one click."""

from __future__ import annotations

import smtplib
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from linli.kernel.mail.mailboxes import answers_to
from linli.kernel.mail.tokens import reply_token
from linli.kernel.notify.channels import DELIVERED, SKIPPED, Came, Outcome
from linli.kernel.notify.preferences import preferences_of, stop_token, wants
from linli.kernel.notify.readers import absolute, addressed
from linli.kernel.notify.texts import compose_all
from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import ValueErased, decrypt_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.mail.models import Mailbox
    from linli.kernel.notify.channels import Packed
    from linli.kernel.notify.models import Notice
    from linli.kernel.notify.texts import Text


def pack(notices: Sequence[Notice]) -> Packed:
    """Write the letters; who left no address or wants none is skipped."""
    people = {notice.person_id for notice in notices if notice.person_id}
    preferences = preferences_of(people)
    addresses = contacts_of(people, Contact.Kind.EMAIL)
    to_send = [
        notice
        for notice in notices
        if notice.person_id in addresses and wants(preferences, notice.person_id, "email")
    ]
    texts = compose_all(to_send)
    boxes = answers_to({notice.community_id for notice in to_send})
    letters = {
        notice.pk: partial(
            _send,
            _letter(
                notice,
                texts[notice.pk],
                addresses[notice.person_id],
                boxes.get(notice.community_id) if texts[notice.pk].to_reporter else None,
            ),
        )
        for notice in to_send
        if notice.person_id
    }
    return {notice.pk: letters.get(notice.pk, SKIPPED) for notice in notices}


def contacts_of(people: set[int], kind: Contact.Kind) -> dict[int, str]:
    """Return a contact value of each person who left one and is still to be told."""
    rows = Contact.objects.filter(
        person__in=people, kind=kind, person__is_active=True, person__erased_at__isnull=True
    )
    found: dict[int, str] = {}
    for contact in rows.select_related("person__key"):
        try:
            found[contact.person_id] = decrypt_for(contact.person, bytes(contact.ciphertext))
        except ValueErased:
            continue
    return found


def _letter(
    notice: Notice, text: Text, address: str, box: Mailbox | None
) -> EmailMultiAlternatives:
    """Write a letter. ``box``: where an answer may go to, None where nobody would read it."""
    person, matter = addressed(notice)
    stop = absolute(reverse("notices:stop_email", kwargs={"token": stop_token(person)}))
    told = {"text": text, "community": matter.community, "stop": stop, "answers": box is not None}
    with translation.override(person.language):
        letter = EmailMultiAlternatives(
            subject=text.subject,
            body=render_to_string("notify/letter.txt", told),
            to=[address],
            headers={
                **_marks(notice, box),
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        letter.attach_alternative(render_to_string("notify/letter.html", told), "text/html")
    return letter


def _marks(notice: Notice, box: Mailbox | None) -> dict[str, str]:
    """Return by what a letter and an answer to it are known.

    The Message-ID is the same however often it is tried: mailboxes drop the second copy. Where
    answers are read it holds the token of the matter, which mailers put into References.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    if box is None:
        return {"Message-ID": f"<{notice.uuid.hex}@{host}>"}
    person, matter = addressed(notice)
    token = reply_token(matter.pk, person.pk)
    name, _at, domain = box.address.rpartition("@")
    # RFC 5321, 4.5.3.1.1: a local part is at most 64 octets.
    marked = box.subaddresses and len(name) + 1 + len(token) <= 64
    return {
        "Message-ID": f"<{notice.uuid.hex}.{token}@{host}>",
        "Reply-To": f"{name}+{token}@{domain}" if marked else box.address,
    }


def _send(letter: EmailMultiAlternatives) -> Outcome:
    """Send a letter. What it returns names no address: staff read it."""
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _answer in error.recipients.values()})
        came = Came.REFUSED if codes and codes[0] >= 500 else Came.FAILED
        said = _("The mailbox was refused (%(code)s).")
        return Outcome(came, said % {"code": ", ".join(map(str, codes))})
    except smtplib.SMTPResponseException as error:
        said = _("The mail server answered %(code)s.")
        return Outcome(Came.FAILED, said % {"code": error.smtp_code})
    except (OSError, smtplib.SMTPException) as error:
        said = _("The mail server cannot be reached (%(code)s).")
        return Outcome(Came.FAILED, said % {"code": type(error).__name__})
    except ValueError:  # an address or header that no letter can have
        return Outcome(Came.REFUSED, _("The address cannot be written to."))
    return DELIVERED
