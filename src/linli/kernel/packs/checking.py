"""Checking a pack as a whole: its shape by pydantic, then what its parts say of each other."""

from __future__ import annotations

import string
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from linli.engines.worktime import WorkCalendar
from linli.kernel.packs.problems import PackInvalid
from linli.kernel.packs.questions import wrong_questions
from linli.kernel.packs.schema import CASEWORK_CLOCKS, NOTICE_FIELDS, PackContent
from linli.kernel.packs.texts import Label, models_within
from linli.kernel.papers.checking import wrong_papers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from linli.kernel.packs.problems import Problem
    from linli.kernel.packs.reading import Path_, Source

Found = tuple["Path_", str]
Shape = TypeVar("Shape", bound=BaseModel)


def check(source: Source) -> PackContent:
    """Return the checked content of a pack. Raises PackInvalid with every problem and its line."""
    content = check_shape(source, PackContent)
    problems = list(source.problems)
    for path, sentence in _contradictions(content):
        problems.append(source.problem(path, sentence))
    if problems:
        raise PackInvalid(problems)
    return content


# --- the shape ------------------------------------------------------------------------------
def check_shape(source: Source, model: type[Shape]) -> Shape:
    """Return settings as their model. Raises PackInvalid with what does not fit, and its line.

    Problems found in reading are told with it, but do not stop what fits all the same.
    """
    try:
        return model.model_validate(source.values)
    except ValidationError as error:
        problems = [_shape_problem(source, model, one) for one in error.errors(include_url=False)]
        raise PackInvalid([*source.problems, *problems]) from None


def _shape_problem(source: Source, model: type[BaseModel], error: ErrorDetails) -> Problem:
    path = tuple(error["loc"])
    if path[-1:] == ("[key]",):
        path = path[:-1]
    elif error["type"] != "missing":
        path = _as_written(source, path)
    return source.problem(path, _sentence(error, path, model))


def _as_written(source: Source, path: Path_) -> Path_:
    """Leave out what pydantic adds to a path and the file does not have."""
    while path and path not in source.lines:
        path = path[:-1]
    return path


def _sentence(error: ErrorDetails, path: Path_, model: type[BaseModel]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return _("This setting is missing.")
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), model)
    if kind == "literal_error":
        return _("It must be one of: %(expected)s.") % {"expected": context["expected"]}
    if kind == "string_type":
        return _("It must be a text; put it in quotes.")
    if kind == "string_pattern_mismatch":
        return _("“%(value)s” is not allowed here; it must look like %(pattern)s.") % {
            "value": error["input"],
            "pattern": context["pattern"],
        }
    if kind == "value_error":
        return str(context["error"])
    return _("It is not valid: %(reason)s.") % {"reason": error["msg"]}


def _unknown(key: str, model: type[BaseModel]) -> str:
    beside = models_within(model)
    known = {name for one in beside for name in one.model_fields}
    if close := get_close_matches(key, sorted(known), n=1):
        return _("This key is not known. Did you mean “%(close)s”?") % {"close": close[0]}
    return _("This key is not known.")


# --- what the parts say of each other -------------------------------------------------------
def _contradictions(pack: PackContent) -> Iterator[Found]:
    yield from _labels(pack, set(pack.languages), ())
    yield from _roles(pack)
    yield from _categories(pack)
    yield from _calendar(pack)
    yield from _reasons(pack)
    yield from _notices(pack)
    yield from _script(pack)
    yield from _topics(pack)
    yield from wrong_questions(pack)
    yield from wrong_papers(pack.papers)
    yield from _open_data(pack)
    yield from _needed(pack)


def _open_data(pack: PackContent) -> Iterator[Found]:
    """The finest place is a kind of area; a month has no quarters."""
    asked = pack.open_data
    if asked.finest_place is not None and asked.finest_place not in pack.area_kinds:
        sentence = _("There is no kind of area “%(code)s”.") % {"code": asked.finest_place}
        yield ("open_data", "finest_place"), sentence
    if asked.period == "month" and asked.finest_time == "quarter":
        yield ("open_data", "finest_time"), _("It must not be coarser than the period.")


def _labels(value: Any, languages: set[str], path: Path_) -> Iterator[Found]:
    """Every text in every language of the pack, and in no other."""
    if isinstance(value, Label):
        for language in sorted(languages - set(value.root)):
            yield path, _("The text in “%(language)s” is missing.") % {"language": language}
        for language in sorted(set(value.root) - languages):
            sentence = _("“%(language)s” is not among the languages of the pack.")
            yield (*path, language), sentence % {"language": language}
        return
    parts: Any = ()
    if isinstance(value, BaseModel):
        parts = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for name, part in parts:
        yield from _labels(part, languages, (*path, name))


def _roles(pack: PackContent) -> Iterator[Found]:
    for code, role in pack.roles.items():
        for number, other in enumerate(role.includes):
            path = ("roles", code, "includes", number)
            if other not in pack.roles:
                yield path, _("There is no role “%(role)s”.") % {"role": other}
            elif code in pack.roles_within(other):
                yield path, _("The role “%(role)s” includes this one already.") % {"role": other}


def _categories(pack: PackContent) -> Iterator[Found]:
    for code, category in pack.categories.items():
        if category.parent is None:
            continue
        path = ("categories", code, "parent")
        above = pack.categories.get(category.parent)
        if above is None:
            sentence = _("There is no category “%(category)s”.")
            yield path, sentence % {"category": category.parent}
        elif above.parent is not None or category.parent == code:
            yield path, _("Categories have two levels: a parent has no parent itself.")


def _calendar(pack: PackContent) -> Iterator[Found]:
    setting = pack.calendar
    try:
        WorkCalendar("UTC", setting.hours, kind=setting.kind, overrides=setting.overrides)
    except ValueError as error:
        yield ("calendar", "hours"), str(error)


def _reasons(pack: PackContent) -> Iterator[Found]:
    for name, reasons in pack.reasons.items():
        codes: set[str] = set()
        for number, reason in enumerate(reasons):
            if reason.code in codes:
                sentence = _("The reason “%(code)s” stands here twice.") % {"code": reason.code}
                yield ("reasons", name, number, "code"), sentence
            codes.add(reason.code)


def _notices(pack: PackContent) -> Iterator[Found]:
    for name, notice in pack.notices.items():
        for part in ("subject", "body"):
            for language, text in getattr(notice, part).root.items():
                path = ("notices", name, part, language)
                yield from ((path, sentence) for sentence in _placeholders(text))


def _script(pack: PackContent) -> Iterator[Found]:
    script = pack.casework.call_back.script
    for language, text in script.root.items() if script else ():
        path = ("casework", "call_back", "script", language)
        yield from ((path, sentence) for sentence in _placeholders(text))


def _placeholders(text: str) -> Iterator[str]:
    try:
        fields = [field for _text, field, _spec, _how in string.Formatter().parse(text)]
    except ValueError:
        yield _("A brace { or } stands alone; write {{ or }} for the character itself.")
        return
    for field in fields:
        if field is not None and field not in NOTICE_FIELDS:
            known = ", ".join(sorted(NOTICE_FIELDS))
            yield _("“{%(field)s}” is not filled in; known are: %(known)s.") % {
                "field": field,
                "known": known,
            }


def _topics(pack: PackContent) -> Iterator[Found]:
    kind = pack.hot_topics.within
    if kind is not None and kind not in pack.area_kinds:
        sentence = _("There is no kind of area “%(kind)s”.") % {"kind": kind}
        yield ("hot_topics", "within"), sentence
    if pack.hot_topics.fewest_people > pack.hot_topics.fewest_reports:
        sentence = _("There cannot be more people than reports.")
        yield ("hot_topics", "fewest_people"), sentence


# --- what the procedures need ---------------------------------------------------------------
def _needed(pack: PackContent) -> Iterator[Found]:
    for clock in CASEWORK_CLOCKS:
        if clock not in pack.clocks:
            yield ("clocks",), _("The clock “%(name)s” is missing.") % {"name": clock}
    for role in sorted(_roles_named_by_procedures() - set(pack.roles)):
        yield ("roles",), _("The role “%(name)s” is missing: procedures name it.") % {"name": role}
    for name in sorted(_reason_lists_of_procedures()):
        if not pack.reasons.get(name):
            yield ("reasons",), _("The list of reasons “%(name)s” is missing.") % {"name": name}


def _roles_named_by_procedures() -> set[str]:
    from linli.kernel.procedures.declaration import registry

    relations = {
        relation
        for procedure in registry.values()
        for action in procedure.all_actions()
        for relation in action.by
    }
    return {relation.partition(".")[2] for relation in relations if "." in relation}


def _reason_lists_of_procedures() -> set[str]:
    from linli.kernel.procedures.declaration import registry
    from linli.kernel.procedures.facts import Refers, marker_of

    markers = (
        marker_of(field, Refers)
        for procedure in registry.values()
        for action in procedure.all_actions()
        for field in action.facts.model_fields.values()
    )
    return {marker.list_name for marker in markers if marker and marker.to == "reason"}
