"""`linli open_data`: preparing, releasing and correcting open data from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.people.models import Person
from linli.mechanisms.casework.opendata.files import content_of_file
from linli.mechanisms.casework.opendata.models import Release
from linli.mechanisms.casework.opendata.preparing import correct, prepare
from linli.mechanisms.casework.opendata.releasing import OpenDataRefused, let_out, refuse
from linli.surfaces.cli.command import GroupedCommand, add_community, add_json, community_named


class Command(GroupedCommand):
    """What people do on the workbench, by the same rules; a release names who decided."""

    summary = gettext_lazy("Prepare open data of a closed period, release, refuse or correct it")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        listed = self.sub(group, "list", self.list_all, _("list releases, the newest first"))
        add_community(listed)
        add_json(listed)
        prepared = self.sub(group, "prepare", self.prepare, _("prepare the period of a day"))
        prepared.add_argument("day", metavar="DAY", help=_("a day of the period, 2026-01-31"))
        add_community(prepared)
        for name, run, told in (
            ("release", self.release, _("let a prepared release out")),
            ("refuse", self.refuse, _("refuse a prepared release")),
            ("correct", self.correct, _("prepare a corrected edition of what is out")),
        ):
            one = self.sub(group, name, run, told)
            one.add_argument(
                "period", metavar="PERIOD", help=_("as “linli open_data list” shows it")
            )
            one.add_argument("--by", required=True, metavar="USERNAME", help=_("who decides"))
            one.add_argument("--reason", required=True, help=_("why; it stays on record"))
            add_community(one)
        saved = self.sub(group, "save", self.save, _("write the files of a release to a folder"))
        saved.add_argument("period", metavar="PERIOD", help=_("as “linli open_data list” shows it"))
        saved.add_argument("folder", metavar="FOLDER", help=_("where to write them"))
        add_community(saved)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand; a refusal is a plain sentence."""
        try:
            super().handle(*args, **options)
        except OpenDataRefused as refused:
            raise CommandError(str(refused)) from None

    def list_all(self, options: dict[str, Any]) -> None:
        """List the releases of a community."""
        rows = Release.objects.filter(community=community_named(options["community"]))
        found = [
            {"period": one.period, "edition": one.edition, "state": one.state, "rows": one.rows,
             "loss": one.loss, "decided_at": one.decided_at}
            for one in rows.defer("keys").order_by("-since", "-edition", "-pk")
        ]  # fmt: skip
        if options["json"]:
            self.say_json(found)
            return
        for one in found:
            self.say(f"{one['period']:8} {one['edition']:3} {one['state']:10} {one['rows']:8}")

    def prepare(self, options: dict[str, Any]) -> None:
        """Prepare a period."""
        try:
            day = date.fromisoformat(options["day"])
        except ValueError:
            sentence = _("“%(text)s” is no day such as 2026-01-31.")
            raise CommandError(sentence % {"text": options["day"]}) from None
        made = prepare(community_named(options["community"]), day)
        self.say(_("Prepared %(period)s: %(rows)s rows wait for a look.") % {
            "period": made.period, "rows": made.rows})  # fmt: skip

    def release(self, options: dict[str, Any]) -> None:
        """Let a release out, or note the first of two looks."""
        done = let_out(self._named(options), _person(options["by"]), options["reason"])
        self.say(f"{done.period}: {done.get_state_display()}")

    def refuse(self, options: dict[str, Any]) -> None:
        """Refuse a release."""
        done = refuse(self._named(options), _person(options["by"]), options["reason"])
        self.say(f"{done.period}: {done.get_state_display()}")

    def correct(self, options: dict[str, Any]) -> None:
        """Prepare another edition."""
        made = correct(self._named(options), _person(options["by"]), options["reason"])
        self.say(_("Prepared %(period)s: %(rows)s rows wait for a look.") % {
            "period": made.period, "rows": made.rows})  # fmt: skip

    def save(self, options: dict[str, Any]) -> None:
        """Write the files of the newest edition that is out; a file that is there is kept."""
        release, folder = self._named(options), Path(options["folder"])
        if not release.is_public:
            raise CommandError(_("It is not released."))
        for file in release.files.order_by("pk"):
            with (folder / file.name).open("xb") as target:
                target.write(content_of_file(file))
            self.say(folder / file.name)

    def _named(self, options: dict[str, Any]) -> Release:
        rows = Release.objects.select_related("community").filter(
            community=community_named(options["community"])
        )
        newest = rows.exclude(state=Release.State.REFUSED).order_by("-since", "-edition")
        for one in newest:
            if one.period == options["period"]:
                return one
        raise CommandError(_("There is no release “%(name)s”.") % {"name": options["period"]})


def _person(username: str) -> Person:
    found = Person.objects.filter(username__iexact=username).first()
    if found is None:
        raise CommandError(_("Nobody has the user name “%(name)s”.") % {"name": username})
    return found
