"""Taking one's data out, and being forgotten."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.access.reach import Conflicts
from linli.kernel.organisations.current import community_of_request
from linli.kernel.people.erasure import erase, open_matters_of, why_not_erasable
from linli.kernel.people.forms import EraseForm
from linli.kernel.people.own_data import export

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.kernel.people.models import Person


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def take_out(request: HttpRequest) -> HttpResponse | FileResponse:
    """Say what is in the file, and hand it over."""
    if request.method == "POST":
        return as_download(export(_me(request), community_of_request(request)))
    return render(request, "people/export.html", {"section": "me"})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def be_forgotten(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, and forget whoever typed the word."""
    person = _me(request)
    form, status = EraseForm(request.POST or None), 200
    why_not = why_not_erasable(person)
    if request.method == "POST":
        status = 409 if why_not else 422
        if form.is_valid() and not why_not:
            try:
                erase(person, community_of_request(request))
            except Conflicts as conflict:  # a post was given meanwhile
                why_not, status = conflict.sentence, conflict.status
            else:
                logout(request)
                return redirect("me:erased")
    told = {"section": "me", "form": form, "why_not": why_not,
            "open_matters": open_matters_of(person)}  # fmt: skip
    return render(request, "people/erase.html", told, status=status)


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say that it is done."""
    return render(request, "people/erased.html")


def as_download(archive: IO[bytes]) -> FileResponse:
    """Return a ZIP as a file to save, which no one in between keeps."""
    name = f"linli-{timezone.localdate().isoformat()}.zip"
    answer = FileResponse(archive, as_attachment=True, filename=name)
    answer["Content-Type"] = "application/zip"
    answer["Cache-Control"] = "no-store, private"
    return answer


def _me(request: HttpRequest) -> Person:
    person: Person = request.user  # type: ignore[assignment]
    return person
