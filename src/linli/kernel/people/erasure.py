"""Forgetting a person: what can be deleted is, what must stay can no longer be read or named.

PIPL (2021) art. 47. Deleted: contact values, the key that all personal values hang on, ways to
sign in, tokens, links, files, notices. Kept without a name: matters and events, since others rely
on them, and who looked at the contact values and the audit log (at least six months).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.access.models import AccessLink, ApiToken
from linli.kernel.access.reach import Conflicts
from linli.kernel.access.relations import SYSTEM, is_staff
from linli.kernel.files.models import Upload
from linli.kernel.files.removing import remove_uploads
from linli.kernel.mail.aside import forget_letters
from linli.kernel.matters.models import Matter, SavedView
from linli.kernel.notify.models import Notice, NoticePreference, PushSubscription
from linli.kernel.organisations.days import DayIn
from linli.kernel.organisations.models import Membership
from linli.kernel.people.forgetting import ACTION
from linli.kernel.people.lockout import name_tried
from linli.kernel.people.models import Contact, Person, PersonKey
from linli.kernel.people.secrets import ValueErased, decrypt_for
from linli.kernel.procedures.performing import perform

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community

THEIRS = (Contact, PersonKey, ApiToken, SavedView, PushSubscription, NoticePreference, Notice)


def why_not_erasable(person: Person) -> str:
    """Return the sentence that says what stands against erasing somebody, empty if nothing."""
    if person.is_administrator:
        return _("You administer this installation. Please let somebody else take over first.")
    if is_staff(person):
        return _(
            "You hold a post. Please ask whoever administers people in your organisation to end "
            "it first; then you can be erased."
        )
    return ""


def open_matters_of(person: Person) -> list[Matter]:
    """Return the matters of a person that are still being worked on."""
    return list(Matter.objects.filter(reporter=person, closed_at__isnull=True).order_by("pk"))


def erase(person: Person, community: Community | None = None) -> None:
    """Forget a person, all in one transaction; whoever was forgotten already stays so.

    ``community``: in whose audit log it is noted. Raises Conflicts for staff in office.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.erased_at:
            return
        if reason := why_not_erasable(person):
            raise Conflicts(reason)
        _forget_in_matters(person)
        _delete_what_is_theirs(person)
        _take_the_name_away(person)
        audit("people.erased", None, community, str(person.uuid))


def _forget_in_matters(person: Person) -> None:
    theirs = Q(reporter=person) | Q(attachments__event__actor=person)
    for matter in Matter.objects.filter(theirs).distinct().order_by("pk"):
        perform(matter, ACTION, by=SYSTEM, facts={"person": person.uuid})


def _delete_what_is_theirs(person: Person) -> None:
    forget_letters(_addresses_of(person))
    remove_uploads(Upload.objects.filter(uploaded_by=person, attachment__isnull=True))
    for model in THEIRS:
        model.objects.filter(person=person).delete()  # type: ignore[attr-defined]
    Authenticator.objects.filter(user=person).delete()
    AccessAttempt.objects.filter(username=name_tried(None, {"username": person.username})).delete()
    now = timezone.now()
    AccessLink.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=now)
    ended = Q(until__lt=DayIn("community__timezone", now))
    for post in Membership.objects.filter(person=person).exclude(ended).select_related("community"):
        post.end(now)


def _addresses_of(person: Person) -> list[str]:
    found = []
    for contact in Contact.objects.filter(person=person, kind=Contact.Kind.EMAIL):
        with suppress(ValueErased):
            found.append(decrypt_for(person, contact.ciphertext))
    return found


def _take_the_name_away(person: Person) -> None:
    """Without a password that fits, every session of the account has ended too."""
    person.username, person.display_name = f"erased-{person.uuid.hex}", ""
    person.large_type, person.is_active, person.erased_at = False, False, timezone.now()
    person.set_unusable_password()
    person.save()
