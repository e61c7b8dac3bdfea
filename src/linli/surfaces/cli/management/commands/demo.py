"""``linli demo``: create a demo neighbourhood, or show whom to sign in as."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import Community
from linli.surfaces.cli.command import LinliCommand
from linli.surfaces.cli.demo.accounts import accounts_shown
from linli.surfaces.cli.demo.build import build
from linli.surfaces.cli.demo.settings import NEIGHBOURHOODS, Settings


class Command(LinliCommand):
    """Create a neighbourhood with a year of matters; the same seed gives the same one each day."""

    summary = gettext_lazy(
        "Create a demo neighbourhood with a year of matters, or show its accounts"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--pack", choices=sorted(NEIGHBOURHOODS), default="cn-community")
        parser.add_argument("--size", choices=["small", "full"], default="full")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help=_("do nothing where there is a community already"),
        )
        parser.add_argument(
            "--accounts", action="store_true", help=_("show one account a role; create nothing")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create it, or show the accounts. Raises CommandError in production and a second time."""
        if options["accounts"]:
            self.stdout.write(accounts_shown())
            return
        if options["if_empty"] and Community.objects.exists():
            return
        if settings.PRODUCTION:
            raise CommandError(_("A demo has known passwords; there is none in production."))
        chosen = Settings.of(options["pack"], options["size"], options["seed"])
        code = chosen.values["community"]["code"]
        if Community.objects.filter(code=code).exists():
            raise CommandError(
                _("The demo neighbourhood %(code)s is there already.") % {"code": code}
            )
        began = time.monotonic()
        community = build(chosen, self._progress if options["verbosity"] else _silent)
        if options["verbosity"]:
            took, count = (
                time.monotonic() - began,
                Matter.objects.filter(community=community).count(),
            )
            told = {"community": community, "count": count, "took": f"{took:.0f}"}
            self.say("\r" + _("%(community)s: %(count)s matters, %(took)s s") % told)
            if not options["if_empty"]:  # who asked for that shows the accounts when it is open
                self.stdout.write(accounts_shown())

    def _progress(self, done: int, whole: int) -> None:
        if done == whole or done % max(whole // 50, 1) == 0:
            self.stdout.write(f"\r{done}/{whole}", ending="")
            self.stdout.flush()


def _silent(done: int, whole: int) -> None:
    """Tell nobody."""
