"""The outbox, and where people and machines want to be told."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid


class Channel(models.TextChoices):
    """The ways a notice travels. SMS and WeChat gateways are webhooks."""

    SITE = "site", _("On this site")
    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Push message")
    WEBHOOK = "webhook", _("Webhook")
    SMS = "sms", _("Text message")


class Notice(models.Model):
    """One message to one recipient over one channel, written with its event."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        SKIPPED = "skipped", _("Not wanted, or no way to send it")
        DEAD = "dead", _("Given up")

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey("organisations.Community", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="notices", db_index=False
    )
    endpoint = models.ForeignKey(
        "notify.WebhookEndpoint", models.PROTECT, null=True, related_name="notices"
    )
    matter = models.ForeignKey("matters.Matter", models.PROTECT, null=True, related_name="notices")
    event = models.ForeignKey("events.Event", models.PROTECT, null=True, related_name="notices")
    template = models.CharField(max_length=80)  # a key of the pack's notice texts
    context = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # no personal value
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="waiting"), name="notice_to_deliver"
            ),
            models.Index(fields=["person", "channel", "-created_at"], name="notice_inbox"),
            models.Index(fields=["community", "state", "-created_at"], name="notice_state"),
        ]

    def __str__(self) -> str:
        return f"{self.template} by {self.channel}"


class NoticePreference(models.Model):
    """By which ways, besides the site's own inbox, a person wants to be told. No row: by all."""

    person = models.OneToOneField(
        "people.Person", models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    email = models.BooleanField(_("E-mail"), default=True)
    push = models.BooleanField(_("Push message"), default=True)
    sms = models.BooleanField(_("Text message"), default=True)

    def __str__(self) -> str:
        return f"wishes of {self.person_id}"


class PushSubscription(models.Model):
    """A browser that a person allowed to show push messages (RFC 8030, RFC 8291)."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=500, unique=True)
    keys = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"push of {self.person_id}"


class WebhookEndpoint(models.Model):
    """A machine that is told of events, each call signed with its secret."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey("organisations.Community", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=500)
    secret = models.BinaryField()  # sealed with the master key
    # After a rotation calls carry both signatures, so that no call is refused meanwhile.
    previous_secret = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    kinds = models.JSONField(default=list)  # event kinds wanted; empty means all public ones
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
