"""Signing in, failing to, and changing how one signs in: each leaves a line in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from linli.kernel.access.audit import audit
from linli.kernel.access.relations import posts_in
from linli.kernel.people.models import Person

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community


def listen() -> None:
    """Begin to write; called once, when the application is ready."""
    for signal, receiver in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _failed),
        (user_locked_out, _locked),
        (password_changed, _password_changed),
        (authenticator_added, _second_factor("added")),
        (authenticator_removed, _second_factor("removed")),
        (authenticator_reset, _second_factor("renewed")),
        (authentication_failed, _second_factor("failed")),
    ):
        signal.connect(receiver, weak=False, dispatch_uid=f"{__name__}.{id(receiver)}")


def _signed_in(sender: Any, request: Any, user: Person, **more: Any) -> None:
    _note("people.signed_in", user)


def _signed_out(sender: Any, request: Any, user: Person | None, **more: Any) -> None:
    if user is not None and not user.erased_at:
        _note("people.signed_out", user)


def _failed(sender: Any, credentials: dict[str, Any], **more: Any) -> None:
    """Name the account where there is one, and never what was typed."""
    name = str(credentials.get("username") or "")
    person = Person.objects.filter(username__iexact=name, is_guest=False).first()
    audit("people.sign_in_failed", None, _home(person), str(person.uuid) if person else "")


def _locked(sender: Any, request: Any, username: str, **more: Any) -> None:
    audit("people.locked_out", None, None, f"name:{username}")


def _password_changed(sender: Any, user: Person, **more: Any) -> None:
    _note("people.password_changed", user)


def _second_factor(what: str) -> Any:
    def note(sender: Any, user: Person, authenticator: Any, **more: Any) -> None:
        _note(f"people.second_factor_{what}", user, kind=str(authenticator.type))

    return note


def _note(action: str, person: Person, **details: Any) -> None:
    audit(action, person, _home(person), str(person.uuid), **details)


def _home(person: Person | None) -> Community | None:
    """Return the community whose administrators read of it: where the person holds a post."""
    posts = posts_in(person, None)
    if not posts:
        return None
    from linli.kernel.organisations.models import Community

    return Community.objects.get(pk=posts[0].community_id)
