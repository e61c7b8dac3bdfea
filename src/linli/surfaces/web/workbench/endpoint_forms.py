"""The form for another city's server."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.surfaces.web.workbench.forms import DeskForm


class EndpointForm(DeskForm):
    """What another city is called here, where its server is, and what is exchanged."""

    name = forms.CharField(label=gettext_lazy("What it is called here"), max_length=80)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=300,
        help_text=gettext_lazy("What stands before /services.json. Must begin with https://"),
    )
    jurisdiction = forms.CharField(
        label=gettext_lazy("Its jurisdiction_id"), max_length=80, required=False
    )
    key = forms.CharField(
        label=gettext_lazy("Its api_key"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Needed to send requests there. It is kept encrypted."),
    )
    pulls = forms.BooleanField(label=gettext_lazy("Fetch requests from it"), required=False)
    pushes = forms.BooleanField(
        label=gettext_lazy("The desk may send requests to it"), required=False
    )
    services = forms.CharField(
        label=gettext_lazy("Services"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A line for each: its service code = our category. Empty: those of the same code."
        ),
    )

    def clean_services(self) -> dict[str, str] | None:
        """Return our categories by its service codes, None where nothing was written."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["services"].splitlines():
            theirs, equals, ours = (part.strip() for part in line.rpartition("="))
            if theirs and equals and ours:
                found[theirs] = ours
            elif line.strip():
                sentence = _("“%(line)s” is not “their code = our category”.")
                raise forms.ValidationError(sentence % {"line": line.strip()[:60]})
        return found or None

    def clean(self) -> dict[str, Any]:
        """Something must be exchanged."""
        given = super().clean() or {}
        if not (given.get("pulls") or given.get("pushes")):
            raise forms.ValidationError(_("Please choose whether to fetch, to send, or both."))
        return given
