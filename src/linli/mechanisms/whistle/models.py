"""What whistles, calls and agreed duties add to their matters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.kernel.matters.models import MatterDetail


class Case(models.TextChoices):
    """The three cases in which one may whistle."""

    JOINT_ENFORCEMENT = "joint_enforcement", _("Joint enforcement")
    KEY_WORK = "key_work", _("Key work")
    EMERGENCY = "emergency", pgettext_lazy("whistle", "Emergency")


class How(models.TextChoices):
    """How a department reported in."""

    ON_SITE = "on_site", _("On site")
    REMOTE = "remote", _("From afar")


class Result(models.IntegerChoices):
    """What a department's work came to, as the whistler says."""

    VERY_GOOD = 5, _("Very good")
    GOOD = 4, _("Good")
    FAIR = 3, _("Fair")
    POOR = 2, _("Poor")
    NOTHING = 1, _("Nothing came of it")


class Whistle(MatterDetail):
    """A whistle (哨): the case, where to meet, the joint record, and what came of it.

    The matter's text says what is to be done, its desk is who whistled. The point to meet at is
    kept here: a whistle is no dot on the map of reports.
    """

    case = models.CharField(_("case"), max_length=20, choices=Case.choices)
    why = models.TextField(_("why several departments are needed"), blank=True)
    meet_at = models.DateTimeField(_("when to meet"), null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    found = models.TextField(_("joint record"), blank=True)
    recorded_at = models.DateTimeField(null=True)
    outcome = models.TextField(_("what came of it"), blank=True)


class WhistleCall(MatterDetail):
    """One department called by a whistle: how it answered, and the ratings both ways.

    ``missed``: the clock ran out, or it declined, before it reported in. ``seconds``: from the
    call to the report. The matter's responsible organisation is the department.
    """

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="calls")
    how = models.CharField(_("how"), max_length=10, choices=How.choices, blank=True)
    came_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    late = models.BooleanField(null=True)
    missed = models.BooleanField(default=False)
    distance_m = models.PositiveIntegerField(null=True)  # from where to meet, when checked in
    declined_why = models.TextField(_("why it did not come"), blank=True)
    on_time = models.BooleanField(null=True)  # the next three: as the whistler rates
    worked = models.BooleanField(null=True)
    result = models.PositiveSmallIntegerField(choices=Result.choices, null=True)
    rated_at = models.DateTimeField(null=True)
    justified = models.BooleanField(null=True)  # the next two: as the department judges
    clear = models.BooleanField(null=True)
    judged_at = models.DateTimeField(null=True)


class WhistleDuty(MatterDetail):
    """What a department agreed to do, by when; the matter's text says what."""

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="duties")
    due_on = models.DateField(_("by"))
    done = models.TextField(_("what was done"), blank=True)
    done_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
