"""A forgotten password: a code to a verified telephone or e-mail address, then a new one.

The answers are the same whether there is such an account or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linli.kernel.access.audit import audit
from linli.kernel.access.rates import within_rate
from linli.kernel.people.contact_codes import (
    Purpose,
    ask_for_code,
    can_send_to,
    is_right,
    reachable_contact,
)
from linli.kernel.people.contacts import account_named
from linli.kernel.people.forms import PASSWORD_LENGTH, SentCodeForm, WhoForm
from linli.kernel.people.models import Contact, Person

if TYPE_CHECKING:
    from django.http import HttpRequest

KEY = "password_reset_for"


class NewPasswordForm(SentCodeForm, SetPasswordForm):
    """The code that came, and the new password twice."""

    field_order = ["code", "new_password1", "new_password2"]

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(person, *args, **kwargs)
        labels = {"new_password1": _("New password"), "new_password2": _("New password once more")}
        for name, label in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
            self.fields[name].widget.attrs["maxlength"] = PASSWORD_LENGTH
        self.fields["new_password1"].help_text = _("At least 10 characters, not only digits.")

    def clean_new_password1(self) -> str:
        """Refuse what is too long to be typed."""
        password: str = self.cleaned_data["new_password1"]
        if len(password) > PASSWORD_LENGTH:
            raise ValidationError(_("This is too long."))
        return password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Ask whose password it is, or say whom to ask where no code can be sent."""
    possible = can_send_to(Contact.Kind.PHONE) or can_send_to(Contact.Kind.EMAIL)
    form = WhoForm(request.POST or None)
    if possible and request.method == "POST":
        if not within_rate("password_reset", request):
            form.add_error(None, _("Too many tries. Please wait a little."))
        elif form.is_valid():
            person = account_named(form.cleaned_data["login"])
            contact = reachable_contact(person) if person and person.is_active else None
            if contact is not None:
                ask_for_code(contact, Purpose.RESET)
            request.session[KEY] = form.cleaned_data["login"]
            return redirect("account_reset_password_code")
    status = 422 if request.method == "POST" and form.errors else 200
    return render(
        request, "account/password_reset.html", {"form": form, "possible": possible}, status=status
    )


@never_cache
@sensitive_post_parameters("new_password1", "new_password2", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def with_code(request: HttpRequest) -> HttpResponse:
    """Take the code and the new password. Second factors stay as they were."""
    named = request.session.get(KEY)
    if not named:
        return redirect("account_reset_password")
    person = account_named(named)
    form = NewPasswordForm(person or Person(), request.POST or None)
    if request.method == "POST":
        if not within_rate("password_reset", request):
            form.add_error(None, _("Too many tries. Please wait a little."))
        elif form.is_valid():
            if person is not None and _replaced(person, form):
                del request.session[KEY]
                messages.success(request, _("Your password is changed. Please sign in with it."))
                return redirect("account_login")
            form.add_error("code", _("The code is not right, or too old."))
    status = 422 if form.errors else 200
    return render(request, "account/password_reset_code.html", {"form": form}, status=status)


def _replaced(person: Person, form: NewPasswordForm) -> bool:
    contact = reachable_contact(person)
    if contact is None or not is_right(contact, Purpose.RESET, form.cleaned_data["code"]):
        return False
    with transaction.atomic():
        form.save()  # every session of the account ends with its password
        audit("people.password_reset", person, None, str(person.uuid))
    return True
