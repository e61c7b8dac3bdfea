"""`linli pack`: check packs, show them, compare them, give a community a new version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.packs.difference import difference
from linli.kernel.packs.loading import (
    StillInUse,
    adopt,
    folder_of,
    load_pack,
    missing_from,
    pack_names,
    pack_of,
    read_pack,
)
from linli.kernel.packs.problems import PackInvalid
from linli.surfaces.cli.command import GroupedCommand, add_json, community_named


class Command(GroupedCommand):
    """Packs on disk and packs in use."""

    summary = gettext_lazy("Check, show, compare and adopt configuration packs")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        check = self.sub(group, "check", self.check_packs, _("check packs and name each mistake"))
        check.add_argument(
            "packs", nargs="*", metavar="PACK", help=_("a name or a folder; all when absent")
        )
        listed = self.sub(group, "list", self.list_packs, _("list the packs that can be loaded"))
        add_json(listed)
        show = self.sub(group, "show", self.show, _("show what a pack holds"))
        show.add_argument("pack", metavar="PACK", help=_("a name or a folder"))
        add_json(show)
        differ = self.sub(group, "diff", self.differ, _("show what would change for a community"))
        adopting = self.sub(
            group, "adopt", self.adopt, _("give a community a pack as it stands on disk")
        )
        for one in (differ, adopting):
            one.add_argument("community", metavar="COMMUNITY", help=_("code of the community"))
        differ.add_argument(
            "pack", nargs="?", metavar="NAME", help=_("the pack; the one in use when absent")
        )
        adopting.add_argument("pack", metavar="NAME", help=_("the pack"))
        adopting.add_argument(
            "--even-if-missing",
            action="store_true",
            help=_("also when it lacks roles or kinds that are in use"),
        )

    def check_packs(self, options: dict[str, Any]) -> None:
        """Check each and say every mistake with file and line; raises CommandError if any."""
        wrong = 0
        for name in options["packs"] or pack_names():
            folder = _folder(name)
            try:
                content = read_pack(folder)
            except PackInvalid as invalid:
                wrong += 1
                for problem in invalid.problems:
                    self.stderr.write(f"{folder}/{problem}")
            else:
                self.say(_("%(name)s: in order.") % {"name": content.name})
        if wrong:
            raise CommandError(_("Packs with mistakes: %(count)s.") % {"count": wrong})

    def list_packs(self, options: dict[str, Any]) -> None:
        """List name, title and folder."""
        found = []
        for name in pack_names():
            folder = folder_of(name)
            try:
                title = str(read_pack(folder).title)
            except PackInvalid:
                title = _("(has mistakes)")
            found.append({"name": name, "title": title, "folder": str(folder)})
        if options["json"]:
            self.say_json(found)
            return
        for one in found:
            self.say(f"{one['name']:20} {one['title']}  {one['folder']}")

    def show(self, options: dict[str, Any]) -> None:
        """Show how much a pack holds, or all of it as JSON."""
        content = read_pack(_folder(options["pack"]))
        if options["json"]:
            self.say_json(content.model_dump(mode="json"))
            return
        self.say(f"{content.name}: {content.title} ({', '.join(content.languages)})")
        for section in ("roles", "organisation_kinds", "area_kinds", "categories", "clocks",
                        "reasons", "notices"):  # fmt: skip
            codes = list(getattr(content, section))
            self.say(f"{section} ({len(codes)}): {', '.join(codes)}")

    def differ(self, options: dict[str, Any]) -> None:
        """Show each setting that would change: + new, - gone, ~ other."""
        community = community_named(options["community"])
        after = read_pack(folder_of(options["pack"] or community.pack.name))
        changes = difference(pack_of(community), after)
        for change in changes:
            self.say(f"{change.sign} {change.path}")
            if change.sign == "~":
                self.say(f"    {change.before}\n    {change.after}")
        if not changes:
            self.say(_("Nothing would change."))

    def adopt(self, options: dict[str, Any]) -> None:
        """Give a community the pack; matters that run keep the version they began with."""
        community = community_named(options["community"])
        pack = load_pack(options["pack"])
        missing = missing_from(community, pack)
        try:
            adopt(community, pack, even_if_missing=options["even_if_missing"])
        except StillInUse:
            raise CommandError(
                _("This pack lacks what is in use here: %(missing)s. With --even-if-missing it is "
                  "adopted all the same.") % {"missing": _in_words(missing)}
            ) from None  # fmt: skip
        self.say(_("%(community)s now uses %(pack)s.") % {"community": community, "pack": pack})


def _folder(name: str) -> Path:
    path = Path(name)
    return path.resolve() if path.is_dir() else folder_of(name)


def _in_words(missing: dict[str, list[str]]) -> str:
    return "; ".join(f"{section}: {', '.join(codes)}" for section, codes in missing.items())
