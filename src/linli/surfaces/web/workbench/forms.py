"""Forms for people and organisations. Rules are the kernel's; these read what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.reach import Conflicts, NotAdministered, reach
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.people.administering import grantable_roles

if TYPE_CHECKING:
    from collections.abc import Callable

    from linli.kernel.access.reach import Power
    from linli.kernel.procedures.errors import Refused
    from linli.surfaces.web.workbench.guarding import Desk


class DeskForm(forms.Form):
    """A form that knows who fills it in."""

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.choose()

    def choose(self) -> None:
        """Fill the choices in."""

    def carries_out(self, change: Callable[[], object]) -> bool:
        """Make the change if the form is in order, and say whether it was made.

        Why it was refused is then shown in the form.
        """
        if not self.is_valid():
            return False
        try:
            change()
        except (Conflicts, NotAdministered) as refused:
            self.refuse(refused)
            return False
        return True

    def refuse(self, refused: Refused) -> None:
        """Show why it was refused, beside the field where there is one."""
        name = refused.field if isinstance(refused, Conflicts) else "__all__"
        self.add_error(name if name in self.fields else None, refused.sentence)


class OrganisationChoice(forms.ModelChoiceField):
    """An organisation, indented as it lies in the tree."""

    def label_from_instance(self, obj: Any) -> str:
        """Its name behind a space for each level."""
        return "　" * (obj.depth - 1) + str(obj.name)


def _organisations(label: Any) -> OrganisationChoice:
    return OrganisationChoice(
        Organisation.objects.none(), label=label, to_field_name="uuid", empty_label="—"
    )


def _standing(desk: Desk, power: Power) -> Any:
    rows = reach(desk.person, desk.community, power).filter(dissolved_on__isnull=True)
    return rows.order_by("path")


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=False, **kwargs)


class PostForm(DeskForm):
    """A post: where, as what, from when until when."""

    organisation = _organisations(_("Organisation"))
    role = forms.ChoiceField(label=_("Role"))
    title = forms.CharField(label=_("Title of the post"), max_length=80, required=False)
    since = _day(_("From"), help_text=_("Today if left empty."))
    until = _day(_("Until"), help_text=_("Until further notice if left empty."))

    def choose(self) -> None:
        """Only what the administrator may give."""
        self.fields["organisation"].queryset = _standing(self.desk, "administer_people")  # type: ignore[attr-defined]
        roles = grantable_roles(self.desk.person, self.desk.community)
        choices = [("", "—"), *((name, str(role.label)) for name, role in roles.items())]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]


class AccountForm(PostForm):
    """A new account with its first post."""

    username = forms.CharField(
        label=_("User name"), max_length=80, help_text=_("What the person signs in with.")
    )
    display_name = forms.CharField(label=_("Name shown to colleagues"), max_length=80, strip=True)
    field_order = ("username", "display_name", "organisation", "role", "title", "since", "until")


class OrganisationForm(DeskForm):
    """What is said of an organisation."""

    name = forms.CharField(label=_("Its name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"))
    code = forms.SlugField(
        label=_("Short code"), max_length=40, required=False,
        help_text=_("By which packs and imports name it."),
    )  # fmt: skip
    public_phone = forms.CharField(label=_("Public telephone"), max_length=40, required=False)
    description = forms.CharField(
        label=_("What it does"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def choose(self) -> None:
        """The kinds of the pack."""
        kinds = pack_of(self.desk.community).organisation_kinds
        choices = [("", "—"), *((name, str(kind.label)) for name, kind in kinds.items())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class MoveForm(DeskForm):
    """Where it is put."""

    to = _organisations(_("Under"))

    def choose(self) -> None:
        """Only what the administrator reaches."""
        self.fields["to"].queryset = _standing(self.desk, "administer_organisations")  # type: ignore[attr-defined]


class FederationForm(DeskForm):
    """A federation and who convenes it."""

    name = forms.CharField(label=_("Its name"), max_length=120)
    convener = _organisations(_("Convened by"))

    def choose(self) -> None:
        """Only what the administrator reaches may convene."""
        self.fields["convener"].queryset = _standing(self.desk, "administer_organisations")  # type: ignore[attr-defined]


class SeatForm(DeskForm):
    """Who takes a seat."""

    organisation = _organisations(_("Organisation"))

    def choose(self) -> None:
        """Any organisation of the community: a federation reaches across the tree."""
        rows = Organisation.objects.standing().filter(community=self.desk.community)
        self.fields["organisation"].queryset = rows.order_by("path")  # type: ignore[attr-defined]
