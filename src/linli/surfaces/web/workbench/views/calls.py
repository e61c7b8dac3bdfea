"""Call-backs: who is to be called next, the call itself, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.matters.queries import in_charge
from linli.kernel.packs.loading import content_of
from linli.kernel.people import contacts
from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import ValueErased
from linli.kernel.procedures.declaration import procedure_named
from linli.kernel.procedures.errors import ChangedMeanwhile, Refused
from linli.kernel.procedures.forms import FactsForm, form_for
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework import claiming
from linli.mechanisms.casework.asking_back import script_for
from linli.surfaces.web.workbench.guarding import Desk, staff_who
from linli.surfaces.web.workbench.showing import reads_private_words, with_packs
from linli.surfaces.web.workbench.views.contact import contact_of, may_reveal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter

SHOWN = 100
RELATED = ("servicerequest", "responsible", "area", "desk", "call_claim__person")
ACTIONS = ("call_back", "not_reached", "send_question")


callers_only = staff_who(claiming.is_caller)


@require_safe
@callers_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The queue: to be called now, being called, to be called later; five queries."""
    rows = claiming.calls_for(desk.person, desk.community).select_related(*RELATED)
    found = with_packs(rows.defer("area__boundary")[: SHOWN + 1], desk.community)
    private = set(
        in_charge(desk.person, desk.community)
        .filter(pk__in=[matter.pk for matter in found])
        .values_list("pk", flat=True)
    )
    now = timezone.now()
    parts: dict[str, list[dict[str, Any]]] = {"mine": [], "ready": [], "taken": [], "later": []}
    for matter in found[:SHOWN]:
        holder = _holder(matter, now)
        again = matter.servicerequest.call_again_at
        if holder is not None:
            part = "mine" if holder == desk.person else "taken"
        else:
            part = "later" if again and again > now else "ready"
        parts[part].append(
            {"matter": matter, "private": matter.pk in private, "holder": holder, "again": again,
             "tries": matter.servicerequest.contact_tries, "most": _most(matter)}
        )  # fmt: skip
    told = {"section": "calls", "more": len(found) > SHOWN, "shown": SHOWN, **parts}
    return render(request, "workbench/calls.html", told)


def _holder(matter: Matter, now: Any) -> Any:
    claim = getattr(matter, "call_claim", None)
    return claim.person if claim is not None and claim.until > now else None


def _most(matter: Matter) -> int:
    return content_of(matter.pack).casework.contact_tries


@require_POST
@callers_only
def take_next(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take the call that presses most; nobody else gets it meanwhile."""
    matter = claiming.claim_next(desk.person, desk.community)
    if matter is None:
        messages.info(request, _("Nobody is to be called now."))
        return redirect("desk:calls")
    return redirect("desk:call", number=matter.number)


@require_POST
@callers_only
def take(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Take one call out of the queue."""
    matter = _matter_or_404(desk, number)
    if not claiming.claim(matter, desk.person):
        messages.warning(request, _("Somebody else is calling this reporter just now."))
        return redirect("desk:calls")
    return redirect("desk:call", number=matter.number)


@require_POST
@callers_only
def let_go(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Put a call back into the queue without having called."""
    claiming.let_go(_matter_or_404(desk, number), desk.person)
    messages.info(request, _("The call is in the queue again."))
    return redirect("desk:calls")


@require_safe
@callers_only
def call(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One call: whom, what to say, what the reporter answers."""
    return _page(request, desk, _matter_or_404(desk, number))


def _matter_or_404(desk: Desk, number: str) -> Matter:
    """Return a matter the person may call about. Raises Http404."""
    rows = claiming.calls_for(desk.person, desk.community).filter(number=number.upper())
    related = (*RELATED, "reporter", "pack", "community__pack", "servicerequest")
    large = ("area__boundary", "pack__content", "community__pack__content")
    matter = rows.select_related(*related).defer(*large).first()
    if matter is None:
        raise Http404
    return matter


def _page(
    request: HttpRequest,
    desk: Desk,
    matter: Matter,
    tried: FactsForm | None = None,
    revealed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    holder = _holder(matter, now)
    mine = holder == desk.person
    private = reads_private_words(desk.person, matter)
    forms = {
        name: tried if tried and tried.action.name == name else form_for(_action(name), matter)
        for name in ACTIONS
    }
    again = matter.servicerequest.call_again_at
    told = {
        "section": "calls",
        "matter": matter,
        "detail": matter.servicerequest,
        "private": private,
        "holder": holder,
        "mine": mine,
        "until": matter.call_claim.until if mine else None,
        "too_early": again if again and again > now else None,
        "contact": contact_of(desk, matter, revealed) if private and mine else None,
        "script": script_for(matter),
        "most": _most(matter),
        "forms": forms,
        "tried": tried.action.name if tried else "",
    }
    return render(request, "workbench/call.html", told, status=status)


def _action(name: str) -> Any:
    return procedure_named("casework").actions[name]


@require_POST
@callers_only
def act(request: HttpRequest, desk: Desk, number: str, action: str) -> HttpResponse:
    """Take down what came of the call; who answered elsewhere first is told so."""
    if action not in ACTIONS:
        raise Http404
    rows = claiming.calls_for(desk.person, desk.community).filter(number=number.upper())
    if not rows.exists():
        return _answered_meanwhile(request, desk, number)
    matter = _matter_or_404(desk, number)
    form = form_for(_action(action), matter, request.POST.copy())
    if not form.is_valid():
        return _page(request, desk, matter, form, status=422)
    given = form.cleaned_data
    try:
        perform(
            matter,
            action,
            by=desk.person,
            facts=form.facts(by=desk.person),
            version=given.get("version"),
            key=given.get("key") or None,
        )
    except Refused as refused:
        return _refused(request, desk, matter, form, refused)
    messages.success(request, _("Done: %(action)s.") % {"action": form.action.label})
    if action == "send_question":  # a message was sent; the call itself is still to be made
        return redirect("desk:call", number=matter.number)
    return redirect("desk:calls")


def _refused(
    request: HttpRequest, desk: Desk, matter: Matter, form: FactsForm, refused: Refused
) -> HttpResponse:
    if not claiming.calls_for(desk.person, desk.community).filter(pk=matter.pk).exists():
        return _answered_meanwhile(request, desk, matter.number)
    if isinstance(refused, ChangedMeanwhile):
        # Sending again means: having read what happened meanwhile.
        form.data[form.add_prefix("version")] = str(refused.current_version)  # type: ignore[index]
    form.refuse(refused)
    return _page(request, desk, _matter_or_404(desk, matter.number), form, status=refused.status)


def _answered_meanwhile(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The first answer counts; a call that comes to nothing is said, not an error."""
    seen = in_charge(desk.person, desk.community).filter(number=number.upper())
    if not seen.filter(servicerequest__isnull=False).exists():
        raise Http404
    sentence = _("%(number)s needs no call any more: the reporter has answered, or it is closed.")
    messages.warning(request, sentence % {"number": number.upper()})
    return redirect("desk:calls")


@require_POST
@callers_only
def reveal(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Show the number to call; who looked is kept and shown to the reporter."""
    matter = _matter_or_404(desk, number)
    holds = _holder(matter, timezone.now()) == desk.person
    if matter.reporter is None or not holds or not may_reveal(desk, matter):
        raise PermissionDenied
    kind = request.POST.get("kind", "")
    if kind not in Contact.Kind.values:
        raise Http404
    reason = _("Call-back about %(number)s") % {"number": matter.number}
    try:
        value = contacts.reveal_contact(
            matter.reporter, kind, by=desk.person, reason=reason, matter=matter
        )
    except (Contact.DoesNotExist, ValueErased, LookupError):
        messages.warning(request, _("There is no such value, or it was erased."))
        return redirect("desk:call", number=matter.number)
    return _page(request, desk, matter, revealed={kind: str(value)})
