"""Which ways, besides the inbox, somebody wants to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _

from linli.kernel.notify.preferences import WAYS

if TYPE_CHECKING:
    from linli.kernel.notify.models import NoticePreference


class WaysForm(forms.Form):
    """A box for each way."""

    email = forms.BooleanField(required=False)
    push = forms.BooleanField(required=False)
    sms = forms.BooleanField(required=False)

    def __init__(self, *args: object, sms: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["email"].label = _("Send me an e-mail")
        self.fields["push"].label = _("Show me push messages, in browsers where I switched them on")
        self.fields["sms"].label = _("Send me a text message")
        if not sms:
            del self.fields["sms"]


def wishes_as_initial(found: NoticePreference | None) -> dict[str, bool]:
    """Return a person's wishes as the form shows them; who never said anything wants all."""
    return {way: found is None or getattr(found, way) for way in WAYS}
