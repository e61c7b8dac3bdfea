"""When the database is away: locked by others for too long, restarting, or gone.

Whatever was asked then was not done, and may be asked again a little later.
"""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

AWAY_SECONDS = 5  # when to come back


def is_database_away(error: BaseException | None) -> bool:
    """Whether an error says so; SQLite says of a table that is missing nearly the same."""
    if isinstance(error, OperationalError):
        return not str(error).startswith("no such")
    return isinstance(error, InterfaceError)
