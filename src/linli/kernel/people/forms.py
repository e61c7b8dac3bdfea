"""The forms of signing in and of one's own data, in plain words and without placeholders."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    SignupForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondFactorAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext_lazy as _

from linli.kernel.people.contacts import account_named
from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import comparable

NAME_LENGTH, VALUE_LENGTH, PASSWORD_LENGTH, CREDENTIAL_LENGTH = 80, 200, 200, 20_000
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12}


class _Plain:
    """Labels say what a field is; grey words inside it vanish when one types and read badly."""

    labels: dict[str, Any] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
            field.label = self.labels.get(name, field.label)
            longest = CREDENTIAL_LENGTH if name == "credential" else PASSWORD_LENGTH
            if isinstance(field, forms.CharField) and field.max_length is None:
                field.max_length = longest
                field.validators.append(
                    RegexValidator(rf"\A(?s:.{{0,{longest}}})\Z", _("This is too long."))
                )


class SignInForm(_Plain, LoginForm):
    """Sign in by user name, verified telephone number or verified e-mail address."""

    labels = {"login": _("User name, telephone or e-mail"), "password": _("Password")}

    def user_credentials(self) -> dict[str, Any]:
        """Return user name and password; what nobody is called is tried as it was typed."""
        typed = self.cleaned_data["login"]
        person = account_named(typed)
        name = person.username if person else comparable(typed)
        return {"username": name, "password": self.cleaned_data["password"]}


class SignUpForm(_Plain, SignupForm):
    """Open an account: a name to sign in with, a name to be seen by, a password."""

    field_order = ["username", "display_name", "password1", "password2"]
    labels = {
        "username": _("User name"),
        "password1": _("Password"),
        "password2": _("Password once more"),
    }
    display_name = forms.CharField(
        label=_("How neighbours see you"), max_length=NAME_LENGTH, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("You sign in with it. Nobody else sees it.")
        self.fields["password1"].help_text = _("At least 10 characters, not only digits.")


class PasswordForm(_Plain, ChangePasswordForm):
    """Replace one's password, knowing the present one."""

    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("At least 10 characters, not only digits.")


class PasswordAgainForm(_Plain, ReauthenticateForm):
    """Show once more who one is, before what matters."""

    labels = {"password": _("Password")}


class _Code(_Plain):
    labels = {"code": _("Code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE | {"inputmode": "text"})


class CodeForm(_Code, AuthenticateForm):
    """The code of the app, or a recovery code, after the password."""


class CodeAgainForm(_Code, SecondFactorAgainForm):
    """The code of the app, or a recovery code, to show once more who one is."""


class AppForm(_Code, ActivateTOTPForm):
    """The first code of an app that is being set up."""


class CredentialField(forms.JSONField):
    """What the browser hands over of a passkey: refused when it cannot be read at all."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Read it as JSON, a mapping, of a length that a credential may have."""
        if isinstance(value, str) and len(value) > CREDENTIAL_LENGTH:
            raise _unreadable()
        try:
            found = super().to_python(value)
        except (ValueError, RecursionError):
            raise _unreadable() from None
        if found is not None and not isinstance(found, dict):
            raise _unreadable()
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Leave the field empty when a page comes back: a credential is good once."""
        return None

    def prepare_value(self, value: Any) -> str:
        """Show nothing."""
        return ""


class _Credential:
    """A form with a credential, which may hold anything at all."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()

    def clean(self) -> Any:
        """Let allauth check it; what makes it stumble is none."""
        try:
            return super().clean()  # type: ignore[misc]
        except MISREAD:
            raise _unreadable() from None


class _Assertion(_Credential):
    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MISREAD:
            raise _unreadable() from None


MISREAD = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def _unreadable() -> ValidationError:
    return ValidationError(_("The passkey was not recognised. Please try again."))


class PasskeyForm(_Plain, _Credential, AddWebAuthnForm):
    """Add a passkey; one that can also sign in alone unless the device cannot."""

    labels = {
        "name": _("Name of the passkey"),
        "passwordless": _("Also sign in with it instead of the password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["name"].widget.attrs["maxlength"] = NAME_LENGTH


class PasskeyNameForm(_Plain, EditWebAuthnForm):
    """Rename a passkey."""

    labels = {"name": _("Name of the passkey")}


class PasskeySignInForm(_Assertion, LoginWebAuthnForm):
    """Sign in with a passkey alone."""


class PasskeySecondForm(_Assertion, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyAgainForm(_Assertion, ReauthenticateWebAuthnForm):
    """A passkey to show once more who one is."""


class WhoForm(forms.Form):
    """Whose password was forgotten."""

    login = forms.CharField(label=_("User name, telephone or e-mail"), max_length=VALUE_LENGTH)


class SentCodeForm(forms.Form):
    """Six digits that were sent to a telephone or an e-mail address."""

    code = forms.CharField(
        label=_("Code of six digits"), max_length=12, widget=forms.TextInput(attrs=CODE)
    )

    def clean_code(self) -> str:
        """Take the digits, however they were grouped."""
        code = "".join(self.cleaned_data["code"].split())
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise ValidationError(_("The code has six digits."))
        return code


class ShownNameForm(forms.Form):
    """What one is called where others see it."""

    display_name = forms.CharField(
        label=_("Shown name"), max_length=NAME_LENGTH, required=False, strip=True
    )


class ContactForm(forms.Form):
    """One contact value, checked by its kind."""

    value = forms.CharField(max_length=VALUE_LENGTH)
    attrs = {
        Contact.Kind.NAME: {"autocomplete": "name"},
        Contact.Kind.PHONE: {"autocomplete": "tel", "inputmode": "tel"},
        Contact.Kind.EMAIL: {"autocomplete": "email", "inputmode": "email"},
        Contact.Kind.ADDRESS: {"autocomplete": "street-address"},
    }

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = Contact.Kind(kind)
        self.fields["value"].label = self.kind.label
        self.fields["value"].widget.attrs.update(self.attrs[self.kind])

    def clean_value(self) -> str:
        """Refuse what cannot be a telephone number or an e-mail address."""
        value: str = self.cleaned_data["value"].strip()
        if self.kind == Contact.Kind.PHONE:
            digits = comparable(value)
            if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 15):
                raise ValidationError(_("This does not look like a telephone number."))
        if self.kind == Contact.Kind.EMAIL:
            try:
                validate_email(value)
            except ValidationError:
                raise ValidationError(_("This does not look like an e-mail address.")) from None
        return value


class EraseForm(forms.Form):
    """A word typed by hand, so that nobody is forgotten by accident."""

    word = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].label = _("Type “%(word)s” here") % {"word": ERASE_WORD}

    def clean_word(self) -> str:
        """Take the word in the language of the page."""
        if self.cleaned_data["word"].strip().lower() != str(ERASE_WORD).lower():
            raise ValidationError(_("Please type “%(word)s” exactly.") % {"word": ERASE_WORD})
        return str(ERASE_WORD)


ERASE_WORD = _("erase")
