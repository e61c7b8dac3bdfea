"""A mailbox, each letter that came to it, and the letters that were put aside."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid


class Mailbox(models.Model):
    """Where residents may write to, on a server that speaks IMAP over TLS."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="mailboxes"
    )
    address = models.CharField(_("address"), max_length=190)
    host = models.CharField(_("server"), max_length=190)
    port = models.PositiveIntegerField(_("port"), default=993)
    username = models.CharField(_("user name"), max_length=190)
    password: Any = models.BinaryField()  # sealed with the master key
    folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    # What the server that receives the letters calls itself in Authentication-Results.
    authserv_id = models.CharField(max_length=190, blank=True)
    # Whether letters to name+anything@ arrive here too (RFC 5233, subaddressing).
    subaddresses = models.BooleanField(default=False)
    # Whether letters taken in stay on the server, marked as read.
    keeps = models.BooleanField(default=False)
    active = models.BooleanField(_("active"), default=True)
    since = models.DateTimeField(default=timezone.now)  # older letters are left alone
    # Every letter with a UID up to the last was dealt with, as long as the validity is the same.
    uidvalidity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    next_fetch_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    last_error = models.CharField(max_length=300, blank=True)
    waiting = models.PositiveIntegerField(default=0)  # letters seen there and not taken in yet
    held_back = models.BooleanField(default=False)  # more came in an hour than may
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="one_mailbox_an_address"),
            models.UniqueConstraint(fields=["host", "username", "folder"], name="one_reader_a_box"),
        ]

    def __str__(self) -> str:
        return self.address


class Arrival(models.Model):
    """That a letter was dealt with, and how: written in one transaction with what came of it.

    Nothing here can be read back to a person: sender and words are keyed hashes.
    """

    class Outcome(models.TextChoices):
        BEGAN = "began", _("became a report")
        ADDED = "added", _("was added to a matter")
        REOPENED = "reopened", _("opened a matter again")
        REPEATED = "repeated", _("had come before")
        THANKED = "thanked", _("said thanks")
        TOO_LATE = "too_late", _("came too late for its matter")
        ASIDE = "aside", _("was put aside")

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="arrivals")
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    mark = models.CharField(max_length=64)
    sender = models.CharField(max_length=64, blank=True)
    domain = models.CharField(max_length=64, blank=True)
    words = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    matter = models.ForeignKey("matters.Matter", models.PROTECT, null=True, related_name="arrivals")
    confirmed = models.BooleanField(default=False)
    acknowledged = models.BooleanField(default=False)
    repeats = models.PositiveIntegerField(default=0)  # how often the same came again
    on_server = models.BooleanField(default=False)  # still to be cleared away there
    stays_there = models.BooleanField(default=False)  # not kept here whole, so not deleted there
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "mark"], name="each_letter_once"),
        ]
        indexes = [
            models.Index(fields=["mailbox", "at"], name="arrival_of_mailbox"),
            models.Index(fields=["mailbox", "sender", "at"], name="arrival_of_sender"),
            models.Index(fields=["mailbox"], condition=Q(on_server=True), name="arrival_to_clear"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} in {self.mailbox_id}"


class SetAside(models.Model):
    """A letter that was not taken in: kept some days, to be looked at by staff, then deleted.

    ``about`` holds sender, name and subject, ``content`` the whole letter where it was fetched;
    both sealed with the master key, since whose they are is not known.
    """

    class Reason(models.TextChoices):
        HEADER = "header", _("It cannot be read as an e-mail.")
        SENDER = "sender", _("It names no sender, or several.")
        TOO_LARGE = "large", _("It is larger than what is taken in.")
        TOO_LONG = "long", _("Its text is longer than a report may be.")
        EMPTY = "empty", _("It says nothing.")
        BOUNCE = "bounce", _("It reports about other e-mail, or comes from a machine.")
        AUTOMATIC = "automatic", _("It was written by a machine, such as an absence note.")
        LIST = "list", _("It came by a mailing list.")
        OWN = "own", _("It claims to come from our own address.")
        MANY = "many", _("Too many came from this sender.")
        DOMAIN = "domain", _("Too many came from this sender's domain.")
        CLOSED = "closed", _("Nothing can be added to its matter at this stage.")
        REFUSED = "refused", _("What it says could not be made a report.")
        FAILED = "failed", _("An error of ours prevented taking it in.")

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="set_aside")
    arrival = models.OneToOneField(Arrival, models.SET_NULL, null=True, related_name="set_aside")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    detail = models.CharField(max_length=300, blank=True)
    sender = models.CharField(max_length=64, blank=True)
    about: Any = models.BinaryField()
    content: Any = models.BinaryField(null=True)
    size = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField(default=1)  # letters this line stands for
    at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["mailbox", "-at"], name="set_aside_of_mailbox"),
            models.Index(fields=["at"], name="set_aside_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} in {self.mailbox_id}"
