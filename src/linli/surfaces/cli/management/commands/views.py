"""`linli views`: read-only SQL views for analysts, and who may read them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.access.audit import audit
from linli.surfaces.cli.command import GroupedCommand, add_json
from linli.surfaces.sql.granting import GrantRefused, grant, readers, revoke
from linli.surfaces.sql.installing import install, remove, wrong
from linli.surfaces.sql.views import VIEWS


class Command(GroupedCommand):
    """Views without personal data, and roles that may read them and nothing else."""

    summary = gettext_lazy("Make read-only SQL views for analysts, and let people read them")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        self.sub(group, "install", self.install, _("make the views, or make them anew"))
        checked = self.sub(group, "check", self.check_views, _("say whether they are up to date"))
        add_json(checked)
        self.sub(group, "remove", self.remove, _("take the views away"))
        for name, run, told in (
            ("grant", self.grant, _("make a role that may read the views and nothing else")),
            ("revoke", self.revoke, _("take such a role away")),
        ):
            one = self.sub(group, name, run, told)
            one.add_argument("role", metavar="ROLE", help=_("name of the role in PostgreSQL"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand; a refusal is a plain sentence."""
        try:
            super().handle(*args, **options)
        except GrantRefused as refused:
            raise CommandError(str(refused)) from None

    def install(self, options: dict[str, Any]) -> None:
        """Make the views."""
        install()
        audit("views.installed", None, None)
        self.say(_("%(count)s views are there.") % {"count": len(VIEWS)})

    def check_views(self, options: dict[str, Any]) -> None:
        """Say what is missing or outdated; exit status 1 where anything is."""
        found = wrong()
        with connection.cursor() as cursor:
            roles = readers(cursor)
        if options["json"]:
            self.say_json({"wrong": found, "readers": roles})
        for name, why in sorted(found.items()) if not options["json"] else ():
            self.say(f"{name}: {why}")
        if found:
            raise CommandError(_("The views are not up to date; run “linli views install”."))
        if not options["json"]:
            self.say(_("The views are up to date."))

    def remove(self, options: dict[str, Any]) -> None:
        """Take the views away."""
        remove()
        audit("views.removed", None, None)
        self.say(_("The views are gone."))

    def grant(self, options: dict[str, Any]) -> None:
        """Make a role; its password is shown this once."""
        password = grant(options["role"])
        audit("views.granted", None, None, options["role"])
        self.stderr.write(_("Keep it safe: it is shown only now."))
        self.say(password)

    def revoke(self, options: dict[str, Any]) -> None:
        """Take a role away."""
        revoke(options["role"])
        audit("views.revoked", None, None, options["role"])
        self.say(_("Revoked: %(name)s.") % {"name": options["role"]})
