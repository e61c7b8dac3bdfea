"""Administering mailboxes: adding, trying the connection, pausing, removing."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.mail.headers import is_address
from linli.kernel.access.audit import audit
from linli.kernel.access.reach import Conflicts
from linli.kernel.mail.conversation import MailFailure, WrongPassword, conversation
from linli.kernel.mail.models import Arrival, Mailbox
from linli.kernel.notify.posting import AddressRefused, public_addresses
from linli.kernel.people.secrets import reseal, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from linli.kernel.mail.conversation import Conversation
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

PURPOSE = b"mailbox"


@contextmanager
def speaking_to(mailbox: Mailbox) -> Iterator[Conversation]:
    """Speak with the server of a mailbox. Raises MailFailure."""
    try:
        password = unseal(bytes(mailbox.password), PURPOSE).decode()
    except InvalidToken:  # the master key was changed
        raise WrongPassword(_("The password cannot be read; please enter it again.")) from None
    with conversation(mailbox.host, mailbox.port, mailbox.username, password) as server:
        yield server


def add_mailbox(
    community: Community,
    *,
    address: str,
    host: str,
    username: str,
    password: str,
    port: int = 993,
    folder: str = "INBOX",
    authserv_id: str = "",
    subaddresses: bool = False,
    keeps: bool = False,
    by: Person | None = None,
) -> Mailbox:
    """Add a mailbox once its server let us in; letters from before now are left alone.

    Raises Conflicts naming the field; then nothing was added.
    """
    address, host = address.strip().lower(), host.strip().lower()
    if not is_address(address):
        raise Conflicts(_("This is no e-mail address."), "address")
    _check_host(host, port)
    mailbox = Mailbox(
        community=community, address=address, host=host, port=port, username=username,
        password=seal(password.encode(), PURPOSE), folder=folder or "INBOX",
        authserv_id=authserv_id.strip().lower(), subaddresses=subaddresses, keeps=keeps,
    )  # fmt: skip
    _refuse_second(mailbox)
    try:
        try_connection(mailbox)
    except WrongPassword as failure:
        raise Conflicts(str(failure), "password") from None
    except MailFailure as failure:
        raise Conflicts(str(failure), "host") from None
    try:
        with transaction.atomic():
            mailbox.save()
            audit("mailbox.added", by, community, str(mailbox.uuid), host=host)
    except IntegrityError:
        _refuse_second(mailbox)
        raise
    return mailbox


def _check_host(host: str, port: int) -> None:
    if not host or not host.isascii() or "/" in host or " " in host or ":" in host:
        raise Conflicts(
            _("Please give the name of the server alone, such as imap.mail.cn."), "host"
        )
    try:
        public_addresses(host, port)
    except AddressRefused as refused:
        raise Conflicts(str(refused), "host") from None


def _refuse_second(mailbox: Mailbox) -> None:
    """Letters read by two would be taken in twice."""
    same = Q(host=mailbox.host, username=mailbox.username, folder=mailbox.folder)
    if Mailbox.objects.filter(Q(address=mailbox.address) | same).exists():
        raise Conflicts(_("This mailbox is read already."), "address")


def try_connection(mailbox: Mailbox) -> int:
    """Sign in, open the folder, and return how many letters lie in it. Raises MailFailure."""
    with speaking_to(mailbox) as server:
        return server.open(mailbox.folder).number


def set_active(mailbox: Mailbox, active: bool, *, by: Person | None = None) -> None:
    """Pause a mailbox (letters wait in it), or let it go on."""
    with transaction.atomic():
        rows = Mailbox.objects.filter(pk=mailbox.pk)
        rows.update(active=active, failures=0, next_fetch_at=timezone.now())
        action = "mailbox.resumed" if active else "mailbox.paused"
        audit(action, by, mailbox.community, str(mailbox.uuid))


def remove_mailbox(mailbox: Mailbox, *, by: Person | None = None) -> None:
    """Remove a mailbox with what was put aside of it; the matters stay."""
    with transaction.atomic():
        audit("mailbox.removed", by, mailbox.community, str(mailbox.uuid), host=mailbox.host)
        mailbox.delete()


def mailboxes_of(community: Community) -> QuerySet[Mailbox]:
    """Return a community's mailboxes, with what became of their letters. One query."""
    taken = Q(arrivals__matter__isnull=False)
    return (
        Mailbox.objects.filter(community=community)
        .order_by("address")
        .annotate(
            taken=Count("arrivals", filter=taken, distinct=True),
            aside=Count("set_aside", distinct=True),
        )
    )


def own_addresses(community: Community) -> frozenset[str]:
    """Return the addresses we write from, by which a letter to ourselves is known. One query."""
    from email.utils import parseaddr

    boxes = Mailbox.objects.filter(community=community).values_list("address", flat=True)
    return frozenset({parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(), *boxes})


def answers_to(communities: set[int]) -> dict[int, Mailbox]:
    """Return the active mailbox of each community that answers may go to. One query."""
    rows = Mailbox.objects.filter(community__in=communities, active=True).order_by("-pk")
    return {mailbox.community_id: mailbox for mailbox in rows.defer("password")}


def claim(mailbox: Mailbox, length: timedelta) -> bool:
    """Keep other workers off a mailbox for a while; whether nobody else had it."""
    now = timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    rows = Mailbox.objects.filter(free, pk=mailbox.pk)
    return bool(rows.update(claimed_until=now + length))


def note_success(mailbox: Mailbox, again_in: timedelta, **seen: Any) -> None:
    """Note that letters were fetched, what was seen, and when to look again."""
    now = timezone.now()
    Mailbox.objects.filter(pk=mailbox.pk).update(
        failures=0, last_error="", fetched_at=now, claimed_until=None,
        next_fetch_at=now + again_in, **seen,
    )  # fmt: skip


def note_failure(mailbox: Mailbox, reason: str, again_in: timedelta) -> None:
    """Note that it failed, why, and when to try again."""
    now = timezone.now()
    Mailbox.objects.filter(pk=mailbox.pk).update(
        failures=F("failures") + 1, last_error=reason[:300], failed_at=now, claimed_until=None,
        next_fetch_at=now + again_in,
    )  # fmt: skip


def reseal_passwords() -> int:
    """Seal every password with the present master key, see `people.key_rotation`.

    Returns how many. Raises InvalidToken where a master key is missing.
    """
    done = 0
    for pk in Mailbox.objects.values_list("pk", flat=True):
        with transaction.atomic():
            mailbox = Mailbox.objects.select_for_update().get(pk=pk)
            mailbox.password = reseal(bytes(mailbox.password), PURPOSE)
            mailbox.save(update_fields=["password"])
            done += 1
    return done


def arrivals_of_matter(matter: int) -> list[Arrival]:
    """Return the letters that reached a matter, oldest first. One query."""
    return list(Arrival.objects.filter(matter=matter).order_by("at", "pk"))
