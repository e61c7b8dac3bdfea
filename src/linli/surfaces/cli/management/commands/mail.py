"""`linli mail`: mailboxes residents write to, how they do, and fetching from them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.mail import mailboxes
from linli.kernel.mail.models import Mailbox
from linli.mechanisms.casework.by_mail.fetching import fetch
from linli.surfaces.cli.command import GroupedCommand, add_community, add_json, community_named

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community


class Command(GroupedCommand):
    """Mailboxes."""

    summary = gettext_lazy("Look after the mailboxes residents write to")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        status = self.sub(group, "status", self.status, _("list mailboxes and how they do"))
        add_community(status)
        add_json(status)
        now = self.sub(group, "fetch", self.fetch, _("fetch letters now"))
        now.add_argument("address", nargs="?", help=_("of one mailbox; all where left out"))
        add_community(now)
        for name, run, told in (
            ("pause", self.pause, _("pause a mailbox; letters wait on its server")),
            ("resume", self.resume, _("let a mailbox go on")),
        ):
            one = self.sub(group, name, run, told)
            one.add_argument("address", help=_("of the mailbox"))
            add_community(one)

    def status(self, options: dict[str, Any]) -> None:
        """List mailboxes with their state; passwords are never shown."""
        rows = mailboxes.mailboxes_of(community_named(options["community"]))
        names = ("host", "folder", "active", "fetched_at", "failed_at", "failures", "held_back",
                 "taken", "waiting", "aside")  # fmt: skip
        found = [
            {"address": box.address, "error": box.last_error}
            | {name: getattr(box, name) for name in names}
            for box in rows
        ]
        if options["json"]:
            self.say_json(found)
            return
        for one in found:
            held = _("held back") if one["held_back"] else _("active")
            state = one["error"] or (held if one["active"] else _("paused"))
            told = _("%(taken)d taken in, %(waiting)d waiting, %(aside)d put aside")
            self.say(f"{one['address']}  {one['host']}  {told % one}  {state}")

    def fetch(self, options: dict[str, Any]) -> None:
        """Fetch from one mailbox or from all that are active, once."""
        failed = []
        for mailbox in self._chosen(options):
            done = fetch(mailbox)
            if done.busy:
                self.say(_("%(address)s: a worker is reading it.") % {"address": mailbox.address})
                continue
            told = _("%(address)s: %(taken)d taken in, %(aside)d put aside, %(waiting)d waiting.")
            self.say(told % {"address": mailbox.address, **vars(done)})
            if done.failure:
                failed.append(f"{mailbox.address}: {done.failure}")
        if failed:
            raise CommandError("\n".join(failed))

    def pause(self, options: dict[str, Any]) -> None:
        """Pause a mailbox."""
        mailboxes.set_active(self._named(options), False)

    def resume(self, options: dict[str, Any]) -> None:
        """Let a mailbox go on."""
        mailboxes.set_active(self._named(options), True)

    def _chosen(self, options: dict[str, Any]) -> list[Mailbox]:
        community = community_named(options["community"])
        if options["address"]:
            return [self._named(options)]
        rows = Mailbox.objects.select_related("community__pack").order_by("address")
        return list(rows.filter(community=community, active=True))

    def _named(self, options: dict[str, Any]) -> Mailbox:
        community: Community = community_named(options["community"])
        rows = Mailbox.objects.select_related("community__pack").filter(community=community)
        found = rows.filter(address=options["address"].strip().lower()).first()
        if found is None:
            told = _("There is no mailbox “%(address)s”.")
            raise CommandError(told % {"address": options["address"]})
        return found
