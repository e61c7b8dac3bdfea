"""Reporting: one form, without an account, also with scripts switched off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.access.links import link_for, token_of
from linli.kernel.access.rates import within_rate
from linli.kernel.organisations.current import KEY, community_of_request
from linli.kernel.places.addresses import suggest_addresses
from linli.kernel.places.doorways import clean_doorway_code
from linli.kernel.places.models import Address
from linli.kernel.procedures.declaration import procedure_named
from linli.kernel.procedures.errors import KeyReused, Refused
from linli.kernel.procedures.forms import start_form
from linli.kernel.procedures.performing import begin
from linli.mechanisms.casework.forms import asking_more, key_of, renew_key, report_form
from linli.mechanisms.casework.queries import sent_before
from linli.mechanisms.casework.views.similar import suggestions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person
    from linli.kernel.procedures.forms import FactsForm
    from linli.mechanisms.casework.views.similar import Suggestion

PLACES_SHOWN = 8


def community_or_404(request: HttpRequest) -> Community:
    """Return the community a page is about. Raises Http404 before one was set up."""
    community = community_of_request(request)
    if community is None:
        raise Http404
    return community


def signed_in(request: HttpRequest) -> Person | None:
    """Return who is signed in, or None."""
    return request.user if request.user.is_authenticated else None  # type: ignore[return-value]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The report form; what was typed and uploaded stays when something is not in order."""
    community = community_or_404(request)
    code = request.POST.get("doorway") or request.GET.get("d", "")
    doorway = _doorway(community, code)
    form = report_form(request, community, doorway)
    if "ask" in request.POST:
        return _page(request, asking_more(form, signed_in(request)), doorway)
    if request.method == "POST":
        return _submit(request, community, form, doorway)
    return _page(request, form, doorway, unknown_doorway=bool(code) and doorway is None)


def _doorway(community: Community, code: str) -> Address | None:
    code = clean_doorway_code(code[:40])
    if not re.fullmatch(r"\w{1,24}", code):
        return None
    return Address.objects.filter(community=community, doorway_code=code).first()


def _submit(
    request: HttpRequest, community: Community, form: FactsForm, doorway: Address | None
) -> HttpResponse:
    if number := request.POST.get("support", "")[:24]:
        return _support(request, community, form, doorway, number)
    person, key = signed_in(request), key_of(form)
    form.is_valid()
    if key is None:
        form.add_error(None, _("The page was open too long. Please send it once more."))
    elif first := sent_before(community, person, key):
        if first.matter.text == form.cleaned_data.get("text", "").strip():
            return to_receipt(first.matter, person)
        form.add_error(None, KeyReused().sentence)
    elif found := _not_yet_asked(request, community, form):
        return _ask(request, form, found)
    elif not within_rate("report", request):
        form.add_error(None, _("Many reports came from here. Please wait a little and send again."))
        return _page(request, form, doorway, status=429)
    return _file(request, community, form, doorway, key)


def _file(
    request: HttpRequest,
    community: Community,
    form: FactsForm,
    doorway: Address | None,
    key: str | None,
) -> HttpResponse:
    """File the report, or show why not with all that was typed."""
    person = signed_in(request)
    try:
        facts = form.facts(person)
        if not form.errors:
            event = begin(
                "casework", "report", community=community, by=person, facts=facts, key=key
            )
            return to_receipt(event.matter, person)
    except Refused as refused:
        form.refuse(refused)
    if key is None or sent_before(community, person, key):
        renew_key(form)
    return _page(request, form, doorway, status=422)


def _support(
    request: HttpRequest,
    community: Community,
    form: FactsForm,
    doorway: Address | None,
    number: str,
) -> HttpResponse:
    """“It is this”: what was typed goes along to the report that is supported."""
    from linli.mechanisms.casework.views.support import support_instead

    answer = support_instead(request, community, form, number)
    if answer is not None:
        return answer
    form.keep_files(signed_in(request))
    status = 429 if getattr(form, "too_many", False) else 422
    return _page(request, form, doorway, status=status)


def _not_yet_asked(request: HttpRequest, community: Community, form: FactsForm) -> list[Suggestion]:
    """Return what a report in good order is to be compared with, once."""
    if form.errors or request.POST.get("asked") or not within_rate("similar", request):
        return []
    return suggestions(community, request.POST)


def _ask(request: HttpRequest, form: FactsForm, found: list[Suggestion]) -> HttpResponse:
    """Before it is filed: is it one of these? What was typed and uploaded waits in the page."""
    form.keep_files(signed_in(request))
    told = {
        "section": "report",
        "form": form,
        "found": found,
        "kept": form.kept_uploads.get("pictures", []),
        "hidden": [field for field in form if field.name != "pictures"],
    }
    return render(request, "casework/similar_ask.html", told)


def to_receipt(matter: Matter, person: Person | None) -> HttpResponse:
    """Lead to the receipt of what was just sent: signed in by number, else by the secret link."""
    if person is not None:
        return redirect("casework:my_receipt", number=matter.number)
    link = link_for(matter, matter.reporter) if matter.reporter else None
    if link is None:
        raise Http404
    return redirect("casework:receipt", token=token_of(link))


def _page(
    request: HttpRequest,
    form: FactsForm,
    doorway: Address | None,
    *,
    unknown_doorway: bool = False,
    status: int = 200,
) -> HttpResponse:
    told = {
        "section": "report",
        "form": form,
        "doorway": doorway,
        "unknown_doorway": unknown_doorway,
        "kept": form.kept_uploads.get("pictures", []),
        "more_open": any(form[name].errors for name in ("name", "phone", "email")),
    }
    return render(request, "casework/report.html", told, status=status)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What is asked besides for a category: the part of the form that changes with it."""
    community = community_or_404(request)
    category = request.GET.get("category", "").replace("\x00", "")[:60]
    action = procedure_named("casework").starts["report"]
    form = start_form(action, community, initial={"category": category})
    return render(request, "casework/questions.html", {"form": form})


@require_safe
def doorway(request: HttpRequest, code: str) -> HttpResponse:
    """A doorway's QR code leads to the form with the place filled in."""
    code = clean_doorway_code(code[:40])
    found = Address.objects.select_related("community").filter(doorway_code=code).first()
    if found is not None:
        request.session[KEY] = found.community.code
    return HttpResponseRedirect(f"{reverse('casework:report')}?{urlencode({'d': code})}")


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Addresses that contain what is typed: a list of buttons for the report form."""
    community = community_or_404(request)
    typed = request.GET.get("address", "").replace("\x00", "").strip()[:60]
    found: list[Address] = []
    if len(typed) > 1 and within_rate("places", request):
        found = suggest_addresses(community, typed, PLACES_SHOWN)
    return render(request, "casework/places.html", {"found": found, "typed": typed})
