"""The browsers that a person allowed to show push messages."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.notify.models import PushSubscription
from linli.kernel.notify.posting import AddressRefused, check_url

if TYPE_CHECKING:
    from linli.kernel.people.models import Person

MOST_BROWSERS = 10
SECRET_BYTES = 16  # RFC 8291, section 3.2


class SubscriptionRefused(ValueError):
    """What the browser sent is no subscription; the message says so to people."""


def subscribe(person: Person, told: Any) -> PushSubscription:
    """Keep a browser's subscription, ``{"endpoint": …, "keys": {"p256dh": …, "auth": …}}``.

    A browser has one, which belongs to whoever switched push messages on last; a person keeps
    the newest `MOST_BROWSERS`. Raises SubscriptionRefused.
    """
    endpoint, keys = _checked(told)
    with transaction.atomic():
        subscription, _created = PushSubscription.objects.update_or_create(
            endpoint=endpoint, defaults={"person": person, "keys": keys}
        )
        rows = PushSubscription.objects.filter(person=person).order_by("-created_at", "-pk")
        too_many = list(rows.values_list("pk", flat=True)[MOST_BROWSERS:])
        PushSubscription.objects.filter(pk__in=too_many).delete()
    return subscription


def unsubscribe(person: Person, endpoint: Any) -> bool:
    """Forget a browser of the person's; return whether there was one."""
    if not isinstance(endpoint, str):
        return False
    rows = PushSubscription.objects.filter(person=person, endpoint=endpoint.replace("\x00", ""))
    return rows.delete()[0] > 0


def _checked(told: Any) -> tuple[str, dict[str, str]]:
    refused = SubscriptionRefused(_("The browser sent no valid subscription."))
    if not isinstance(told, dict) or not isinstance(told.get("keys"), dict):
        raise refused
    endpoint, keys = told.get("endpoint"), told["keys"]
    if not isinstance(endpoint, str):
        raise refused
    try:
        check_url(endpoint)
        point, secret = _decoded(keys.get("p256dh")), _decoded(keys.get("auth"))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except AddressRefused as error:
        raise SubscriptionRefused(str(error)) from error
    except (ValueError, binascii.Error) as error:
        raise refused from error
    if len(secret) != SECRET_BYTES:
        raise refused
    return endpoint, {"p256dh": keys["p256dh"], "auth": keys["auth"]}


def _decoded(value: Any) -> bytes:
    if not isinstance(value, str) or not value.isascii():
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
