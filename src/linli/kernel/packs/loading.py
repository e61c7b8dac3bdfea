"""Loading packs from YAML and reading stored ones."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from django.conf import settings

from linli.kernel.packs.models import Pack
from linli.kernel.packs.schema import PackContent

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community


class PackNotFound(LookupError):
    """No folder of that name in any place where packs are looked for."""


def folder_of(name: str) -> Path:
    """Return the folder of a pack. Raises PackNotFound."""
    for place in settings.PACKS:
        if (place / name / "pack.yaml").is_file():
            return Path(place) / name
    raise PackNotFound(name)


def read_pack(folder: Path) -> PackContent:
    """Read ``pack.yaml`` and the files beside it, each a section of that name."""
    content = yaml.safe_load((folder / "pack.yaml").read_text(encoding="utf-8"))
    for part in sorted(folder.glob("*.yaml")):
        if part.name != "pack.yaml":
            content[part.stem] = yaml.safe_load(part.read_text(encoding="utf-8"))
    return PackContent.model_validate(content)


def load_pack(name: str) -> Pack:
    """Store the pack as it stands on disk and return that version; the same content only once."""
    content = read_pack(folder_of(name)).model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    pack, _ = Pack.objects.get_or_create(name=name, digest=digest, defaults={"content": content})
    return pack


@lru_cache(maxsize=64)
def _content(pack_id: int, digest: str) -> PackContent:
    return PackContent.model_validate(Pack.objects.get(pk=pack_id).content)


def content_of(pack: Pack) -> PackContent:
    """Return the checked content of a stored version; it never changes, so it is kept."""
    return _content(pack.pk, pack.digest)


@lru_cache(maxsize=256)
def _content_by_id(pack_id: int) -> PackContent:
    return content_of(Pack.objects.only("pk", "digest").get(pk=pack_id))


def pack_of(community: Community) -> PackContent:
    """Return the pack version a community uses now."""
    return content_of(community.pack)
