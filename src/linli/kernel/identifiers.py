"""Identifiers shown outside: time-ordered UUIDs (RFC 9562, version 7)."""

import uuid

import uuid_utils


def new_uuid() -> uuid.UUID:
    """Return a UUIDv7: unguessable, and ordered by time so that indexes stay compact."""
    return uuid.UUID(int=uuid_utils.uuid7().int)
