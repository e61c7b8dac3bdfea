"""Administering webhooks: adding, testing, pausing, giving a new secret, removing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.identifiers import new_uuid
from linli.kernel.notify import signing
from linli.kernel.notify.channels import Came, Outcome
from linli.kernel.notify.channels.webhook import call, valid_keys
from linli.kernel.notify.models import WebhookEndpoint
from linli.kernel.notify.posting import check_url
from linli.kernel.procedures.declaration import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

BOTH_SECRETS = timedelta(hours=24)


def event_kinds() -> list[tuple[str, str]]:
    """Return the kinds of events there are with their labels, for choosing."""
    return [
        (procedure.event_kind(action), f"{procedure.title} · {action.happened or action.label}")
        for procedure in registry.values()
        for action in procedure.all_actions()
    ]


def add_endpoint(
    community: Community, name: str, url: str, kinds: Iterable[str], *, by: Person
) -> tuple[WebhookEndpoint, str]:
    """Add a webhook; return it with its secret, which is shown this once.

    ``kinds``: of events wanted, none for all public ones. Raises AddressRefused.
    """
    check_url(url)
    secret = signing.new_secret()
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            community=community,
            name=name,
            url=url,
            kinds=sorted(kinds),
            secret=signing.sealed(secret),
        )
        audit("webhook.added", by, community, str(endpoint.uuid))
    return endpoint, signing.shown(secret)


def rotate_secret(endpoint: WebhookEndpoint, *, by: Person) -> str:
    """Give a webhook a new secret and return it; for a day calls are signed with both."""
    secret = signing.new_secret()
    with transaction.atomic():
        endpoint.previous_secret = endpoint.secret
        endpoint.previous_until = timezone.now() + BOTH_SECRETS
        endpoint.secret = signing.sealed(secret)
        endpoint.save(update_fields=["previous_secret", "previous_until", "secret"])
        audit("webhook.secret_rotated", by, endpoint.community, str(endpoint.uuid))
    return signing.shown(secret)


def set_active(endpoint: WebhookEndpoint, active: bool, *, by: Person) -> None:
    """Pause a webhook (what waits for it keeps waiting), or let it go on."""
    with transaction.atomic():
        endpoint.active = active
        endpoint.save(update_fields=["active"])
        action = "webhook.resumed" if active else "webhook.paused"
        audit(action, by, endpoint.community, str(endpoint.uuid))


def remove_endpoint(endpoint: WebhookEndpoint, *, by: Person) -> None:
    """Remove a webhook with all that waits for it."""
    with transaction.atomic():
        endpoint.notices.all().delete()
        audit("webhook.removed", by, endpoint.community, str(endpoint.uuid))
        endpoint.delete()


def test_call(endpoint: WebhookEndpoint) -> Outcome:
    """Call a webhook now with an event of kind ``linli.test``; return what came of it."""
    identifier = new_uuid().hex
    payload = {
        "type": "linli.test",
        "timestamp": timezone.now().isoformat(),
        "data": {"community": endpoint.community.code},
    }
    try:
        return call(endpoint.url, valid_keys(endpoint), identifier, payload)
    except InvalidToken:
        return Outcome(Came.REFUSED, _("The secret cannot be read; please make a new one."))


def reseal_secrets() -> int:
    """Seal every secret with the present master key, see `people.key_rotation`; return how many.

    Raises InvalidToken where a master key is missing.
    """
    done = 0
    for pk in WebhookEndpoint.objects.values_list("pk", flat=True):
        with transaction.atomic():
            endpoint = WebhookEndpoint.objects.select_for_update().get(pk=pk)
            endpoint.secret = signing.resealed(endpoint.secret)
            if endpoint.previous_secret:
                endpoint.previous_secret = signing.resealed(endpoint.previous_secret)
            endpoint.save(update_fields=["secret", "previous_secret"])
            done += 1
    return done
