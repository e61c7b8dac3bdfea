"""Web push: encrypted for one browser (RFC 8291), signed for its push service (RFC 8292)."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from pywebpush import WebPusher

from linli.kernel.notify import vapid
from linli.kernel.notify.channels import DELIVERED, SKIPPED, Came, Outcome
from linli.kernel.notify.models import PushSubscription
from linli.kernel.notify.posting import AddressRefused, Unreachable, post
from linli.kernel.notify.preferences import preferences_of, wants
from linli.kernel.notify.texts import compose_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.notify.channels import Packed
    from linli.kernel.notify.models import Notice

LIVES_SECONDS = 24 * 3600  # how long a push service keeps it for a browser that is off
BRIEF_LENGTH = 300  # a push message holds about 4 kB, and a lock screen three lines
SECONDS_EACH = 8.0


def pack(notices: Sequence[Notice]) -> Packed:
    """Write the messages; who switched push on in no browser, or wants none, is skipped."""
    people = {notice.person_id for notice in notices if notice.person_id}
    preferences = preferences_of(people)
    browsers: dict[int, list[PushSubscription]] = defaultdict(list)
    rows = PushSubscription.objects.filter(person__in=people, person__is_active=True)
    for subscription in rows.order_by("pk"):
        browsers[subscription.person_id].append(subscription)
    to_send = [
        notice
        for notice in notices
        if browsers.get(notice.person_id or 0) and wants(preferences, notice.person_id, "push")  # type: ignore[arg-type]
    ]
    texts = compose_all(to_send)
    packed: dict[int, Any] = {}
    for notice in to_send:
        text = texts[notice.pk]
        message = {
            "title": text.subject,
            "body": text.brief[:BRIEF_LENGTH],
            "url": text.path,
            "tag": notice.uuid.hex,  # a second copy replaces the first on the screen
        }
        urgency = "high" if notice.matter and notice.matter.urgency == "emergency" else "normal"
        content = json.dumps(message, ensure_ascii=False).encode()
        packed[notice.pk] = partial(_send, browsers[notice.person_id or 0], content, urgency)
    return {notice.pk: packed.get(notice.pk, SKIPPED) for notice in notices}


def _send(browsers: list[PushSubscription], content: bytes, urgency: str) -> Outcome:
    """Send to every browser of the person; one that took it is enough."""
    results = [_send_to(browser, content, urgency) for browser in browsers]
    gone = tuple(key for outcome in results for key in outcome.gone_browsers)
    came = {outcome.came for outcome in results}
    for kind in (Came.DELIVERED, Came.FAILED, Came.REFUSED):
        if kind in came:
            first = next(outcome for outcome in results if outcome.came is kind)
            return Outcome(kind, first.reason, first.retry_after, gone)
    return Outcome(Came.SKIPPED, gone_browsers=gone)


def _send_to(browser: PushSubscription, content: bytes, urgency: str) -> Outcome:
    subscription = {"endpoint": browser.endpoint, "keys": browser.keys}
    there = urlsplit(browser.endpoint)
    claims = {
        "aud": f"{there.scheme}://{there.netloc}",
        "sub": settings.VAPID_CONTACT,
        "exp": int(time.time()) + 12 * 3600,
    }
    try:
        headers = vapid.key().sign(claims) | {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIVES_SECONDS),
            "Urgency": urgency,
        }
        sealed = WebPusher(subscription).encode(content)["body"]
        reply = post(browser.endpoint, sealed, headers, seconds=SECONDS_EACH)
    except AddressRefused as error:
        return Outcome(Came.SKIPPED, str(error), gone_browsers=(browser.pk,))
    except Unreachable as error:
        return Outcome(Came.FAILED, str(error))
    if reply.status in (404, 410):
        return Outcome(Came.SKIPPED, gone_browsers=(browser.pk,))
    if reply.accepted:
        return DELIVERED
    came = Came.REFUSED if reply.status in (400, 413) else Came.FAILED
    return Outcome(came, f"{reply.status} {reply.excerpt}".strip(), reply.retry_after)
