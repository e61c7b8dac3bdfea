"""How allauth meets our people: accounts by user name, second factors sealed at rest."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.rates import sender_of
from linli.kernel.organisations.current import community_of_request
from linli.kernel.people.secrets import comparable, seal, unseal

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.kernel.people.models import Person

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SEALED_FOR = b"second factor"
WRONG = _("The name or the password is not right.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts without an e-mail address of their own; sentences in plain words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": WRONG,
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "phone_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("The code is not right, or too old."),
        "too_many_login_attempts": _("Too many wrong tries. Please wait a little and try again."),
        "rate_limited": _("Too many tries. Please wait a little."),
        "username_taken": _("This user name is taken."),
        "username_blacklisted": _("This user name is not possible."),
    }
    _said = {
        "account/messages/password_changed.txt": _(
            "Your password was changed. Everywhere else you are signed out."
        ),
        "mfa/messages/totp_activated.txt": _("The app on your telephone is set up."),
        "mfa/messages/totp_deactivated.txt": _("The app on your telephone is no longer asked for."),
        "mfa/messages/webauthn_added.txt": _("The passkey was added."),
        "mfa/messages/webauthn_removed.txt": _("The passkey was removed."),
        "mfa/messages/recovery_codes_generated.txt": _("You have new recovery codes."),
    }  # fmt: skip

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Residents may open accounts themselves where the installation allows it."""
        return bool(settings.SIGN_UP)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Believe the proxies of one's own, and nobody else."""
        return sender_of(request) or "unknown"

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Refuse names that could be taken for somebody's telephone number or e-mail address."""
        name: str = super().clean_username(username, shallow=shallow)
        try:
            UnicodeUsernameValidator()(name)
        except ValidationError:
            raise ValidationError(_("Only letters, digits and . + - _ please.")) from None
        if "@" in name or comparable(name).isdigit() or name.lower().startswith(RESERVED):
            raise ValidationError(
                _("Please choose a name with letters in it, and without @."), code="invalid"
            )
        return name

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Keep the language of the page on which the account was opened."""
        user.language = get_language() or settings.LANGUAGE_CODE
        user.display_name = form.cleaned_data.get("display_name", "")
        return super().save_user(request, user, form, commit=commit)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what is worth saying, in our words; signing in and out are seen without."""
        said = message or self._said.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to show once more who one is, named in our words."""
        named = {
            "reauthenticate": _("With your password"),
            "mfa_reauthenticate": _("With a code from your telephone"),
            "mfa_reauthenticate:webauthn": _("With a passkey"),
        }
        found = super().get_reauthentication_methods(user)
        return [method | {"description": named[method["id"]]} for method in found]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed with the master key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right, or too old."),
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        """Seal what must not be readable in a copy of the database."""
        return seal(text.encode(), SEALED_FOR).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return unseal(encrypted_text.encode(), SEALED_FOR).decode()

    def get_totp_issuer(self) -> str:
        """Name the neighbourhood in the app on the telephone."""
        return self._get_site_name()

    def _get_site_name(self) -> str:
        from allauth.core import context

        community = community_of_request(context.request)
        return community.name if community else "Linli"

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code black on white, also on dark screens."""
        drawn = BytesIO()
        segno.make(url, error="m").save(
            drawn, kind="svg", scale=4, border=3, light="#ffffff", xmldecl=False
        )
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Propose a name for a passkey; people may choose their own."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Passkey %(number)s") % {"number": number})


RESERVED = ("guest-", "erased-")


def has_second_factor(person: Person) -> bool:
    """Whether a person has set up an app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=person.pk, type__in=SECOND_FACTORS).exists()
