"""Administering endpoints: adding, changing what is exchanged, pausing, removing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.audit import audit
from linli.kernel.access.reach import Conflicts
from linli.kernel.exchange.asking import Never, NotTaken, Server
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.kernel.notify.posting import AddressRefused, check_url
from linli.kernel.packs.loading import pack_of
from linli.kernel.people.secrets import reseal, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from linli.kernel.exchange.answers import TheirService
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

PURPOSE = b"open311"
ENDINGS = ("/services.json", "/services.xml", "/requests.json", "/requests.xml")


def server_of(endpoint: Endpoint) -> Server:
    """Return the server of an endpoint, ready to be asked. Raises Never where its key is lost."""
    try:
        key = unseal(bytes(endpoint.key), PURPOSE).decode() if endpoint.key else ""
    except InvalidToken:  # the master key was changed
        raise Never(_("The key cannot be read; please enter it again.")) from None
    return Server(endpoint.url, endpoint.jurisdiction, key, endpoint.format)


def add_endpoint(
    community: Community,
    *,
    name: str,
    url: str,
    jurisdiction: str = "",
    key: str = "",
    services: Mapping[str, str] | None = None,
    pulls: bool = False,
    pushes: bool = False,
    since: datetime | None = None,
    by: Person | None = None,
) -> Endpoint:
    """Add an endpoint; it is asked at once whether it speaks JSON or XML.

    ``services``: its service codes and our categories for them; by default those of the same
    code. ``since``: when what is fetched was requested at the earliest, now where None.
    ``by``: who added it, None from the command line. Raises Conflicts naming the field.
    """
    url = _address(url)
    if pushes and not key:
        raise Conflicts(_("Without a key nothing can be sent there."), "key")
    format, offered = _first_answer(Server(url, jurisdiction, key))
    chosen = _mapped(community, dict(services) if services is not None else None, offered)
    endpoint = Endpoint(
        community=community, name=name, url=url, format=format, jurisdiction=jurisdiction,
        key=seal(key.encode(), PURPOSE) if key else None, services=chosen,
        pulls=pulls, pushes=pushes, since=since or timezone.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            endpoint.save()
            audit("open311.added", by, community, str(endpoint.uuid), url=url)
    except IntegrityError:
        raise Conflicts(_("There is an endpoint of this name."), "name") from None
    return endpoint


def _address(url: str) -> str:
    url = url.strip()
    for ending in ENDINGS:
        url = url.removesuffix(ending)
    url = url.rstrip("/")
    if "?" in url:
        raise Conflicts(_("Please give the address without “?” and what follows."), "url")
    try:
        check_url(url)
    except AddressRefused as refused:
        raise Conflicts(str(refused), "url") from None
    return url


def _first_answer(server: Server) -> tuple[str, list[TheirService]]:
    """Return the format a server speaks, JSON if it can, and its services. Raises Conflicts."""
    reason = ""
    for format in ("json", "xml"):
        asked = Server(server.url, server.jurisdiction, server.key, format)
        try:
            if services := asked.services():
                return format, services
        except NotTaken as error:
            reason = reason or str(error)
    sentence = _("It does not answer as an Open311 server should: %(why)s")
    raise Conflicts(sentence % {"why": reason or _("it offers no services.")}, "url")


def _mapped(
    community: Community, given: dict[str, str] | None, offered: list[TheirService]
) -> dict[str, str]:
    ours, theirs = pack_of(community).leaf_categories(), {one.code for one in offered}
    if given is None:
        return {one.code: one.code for one in offered if one.code in ours}
    for code, category in given.items():
        if code not in theirs:
            sentence = _("It offers no service “%(code)s”.")
            raise Conflicts(sentence % {"code": code}, "services")
        if category not in ours:
            sentence = _("There is no category “%(code)s” here.")
            raise Conflicts(sentence % {"code": category}, "services")
    return given


def change_services(
    endpoint: Endpoint, services: Mapping[str, str], *, by: Person | None = None
) -> None:
    """Change which of its services stand for which of our categories. Raises Conflicts."""
    try:
        offered = server_of(endpoint).services()
    except NotTaken as error:
        raise Conflicts(str(error), "services") from None
    chosen = _mapped(endpoint.community, dict(services), offered)
    with transaction.atomic():
        Endpoint.objects.filter(pk=endpoint.pk).update(services=chosen)
        audit("open311.changed", by, endpoint.community, str(endpoint.uuid))
    endpoint.services = chosen


def set_active(endpoint: Endpoint, active: bool, *, by: Person | None = None) -> None:
    """Pause an endpoint (what is to be sent keeps waiting), or let it go on."""
    with transaction.atomic():
        rows = Endpoint.objects.filter(pk=endpoint.pk)
        rows.update(active=active, failures=0, next_pull_at=timezone.now())
        action = "open311.resumed" if active else "open311.paused"
        audit(action, by, endpoint.community, str(endpoint.uuid))


def remove_endpoint(endpoint: Endpoint, *, by: Person | None = None) -> None:
    """Remove an endpoint with what is known of shared requests; the matters stay as they are."""
    with transaction.atomic():
        endpoint.exchanged.all().delete()
        audit("open311.removed", by, endpoint.community, str(endpoint.uuid), url=endpoint.url)
        endpoint.delete()


def try_again(rows: QuerySet[Exchanged]) -> int:
    """Let what was given up, or waits, be sent or fetched the next time; return how many."""
    again = rows.exclude(state=Exchanged.State.SHARED)
    return again.update(state=Exchanged.State.WAITING, attempts=0, next_attempt_at=timezone.now())


def endpoints_of(community: Community) -> QuerySet[Endpoint]:
    """Return a community's endpoints by name, with how many requests each holds. One query."""

    def number(**state: str) -> Count:
        return Count("exchanged", filter=Q(**{f"exchanged__{k}": v for k, v in state.items()}))

    shared = Exchanged.State.SHARED
    return Endpoint.objects.filter(community=community).order_by("name", "pk").annotate(
        fetched=number(way=Exchanged.Way.IN, state=shared),
        sent=number(way=Exchanged.Way.OUT, state=shared),
        waiting=number(state=Exchanged.State.WAITING),
        dead=number(state=Exchanged.State.DEAD),
    )  # fmt: skip


def open_to_sending(community: Community) -> QuerySet[Endpoint]:
    """Return the endpoints a matter can be sent to now."""
    rows = Endpoint.objects.filter(community=community, pushes=True, active=True)
    return rows.order_by("name", "pk")


def endpoint_to_send_to(community: Community, uuid: UUID) -> Endpoint | None:
    """Return one of them, or None."""
    return open_to_sending(community).filter(uuid=uuid).first()


def given_up(community: Community) -> QuerySet[Exchanged]:
    """Return what could not be given or taken, newest first. With endpoint and matter loaded."""
    rows = Exchanged.objects.filter(
        Q(state=Exchanged.State.DEAD) | Q(state=Exchanged.State.WAITING, attempts__gt=0),
        endpoint__community=community,
    )
    return rows.select_related("endpoint", "matter").order_by("-created_at", "-pk")


def note_failure(endpoint: Endpoint, reason: str, pause: float) -> None:
    """Note that a fetch failed, and how many seconds to wait before the next."""
    Endpoint.objects.filter(pk=endpoint.pk).update(
        failures=F("failures") + 1,
        last_error=reason[:300],
        next_pull_at=timezone.now() + timedelta(seconds=pause),
    )


def reseal_keys() -> int:
    """Seal every key with the present master key, see `people.key_rotation`; return how many.

    Raises InvalidToken where a master key is missing.
    """
    done = 0
    for pk in Endpoint.objects.filter(key__isnull=False).values_list("pk", flat=True):
        with transaction.atomic():
            endpoint = Endpoint.objects.select_for_update().get(pk=pk)
            if endpoint.key:
                endpoint.key = reseal(bytes(endpoint.key), PURPOSE)
                endpoint.save(update_fields=["key"])
                done += 1
    return done
