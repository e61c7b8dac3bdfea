"""`linli community`: set up a community and list those there are."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.access.audit import audit
from linli.kernel.organisations.models import Community, Organisation
from linli.kernel.packs.loading import content_of, load_pack
from linli.surfaces.cli.command import GroupedCommand, add_json

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PREFIX = re.compile(r"[A-Z0-9]{1,8}")
_WANTED_KIND = "community"


class Command(GroupedCommand):
    """Communities: the unit of isolation of an installation."""

    summary = gettext_lazy("Set up communities and list them")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        create = self.sub(group, "create", self.create, _("set up a community"))
        create.add_argument("code", help=_("short code for addresses and commands: east-lake"))
        create.add_argument("--name", required=True, help=_("its name"))
        create.add_argument("--prefix", required=True, help=_("what its numbers begin with: EL"))
        create.add_argument(
            "--pack", default=settings.DEFAULT_PACK, help=_("its pack (%(default)s)")
        )
        create.add_argument(
            "--zone", default="Asia/Shanghai", help=_("its time zone (%(default)s)")
        )
        create.add_argument(
            "--centre", metavar="LON,LAT", help=_("where its map begins: 114.30,30.50")
        )
        add_json(self.sub(group, "list", self.list_all, _("list the communities")))

    def create(self, options: dict[str, Any]) -> None:
        """Write the community and the organisation at the top of its tree."""
        values = _checked(options)
        pack = load_pack(options["pack"])
        with transaction.atomic():
            community = Community.objects.create(pack=pack, **values)
            Organisation.objects.add_root(
                {
                    "community": community,
                    "kind": _top_kind(community),
                    "name": community.name,
                    "code": "top",
                }
            )
            audit("communities.created", None, community, str(community.uuid))
        told = {"name": community.name, "code": community.code, "pack": pack}
        self.say(_("%(name)s (%(code)s) is set up with the pack %(pack)s.") % told)

    def list_all(self, options: dict[str, Any]) -> None:
        """List code, prefix, name, pack and zone."""
        rows = Community.objects.select_related("pack").order_by("code")
        found = [
            {
                "code": row.code,
                "prefix": row.prefix,
                "name": row.name,
                "pack": str(row.pack),
                "zone": row.timezone,
            }
            for row in rows
        ]
        if options["json"]:
            self.say_json(found)
            return
        for one in found:
            self.say(f"{one['code']:16} {one['prefix']:8} {one['pack']:26} {one['name']}")


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    code, prefix, name = options["code"], options["prefix"], options["name"].strip()
    if not _CODE.fullmatch(code):
        raise CommandError(_("The code may hold small letters, digits and hyphens, at most 40."))
    if not _PREFIX.fullmatch(prefix):
        raise CommandError(_("The prefix may hold capital letters and digits, at most 8."))
    if not 0 < len(name) <= 120:
        raise CommandError(_("The name may have 1 to 120 characters."))
    if Community.objects.filter(code=code).exists():
        raise CommandError(_("There is a community “%(code)s” already.") % {"code": code})
    if Community.objects.filter(prefix=prefix).exists():
        raise CommandError(_("Another community has the prefix “%(prefix)s”.") % {"prefix": prefix})
    try:
        ZoneInfo(options["zone"])
    except (LookupError, OSError, ValueError):
        raise CommandError(
            _("There is no time zone “%(zone)s”.") % {"zone": options["zone"]}
        ) from None
    longitude, latitude = _centre(options["centre"])
    return {
        "code": code, "prefix": prefix, "name": name, "timezone": options["zone"],
        "centre_longitude": longitude, "centre_latitude": latitude,
    }  # fmt: skip


def _centre(text: str | None) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    try:
        longitude, latitude = map(float, text.split(","))
    except ValueError:
        raise CommandError(
            _("The centre is longitude,latitude in degrees: 114.30,30.50.")
        ) from None
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise CommandError(_("This point lies outside the world."))
    return longitude, latitude


def _top_kind(community: Community) -> str:
    """Return the pack's kind "community", else the coarsest it has."""
    kinds = content_of(community.pack).organisation_kinds
    if _WANTED_KIND in kinds:
        return _WANTED_KIND
    return min(kinds, key=lambda code: kinds[code].level)
