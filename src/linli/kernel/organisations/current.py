"""Which community a request is about, where an installation holds several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.access.relations import posts_in
from linli.kernel.organisations.models import Community

if TYPE_CHECKING:
    from django.http import HttpRequest

KEY = "community"


def community_of_request(request: HttpRequest) -> Community | None:
    """Return the community asked for by ``?c=code``, chosen before, of one's post, or the first.

    None where the installation holds none yet. A choice by ``?c=`` is kept in the session;
    without one no session is made. Read once for each request.
    """
    if not hasattr(request, "_community"):
        request._community = _find(request)  # type: ignore[attr-defined]
    return request._community  # type: ignore[attr-defined, no-any-return]


def _find(request: HttpRequest) -> Community | None:
    rows = Community.objects.select_related("pack").defer("pack__content")
    session = getattr(request, "session", None)
    chosen = request.GET.get("c", "").replace("\x00", "")[:40]
    if chosen and (found := rows.filter(code=chosen).first()):
        if session is not None and session.get(KEY) != found.code:
            session[KEY] = found.code
        return found
    if session is not None and (found := rows.filter(code=session.get(KEY)).first()):
        return found
    person = getattr(request, "user", None)
    if person is not None and person.is_authenticated and (posts := posts_in(person, None)):
        return rows.get(pk=posts[0].community_id)
    return rows.order_by("pk").first()
