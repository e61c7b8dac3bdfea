"""The tree of organisations, and federations across it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.access.reach import Conflicts, NotAdministered, reach
from linli.kernel.organisations import administering
from linli.kernel.organisations.models import (
    Federation,
    FederationMember,
    Membership,
    Organisation,
)
from linli.kernel.organisations.tree import parent_of
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.whistle.queries import missed_by
from linli.surfaces.web.workbench.forms import (
    FederationForm,
    MoveForm,
    OrganisationForm,
    SeatForm,
)
from linli.surfaces.web.workbench.guarding import Desk, needs
from linli.surfaces.web.workbench.showing import role_label

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

administer = needs("administer_organisations")


@require_safe
@administer
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The tree, and the federations."""
    return _overview(request, desk, FederationForm(desk))


def _overview(request: HttpRequest, desk: Desk, form: FederationForm) -> HttpResponse:
    counted = Count("responsible_matters", Q(responsible_matters__closed_at__isnull=True))
    rows = reach(desk.person, desk.community, "administer_organisations").order_by("path")
    seats = FederationMember.objects.filter(until__isnull=True).select_related("organisation")
    federations = Federation.objects.filter(community=desk.community).select_related("convener")
    kinds = _kinds(desk)
    told = {
        "section": "organisations",
        "rows": [
            (row, kinds.get(row.kind, row.kind)) for row in rows.annotate(open_matters=counted)
        ],
        "federations": federations.order_by("name").prefetch_related(
            Prefetch("seats", seats.order_by("organisation__path"), to_attr="current_seats")
        ),
        "federation_form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "workbench/organisations.html", told, status=status)


def _kinds(desk: Desk) -> dict[str, str]:
    kinds = pack_of(desk.community).organisation_kinds
    return {name: str(setting.label) for name, setting in kinds.items()}


def _or_404(desk: Desk, uuid: UUID) -> Organisation:
    return get_object_or_404(
        reach(desk.person, desk.community, "administer_organisations"), uuid=uuid
    )


@require_safe
@administer
def organisation(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """One organisation: what is said of it, who holds posts there, and what can be changed."""
    return _page(request, desk, _or_404(desk, uuid))


def _page(request: HttpRequest, desk: Desk, one: Organisation, **tried: Form) -> HttpResponse:
    posts = Membership.objects.current().filter(organisation=one).select_related("person")
    told: dict[str, Any] = {
        "section": "organisations",
        "one": one,
        "above": parent_of(one),
        "kind": _kinds(desk).get(one.kind, one.kind),
        "posts": [
            (post, role_label(desk.community, post.role)) for post in posts.order_by("role", "pk")
        ],
        "missed": missed_by(one),
        "may_people": desk.can("administer_people"),
        "change": OrganisationForm(desk, prefix="change", initial=_initial(one)),
        "below": OrganisationForm(desk, prefix="below"),
        "move": MoveForm(desk, prefix="move"),
        "opened": next(iter(tried), ""),
    } | tried
    status = 422 if tried else 200
    return render(request, "workbench/organisation.html", told, status=status)


def _initial(one: Organisation) -> dict[str, str]:
    return {name: getattr(one, name) for name in administering.CHANGEABLE}


@require_POST
@administer
def create_below(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Create an organisation below this one."""
    parent = _or_404(desk, uuid)
    form = OrganisationForm(desk, request.POST, prefix="below")
    if form.is_valid():
        try:
            made = administering.create_organisation(desk.person, parent, **form.cleaned_data)
        except (Conflicts, NotAdministered) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("“%(name)s” was created.") % {"name": made.name})
            return redirect("desk:organisation", uuid=made.uuid)
    return _page(request, desk, parent, below=form)


@require_POST
@administer
def change(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Rename it, or change what is said of it."""
    one = _or_404(desk, uuid)
    form = OrganisationForm(desk, request.POST, prefix="change")
    if form.carries_out(
        lambda: administering.change_organisation(desk.person, one, **form.cleaned_data)
    ):
        messages.success(request, _("The change was kept."))
        return redirect("desk:organisation", uuid=uuid)
    return _page(request, desk, one, change=form)


@require_POST
@administer
def move(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Put it under another."""
    one = _or_404(desk, uuid)
    form = MoveForm(desk, request.POST, prefix="move")
    if form.carries_out(
        lambda: administering.move_organisation(desk.person, one, form.cleaned_data["to"])
    ):
        messages.success(request, _("It was moved."))
        return redirect("desk:organisation", uuid=uuid)
    return _page(request, desk, one, move=form)


@require_POST
@administer
def dissolve(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """End it, where nothing lies there any more."""
    one = _or_404(desk, uuid)
    try:
        administering.dissolve_organisation(desk.person, one)
    except (Conflicts, NotAdministered) as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("“%(name)s” was dissolved.") % {"name": one.name})
    return redirect("desk:organisation", uuid=uuid)


@require_POST
@administer
def create_federation(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Create a federation."""
    form = FederationForm(desk, request.POST)
    if form.is_valid():
        try:
            made = administering.create_federation(desk.person, **form.cleaned_data)
        except (Conflicts, NotAdministered) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("“%(name)s” was created.") % {"name": made.name})
            return redirect("desk:federation", uuid=made.uuid)
    return _overview(request, desk, form)


@require_http_methods(["GET", "HEAD", "POST"])
@administer
def federation(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """One federation, and giving a seat in it."""
    one = get_object_or_404(Federation, uuid=uuid, community=desk.community)
    form = SeatForm(desk, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carries_out(
        lambda: administering.join_federation(desk.person, one, **form.cleaned_data)
    ):
        messages.success(request, _("The seat was given."))
        return redirect("desk:federation", uuid=uuid)
    seats = one.seats.select_related("organisation").order_by("organisation__path")
    told = {"section": "organisations", "one": one, "seats": seats, "form": form}
    status = 422 if form.errors else 200
    return render(request, "workbench/federation.html", told, status=status)


@require_POST
@administer
def leave(request: HttpRequest, desk: Desk, uuid: UUID, seat: int) -> HttpResponse:
    """End a seat."""
    held = get_object_or_404(
        FederationMember, pk=seat, federation__uuid=uuid, federation__community=desk.community
    )
    try:
        administering.leave_federation(desk.person, held)
    except (Conflicts, NotAdministered) as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The seat was ended."))
    return redirect("desk:federation", uuid=uuid)
