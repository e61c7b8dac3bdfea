"""``linli rotate_keys``: close everything with the new master key, see `people.key_rotation`."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.people.key_rotation import rewrap_all
from linli.surfaces.cli.command import LinliCommand


class Command(LinliCommand):
    """Closes with ``LINLI_MASTER_KEY`` what a key of ``LINLI_MASTER_KEY_FALLBACKS`` closed."""

    summary = gettext_lazy(
        "Close with LINLI_MASTER_KEY whatever an earlier master key closed; may be run again"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry it out and print how many of each were closed anew."""
        try:
            done = rewrap_all()
        except InvalidToken:
            raise CommandError(
                _(
                    "Something was closed with a master key that is neither LINLI_MASTER_KEY "
                    "nor in LINLI_MASTER_KEY_FALLBACKS. Add that key and run this again."
                )
            ) from None
        for name, number in done.items():
            self.say(f"{name}: {number}")
        self.say(_("LINLI_MASTER_KEY_FALLBACKS may be emptied now."))
