"""`linli token`: bearer tokens of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.access.models import ApiToken
from linli.kernel.access.tokens import issue, revoke
from linli.kernel.people.models import Person
from linli.surfaces.cli.command import GroupedCommand, add_community, add_json, community_named

LONGEST = 3_660  # days


class Command(GroupedCommand):
    """Tokens act as their person, within one community."""

    summary = gettext_lazy("Create, list and revoke tokens of the API")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        create = self.sub(group, "create", self.create, _("create a token and show it once"))
        create.add_argument("username", help=_("whose rights it has"))
        create.add_argument("--name", required=True, help=_("what it is for"))
        create.add_argument(
            "--days", type=int, default=365, help=_("how long it lasts (%(default)s); 0: no end")
        )
        create.add_argument(
            "--scope",
            choices=[ApiToken.Scope.API.value, ApiToken.Scope.OPEN311.value],
            default=ApiToken.Scope.API,
            help=_("what it opens: the API, or Open311 and nothing else (%(default)s)"),
        )
        add_community(create)
        listed = self.sub(group, "list", self.list_all, _("list tokens, never their text"))
        add_community(listed)
        add_json(listed)
        ended = self.sub(group, "revoke", self.revoke, _("end a token now"))
        ended.add_argument("token", metavar="UUID", help=_("as “linli token list” shows it"))

    def create(self, options: dict[str, Any]) -> None:
        """Create a token; it is shown this once."""
        community = community_named(options["community"])
        person = Person.objects.filter(username__iexact=options["username"]).first()
        if person is None:
            raise CommandError(
                _("Nobody has the user name “%(name)s”.") % {"name": options["username"]}
            )
        if not 0 <= options["days"] <= LONGEST:
            raise CommandError(_("A token lasts 0 to %(max)s days.") % {"max": LONGEST})
        if not 0 < len(options["name"].strip()) <= 80:
            raise CommandError(_("The name may have 1 to 80 characters."))
        expires = timezone.now() + timedelta(days=options["days"]) if options["days"] else None
        try:
            text = issue(
                person, community, options["name"].strip(), expires, scope=options["scope"]
            )
        except ValueError:
            raise CommandError(_("This account is closed or belongs to a guest.")) from None
        self.stderr.write(_("Keep it safe: it is shown only now."))
        self.say(text)

    def list_all(self, options: dict[str, Any]) -> None:
        """List the tokens of a community."""
        community = community_named(options["community"])
        rows = ApiToken.objects.filter(community=community).select_related("person")
        found = [
            {
                "uuid": str(one.uuid),
                "name": one.name,
                "scope": one.scope,
                "person": one.person.username,
                "expires": one.expires_at,
                "last_used": one.last_used_at,
                "revoked": one.revoked_at,
            }
            for one in rows.order_by("pk")
        ]
        if options["json"]:
            self.say_json(found)
            return
        for one in found:
            state = _("revoked") if one["revoked"] else str(one["expires"] or "–")[:10]
            self.say(f"{one['uuid']}  {one['person']:20} {one['scope']:8} {state}  {one['name']}")

    def revoke(self, options: dict[str, Any]) -> None:
        """End a token; ending it twice changes nothing."""
        try:
            token = ApiToken.objects.select_related("person", "community").get(
                uuid=UUID(options["token"])
            )
        except (ValueError, ApiToken.DoesNotExist):
            raise CommandError(_("There is no such token.")) from None
        revoke(token)
        self.say(_("Revoked: %(name)s.") % {"name": token.name})
