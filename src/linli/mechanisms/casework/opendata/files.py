"""The files of a release: CSV, JSON, and their description as a Frictionless data package.

https://specs.frictionlessdata.io/tabular-data-package/ and …/table-schema/.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from linli.kernel.files.tables import write_csv
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.opendata.columns import FIELDS, NAMES, Field
from linli.mechanisms.casework.opendata.models import Release, ReleaseFile

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGES = ("zh-hans", "en")
CSV, JSON = "text/csv; charset=utf-8", "application/json"


def files_of(release: Release, rows: Sequence[Sequence[str]]) -> list[ReleaseFile]:
    """Return the files of a release, not stored yet; equal rows give equal bytes."""
    name = f"requests-{release.community.code}-{release.period}-{release.edition}"
    text = io.StringIO()
    write_csv(text, list(NAMES), rows)
    table = {"period": release.period, "edition": release.edition, "fields": NAMES, "rows": rows}
    found = [
        _file(release, f"{name}.csv", CSV, text.getvalue().encode("utf-8-sig")),
        _file(release, f"{name}.json", JSON, _json(table)),
    ]
    described = _json(description(release, found))
    return [*found, _file(release, f"{name}.datapackage.json", JSON, described)]


def rows_of(release: Release) -> list[list[str]]:
    """Return the rows of a release as its JSON file has them."""
    rows: list[list[str]] = json.loads(content_of_file(_table(release)))["rows"]
    return rows


def _table(release: Release) -> ReleaseFile:
    named = release.files.filter(name__endswith=".json")
    return named.exclude(name__endswith=".datapackage.json").get()


def content_of_file(file: ReleaseFile) -> bytes:
    """Return the bytes of a file. Raises ValueError where they are not what was checked."""
    content = gzip.decompress(bytes(file.content))
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ValueError(f"{file.name} is not what was released")
    return content


def description(release: Release, files: Sequence[ReleaseFile]) -> dict[str, Any]:
    """Return the data package: files with their checksums, columns, licence, how it was made."""
    licence = pack_of(release.community).open_data.licence
    return {
        "profile": "tabular-data-package",
        "name": f"requests-{release.community.code}-{release.period}".lower(),
        "title": f"{release.community.name} {release.period}",
        "version": str(release.edition),
        "created": release.prepared_at.isoformat(timespec="seconds"),
        "licenses": [{"name": licence.name, "title": licence.title, "path": licence.path}],
        "resources": [_resource(file) for file in files if file.content_type == CSV],
        "linli:files": [{"name": file.name, "bytes": file.size, "hash": f"sha256:{file.sha256}"}
                        for file in files],
        "linli:rule": release.rule,
        "linli:loss": release.loss,
    }  # fmt: skip


def _resource(file: ReleaseFile) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource", "name": "requests", "path": file.name,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": {"fields": [_field(field) for field in FIELDS], "missingValues": [""]},
    }  # fmt: skip


def _field(field: Field) -> dict[str, Any]:
    titles, told = {}, {}
    for language in LANGUAGES:
        with override(language):
            titles[language], told[language] = str(field.title), str(field.told)
    found: dict[str, Any] = {
        "name": field.name, "type": field.kind, "title": titles["en"], "description": told["en"],
        "linli:title": titles, "linli:description": told,
    }  # fmt: skip
    if field.values:
        found["constraints"] = {"enum": list(field.values)}
    return found


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def _file(release: Release, name: str, content_type: str, content: bytes) -> ReleaseFile:
    return ReleaseFile(
        release=release, name=name, content_type=content_type, size=len(content),
        content=gzip.compress(content, mtime=0), sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
