"""Communities, the tree of organisations, posts people hold, federations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager

from linli.kernel.identifiers import new_uuid
from linli.kernel.organisations.days import DayIn

if TYPE_CHECKING:
    from datetime import date

    from linli.kernel.kept_queries import Given


class Community(models.Model):
    """The unit of isolation: whoever installs Linli, with its pack, its zone, its numbers."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(_("number prefix"), max_length=8, unique=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    pack = models.ForeignKey(
        "packs.Pack", models.PROTECT, related_name="communities", verbose_name=_("pack")
    )
    centre_longitude = models.FloatField(null=True, blank=True)
    centre_latitude = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return self.name

    def day_of(self, at: datetime) -> date:
        """Return the day it is here at an (aware) instant."""
        return at.astimezone(ZoneInfo(self.timezone)).date()


class OrganisationManager(MP_NodeManager):
    """Organisations that still exist, and all."""

    def standing(self) -> models.QuerySet[Organisation]:
        """Return organisations that were not dissolved."""
        return self.filter(dissolved_on__isnull=True)


class Organisation(MP_Node):
    """A street, community, grid, department, branch, company: a node in the tree of levels."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="organisations")
    kind = models.CharField(_("kind"), max_length=40)  # a key of the pack's organisation kinds
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, blank=True)
    public_phone = models.CharField(_("public telephone"), max_length=40, blank=True)
    description = models.TextField(_("what it does"), blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)

    node_order_by: list[str] = []
    objects = OrganisationManager()

    class Meta:
        indexes = [models.Index(fields=["community", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"], condition=~Q(code=""), name="one_code_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Posts by date."""

    def current(self, at: Given | None = None) -> MembershipQuerySet:
        """Return posts held at an instant (now when absent), each by the day of its community."""
        day = DayIn("community__timezone", at)
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Membership(models.Model):
    """A post: this person has this role in this organisation from then until then.

    One person may hold several (一肩挑).
    """

    community = models.ForeignKey(Community, models.PROTECT, related_name="memberships")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=40)  # a key of the pack's roles
    title = models.CharField(_("title"), max_length=80, blank=True)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["community", "organisation", "role"]),
            models.Index(fields=["person", "until"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(until__isnull=True),
                name="one_open_post_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="post_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role} · {self.organisation}"

    def end(self, at: datetime) -> None:
        """End it with the day before, by its community; begun that day or later, it is removed."""
        today = self.community.day_of(at)
        if self.since >= today:
            self.delete()
        else:
            self.until = today - timedelta(days=1)
            self.save(update_fields=["until"])


class Federation(models.Model):
    """Organisations that work together while each keeps its own superiors (联合党委)."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="federations")
    name = models.CharField(_("name"), max_length=120)
    convener = models.ForeignKey(Organisation, models.PROTECT, related_name="convenes")
    members: models.ManyToManyField[Organisation, FederationMember] = models.ManyToManyField(
        Organisation, through="FederationMember", related_name="federations"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], name="one_name_a_federation")
        ]

    def __str__(self) -> str:
        return self.name


class FederationMember(models.Model):
    """An organisation's membership in a federation, with its dates."""

    federation = models.ForeignKey(Federation, models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["federation", "organisation"],
                condition=Q(until__isnull=True),
                name="one_open_seat",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.federation}"
