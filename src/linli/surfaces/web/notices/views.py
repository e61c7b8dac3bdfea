"""The inbox of notices: what happened, marking it read, and by which other ways to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.notify import inbox, vapid
from linli.kernel.notify.models import NoticePreference
from linli.kernel.notify.preferences import person_of_stop_token, set_preferences
from linli.kernel.notify.readers import Readers
from linli.kernel.people.contacts import masked_contacts
from linli.surfaces.web import errors
from linli.surfaces.web.notices.forms import WaysForm, wishes_as_initial

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID as UUID_

    from django.http import HttpRequest, HttpResponse


@require_safe
@never_cache
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """The newest notices; ``?before=`` continues below the last one of the page above."""
    person: Any = request.user
    language = get_language() or ""
    found, following = inbox.page_of(person, language, _uuid(request.GET.get("before", "")))
    told = {"section": "notices", "notices": found, "following": following}
    return render(request, "notices/inbox.html", told)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    person: Any = request.user
    inbox.mark_read(person)
    return redirect("notices:inbox")


@require_POST
@login_required
def open_notice(request: HttpRequest, uuid: UUID_) -> HttpResponse:
    """Mark one notice as read and go to what it is about."""
    person: Any = request.user
    notice = get_object_or_404(inbox.notices_of(person), uuid=uuid)
    inbox.mark_read(person, uuid)
    return HttpResponseRedirect(Readers([notice]).link(notice))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def ways(request: HttpRequest) -> HttpResponse:
    """By which ways to be told, and push messages in this browser."""
    person: Any = request.user
    with_sms = bool(settings.SMS_GATEWAY_URL)
    if request.method == "POST":
        form = WaysForm(request.POST, sms=with_sms)
        if form.is_valid():
            set_preferences(person, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("notices:ways")
    found = NoticePreference.objects.filter(person=person).first()
    told = {
        "section": "notices",
        "form": WaysForm(initial=wishes_as_initial(found), sms=with_sms),
        "contacts": masked_contacts(person),
        "vapid": vapid.public_key(),
    }
    return render(request, "notices/ways.html", told)


@csrf_exempt  # mail programs post here without having seen a page (RFC 8058); the token is proof
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stop_email(request: HttpRequest, token: str) -> HttpResponse:
    """Stop e-mail to whoever got the letter with this link; asked first, since programs follow."""
    person = person_of_stop_token(token[:200])
    if person is None:
        return errors.not_found(request)
    if request.method == "POST":
        set_preferences(person, email=False)
    return render(request, "notices/stop_email.html", {"done": request.method == "POST"})
