"""Codes that prove a telephone number or an e-mail address: sent, and typed back.

Six digits, good for ten minutes and five tries, kept as a keyed hash. They are made and sent by a
worker, so that asking for one takes no longer where there is somebody to send it to.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from linli.kernel.access.rates import allowed
from linli.kernel.people.contacts import mark_verified
from linli.kernel.people.models import Contact, ContactCode, Person
from linli.kernel.people.secrets import ValueErased, comparable, decrypt_for, master_keys
from linli.kernel.people.sms_gateway import NotSent, has_gateway, send_text

log = logging.getLogger(__name__)
GOOD_FOR = timedelta(minutes=10)
TRIES = 5
PAUSE = timedelta(seconds=60)
STAYS_HERE = ("console.EmailBackend", "dummy.EmailBackend")
Purpose = ContactCode.Purpose


def can_send_to(kind: str) -> bool:
    """Whether codes can reach this kind of contact on this installation."""
    if kind == Contact.Kind.PHONE:
        return has_gateway()
    if kind == Contact.Kind.EMAIL:
        return settings.DEBUG or not settings.EMAIL_BACKEND.endswith(STAYS_HERE)
    return False


def ask_for_code(contact: Contact, purpose: Purpose = Purpose.VERIFY) -> bool:
    """Have a code sent to a contact; return whether one is on its way.

    At most one a minute for each contact, and ``settings.RATE_LIMITS["phone_code"]`` for each
    number or address, whoever claims it: nobody's telephone is made to ring all night.
    """
    if not can_send_to(contact.kind):
        return False
    with transaction.atomic():
        last = ContactCode.objects.select_for_update().filter(contact=contact, purpose=purpose)
        row = last.first()
        if row is not None and timezone.now() - row.asked_at < PAUSE:
            return True  # the one just sent is still good
        if not allowed("phone_code", contact.blind_index):
            return False
        row, _made = ContactCode.objects.update_or_create(
            contact=contact,
            purpose=purpose,
            defaults={"digest": "", "tries": 0, "asked_at": timezone.now()},
        )
        transaction.on_commit(lambda: deliver_code.enqueue(row.pk))
    return True


@task()
def deliver_code(pk: int) -> None:
    """Make the code of a row and send it; a row that is gone or was sent is let be."""
    row = ContactCode.objects.select_related("contact__person__key").filter(pk=pk).first()
    if row is None or row.digest:
        return
    code = f"{secrets.randbelow(1_000_000):06}"
    rows = ContactCode.objects.filter(pk=pk, digest="")
    if not rows.update(digest=_digest(row, code, master_keys()[0])):
        return
    try:
        _send(row.contact, code)
    except (NotSent, OSError, ValueErased) as error:
        log.warning("code %s was not sent: %s", pk, type(error).__name__)
        ContactCode.objects.filter(pk=pk).delete()  # another can be asked for at once


def is_right(contact: Contact, purpose: Purpose, code: str) -> bool:
    """Whether a code is the one that was sent; a right one is used up, a wrong one counted.

    Each try is counted before it is looked at, so that trying many at once gains nothing.
    """
    since = timezone.now() - GOOD_FOR
    rows = ContactCode.objects.filter(
        contact=contact, purpose=purpose, asked_at__gte=since, tries__lt=TRIES
    ).exclude(digest="")
    if not rows.update(tries=F("tries") + 1):
        return False
    row = ContactCode.objects.get(contact=contact, purpose=purpose)
    right = any(
        hmac.compare_digest(_digest(row, code, master), row.digest) for master in master_keys()
    )
    return right and bool(ContactCode.objects.filter(pk=row.pk).delete()[0])


def verify_contact(contact: Contact, code: str) -> bool:
    """Note a contact as verified if the code is right; return whether it is."""
    right = is_right(contact, Purpose.VERIFY, code)
    if right:
        mark_verified(contact)
    return right


def reachable_contact(person: Person) -> Contact | None:
    """Return the verified contact by which a person can be sent a code now, a telephone first."""
    rows = Contact.objects.filter(person=person, verified_at__isnull=False)
    for kind in (Contact.Kind.PHONE, Contact.Kind.EMAIL):
        if can_send_to(kind) and (found := rows.filter(kind=kind).first()):
            return found
    return None


def _digest(row: ContactCode, code: str, master: str) -> str:
    told = f"{row.pk}:{row.purpose}:{row.contact.blind_index}:{code}"
    return hmac.new(master.encode(), b"contact code " + told.encode(), hashlib.sha256).hexdigest()


def _send(contact: Contact, code: str) -> None:
    value = decrypt_for(contact.person, contact.ciphertext)
    with override(contact.person.language or settings.LANGUAGE_CODE):
        text = _("Your code is %(code)s. It is good for 10 minutes. Tell it to nobody.") % {
            "code": code
        }
        subject = _("Your code")
    if contact.kind == Contact.Kind.PHONE:
        send_text(comparable(value), text)
    else:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [value])
