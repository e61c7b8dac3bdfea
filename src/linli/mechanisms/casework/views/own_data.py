"""A guest's own data, by the secret link: verify the number, take all of it out, be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linli.kernel.access.reach import Conflicts
from linli.kernel.people.contact_codes import can_send_to
from linli.kernel.people.erasure import erase, open_matters_of
from linli.kernel.people.forms import EraseForm
from linli.kernel.people.models import Contact, Person
from linli.kernel.people.own_data import export
from linli.kernel.people.views.contacts import verify_page
from linli.kernel.people.views.overview import contact_lines, looks_at
from linli.kernel.people.views.own_data import as_download
from linli.mechanisms.casework.views.tracking import Own, secret

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


def own_data(request: HttpRequest, own: Own) -> HttpResponseBase:
    """What is held about the reporter without an account; ``do`` says what to do about it."""
    if not own.person.is_guest:
        return redirect("me:overview")
    wanted = request.POST.get("do", "")
    if wanted == "export":
        return as_download(export(own.person, own.matter.community))
    form, status = EraseForm(request.POST if wanted == "erase" else None), 200
    if wanted == "erase":
        status = 422
        if form.is_valid():
            try:
                erase(own.person, own.matter.community)
                return redirect("me:erased")
            except Conflicts as conflict:  # a guest who was given a post
                form.add_error(None, conflict.sentence)
    told = {
        "own": own,
        "matter": own.matter,
        "section": "mine",
        "form": form,
        "contacts": [line for line in contact_lines(own.person) if line["masked"]],
        "looks": looks_at(own.person),
        "open_matters": open_matters_of(own.person),
    }
    return render(request, "casework/own_data.html", told, status=status)


def phone(request: HttpRequest, own: Own) -> HttpResponse:
    """Show that the number one left is one's own; the report itself is long taken in."""
    contact = phone_to_verify(own.person)
    if contact is None:
        raise Http404
    told: dict[str, object] = {"own": own, "matter": own.matter, "section": "mine"}
    return verify_page(request, contact, "casework/verify_phone.html", told, own.url())


def phone_to_verify(person: Person) -> Contact | None:
    """Return the number a guest left and has not verified, where codes can be sent at all."""
    if not person.is_guest or not can_send_to(Contact.Kind.PHONE):
        return None
    rows = Contact.objects.select_related("person__key")
    return rows.filter(person=person, kind=Contact.Kind.PHONE, verified_at=None).first()


tracking_data = require_http_methods(["GET", "HEAD", "POST"])(secret(own_data))
tracking_phone = require_http_methods(["GET", "HEAD", "POST"])(secret(phone))
