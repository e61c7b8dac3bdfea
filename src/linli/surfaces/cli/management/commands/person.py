"""`linli person`: the first account of an installation."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.access.audit import audit
from linli.kernel.people.administering import new_one_time_password
from linli.kernel.people.models import Person
from linli.surfaces.cli.command import GroupedCommand


class Command(GroupedCommand):
    """Accounts that no page can make: that of the first administrator."""

    summary = gettext_lazy("Create the administrator of an installation")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        create = self.sub(
            group, "create-administrator", self.create, _("create an administrator's account")
        )
        create.add_argument("username", help=_("the name to sign in with"))
        create.add_argument("--name", default="", help=_("the name that is shown"))
        create.add_argument(
            "--ask-password",
            action="store_true",
            help=_("ask for the password instead of making one and showing it once"),
        )

    def create(self, options: dict[str, Any]) -> None:
        """Create the account; a made password is shown this once."""
        username = options["username"]
        person = Person(username=username, display_name=options["name"], is_administrator=True)
        _check(person)
        password = self._asked(person) if options["ask_password"] else new_one_time_password()
        with transaction.atomic():
            person.set_password(password)
            person.save()
            audit("people.administrator_created", None, None, str(person.uuid))
        self.say(_("The administrator “%(username)s” is created.") % {"username": username})
        if not options["ask_password"]:
            self.say(_("Password, shown only now: %(password)s") % {"password": password})

    def _asked(self, person: Person) -> str:
        if not sys.stdin.isatty():
            raise CommandError(_("There is no terminal to ask for a password."))
        password = getpass.getpass(_("Password: "))
        if password != getpass.getpass(_("Once more: ")):
            raise CommandError(_("The two passwords differ."))
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password


def _check(person: Person) -> None:
    try:
        UnicodeUsernameValidator()(person.username)
    except ValidationError:
        raise CommandError(_("Only letters, digits and @ . + - _ please.")) from None
    if len(person.username) > 80 or len(person.display_name) > 80:
        raise CommandError(_("A name may have at most 80 characters."))
    if Person.objects.filter(username__iexact=person.username).exists():
        raise CommandError(_("This user name is taken."))
