"""Loading packs from YAML, storing each version once, and giving a community a new one."""

from __future__ import annotations

import copy
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from linli.kernel.packs.checking import check
from linli.kernel.packs.models import Pack
from linli.kernel.packs.problems import PackInvalid
from linli.kernel.packs.reading import read_source
from linli.kernel.packs.schema import LATER_CLOCKS, PackContent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.organisations.models import Community


class PackNotFound(LookupError):
    """No folder of that name in any place where packs are looked for."""


class StillInUse(ValueError):
    """The new pack lacks what a community uses; ``missing`` maps each section to its codes."""

    def __init__(self, missing: dict[str, list[str]]) -> None:
        self.missing = missing
        super().__init__(str(missing))


def folder_of(name: str) -> Path:
    """Return the folder of a pack. Raises PackNotFound."""
    for place in settings.PACKS:
        if (place / name / "pack.yaml").is_file():
            return Path(place) / name
    raise PackNotFound(name)


def pack_names() -> list[str]:
    """Return the names of all packs that can be loaded."""
    found = {path.parent.name for place in settings.PACKS for path in place.glob("*/pack.yaml")}
    return sorted(found)


def read_pack(folder: Path) -> PackContent:
    """Read ``pack.yaml`` and the files beside it, each a section of that name.

    Raises PackInvalid with every problem, its file and its line.
    """
    source = read_source(folder)
    content = check(source)
    if content.name != folder.name:
        sentence = _("The pack must be named like its folder, “%(name)s”.") % {"name": folder.name}
        raise PackInvalid([source.problem(("name",), sentence)])
    return content


def store_pack(content: PackContent) -> Pack:
    """Store a checked pack and return that version; the same content in the same order only once.

    What is offered is shown in the order of the pack: another order is another version.
    """
    values = content.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(values).encode()).hexdigest()
    pack, _created = Pack.objects.get_or_create(
        name=content.name, digest=digest, defaults={"content": values}
    )
    return pack


def load_pack(name: str) -> Pack:
    """Store the pack as it stands on disk and return that version.

    Raises PackNotFound or PackInvalid.
    """
    return store_pack(_read_once(folder_of(name), _state_of(folder_of(name))))


@lru_cache(maxsize=8)
def _read_once(folder: Path, state: tuple[tuple[str, int, int], ...]) -> PackContent:
    return read_pack(folder)


def _state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = [(path.name, path.stat()) for path in sorted(folder.glob("*.yaml"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


def adopt(community: Community, pack: Pack, *, even_if_missing: bool = False) -> None:
    """Let a community use a pack version from now on; matters that run keep the one they have.

    Raises StillInUse where the pack lacks roles, kinds of organisations or of areas in use.
    """
    if not even_if_missing and (missing := missing_from(community, pack)):
        raise StillInUse(missing)
    with transaction.atomic():
        community.pack = pack
        community.save(update_fields=["pack"])


def missing_from(community: Community, pack: Pack) -> dict[str, list[str]]:
    """Return the codes in use that a pack version lacks, by section."""
    content = content_of(pack)
    used: dict[str, Iterable[str]] = {
        "roles": community.memberships.current().values_list("role", flat=True),
        "organisation_kinds": community.organisations.filter(dissolved_on=None).values_list(
            "kind", flat=True
        ),
        "area_kinds": community.areas.values_list("kind", flat=True),
    }
    found = {
        section: sorted(set(codes) - set(getattr(content, section)))
        for section, codes in used.items()
    }
    return {section: codes for section, codes in found.items() if codes}


@lru_cache(maxsize=64)
def _content(pack_id: int, digest: str) -> PackContent:
    return stored_content(Pack.objects.get(pk=pack_id).content)


def stored_content(values: dict[str, Any]) -> PackContent:
    """Read a version as it was stored; settings that a newer Linli no longer knows are left out.

    A file with an unknown key is refused, but a matter must be readable by the version it began
    with for as long as it is kept. Raises ValidationError for anything else that is wrong.
    """
    own = values.get("clocks", {})
    later = {name: clock for name, clock in LATER_CLOCKS.items() if name not in own}
    values = {**values, "clocks": own | later}  # in the order of the file
    try:
        return PackContent.model_validate(values)
    except ValidationError as error:
        unknown = [one["loc"] for one in error.errors() if one["type"] == "extra_forbidden"]
        if not unknown or len(unknown) < error.error_count():
            raise
    known = copy.deepcopy(values)
    for *path, last in unknown:
        holder: Any = known
        for step in path:
            holder = holder[step]
        del holder[last]
    return PackContent.model_validate(known)


def content_of(pack: Pack) -> PackContent:
    """Return the checked content of a stored version; it never changes, so it is kept."""
    return _content(pack.pk, pack.digest)


def pack_of(community: Community) -> PackContent:
    """Return the pack version a community uses now."""
    return content_of(community.pack)
