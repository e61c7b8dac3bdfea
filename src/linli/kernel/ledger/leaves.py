"""The hash of one event: the leaf of the Merkle tree (RFC 6962, section 2.1)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

if TYPE_CHECKING:
    from linli.kernel.events.models import Event


def leaf_content(event: Event) -> dict[str, Any]:
    """Return what is sealed of an event: facts and commitments, and uuids instead of row ids."""
    return {
        "uuid": str(event.uuid),
        "matter": str(event.matter.uuid),
        "seq": event.seq,
        "kind": event.kind,
        "relation": event.relation,
        "from": event.from_stage,
        "to": event.to_stage,
        "facts": event.facts,
        "commitments": event.commitments,
        "audience": str(event.audience),
        "at": event.at.isoformat(timespec="microseconds"),
    }


def canonical(content: dict[str, Any]) -> bytes:
    """Return sorted, compact UTF-8 JSON: the same bytes for the same content."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder
    ).encode()


def leaf_hash(event: Event) -> bytes:
    """Return SHA-256(0x00 ‖ canonical content), 32 bytes."""
    return hashlib.sha256(b"\x00" + canonical(leaf_content(event))).digest()
