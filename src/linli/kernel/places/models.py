"""Areas with their boundaries, and addresses down to the doorway."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid


class Area(models.Model):
    """A district, grid, estate or building: a piece of ground with a code and a keeper.

    Grid codes follow GB/T 30428.1: district (6 digits), street (3), community (3), cell (2).
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey("organisations.Community", models.PROTECT, related_name="areas")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    kind = models.CharField(_("kind"), max_length=40)  # a key of the pack's area kinds
    level = models.PositiveSmallIntegerField(default=0)  # the finer, the higher
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="areas",
        verbose_name=_("organisation in charge"),
    )
    boundary = models.JSONField(_("boundary"), null=True, blank=True)  # GeoJSON, WGS 84
    population = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "code"], name="one_code_an_area")
        ]
        indexes = [models.Index(fields=["community", "kind", "name"])]

    def __str__(self) -> str:
        return self.name


class Boundaries(models.Model):
    """Which state of a community's areas is current; see `places.boundaries`."""

    community = models.OneToOneField(
        "organisations.Community", models.CASCADE, primary_key=True, related_name="boundaries"
    )
    stamp = models.UUIDField(default=new_uuid)

    def __str__(self) -> str:
        return f"areas of {self.community_id} as of {self.stamp}"


class Address(models.Model):
    """A place people name: estate, building, unit, doorway."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="addresses"
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="addresses")
    text = models.CharField(_("address"), max_length=200)
    normalised = models.CharField(max_length=200)  # as `places.addresses.normalise` makes it
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    doorway_code = models.CharField(max_length=24, unique=True, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "normalised"], name="one_address_a_community"
            )
        ]

    def __str__(self) -> str:
        return self.text
