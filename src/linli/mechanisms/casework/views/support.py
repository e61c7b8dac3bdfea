"""Supporting a report of others: from its public page, or instead of sending one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.kernel.access.rates import within_rate
from linli.kernel.procedures.declaration import procedure_named
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.kernel.procedures.forms import start_form
from linli.kernel.procedures.performing import begin
from linli.mechanisms.casework.facts import Support
from linli.mechanisms.casework.forms import AUTOCOMPLETE, INPUT_MODE, key_of, new_key, renew_key
from linli.mechanisms.casework.promises import promise_of
from linli.mechanisms.casework.queries import public_request, sent_before
from linli.mechanisms.casework.stages import NOT_JOINED, procedure
from linli.mechanisms.casework.supporting import numbers_behind, own_place_in
from linli.mechanisms.casework.views.report import community_or_404, signed_in, to_receipt

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person
    from linli.kernel.procedures.forms import FactsForm

COOKIE, SALT = "linli-supported", "linli.casework.supported"
MOST_REMEMBERED = 40
A_YEAR = 366 * 24 * 3600
ASKED = ("text", "phone", "name", "email")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, number: str) -> HttpResponse:
    """One public report, and “it concerns me too”; without an account a link leads back."""
    community = community_or_404(request)
    matter = public_request(community, number)
    if matter is None:
        raise Http404
    form = _form(request, community, matter)
    status = 200
    if request.method == "POST":
        answer = support_instead(request, community, form, number)
        if answer is not None:
            return answer
        status = 429 if getattr(form, "too_many", False) else 422
    matter.refresh_from_db(fields=["stage"])
    told = {
        "section": "board",
        "matter": matter,
        "form": form,
        "fields": [form[name] for name in ASKED if name in form.fields],
        "stage": procedure.stage(matter.stage).label,
        "promise": promise_of(matter),
        "people": numbers_behind([matter])[matter.pk],
        "already": _already(request, matter),
        "open": matter.stage in NOT_JOINED,
    }
    return render(request, "casework/support.html", told, status=status)


def _form(request: HttpRequest, community: Community, matter: Matter) -> FactsForm:
    data: Any = None
    if request.method == "POST":
        data = request.POST.copy()
        data["into"] = matter.number
    start = procedure_named("casework").starts["support"]
    form = start_form(start, community, data, request.FILES or None, {"key": new_key()})
    for name, value in AUTOCOMPLETE.items():
        form.fields[name].widget.attrs["autocomplete"] = value
    for name, value in INPUT_MODE.items():
        form.fields[name].widget.attrs["inputmode"] = value
    if signed_in(request) is not None:
        for name in ("phone", "name", "email"):
            del form.fields[name]
    return form


def support_instead(
    request: HttpRequest, community: Community, form: FactsForm, number: str
) -> HttpResponse | None:
    """Support a matter with what a form holds; None with the reason in the form where refused.

    ``form``: of a support, or of a report that turned out to be none.
    """
    person, key = signed_in(request), key_of(form)
    form.is_valid()
    if key is None:
        form.add_error(None, _("The page was open too long. Please send it once more."))
    elif first := sent_before(community, person, key):
        if first.action == "support":
            return to_receipt(first.matter, person)
    elif person is None and _remembered(request, community, number):
        form.add_error(None, _("This was supported from this device already."))
    elif not within_rate("support", request):
        form.add_error(None, _("Many came from here. Please wait a little and send again."))
        form.too_many = True  # type: ignore[attr-defined]
    try:
        if not form.errors:
            event = begin(
                "casework", "support", community=community, by=person,
                facts=_facts(form, number, person), key=key,
            )  # fmt: skip
            return _remember(request, to_receipt(event.matter, person), community, number)
    except Refused as refused:
        _tell(form, refused)
    if key is None:
        renew_key(form)
    return None


def _facts(form: FactsForm, number: str, person: Person | None) -> dict[str, Any]:
    """Return the facts of a support from either form."""
    given = form.facts(person)
    return {name: given[name] for name in Support.model_fields if name in given} | {"into": number}


def _tell(form: FactsForm, refused: Refused) -> None:
    """A wrong number is nothing the resident typed: it is told above the form."""
    if isinstance(refused, InvalidFacts) and "into" in refused.errors:
        for sentence in refused.errors["into"]:
            form.add_error(None, sentence)
    else:
        form.refuse(refused)


# --- which device ------------------------------------------------------------------------------
def _already(request: HttpRequest, matter: Matter) -> bool:
    person = signed_in(request)
    if person is not None:
        return own_place_in(matter, person) is not None
    return _remembered(request, matter.community, matter.number)


def _remembered(request: HttpRequest, community: Community, number: str) -> bool:
    return _mark(community, number) in _marks(request)


def _mark(community: Community, number: str) -> str:
    return f"{community.pk}:{number.upper()}"


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=A_YEAR)
    except signing.BadSignature:
        return []
    return marks if isinstance(marks, list) else []


def _remember(
    request: HttpRequest, answer: HttpResponse, community: Community, number: str
) -> HttpResponse:
    if signed_in(request) is None:
        marks = [*_marks(request), _mark(community, number)][-MOST_REMEMBERED:]
        answer.set_cookie(
            COOKIE, signing.dumps(marks, salt=SALT), max_age=A_YEAR, httponly=True,
            samesite="Lax", secure=request.is_secure(),
        )  # fmt: skip
    return answer
