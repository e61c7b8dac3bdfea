"""`linli rebuild`: make anew what is kept from events and matters."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.indicators.rebuilding import rebuild
from linli.kernel.matters.models import Matter
from linli.kernel.matters.search import reindex
from linli.kernel.organisations.models import Community
from linli.kernel.procedures.flagging import rebuild_flags
from linli.mechanisms.casework.hot_topics.nights import count_day
from linli.surfaces.cli.command import GroupedCommand, add_community, add_json, community_named


class Command(GroupedCommand):
    """Figures, search index, flags of matters, hot topics: all follow from what is stored."""

    summary = gettext_lazy("Make figures, the search index, flags and hot topics anew")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        figures = self.sub(
            group, "indicators", self.indicators, _("count every figure anew from its events")
        )
        figures.add_argument(
            "--check", action="store_true", help=_("change nothing; fail where a figure differs")
        )
        add_json(figures)
        search = self.sub(group, "search", self.search, _("index every matter anew"))
        flags = self.sub(
            group, "flags", self.flags, _("mark anew which lists each matter belongs on")
        )
        flags.add_argument(
            "--check", action="store_true", help=_("change nothing; fail where a matter differs")
        )
        topics = self.sub(group, "topics", self.topics, _("count the hot topics of today anew"))
        for one in (figures, search, flags, topics):
            add_community(one)

    def indicators(self, options: dict[str, Any]) -> None:
        """Say each cell whose kept figure is not what its events give."""
        found = []
        for community in _chosen(options):
            for cell, kept, counted in rebuild(community, check=options["check"]):
                found.append(
                    {
                        "community": community.code,
                        "indicator": cell.indicator,
                        "day": cell.day,
                        "cell": cell.key,
                        "kept": kept,
                        "counted": counted,
                    }
                )
        if options["json"]:
            self.say_json(found)
        for one in found if not options["json"] else []:
            where = "{community} {day} {indicator} {cell}".format(**one)
            told = {"kept": one["kept"], "counted": one["counted"]}
            self.say(f"{where}: " + _("kept %(kept)s, counted %(counted)s") % told)
        if found and options["check"]:
            raise CommandError(_("Figures that differ: %(count)s.") % {"count": len(found)})
        if not options["json"]:
            self.say(_("Figures that differed: %(count)s.") % {"count": len(found)})

    def search(self, options: dict[str, Any]) -> None:
        """Index the matters of the communities anew."""
        made = sum(reindex(Matter.objects.filter(community=one)) for one in _chosen(options))
        self.say(_("Matters indexed: %(count)s.") % {"count": made})

    def flags(self, options: dict[str, Any]) -> None:
        """Say each matter whose flags are not what its detail gives."""
        count = 0
        for community in _chosen(options):
            for matter, kept, found in rebuild_flags(community, check=options["check"]):
                count += 1
                told = {"kept": kept.strip() or "-", "counted": found.strip() or "-"}
                self.say(f"{matter.number}: " + _("kept %(kept)s, counted %(counted)s") % told)
        if count and options["check"]:
            raise CommandError(_("Matters that differ: %(count)s.") % {"count": count})
        self.say(_("Matters that differed: %(count)s.") % {"count": count})

    def topics(self, options: dict[str, Any]) -> None:
        """Count the hot topics of each community as its night does; say how many there are."""
        for community in _chosen(options):
            day = community.day_of(timezone.now())
            found = count_day(community, day)
            self.say(f"{community.code} {day}: " + _("hot topics: %(count)s") % {"count": found})


def _chosen(options: dict[str, Any]) -> list[Community]:
    if options["community"]:
        return [community_named(options["community"])]
    return list(Community.objects.order_by("pk"))
