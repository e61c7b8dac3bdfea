"""Following one's own matter: by secret link without an account, or signed in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import segno
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.access.links import find_link
from linli.kernel.access.rates import within_rate
from linli.kernel.events.timeline import timeline
from linli.kernel.papers.pdf import why_no_pdf
from linli.kernel.procedures.errors import ChangedMeanwhile, NotAllowed, Refused, Unknown
from linli.kernel.procedures.forms import form_for
from linli.kernel.procedures.performing import available_actions, perform
from linli.mechanisms.casework.asking_back import answer_given
from linli.mechanisms.casework.letters import is_answered, languages_of
from linli.mechanisms.casework.monthly_topics.queries import topics_of_report
from linli.mechanisms.casework.next_steps import next_steps, where_it_stands
from linli.mechanisms.casework.promises import promise_of
from linli.mechanisms.casework.queries import own_request, own_requests, public_request
from linli.mechanisms.casework.questions import answers_of
from linli.mechanisms.casework.supporting import public_main_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from linli.kernel.matters.models import Matter
    from linli.kernel.people.models import Person
    from linli.kernel.procedures.declaration import Action
    from linli.kernel.procedures.forms import FactsForm

# What reporters do themselves, in the order in which the page offers it.
OWN_ACTIONS = ("rate", "answer", "reopen", "appeal", "withdraw")


@dataclass(frozen=True)
class Own:
    """A matter with whom it belongs to, and the way back to it."""

    matter: Matter
    person: Person
    token: str = ""

    def url(self, view: str = "", **more: str) -> str:
        """Return the address of the page, its receipt or one of its actions."""
        if view == "data" and not (self.token and self.person.is_guest):
            return reverse("me:overview")
        if self.token:
            names = {"": "tracking", "receipt": "receipt", "act": "tracking_act",
                     "data": "tracking_data", "phone": "tracking_phone",
                     "rating": "rating"}  # fmt: skip
            return reverse(f"casework:{names[view]}", kwargs={"token": self.token, **more})
        names = {"": "my_matter", "receipt": "my_receipt", "act": "my_act"}
        return reverse(f"casework:{names[view]}", kwargs={"number": self.matter.number, **more})

    def paper_url(self, name: str) -> str:
        """Return the address of a file to take home: "letter" or "promise"."""
        if self.token:
            return reverse(f"papers:tracking_{name}", kwargs={"token": self.token})
        return reverse(f"papers:my_{name}", kwargs={"number": self.matter.number})


def secret(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Find the matter of a token; nobody else learns of the page, and guessing is slowed."""

    @never_cache
    @wraps(view)
    def with_own(request: HttpRequest, token: str, **more: Any) -> HttpResponseBase:
        link = find_link(token)
        if link is None or link.matter.procedure != "casework":
            if not within_rate("wrong_link", request):
                told = {"heading": _("Too many at once"),
                        "sentence": _("Please wait a little and try again.")}  # fmt: skip
                return render(request, "web/error.html", told, status=429)
            raise Http404
        answer = view(request, Own(link.matter, link.person, token.strip().lower()), **more)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Referrer-Policy"] = "same-origin"  # with none, browsers send forms from nowhere
        return answer

    return with_own


def mine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Find a matter of the person signed in; others are sent to what the public sees."""

    @never_cache
    @login_required
    @wraps(view)
    def with_own(request: HttpRequest, number: str, **more: Any) -> HttpResponse:
        person: Person = request.user  # type: ignore[assignment]
        matter = own_request(person, number)
        if matter is None:
            return _to_the_public_page(request, number)
        return view(request, Own(matter, person), **more)

    return with_own


def _to_the_public_page(request: HttpRequest, number: str) -> HttpResponse:
    from linli.mechanisms.casework.views.report import community_or_404

    if request.method in ("GET", "HEAD") and public_request(community_or_404(request), number):
        return redirect("casework:board_matter", number=number)
    raise Http404


def follow(request: HttpRequest, own: Own) -> HttpResponse:
    """What happened, what comes next, and what the reporter can do."""
    return _page(request, own)


def act(request: HttpRequest, own: Own, action: str) -> HttpResponse:
    """Carry out an action of the reporter's; a refusal keeps what was typed."""
    declared = _declared(own, action)
    form = _dressed(form_for(declared, own.matter, request.POST, request.FILES))
    form.is_valid()
    try:
        facts = form.facts(own.person)
        if not form.errors:
            perform(
                own.matter,
                action,
                by=own.person,
                facts=facts,
                version=form.cleaned_data.get("version"),
                key=form.cleaned_data.get("key") or None,
            )
            return redirect(f"{own.url()}?done={action}")
    except Refused as refused:
        return _refused(request, own, form, refused)
    return _page(request, own, form, status=422)


def _refused(request: HttpRequest, own: Own, form: FactsForm, refused: Refused) -> HttpResponse:
    """Keep what was typed; whose answer came too late is told that one counts already."""
    own.matter.refresh_from_db()
    late = form.action.name == "rate" and own.matter.stage != "solved"
    if late and (given := answer_given(own.matter)):
        form.add_error(None, given.sentence)
        return _page(request, own, form, status=409)
    if isinstance(refused, ChangedMeanwhile):
        _take_new_version(form, refused)
    form.refuse(refused)
    return _page(request, own, form, status=refused.status)


def _declared(own: Own, action: str) -> Action:
    from linli.mechanisms.casework.stages import procedure

    try:
        if action in OWN_ACTIONS:
            return procedure.find(action)
    except (Unknown, NotAllowed):
        pass
    raise Http404


def _take_new_version(form: FactsForm, changed: ChangedMeanwhile) -> None:
    """Sending again means: having read what happened meanwhile."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data[form.add_prefix("version")] = changed.current_version  # type: ignore[index]


def _dressed(form: FactsForm) -> FactsForm:
    for name in ("pictures",):
        if name in form.fields:
            form.fields[name].widget.attrs["accept"] = "image/*"
    return form


def _page(
    request: HttpRequest, own: Own, refused: FactsForm | None = None, status: int = 200
) -> HttpResponse:
    matter = own.matter
    forms = []
    for action in available_actions(matter, own.person):
        if action.name in OWN_ACTIONS:
            form = refused if refused and refused.action == action else form_for(action, matter)
            forms.append((action, _dressed(form), own.url("act", action=action.name)))
    forms.sort(key=lambda offered: OWN_ACTIONS.index(offered[0].name))
    offered = {action.name for action, _form, _url in forms}
    told = {
        "section": "mine",
        "own": own,
        "matter": matter,
        "request_detail": matter.servicerequest,
        "stands": where_it_stands(matter),
        "promise": promise_of(matter),
        "answers": answers_of(matter, personal=True),
        "entries": timeline(matter, own.person),
        "forms": forms,
        "refused": refused,
        "lost": refused if refused and refused.action.name not in offered else None,
        "next": next_steps(matter),
        "done": request.GET.get("done", "") if status == 200 else "",
        "receipt_url": own.url("receipt"),
        "data_url": own.url("data"),
        **_papers(own),
        "main": public_main_of(matter),
        "monthly_topics": topics_of_report(matter, public=True),
    }
    return render(request, "casework/tracking.html", told, status=status)


def _papers(own: Own) -> dict[str, str]:
    """Return the addresses of what can be taken home, empty for what there is not."""
    letter = is_answered(own.matter) and languages_of(own.matter) and not why_no_pdf()
    return {
        "letter_url": own.paper_url("letter") if letter else "",
        "promise_url": own.paper_url("promise") if promise_of(own.matter) else "",
    }


def receipt(request: HttpRequest, own: Own) -> HttpResponse:
    """The number, what happens next and when, and the way back."""
    from linli.mechanisms.casework.views.own_data import phone_to_verify

    url = request.build_absolute_uri(own.url())
    code = segno.make(url, error="m").svg_inline(scale=4, border=2, omitsize=True, dark="#1b2420")
    told = {
        "section": "report",
        "own": own,
        "matter": own.matter,
        "main": public_main_of(own.matter),
        "url": url,
        "code": mark_safe(code),  # noqa: S308 - drawn here from an address of our own
        "next": next_steps(own.matter),
        "phone_url": own.url("phone") if own.token and phone_to_verify(own.person) else "",
    }
    return render(request, "casework/receipt.html", told)


@never_cache
@login_required
@require_safe
def my_matters(request: HttpRequest) -> HttpResponse:
    """What the person signed in reported, newest first."""
    person: Person = request.user  # type: ignore[assignment]
    page = own_requests(person, request.GET.get("page", ""))
    rows = [(matter, where_it_stands(matter), promise_of(matter)) for matter in page.items]
    told = {"section": "mine", "rows": rows, "page": page, "query": ""}
    return render(request, "casework/mine.html", told)


tracking = require_safe(secret(follow))
tracking_act = require_http_methods(["POST"])(secret(act))
tracking_receipt = require_safe(secret(receipt))
my_matter = require_safe(mine(follow))
my_act = require_http_methods(["POST"])(mine(act))
my_receipt = require_safe(mine(receipt))
