"""The form for a mailbox."""

from __future__ import annotations

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from linli.surfaces.web.workbench.forms import DeskForm

_plain = RegexValidator(r"^[^\x00-\x1f\x7f]*$", _("This contains characters that cannot be used."))


class MailboxForm(DeskForm):
    """Which mailbox residents write to, and how its server is reached."""

    address = forms.CharField(
        label=_("E-mail address"), max_length=190,
        help_text=_("What residents write to, such as shequ@mail.cn."),
    )  # fmt: skip
    host = forms.CharField(
        label=_("Mail server (IMAP)"), max_length=190,
        help_text=_("Such as imap.163.com or imap.qq.com. Always encrypted (TLS)."),
    )  # fmt: skip
    port = forms.IntegerField(
        label=_("Port"), initial=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    username = forms.CharField(
        label=_("User name"), max_length=190, validators=[_plain],
        help_text=_("Mostly the address itself."),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False, validators=[_plain],
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "At many providers this is an authorisation code made for programs. It is kept "
            "encrypted and never shown again."
        ),
    )  # fmt: skip
    folder = forms.CharField(
        label=_("Folder"), max_length=120, initial="INBOX", validators=[_plain]
    )
    authserv_id = forms.CharField(
        label=_("Name of the receiving server in Authentication-Results"),
        max_length=190, required=False, validators=[_plain],
        help_text=_(
            "Whose word about senders is believed. Open any letter in the mailbox, look at its "
            "source, and copy the first word after “Authentication-Results:”. Empty: no sender "
            "counts as confirmed."
        ),
    )  # fmt: skip
    subaddresses = forms.BooleanField(
        label=_("Letters to name+anything@… arrive here too"), required=False,
        help_text=_("Then answers find their matter even if the mailer drops its marks."),
    )  # fmt: skip
    keeps = forms.BooleanField(
        label=_("Leave letters on the server after taking them in"), required=False,
        help_text=_("Otherwise they are deleted there: less personal data lies about."),
    )  # fmt: skip
