"""Accounts and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.access.reach import Conflicts, NotAdministered
from linli.kernel.organisations.models import Membership
from linli.kernel.people import administering
from linli.kernel.people.models import Person
from linli.surfaces.web.workbench.forms import AccountForm, PostForm
from linli.surfaces.web.workbench.guarding import Desk, needs, typed
from linli.surfaces.web.workbench.showing import role_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PAGE = 50
administer = needs("administer_people")


@require_safe
@administer
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everyone with a post in what one administers."""
    text = typed(request, "q")
    rows = administering.people_within(desk.person, desk.community)
    if text:
        rows = rows.filter(Q(display_name__icontains=text) | Q(username__icontains=text))
    posts = Membership.objects.current().filter(community=desk.community)
    posts = posts.select_related("organisation").order_by("organisation__path", "role")
    rows = rows.order_by("-is_active", "display_name", "pk")
    rows = rows.prefetch_related(Prefetch("memberships", posts, to_attr="current_posts"))
    listed = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = {"section": "people", "listed": listed, "text": text}
    return render(request, "workbench/people.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@administer
def create(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new account with its first post; its password is shown once."""
    form = AccountForm(desk, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = administering.create_account(desk.person, **form.cleaned_data)
        except (Conflicts, NotAdministered) as refused:
            form.refuse(refused)
        else:
            return _with_password(request, person, password)
    status = 422 if form.errors else 200
    return render(
        request, "workbench/person_new.html", {"section": "people", "form": form}, status=status
    )


def _with_password(request: HttpRequest, person: Person, password: str) -> HttpResponse:
    told = {"section": "people", "person": person, "password": password}
    return render(request, "workbench/person_password.html", told)


def _person_or_404(desk: Desk, uuid: UUID) -> Person:
    return get_object_or_404(administering.people_within(desk.person, desk.community), uuid=uuid)


@require_safe
@administer
def person(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """One person's posts."""
    return _page(request, desk, _person_or_404(desk, uuid), PostForm(desk))


def _page(request: HttpRequest, desk: Desk, someone: Person, form: PostForm) -> HttpResponse:
    posts = Membership.objects.filter(person=someone, community=desk.community)
    listed = posts.select_related("organisation").order_by("-since", "-pk")
    told: dict[str, Any] = {
        "section": "people",
        "person": someone,
        "posts": [(post, role_label(desk.community, post.role)) for post in listed],
        "current": set(posts.current().values_list("pk", flat=True)),
        "form": form,
        "self": someone.pk == desk.person.pk,
    }
    status = 422 if form.errors else 200
    return render(request, "workbench/person.html", told, status=status)


@require_POST
@administer
def give_post(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Give a post with its dates."""
    someone = _person_or_404(desk, uuid)
    form = PostForm(desk, request.POST)
    if form.carries_out(lambda: administering.give_post(desk.person, someone, **form.cleaned_data)):
        messages.success(request, _("The post was given."))
        return redirect("desk:person", uuid=uuid)
    return _page(request, desk, someone, form)


@require_POST
@administer
def end_post(request: HttpRequest, desk: Desk, uuid: UUID, post: int) -> HttpResponse:
    """End a post."""
    someone = _person_or_404(desk, uuid)
    held = get_object_or_404(Membership, pk=post, person=someone, community=desk.community)
    return _try(
        request, uuid, lambda: administering.end_post(desk.person, held), _("The post was ended.")
    )


@require_POST
@administer
def set_active(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Close an account or open it again."""
    someone = _person_or_404(desk, uuid)
    active = request.POST.get("active") == "1"
    told = _("The account is open again.") if active else _("The account was closed.")
    return _try(
        request,
        uuid,
        lambda: administering.set_active(desk.person, someone, desk.community, active),
        told,
    )


@require_POST
@administer
def new_password(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Replace a forgotten password; the new one is shown once."""
    someone = _person_or_404(desk, uuid)
    try:
        password = administering.new_password(desk.person, someone, desk.community)
    except (Conflicts, NotAdministered) as refused:
        messages.error(request, refused.sentence)
        return redirect("desk:person", uuid=uuid)
    return _with_password(request, someone, password)


def _try(request: HttpRequest, uuid: UUID, change: Callable[[], None], told: str) -> HttpResponse:
    try:
        change()
    except (Conflicts, NotAdministered) as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, told)
    return redirect("desk:person", uuid=uuid)
