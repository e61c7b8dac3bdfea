"""The HTML form of an action, made from its facts.

Field types follow from the facts' types; choices come from the community and its pack. The
form itself checks little: `perform` does, and `refuse` puts its sentences beside the fields.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from linli.kernel.exchange.endpoints import open_to_sending
from linli.kernel.files.storing import UploadRefused, store_upload
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import content_of
from linli.kernel.procedures.checking import MAX_UPLOADS
from linli.kernel.procedures.choices import literal_choices, plain_types
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.kernel.procedures.facts import OnlyWith, Refers, Says, Widget, label_of, marker_of
from linli.kernel.procedures.question_fields import answers_in, question_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.schema import PackContent
    from linli.kernel.people.models import Person
    from linli.kernel.procedures.declaration import Action

MANY_CHOICES = 7


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once, and those already uploaded, by their identifiers."""

    widget = ManyFilesInput(attrs={"accept": "image/*,application/pdf"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class FactsForm(forms.Form):
    """One action as a form. ``version`` and ``key`` guard against stale and double submission."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(
        self, action: Action, community: Community, pack: PackContent, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.community, self.pack = action, community, pack
        self.questions: list[str] = []  # names of the fields that ask the pack's questions
        for name, declared in action.facts.model_fields.items():
            if _is_questions(declared):
                self._ask_questions()
                continue
            self.fields[name] = self._field(name, declared)
            only = marker_of(declared, OnlyWith)
            if only is not None and self.fields[only.name].widget.is_hidden:
                self.fields[name].widget = forms.HiddenInput()
        self.kept_uploads: dict[str, list[str]] = {}
        self.hints: list[Any] = []  # said of what was typed, beside it

    def facts_fields(self) -> list[forms.BoundField]:
        """Return the fields people fill in, in the order they are declared."""
        names = [name for name in self.action.facts.model_fields if name in self.fields]
        if self.questions and "category" in names:
            after = names.index("category") + 1
            names[after:after] = self.questions
        return [self[name] for name in names]

    def question_fields(self) -> list[forms.BoundField]:
        """Return the fields of the pack's questions for the category chosen so far."""
        return [self[name] for name in self.questions]

    def _ask_questions(self) -> None:
        found = question_fields(self.pack, self._category())
        self.fields.update(found)
        self.questions = list(found)

    def _category(self) -> str:
        if self.is_bound:
            return str(self.data.get(self.add_prefix("category")) or "")
        return str(self.initial.get("category") or "")

    def facts(self, by: Person | None = None) -> dict[str, Any]:
        """Store the files and return the facts as `perform` takes them; empty fields left out.

        Raises InvalidFacts when a file was refused; call after `is_valid()`.
        """
        given: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        for name, declared in self.action.facts.model_fields.items():
            value = self.cleaned_data.get(name)
            if _is_questions(declared):
                value = answers_in(self.pack, self._category(), self.cleaned_data) or None
            if _is_uploads(declared):
                try:
                    given[name] = self._stored(name, value or [], by)
                except UploadRefused as refused:
                    errors[name] = [refused.sentence]
            elif value not in (None, "", []):
                given[name] = value
        if errors:
            raise InvalidFacts(errors)
        return given

    def keep_files(self, by: Person | None = None) -> None:
        """Store the good files of a form that is wrong elsewhere: they need not be sent again.

        Call after `is_valid()`; a file that is refused is told beside its field.
        """
        for name, declared in self.action.facts.model_fields.items():
            if _is_uploads(declared):
                try:
                    self._stored(name, self.cleaned_data.get(name) or [], by)
                except UploadRefused as refused:
                    self.add_error(name, refused.sentence)

    def refuse(self, error: Refused) -> None:
        """Show why the action was refused, beside the field where there is one."""
        if not isinstance(error, InvalidFacts):
            self.add_error(None, error.sentence)
            return
        for name, texts in error.errors.items():
            self.add_error(name if name in self.fields else None, texts)

    def _stored(self, name: str, files: list[Any], by: Person | None) -> list[str]:
        field = f"{self.add_prefix(name)}_kept"  # files kept from a submission that was refused
        getlist = getattr(self.data, "getlist", None)
        kept = [uuid for uuid in (getlist(field) if getlist else []) if uuid]
        self.kept_uploads[name] = kept
        if len(kept) + len(files) > MAX_UPLOADS:  # before any of them is decoded and stored
            raise UploadRefused(_("At most %(max)s files at a time.") % {"max": MAX_UPLOADS})
        for file in files:
            kept.append(str(store_upload(self.community, file, by=by).uuid))
        return kept

    def _field(self, name: str, declared: FieldInfo) -> forms.Field:
        says, refers = marker_of(declared, Says), marker_of(declared, Refers)
        common: dict[str, Any] = {
            "label": label_of(name, declared),
            "help_text": says.hint if says else "",
            "required": declared.is_required(),
        }
        if refers is not None:
            return self._reference(refers, common)
        return _plain_field(declared, common)

    def _reference(self, refers: Refers, common: dict[str, Any]) -> forms.Field:
        if refers.to == "uploads":
            return ManyFilesField(**common | {"required": False})
        if refers.to == "organisation":
            return forms.ChoiceField(choices=self._organisations(), **common)
        if refers.to == "organisations":
            several = forms.CheckboxSelectMultiple
            choices = self._organisations()[1:]
            return forms.MultipleChoiceField(choices=choices, widget=several, **common)
        if refers.to == "area":
            areas = self.community.areas.filter(organisation__isnull=False).order_by("code")
            return forms.ChoiceField(
                choices=[("", "—"), *((str(area.uuid), area.name) for area in areas)], **common
            )
        if refers.to == "endpoint":
            open_ones = [(str(one.uuid), one.name) for one in open_to_sending(self.community)]
            field = forms.ChoiceField(choices=[("", "—"), *open_ones], **common)
            if not open_ones:  # nobody is asked what cannot be done here
                field.widget = forms.HiddenInput()
            return field
        if refers.to == "category":
            return forms.ChoiceField(choices=category_choices(self.pack), **common)
        if refers.to == "reason":
            reasons = self.pack.reasons.get(refers.list_name, [])
            listed = [("", "—"), *((reason.code, str(reason.label)) for reason in reasons)]
            return forms.ChoiceField(choices=listed, **common)
        return forms.CharField(max_length=200, **common)

    def _organisations(self) -> list[tuple[str, str]]:
        rows = Organisation.objects.standing().filter(community=self.community).order_by("path")
        return [("", "—")] + [(str(row.uuid), "　" * (row.depth - 1) + row.name) for row in rows]


def category_choices(pack: PackContent) -> list[tuple[str, Any]]:
    """Return the categories that can be chosen, under the names of their parents."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, category in pack.leaf_categories().items():
        parent = pack.categories.get(category.parent or "")
        groups.setdefault(str(parent.label) if parent else "", []).append(
            (code, str(category.label))
        )
    loose = groups.pop("", [])
    return [("", "—"), *loose, *groups.items()]


def _plain_field(declared: FieldInfo, common: dict[str, Any]) -> forms.Field:
    kinds, widget = plain_types(declared), marker_of(declared, Widget)
    if choices := literal_choices(declared):
        radio = forms.RadioSelect if len(choices) < MANY_CHOICES else forms.Select
        initial = None if declared.is_required() else declared.default
        return forms.TypedChoiceField(
            choices=choices,
            coerce=int if isinstance(choices[0][0], int) else str,
            empty_value=None,
            widget=radio,
            initial=initial,
            **common,
        )
    if bool in kinds:
        return _yes_or_no(declared, common)
    if date in kinds:
        calendar = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=calendar, **common)
    if datetime in kinds:
        moment = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=moment, **common)
    if int in kinds or float in kinds:
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)
    if widget is not None and widget.name == "textarea":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **common)
    return forms.CharField(**common)


def _yes_or_no(declared: FieldInfo, common: dict[str, Any]) -> forms.Field:
    """A question that must be answered gets two buttons; an option gets a box to tick."""
    if declared.is_required():
        return forms.ChoiceField(
            choices=[("true", _("Yes")), ("false", _("No"))], widget=forms.RadioSelect, **common
        )
    return forms.BooleanField(initial=declared.default, **common | {"required": False})


def _is_uploads(declared: FieldInfo) -> bool:
    refers = marker_of(declared, Refers)
    return refers is not None and refers.to == "uploads"


def _is_questions(declared: FieldInfo) -> bool:
    widget = marker_of(declared, Widget)
    return widget is not None and widget.name == "questions"


def form_for(
    action: Action,
    matter: Matter,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> FactsForm:
    """Return the form of an action on a matter, with the version seen and a fresh key."""
    return FactsForm(
        action,
        matter.community,
        content_of(matter.pack),
        data,
        files,
        prefix=action.name,
        initial={
            "version": matter.version,
            "key": uuid4().hex,
            **_known(action, matter),
            **(initial or {}),
        },
    )


def _known(action: Action, matter: Matter) -> dict[str, Any]:
    """Fill in what the matter already says, where a field has the matter's own name for it."""
    known = {
        "category": matter.category,
        "urgency": matter.urgency,
        "public_title": matter.public_title,
        "public_text": matter.public_text,
        "area": str(matter.area.uuid) if matter.area else "",
    }
    return {name: known[name] for name in action.facts.model_fields if known.get(name)}


def start_form(
    action: Action,
    community: Community,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> FactsForm:
    """Return the form that begins a matter, by the pack the community uses now."""
    return FactsForm(
        action,
        community,
        content_of(community.pack),
        data,
        files,
        initial={"key": uuid4().hex, **(initial or {})},
    )
