"""What is held about me, who looked at it, and how I sign in: one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.access.audit import audit
from linli.kernel.access.models import ApiToken
from linli.kernel.access.tokens import revoke
from linli.kernel.people.contact_codes import can_send_to
from linli.kernel.people.contacts import masked_contacts
from linli.kernel.people.forms import ShownNameForm
from linli.kernel.people.models import Contact, ContactReveal, Person
from linli.kernel.people.sign_in import SECOND_FACTORS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

LATEST_LOOKS, MOST_LOOKS = 5, 500


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Name, contact values, who looked at them, ways to sign in, tokens; export and erasure."""
    return _page(request, ShownNameForm(initial={"display_name": _me(request).display_name}))


@never_cache
@login_required
@require_POST
def shown_name(request: HttpRequest) -> HttpResponse:
    """Change what one is called where others see it."""
    form, person = ShownNameForm(request.POST), _me(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    person.display_name = form.cleaned_data["display_name"]
    person.save(update_fields=["display_name"])
    audit("people.renamed", person, None, str(person.uuid))
    messages.success(request, _("Your name is changed."))
    return redirect("me:overview")


@never_cache
@login_required
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Everyone who looked at one's contact values, newest first."""
    told = {"section": "me", "looks": looks_at(_me(request))[:MOST_LOOKS]}
    return render(request, "people/looks.html", told)


@never_cache
@login_required
@require_POST
def revoke_token(request: HttpRequest, uuid: str) -> HttpResponse:
    """End a token of one's own. Nobody learns of anybody else's."""
    token = get_object_or_404(ApiToken, uuid=uuid, person=_me(request))
    revoke(token, by=_me(request))
    messages.success(request, _("The token no longer works."))
    return redirect("me:overview")


def looks_at(person: Person) -> QuerySet[ContactReveal]:
    """Return who looked at a person's contact values, newest first, with names and matters."""
    rows = ContactReveal.objects.filter(person=person)
    return rows.select_related("revealed_to", "matter").order_by("-at", "-pk")


def contact_lines(person: Person) -> list[dict[str, Any]]:
    """Return each kind of contact with what is held of it, masked, and what can be done."""
    masked = masked_contacts(person)
    verified = dict(Contact.objects.filter(person=person).values_list("kind", "verified_at"))
    return [
        {
            "kind": kind.value,
            "label": kind.label,
            "masked": masked.get(kind.value),
            "verified": verified.get(kind.value) is not None,
            "verifiable": kind.value in masked and can_send_to(kind.value),
        }
        for kind in Contact.Kind
    ]


def _page(request: HttpRequest, form: ShownNameForm, status: int = 200) -> HttpResponse:
    person, now = _me(request), timezone.now()
    usable = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    factors = list(Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS))
    told = {
        "section": "me",
        "form": form,
        "contacts": contact_lines(person),
        "looks": looks_at(person)[:LATEST_LOOKS],
        "has_app": any(factor.type == Authenticator.Type.TOTP for factor in factors),
        "passkeys": [f.wrap().name for f in factors if f.type == Authenticator.Type.WEBAUTHN],
        "tokens": ApiToken.objects.filter(usable, person=person, revoked_at__isnull=True)
        .select_related("community")
        .order_by("-created_at"),
    }
    return render(request, "people/overview.html", told, status=status)


def _me(request: HttpRequest) -> Person:
    person: Person = request.user  # type: ignore[assignment]
    return person
