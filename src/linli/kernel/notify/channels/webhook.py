"""Signed webhooks: public events to machines, in the form of Standard Webhooks."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.notify import signing
from linli.kernel.notify.channels import DELIVERED, SKIPPED, Came, Outcome
from linli.kernel.notify.payloads import is_public, payload_of
from linli.kernel.notify.posting import AddressRefused, Unreachable, post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.notify.channels import Packed
    from linli.kernel.notify.models import Notice, WebhookEndpoint

GONE = 410


def pack(notices: Sequence[Notice]) -> Packed:
    """Write the calls; what is public no longer is skipped."""
    return {notice.pk: _packed(notice) for notice in notices}


def _packed(notice: Notice) -> Outcome | partial[Outcome]:
    endpoint, event = notice.endpoint, notice.event
    if endpoint is None or event is None or not is_public(event):
        return SKIPPED
    try:
        keys = valid_keys(endpoint)
    except InvalidToken:  # the master key was changed
        return Outcome(Came.REFUSED, _("The secret cannot be read; please make a new one."))
    return partial(call, endpoint.url, keys, notice.uuid.hex, payload_of(event))


def valid_keys(endpoint: WebhookEndpoint) -> list[bytes]:
    """Return the keys that sign a call: the newest, and for a day after a rotation the last."""
    keys = [signing.opened(endpoint.secret)]
    until = endpoint.previous_until
    if endpoint.previous_secret and until is not None and timezone.now() < until:
        keys.append(signing.opened(endpoint.previous_secret))
    return keys


def call(
    url: str, keys: list[bytes], identifier: str, payload: object, *, trusted: bool = False
) -> Outcome:
    """Call a webhook and return what came of it. ``identifier``: of the message, 32 hex digits."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Linli",
        **signing.headers(f"msg_{identifier}", int(time.time()), body, keys),
    }
    try:
        reply = post(url, body, headers, trusted=trusted)
    except AddressRefused as error:
        return Outcome(Came.FAILED, str(error))
    except Unreachable as error:
        return Outcome(Came.FAILED, str(error))
    if reply.accepted:
        return DELIVERED
    said = f"{reply.status} {reply.excerpt}".strip()
    if reply.status == GONE:
        return Outcome(Came.REFUSED, said, gone_endpoint=True)
    return Outcome(Came.FAILED, said, reply.retry_after)
