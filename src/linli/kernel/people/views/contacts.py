"""One's own contact values: add, change, look at, verify, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.access.audit import audit
from linli.kernel.access.rates import within_rate
from linli.kernel.people.contact_codes import ask_for_code, can_send_to, verify_contact
from linli.kernel.people.contacts import delete_contact, mask, set_contact
from linli.kernel.people.forms import ContactForm, SentCodeForm
from linli.kernel.people.models import Contact, Person
from linli.kernel.people.secrets import ValueErased, decrypt_for

if TYPE_CHECKING:
    from django.http import HttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def change(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a value or replace it. Afterwards it is to be verified anew."""
    label, person = _kind_or_404(kind).label, _me(request)
    form = ContactForm(kind, request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_contact(person, kind, form.cleaned_data["value"])
        audit("people.contact_set", person, None, str(person.uuid), kind=kind)
        messages.success(request, _("Saved."))
        if can_send_to(kind):
            return redirect("me:verify_contact", kind=kind)
        return redirect("me:overview")
    status = 422 if form.errors else 200
    told = {"section": "me", "form": form, "kind": kind, "label": label,
            "known": Contact.objects.filter(person=person, kind=kind).exists()}  # fmt: skip
    return render(request, "people/contact.html", told, status=status)


@never_cache
@login_required
@require_safe
@reauthentication_required
def show(request: HttpRequest, kind: str) -> HttpResponse:
    """Show a value in full to whose it is, after they showed once more who they are."""
    contact = _own_or_404(request, kind)
    told = {"section": "me", "label": contact.get_kind_display(), "value": _plain(contact),
            "kind": kind}  # fmt: skip
    return render(request, "people/contact_shown.html", told)


@never_cache
@login_required
@require_POST
@reauthentication_required
def delete(request: HttpRequest, kind: str) -> HttpResponse:
    """Forget one value; doing it twice is no fault."""
    _kind_or_404(kind)
    person = _me(request)
    if delete_contact(person, kind):
        audit("people.contact_deleted", person, None, str(person.uuid), kind=kind)
    messages.success(request, _("Deleted."))
    return redirect("me:overview")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, kind: str) -> HttpResponse:
    """Have a code sent, and type it back."""
    contact = _own_or_404(request, kind)
    if not can_send_to(kind):
        raise Http404
    return verify_page(request, contact, "people/verify.html", {"section": "me"}, "me:overview")


def verify_page(
    request: HttpRequest, contact: Contact, template: str, told: dict[str, object], after: str
) -> HttpResponse:
    """Show and carry out both steps of verifying; ``after``: where a right code leads."""
    form = SentCodeForm(request.POST if "code" in request.POST else None)
    status = 200
    if request.method == "POST":
        if not within_rate("phone_code", request):
            form = SentCodeForm({"code": request.POST.get("code", "")[:12]})
            form.add_error("code", _("Too many tries. Please wait a little."))
            status = 429
        elif "code" not in request.POST:
            told |= {"sent": ask_for_code(contact), "asked": True}
        elif form.is_valid() and verify_contact(contact, form.cleaned_data["code"]):
            audit("people.contact_verified", contact.person, None, str(contact.person.uuid),
                  kind=contact.kind)  # fmt: skip
            messages.success(request, _("It is verified. Thank you."))
            return redirect(after)
        else:
            if not form.errors:
                form.add_error("code", _("The code is not right, or too old."))
            status = 422
    told |= {"form": form, "contact": contact, "masked": mask(contact.kind, _plain(contact)),
             "entering": status != 200 or bool(told.get("sent"))}  # fmt: skip
    return render(request, template, told, status=status)


def _plain(contact: Contact) -> str:
    try:
        return decrypt_for(contact.person, contact.ciphertext)
    except ValueErased:
        raise Http404 from None


def _own_or_404(request: HttpRequest, kind: str) -> Contact:
    _kind_or_404(kind)
    rows = Contact.objects.select_related("person__key")
    contact = rows.filter(person=_me(request), kind=kind).first()
    if contact is None:
        raise Http404
    return contact


def _kind_or_404(kind: str) -> Contact.Kind:
    if kind not in Contact.Kind.values:
        raise Http404
    return Contact.Kind(kind)


def _me(request: HttpRequest) -> Person:
    person: Person = request.user  # type: ignore[assignment]
    return person
