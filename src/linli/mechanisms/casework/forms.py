"""The form by which a resident reports."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.core import signing
from django.forms import HiddenInput
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from linli.kernel.procedures.declaration import procedure_named
from linli.kernel.procedures.forms import FactsForm, start_form

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person
    from linli.kernel.places.models import Address

_signer = signing.Signer(salt="linli.casework.report")
HIDDEN = ("longitude", "latitude", "doorway")
AUTOCOMPLETE = {"name": "name", "phone": "tel", "email": "email", "address": "street-address"}
INPUT_MODE = {"phone": "tel", "email": "email"}


def new_key() -> str:
    """Return a key for one submission, signed: only keys of ours are taken."""
    return _signer.sign(uuid4().hex)


def key_of(form: FactsForm) -> str | None:
    """Return the submission key of a posted form, or None when it is not one of ours."""
    try:
        return _signer.unsign(form["key"].value() or "")
    except signing.BadSignature:
        return None


def report_form(
    request: HttpRequest, community: Community, doorway: Address | None = None
) -> FactsForm:
    """Return the report form: empty, with the place of a doorway, or as it was posted."""
    action = procedure_named("casework").starts["report"]
    posted = request.method == "POST"
    initial = {"key": new_key(), "doorway": doorway.doorway_code if doorway else ""}
    form = start_form(
        action,
        community,
        request.POST if posted else None,
        request.FILES if posted else None,
        initial=initial,
    )
    for name in HIDDEN:
        form.fields[name].widget = HiddenInput()
    for name, value in AUTOCOMPLETE.items():
        form.fields[name].widget.attrs["autocomplete"] = value
    for name, value in INPUT_MODE.items():
        form.fields[name].widget.attrs["inputmode"] = value
    form.fields["text"].widget.attrs.update(
        rows=6, maxlength=5000, placeholder=_("For example: the lamp at the gate is broken.")
    )
    form.fields["pictures"].widget.attrs["accept"] = "image/*"
    return form


def renew_key(form: FactsForm) -> None:
    """Give a posted form a fresh key, so that sending it again is a new submission."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["key"] = new_key()  # type: ignore[index]


def asking_more(form: FactsForm, person: Person | None = None) -> FactsForm:
    """Return a posted form with the questions of its category, nothing of it judged yet.

    For those without scripts: they choose a category, ask what more there is, and go on.
    """
    form.is_valid()
    form.keep_files(person)
    form._errors = ErrorDict()  # type: ignore[attr-defined]  # not finished is not wrong
    return form
