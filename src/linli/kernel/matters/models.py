"""The matter and what hangs on it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid


class Audience(models.TextChoices):
    """Who may see a matter, an event, a text or a file; each includes the ones after it."""

    PUBLIC = "public", _("Everyone")
    PARTIES = "parties", _("Those who take part")
    STAFF = "staff", _("Staff in charge")
    NAMED = "named", _("Named people only")


class Urgency(models.TextChoices):
    """How fast a matter must move; the pack says what each means in hours."""

    EMERGENCY = "emergency", _("Emergency")
    URGENT = "urgent", _("Urgent")
    NORMAL = "normal", _("Normal")


class Matter(models.Model):
    """Anything a neighbourhood deals with, at a stage of its procedure.

    Only `linli.kernel.procedures.perform` changes one. ``title`` and ``text`` are the words of
    whoever brought it and may hold personal data; the public sees ``public_title`` and
    ``public_text``, which the desk wrote or released.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="matters", db_index=False
    )
    procedure = models.CharField(max_length=40)
    pack = models.ForeignKey("packs.Pack", models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(_("number"), max_length=24, unique=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    public_title = models.CharField(_("public title"), max_length=200, blank=True)
    public_text = models.TextField(_("public text"), blank=True)
    stage = models.CharField(_("stage"), max_length=40)
    version = models.PositiveIntegerField(default=0)
    urgency = models.CharField(
        _("urgency"), max_length=12, choices=Urgency.choices, default=Urgency.NORMAL
    )
    category = models.CharField(_("category"), max_length=60, blank=True)
    channel = models.CharField(_("channel"), max_length=20, default="web")
    audience = models.CharField(
        _("audience"), max_length=10, choices=Audience.choices, default=Audience.STAFF
    )
    desk = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="desk_matters",
        verbose_name=_("desk"),
    )
    responsible = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="responsible_matters",
        verbose_name=_("responsible organisation"),
    )
    reporter = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="reported_matters"
    )
    area = models.ForeignKey(
        "places.Area", models.PROTECT, null=True, related_name="matters", verbose_name=_("area")
    )
    address_text = models.CharField(_("address"), max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    # The running clock that falls due first, copied here so that an inbox is one index scan.
    due_at = models.DateTimeField(null=True)
    due_clock = models.CharField(max_length=40, blank=True)
    # What lists pick it out by, such as "reopened", see `matters.flags`.
    flags = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["community", "-created_at", "-id"], name="matter_newest"),
            models.Index(fields=["community", "stage", "-created_at", "-id"], name="matter_stage"),
            models.Index(
                fields=["community", "responsible", "due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="matter_inbox_unit",
            ),
            # All that inboxes filter and boards count by: no open matter need be fetched for it.
            models.Index(
                fields=["community", "due_at", "id"],
                include=[
                    "responsible", "desk", "area", "audience", "stage", "category", "urgency",
                    "flags",
                ],
                condition=Q(closed_at__isnull=True),
                name="matter_open",
            ),
            models.Index(
                fields=["community", "-created_at", "-id"],
                condition=Q(audience="public"),
                name="matter_board",
            ),
            models.Index(
                fields=["community", "-closed_at", "-id"],
                condition=Q(closed_at__isnull=False),
                name="matter_closed",
            ),
            models.Index(
                fields=["community", "procedure", "area"],
                condition=Q(audience="public"),
                name="matter_board_area",
            ),
            models.Index(fields=["community", "area", "-created_at"], name="matter_area"),
            models.Index(fields=["community", "category", "-created_at"], name="matter_category"),
            models.Index(fields=["community", "longitude", "latitude"], name="matter_map"),
            # “Is it this?” looks at those of a place that no point tells apart.
            models.Index(
                fields=["area", "-created_at"],
                condition=Q(closed_at__isnull=True, longitude__isnull=True),
                name="matter_placeless",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether the procedure has not come to an end."""
        return self.closed_at is None


class NumberSeries(models.Model):
    """The next free number of a community in a year; gapless, since it commits with the matter."""

    community = models.ForeignKey("organisations.Community", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "year"], name="one_series_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.community_id}/{self.year}: {self.last}"


class MatterLink(models.Model):
    """How one matter stands to another: this is how mechanisms hand over to each other."""

    class Kind(models.TextChoices):
        ARISES_FROM = "arises_from", _("arises from")
        DUPLICATE_OF = "duplicate_of", _("is a duplicate of")
        PART_OF = "part_of", _("is part of")
        CARRIED_OUT_BY = "carried_out_by", _("is carried out by")
        RELATED_TO = "related_to", _("is related to")

    source = models.ForeignKey(Matter, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Matter, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_link_of_a_kind"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="no_link_to_self"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Participant(models.Model):
    """Who takes part in a matter, and as what; kept apart from who works on it."""

    class Role(models.TextChoices):
        REPORTER = "reporter", _("Reporter")
        CO_REPORTER = "co_reporter", _("Also reported it")
        SUPPORTER = "supporter", _("Supports it")
        FOLLOWER = "follower", _("Follows it")
        NAMED = "named", _("Named")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="participants")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=Role.choices)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "person", "role"], name="one_participation_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} in {self.matter_id}"


class Attachment(models.Model):
    """A stored upload shown with a matter, and who may see it."""

    class Purpose(models.TextChoices):
        REPORT = "report", _("With the report")
        BEFORE = "before", _("Before the work")
        AFTER = "after", _("After the work")
        DOCUMENT = "document", _("Document")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="attachments")
    upload = models.OneToOneField("files.Upload", models.PROTECT, related_name="attachment")
    event = models.ForeignKey("events.Event", models.PROTECT, null=True, related_name="attachments")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.REPORT)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PARTIES)

    def __str__(self) -> str:
        return f"{self.purpose} of {self.matter_id}"


class MatterDetail(models.Model):
    """Base of what a mechanism adds to the matter; the row shares the matter's identity."""

    matter = models.OneToOneField(
        Matter, models.PROTECT, primary_key=True, related_name="%(class)s"
    )

    class Meta:
        abstract = True

    @property
    def reporter(self) -> Any:
        """Who brought the matter, or None."""
        return self.matter.reporter

    def flags(self) -> tuple[str, ...]:
        """Return what lists pick the matter out by; kept on it, see `matters.flags`."""
        return ()

    def __str__(self) -> str:
        return f"{type(self).__name__} of {self.matter_id}"


class SavedView(models.Model):
    """A set of filters a person comes back to: the query of a list's address, under a name."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="saved_views")
    community = models.ForeignKey("organisations.Community", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "community", "name"], name="one_view_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


# A model of this app in a file of its own: Django looks for models here.
from linli.kernel.matters.entries import SearchEntry  # noqa: E402, F401
