"""What every command of ``linli`` shares: its language, its sentences, its exit codes.

Exit codes: 0 done, 1 refused (the sentence says why), 2 called wrongly, 130 interrupted.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.core.management.base import BaseCommand, CommandError, SystemCheckError
from django.db import OperationalError, ProgrammingError, connections
from django.utils.translation import activate
from django.utils.translation import gettext as _

from linli.kernel.files.tables import UnreadableTable
from linli.kernel.organisations.models import Community
from linli.kernel.packs.loading import PackNotFound, pack_names
from linli.kernel.packs.problems import PackInvalid
from linli.kernel.procedures.errors import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction
    from collections.abc import Callable

INTERRUPTED = 130


def terminal_language() -> str:
    """Return the language of the terminal: Chinese where it says so, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, ""):
            return "zh-hans" if value.lower().startswith("zh") else "en"
    return "en"


class LinliCommand(BaseCommand):
    """A command whose refusals are plain sentences; ``summary`` is a lazy translation."""

    summary: Any = ""
    requires_system_checks: list[str] | tuple[str] | Literal["__all__"] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as the shell called it: in the terminal's language, ending with an exit code."""
        activate(terminal_language())
        self._called_from_command_line = True
        options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
        try:
            self.execute(*options.pop("args", ()), **options)
        except CommandError as error:
            if options.get("traceback") or isinstance(error, SystemCheckError):
                raise
            self.stderr.write(str(error))
            raise SystemExit(error.returncode) from None
        finally:
            connections.close_all()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Return the parser with its help in the active language."""
        self.help = str(self.summary)
        return super().create_parser(Path(prog_name).name, subcommand, **kwargs)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run and turn every foreseeable failure into a sentence. Raises CommandError."""
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            sentence = _("Interrupted. What was written stays; the same command takes it up again.")
            raise CommandError(sentence, returncode=INTERRUPTED) from None
        except (Refused, UnreadableTable, PackInvalid) as error:
            raise CommandError(str(error)) from None
        except PackNotFound as error:
            known = ", ".join(pack_names())
            sentence = _("There is no pack “%(name)s”. Known are: %(known)s.")
            raise CommandError(sentence % {"name": error, "known": known}) from None
        except (OperationalError, ProgrammingError) as error:
            sentence = _("The database cannot be used: %(reason)s. Was “linli migrate” run?")
            raise CommandError(sentence % {"reason": error}) from None
        except OSError as error:
            name = error.filename or ""
            raise CommandError(f"{name}: {error.strerror or error}") from None

    def say(self, text: object = "") -> None:
        """Write a line to standard output."""
        self.stdout.write(str(text))

    def say_json(self, value: Any) -> None:
        """Write a value as JSON, for machines."""
        self.say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


class GroupedCommand(LinliCommand):
    """A command with subcommands, each a method that takes the parsed options."""

    def group(self, parser: ArgumentParser) -> _SubParsersAction[Any]:
        """Return where `sub` adds subcommands; one must be named."""
        return parser.add_subparsers(dest="what", required=True, metavar="WHAT")

    def sub(
        self,
        group: _SubParsersAction[Any],
        name: str,
        run: Callable[[dict[str, Any]], None],
        told: str,
    ) -> Any:
        """Add a subcommand and return its parser."""
        parser = group.add_parser(name, help=told, description=told)
        parser.set_defaults(run=run)
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand that was named."""
        options["run"](options)


def add_community(parser: Any) -> None:
    """Add the option that names a community."""
    parser.add_argument(
        "--community",
        metavar="CODE",
        help=_("code of the community; may be left out where there is only one"),
    )


def add_json(parser: Any) -> None:
    """Add the option for machines."""
    parser.add_argument("--json", action="store_true", help=_("answer as JSON"))


def community_named(code: str | None) -> Community:
    """Return the community of that code, or the only one. Raises CommandError."""
    rows = Community.objects.select_related("pack").order_by("code")
    if code:
        found = rows.filter(code=code).first()
        if found is not None:
            return found
    elif len(rows) == 1:
        return rows[0]
    known = ", ".join(row.code for row in rows) or "–"
    if code:
        sentence = _("There is no community “%(code)s”. Known are: %(known)s.")
        raise CommandError(sentence % {"code": code, "known": known})
    raise CommandError(
        _("Name a community by --community. Known are: %(known)s.") % {"known": known}
    )


def existing_file(text: str) -> Path:
    """Return the path of a file to read. Raises CommandError."""
    path = Path(text)
    if not path.is_file():
        raise CommandError(_("There is no file “%(path)s”.") % {"path": text})
    return path
