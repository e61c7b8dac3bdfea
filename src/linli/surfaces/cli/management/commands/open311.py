"""`linli open311`: endpoints of other cities, and exchanging requests with them now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.exchange import endpoints
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.mechanisms.casework.exchanging.pulling import pull
from linli.mechanisms.casework.exchanging.pushing import push_due
from linli.surfaces.cli.command import GroupedCommand, add_community, add_json, community_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.kernel.organisations.models import Community


class Command(GroupedCommand):
    """Open311 servers of other cities."""

    summary = gettext_lazy("Exchange requests with other cities over Open311")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        listed = self.sub(group, "endpoints", self.list_all, _("list endpoints and how they do"))
        add_community(listed)
        add_json(listed)
        self._add(group)
        for name, run, told in (
            ("pull", self.pull, _("fetch requests and news of shared ones now")),
            ("push", self.push, _("send what waits now")),
        ):
            now = self.sub(group, name, run, told)
            now.add_argument("name", nargs="?", help=_("of one endpoint; all where left out"))
            add_community(now)
        for name, run, told in (
            ("pause", self.pause, _("pause an endpoint; what is to be sent waits")),
            ("resume", self.resume, _("let an endpoint go on")),
            ("again", self.again, _("try what was given up once more")),
            ("remove", self.remove, _("remove an endpoint; matters stay as they are")),
        ):
            one = self.sub(group, name, run, told)
            one.add_argument("name", help=_("of the endpoint"))
            add_community(one)

    def _add(self, group: Any) -> None:
        add = self.sub(group, "add", self.add, _("add an endpoint"))
        add.add_argument("name", help=_("what people here call it"))
        add.add_argument("url", help=_("what stands before /services.json"))
        add.add_argument("--jurisdiction", default="", help=_("its jurisdiction_id, if it asks"))
        add.add_argument(
            "--key-file", metavar="FILE", help=_("file with its api_key; “-” reads it from input")
        )
        add.add_argument(
            "--service",
            action="append",
            metavar="THEIRS=OURS",
            help=_("its service code and our category; may be repeated (those of the same code)"),
        )
        add.add_argument("--pull", action="store_true", help=_("fetch requests from it"))
        add.add_argument("--push", action="store_true", help=_("let the desk send requests to it"))
        add.add_argument(
            "--since", metavar="DATE", help=_("fetch what was requested from this day on (today)")
        )
        add_community(add)

    def list_all(self, options: dict[str, Any]) -> None:
        """List endpoints with their state; keys are never shown."""
        rows = endpoints.endpoints_of(community_named(options["community"]))
        found = [
            {
                "uuid": str(one.uuid), "name": one.name, "url": one.url, "active": one.active,
                "pulls": one.pulls, "pushes": one.pushes, "services": one.services,
                "pulled_at": one.pulled_at, "failures": one.failures, "error": one.last_error,
                **{name: getattr(one, name) for name in ("fetched", "sent", "waiting", "dead")},
            }
            for one in rows
        ]  # fmt: skip
        if options["json"]:
            self.say_json(found)
            return
        for one in found:
            state = one["error"] or (_("active") if one["active"] else _("paused"))
            told = _("%(fetched)d fetched, %(sent)d sent, %(waiting)d waiting, %(dead)d given up")
            self.say(f"{one['name']}  {one['url']}  {told % one}  {state}")

    def add(self, options: dict[str, Any]) -> None:
        """Add an endpoint; it is asked at once whether it answers."""
        community = community_named(options["community"])
        endpoint = endpoints.add_endpoint(
            community,
            name=options["name"].strip()[:80],
            url=options["url"],
            jurisdiction=options["jurisdiction"].strip(),
            key=self._key(options["key_file"]),
            services=dict(_pairs(options["service"])) if options["service"] else None,
            pulls=options["pull"],
            pushes=options["push"],
            since=_day(options["since"]),
        )
        self.say(_("Added, with %(number)d services.") % {"number": len(endpoint.services)})

    def _key(self, file: str | None) -> str:
        if not file:
            return ""
        if file == "-":
            return input().strip()
        with open(file, encoding="utf-8") as opened:
            return opened.read().strip()

    def pull(self, options: dict[str, Any]) -> None:
        """Fetch from one endpoint or from all that are active."""
        failed = []
        for endpoint in _chosen(options):
            done = pull(endpoint)
            told = _("%(name)s: %(new)d new, %(news)d changed, %(refused)d refused.")
            self.say(told % {"name": endpoint.name, **vars(done)})
            if done.failure:
                failed.append(f"{endpoint.name}: {done.failure}")
        if failed:
            raise CommandError("\n".join(failed))

    def push(self, options: dict[str, Any]) -> None:
        """Send what waits, for one endpoint or for all that are active."""
        for endpoint in _chosen(options):
            push_due(endpoint=endpoint)
            rows = Exchanged.objects.filter(endpoint=endpoint, way=Exchanged.Way.OUT)
            told = {
                "name": endpoint.name,
                "sent": rows.filter(state=Exchanged.State.SHARED).count(),
                "waiting": rows.filter(state=Exchanged.State.WAITING).count(),
                "dead": rows.filter(state=Exchanged.State.DEAD).count(),
            }
            self.say(_("%(name)s: %(sent)d sent, %(waiting)d waiting, %(dead)d given up.") % told)

    def pause(self, options: dict[str, Any]) -> None:
        """Pause an endpoint."""
        endpoints.set_active(_named(options), False)

    def resume(self, options: dict[str, Any]) -> None:
        """Let an endpoint go on."""
        endpoints.set_active(_named(options), True)

    def again(self, options: dict[str, Any]) -> None:
        """Let what was given up be tried again at the next pull or push."""
        number = endpoints.try_again(_named(options).exchanged.all())
        self.say(_("%(number)d will be tried again.") % {"number": number})

    def remove(self, options: dict[str, Any]) -> None:
        """Remove an endpoint."""
        endpoints.remove_endpoint(_named(options))


def _chosen(options: dict[str, Any]) -> list[Endpoint]:
    community = community_named(options["community"])
    if options["name"]:
        return [_named(options)]
    rows = Endpoint.objects.select_related("community__pack").order_by("name")
    return list(rows.filter(community=community, active=True))


def _named(options: dict[str, Any]) -> Endpoint:
    community: Community = community_named(options["community"])
    rows = Endpoint.objects.select_related("community__pack").filter(community=community)
    found = rows.filter(name=options["name"]).first()
    if found is None:
        raise CommandError(_("There is no endpoint “%(name)s”.") % {"name": options["name"]})
    return found


def _pairs(given: list[str]) -> Iterator[tuple[str, str]]:
    for one in given:
        theirs, equals, ours = one.rpartition("=")
        if not (theirs and equals and ours):
            raise CommandError(_("“%(text)s” is not THEIRS=OURS.") % {"text": one})
        yield theirs.strip(), ours.strip()


def _day(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2999:
        raise CommandError(_("“%(text)s” is no date like 2026-11-24.") % {"text": text})
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone())
