"""`linli import`: areas, addresses, and what was said and answered before Linli."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.files.tables import write_csv
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.places.address_import import FIELDS as ADDRESS_FIELDS
from linli.kernel.places.address_import import import_addresses
from linli.kernel.places.area_import import FIELDS as AREA_FIELDS
from linli.kernel.places.area_import import UnreadableAreas, import_areas
from linli.mechanisms.casework.importing.mapping import read_map
from linli.mechanisms.casework.importing.running import import_requests
from linli.surfaces.cli.command import (
    GroupedCommand,
    add_community,
    add_json,
    community_named,
    existing_file,
)
from linli.surfaces.cli.progress import progress_over

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SAID = 20
Fault = tuple[object, str, str]  # where, field or number, sentence


class Command(GroupedCommand):
    """Bringing in what exists already; the same file twice changes nothing."""

    summary = gettext_lazy("Bring in areas, addresses, requests and replies from files")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        areas = self.sub(group, "areas", self.areas, _("bring in areas from GeoJSON"))
        areas.add_argument("file", metavar="FILE", help=_("a FeatureCollection"))
        areas.add_argument(
            "--national-codes",
            action="store_true",
            help=_("codes of grids must follow GB/T 30428.1"),
        )
        addresses = self.sub(
            group, "addresses", self.addresses, _("bring in addresses from CSV or Excel")
        )
        addresses.add_argument("file", metavar="FILE", help=_("a table"))
        for one, fields in ((areas, AREA_FIELDS), (addresses, ADDRESS_FIELDS)):
            one.add_argument(
                "--name",
                action="append",
                default=[],
                metavar="FIELD=NAME",
                help=_("what the file calls a field, once for each; fields: ") + ", ".join(fields),
            )
        requests = self.sub(
            group,
            "requests",
            self.requests,
            _("bring in requests, and their replies, of earlier records"),
        )
        replies = self.sub(
            group, "replies", self.replies, _("bring in replies to requests that are in already")
        )
        for one in (requests, replies):
            one.add_argument("file", metavar="FILE", help=_("a CSV or Excel table"))
            one.add_argument(
                "--map", required=True, metavar="MAP.yaml", help=_("which column holds what")
            )
        for one in (areas, addresses, requests, replies):
            add_community(one)
            one.add_argument("--dry-run", action="store_true", help=_("check all, keep nothing"))
            one.add_argument(
                "--report",
                metavar="FILE",
                help=_("write every refused row, and why, to this CSV file"),
            )
            add_json(one)

    def areas(self, options: dict[str, Any]) -> None:
        """All areas come in, or none."""
        community, path, report = _asked(options)
        names = _names(options, AREA_FIELDS)
        try:
            done = import_areas(
                community, path, properties=names, dry_run=options["dry_run"],
                national_codes=options["national_codes"],
            )  # fmt: skip
        except UnreadableAreas as error:
            raise CommandError(str(error)) from None
        for warning in done.warnings:
            self.stderr.write(f"{warning.index + 1}: {warning.field}: {warning.sentence}")
        counts = {"created": done.created, "updated": done.updated, "unchanged": done.unchanged}
        faults = [(fault.index + 1, fault.field, fault.sentence) for fault in done.faults]
        self._tell(options, counts, faults, report)

    def addresses(self, options: dict[str, Any]) -> None:
        """Every row that can come in does."""
        community, path, report = _asked(options)
        names = _names(options, ADDRESS_FIELDS)
        done = import_addresses(community, path, columns=names, dry_run=options["dry_run"])
        counts = {"created": done.created, "updated": done.updated, "unchanged": done.unchanged}
        faults = [(fault.row, fault.field, fault.sentence) for fault in done.faults]
        self._tell(options, counts, faults, report)

    def requests(self, options: dict[str, Any]) -> None:
        """Every row that can come in does, once."""
        self._bring_in(options, "requests")

    def replies(self, options: dict[str, Any]) -> None:
        """Every reply that can come in does, once."""
        self._bring_in(options, "replies")

    def _bring_in(self, options: dict[str, Any], what: Any) -> None:
        community, path, report = _asked(options)
        mapping = read_map(existing_file(options["map"]), community)
        with progress_over(path, path.name) as told:
            done = import_requests(
                community, path, mapping, what=what, dry_run=options["dry_run"], told=told
            )
        while not options["dry_run"] and fold_pending():
            pass  # figures are right as soon as the command ends
        counts = {"requests": done.requests, "replies": done.answers, "known": done.known}
        faults = [(one.row, one.identity, one.sentence) for one in done.refusals]
        self._tell(options, counts, faults, report)

    def _tell(
        self,
        options: dict[str, Any],
        counts: dict[str, int],
        faults: Sequence[Fault],
        report: Path | None,
    ) -> None:
        if report is not None:
            _write_report(report, faults)
        if options["json"]:
            rows = [dict(zip(("row", "field", "reason"), fault, strict=True)) for fault in faults]
            self.say_json({**counts, "refused": rows, "dry_run": options["dry_run"]})
        else:
            self._in_words(counts, faults, options["dry_run"])
        if faults:
            raise CommandError(_("Not brought in: %(count)s.") % {"count": len(faults)})

    def _in_words(self, counts: dict[str, int], faults: Sequence[Fault], dry_run: bool) -> None:
        words = {
            "created": _("New"),
            "updated": _("Changed"),
            "unchanged": _("As they were"),
            "requests": _("Requests brought in"),
            "replies": _("Replies brought in"),
            "known": _("In already"),
        }
        if dry_run:
            self.say(_("Nothing is kept: this only shows what would happen."))
        for name, count in counts.items():
            self.say(f"{words[name]}: {count}")
        for where, field, sentence in faults[:MOST_SAID]:
            self.stderr.write(f"{where}: {field}: {sentence}" if field else f"{where}: {sentence}")
        if len(faults) > MOST_SAID:
            self.stderr.write(_("… and more; --report FILE writes them all."))


def _asked(options: dict[str, Any]) -> tuple[Any, Path, Path | None]:
    """Return community, file and report, which must be writable before anything begins."""
    community, path = community_named(options["community"]), existing_file(options["file"])
    report = Path(options["report"]) if options["report"] else None
    if report is not None:
        if report.resolve() == path.resolve():
            raise CommandError(_("The report would replace the file that is read."))
        _write_report(report, [])
    return community, path, report


def _write_report(path: Path, faults: Sequence[Fault]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, [_("Row"), _("Number or field"), _("Why")], faults)


def _names(options: dict[str, Any], fields: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for given in options["name"]:
        field, _equals, name = given.partition("=")
        if field not in fields or not name:
            known = ", ".join(fields)
            sentence = _("--name takes FIELD=NAME; fields are: %(known)s.")
            raise CommandError(sentence % {"known": known}, returncode=2)
        found[field] = name
    return found
