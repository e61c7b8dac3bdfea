"""`linli docs`: write the reference pages that follow from the code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.packs.documenting import packs_markdown
from linli.kernel.procedures.documenting import procedures_markdown
from linli.surfaces.cli.command import LinliCommand
from linli.surfaces.cli.commands_reference import commands_markdown
from linli.surfaces.sql.documenting import views_markdown

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES: dict[str, Callable[[], str]] = {
    "procedures.md": procedures_markdown,
    "commands.md": commands_markdown,
    "packs.md": packs_markdown,
    "analysts-views.md": views_markdown,
}


class Command(LinliCommand):
    """Reference pages: procedures, commands, packs, views."""

    summary = gettext_lazy("Write the reference pages that follow from the code")

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help=_("write nothing; fail where a page is out of date"),
        )
        parser.add_argument(
            "--folder",
            type=Path,
            default=None,
            help=_("where the pages are; docs/reference when absent"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"] or settings.ROOT / "docs" / "reference"
        if not folder.is_dir():
            raise CommandError(_("There is no folder “%(path)s”.") % {"path": folder})
        stale = [name for name in PAGES if _differs(folder / name, PAGES[name]())]
        if options["check"]:
            if stale:
                names = ", ".join(stale)
                raise CommandError(
                    _("Out of date, run “linli docs”: %(names)s.") % {"names": names}
                )
            self.say(_("The reference pages are up to date."))
            return
        for name in stale:
            (folder / name).write_text(PAGES[name](), encoding="utf-8")
            self.say(_("Written: %(path)s") % {"path": folder / name})


def _differs(path: Path, wanted: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != wanted
