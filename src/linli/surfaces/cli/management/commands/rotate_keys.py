"""``linli rotate_keys``: close everything with the new master key, see `people.key_rotation`."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from linli.kernel.people.key_rotation import rewrap_all


class Command(BaseCommand):
    """Closes with ``LINLI_MASTER_KEY`` what a key of ``LINLI_MASTER_KEY_FALLBACKS`` closed."""

    help = "Close with LINLI_MASTER_KEY whatever an earlier master key closed; may be run again"

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry it out and print how many of each were closed anew."""
        try:
            done = rewrap_all()
        except InvalidToken:
            raise CommandError(
                "Something was closed with a master key that is neither LINLI_MASTER_KEY nor in "
                "LINLI_MASTER_KEY_FALLBACKS. Add that key and run this again."
            ) from None
        for name, number in done.items():
            self.stdout.write(f"{name}: {number}")
        self.stdout.write("LINLI_MASTER_KEY_FALLBACKS may be emptied now.")
