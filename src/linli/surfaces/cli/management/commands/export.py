"""`linli export`: matters, events and figures as tables, without personal values."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.access.audit import audit
from linli.kernel.events.exporting import WHAT, Export
from linli.kernel.files.writing_tables import FORMATS, TooLong, write_table
from linli.surfaces.cli.command import LinliCommand, add_community, community_named


class Command(LinliCommand):
    """Tables for spreadsheets and programs; each export is audited."""

    summary = gettext_lazy("Write matters, events or figures to a table, without personal values")

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=WHAT, help=_("what to write"))
        parser.add_argument("file", metavar="FILE", help=_("where to write it"))
        parser.add_argument(
            "--format", choices=FORMATS, help=_("by the name of the file when absent")
        )
        parser.add_argument("--since", metavar="DAY", help=_("first day, 2026-01-01"))
        parser.add_argument("--until", metavar="DAY", help=_("last day, 2026-12-31"))
        reader = parser.add_mutually_exclusive_group(required=True)
        reader.add_argument(
            "--public", action="store_true", help=_("only what the public may read")
        )
        reader.add_argument(
            "--internal", action="store_true", help=_("all that staff may read in bulk")
        )
        parser.add_argument("--force", action="store_true", help=_("replace a file that is there"))
        add_community(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        community, path = community_named(options["community"]), Path(options["file"])
        form = options["format"] or path.suffix.removeprefix(".").lower()
        if form not in FORMATS:
            known = ", ".join(FORMATS)
            raise CommandError(_("Name a format by --format: %(known)s.") % {"known": known})
        if path.exists() and not options["force"]:
            raise CommandError(_("“%(path)s” exists; --force replaces it.") % {"path": path})
        since, until = _day(options["since"]), _day(options["until"])
        if since and until and until < since:
            raise CommandError(_("The last day comes before the first."))
        export = Export(community, options["what"], options["public"], since, until)
        try:
            with timezone.override(ZoneInfo(community.timezone)):
                count = write_table(path, export.columns, export.rows(), form)
        except TooLong as error:
            raise CommandError(str(error)) from None
        audit(
            "export", None, community, options["what"], rows=count, public=options["public"],
            since=options["since"], until=options["until"],
        )  # fmt: skip
        self.say(_("%(count)s rows written to %(path)s.") % {"count": count, "path": path})


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(_("“%(text)s” is no day such as 2026-01-31.") % {"text": text}) from None
