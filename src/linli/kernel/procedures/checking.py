"""Checking facts: types by pydantic, references against the community, errors in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import ValidationError

from linli.kernel.exchange.endpoints import endpoint_to_send_to
from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Attachment, Matter
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import content_of
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import Facts, Refers, references

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.models import Pack

MAX_UPLOADS = 12
MAX_ORGANISATIONS = 30


def check_facts(
    declared: type[Facts], given: Mapping[str, Any] | Facts, community: Community, pack: Pack
) -> tuple[Facts, dict[str, Any]]:
    """Return the typed facts and the objects they refer to, by field name.

    Raises InvalidFacts with every field that is wrong, in the active language.
    """
    if isinstance(given, Facts):
        given = given.model_dump()
    try:
        facts = declared.model_validate(dict(given))
    except ValidationError as error:
        raise InvalidFacts(sentences(error)) from None
    return facts, _resolve(facts, community, pack)


def sentences(error: ValidationError) -> dict[str, list[str]]:
    """Return pydantic's errors as sentences by field."""
    found: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False):
        field = str(detail["loc"][0]) if detail["loc"] else "__all__"
        found.setdefault(field, []).append(sentence_of(detail))
    return found


def sentence_of(detail: ErrorDetails) -> str:
    """Return one of pydantic's errors as a sentence in the active language."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in ("missing", "string_too_short", "too_short"):
        return _("Please fill this in.")
    if kind == "string_too_long":
        return _("Please use at most %(max)s characters.") % {"max": context.get("max_length")}
    if kind.startswith(("date_", "datetime_")):
        return _("Please give a date.")
    if kind.startswith(("literal_", "enum")):
        return _("Please choose one of the options.")
    if kind.startswith(("int_", "float_", "decimal_")):
        return _("Please give a number.")
    if kind in ("less_than", "less_than_equal", "greater_than", "greater_than_equal"):
        return _("This number is out of range.")
    if kind == "extra_forbidden":
        return _("This field is not known.")
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    return _("This value is not valid.")


def _resolve(facts: Facts, community: Community, pack: Pack) -> dict[str, Any]:
    refs: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, refers in references(type(facts)):
        value = getattr(facts, name)
        if value is None or value == []:
            continue
        try:
            refs[name] = _lookup(refers, value, community, pack)
        except LookupError as error:
            errors[name] = [str(error.args[0])]
    if errors:
        raise InvalidFacts(errors)
    return refs


def _lookup(refers: Refers, value: Any, community: Community, pack: Pack) -> Any:
    if refers.to == "organisation":
        organisations = Organisation.objects.standing().filter(community=community)
        return _one(
            organisations, uuid=value, sentence=_("This organisation does not exist (any more).")
        )
    if refers.to == "organisations":
        return _organisations(value, community)
    if refers.to == "area":
        return _one(community.areas.all(), uuid=value, sentence=_("This area does not exist."))
    if refers.to == "person":
        people = Person.objects.filter(memberships__community=community, is_active=True)
        return _one(people.distinct(), uuid=value, sentence=_("This person is not known here."))
    if refers.to == "matter":
        matters = Matter.objects.filter(community=community)
        return _one(
            matters, number=value.upper(), sentence=_("There is no matter with this number.")
        )
    if refers.to == "endpoint":
        found = endpoint_to_send_to(community, value)
        if found is None:
            raise LookupError(_("Nothing can be sent there (any more)."))
        return found
    if refers.to == "uploads":
        return _uploads(value, community)
    return _listed(refers, value, pack)


def _one(rows: Any, *, sentence: str, **where: Any) -> Any:
    found = rows.filter(**where).first()
    if found is None:
        raise LookupError(sentence)
    return found


def _organisations(uuids: list[UUID], community: Community) -> list[Organisation]:
    """Return organisations in the order of the tree, each once."""
    if len(uuids) > MAX_ORGANISATIONS:
        raise LookupError(_("At most %(max)s at a time.") % {"max": MAX_ORGANISATIONS})
    rows = Organisation.objects.standing().filter(community=community, uuid__in=uuids)
    found = list(rows.order_by("path"))
    if len(found) != len(set(uuids)):
        raise LookupError(_("This organisation does not exist (any more)."))
    return found


def _uploads(uuids: list[UUID], community: Community) -> list[Upload]:
    if len(uuids) > MAX_UPLOADS:
        raise LookupError(_("At most %(max)s files at a time.") % {"max": MAX_UPLOADS})
    # Locked first, looked at then: nobody else attaches or purges them meanwhile.
    rows = Upload.objects.filter(community=community, uuid__in=uuids)
    locked = list(rows.select_for_update().order_by("pk"))
    taken = set(Attachment.objects.filter(upload__in=locked).values_list("upload_id", flat=True))
    found = [upload for upload in locked if upload.pk not in taken]
    if len(found) != len(set(uuids)):
        raise LookupError(_("A file was not found; please add it again."))
    return found


def _listed(refers: Refers, value: str, pack: Pack) -> str:
    content = content_of(pack)
    if refers.to == "category":
        known = value in content.leaf_categories()
    else:
        known = any(reason.code == value for reason in content.reasons.get(refers.list_name, []))
    if not known:
        raise LookupError(_("Please choose one of the options."))
    return value
