"""The form for a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.notify.endpoints import event_kinds


class WebhookForm(forms.Form):
    """What a webhook is called, where it listens, and of which events it is told."""

    name = forms.CharField(label=_("Its name"), max_length=80)
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("Must begin with https://")
    )
    kinds = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all public events."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kinds"]
        kinds.choices = event_kinds()
