"""Keys: from the environment in production, from a file made at first start elsewhere."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_from_environment_or_file(variable: str, path: Path, production: bool) -> str:
    """Return the secret named by ``variable``; outside production keep one in ``path``.

    Raises ImproperlyConfigured in production when the variable is empty: a key that lies
    beside the data it protects protects nothing.
    """
    if value := os.environ.get(variable):
        return value
    if production:
        raise ImproperlyConfigured(f"{variable} must be set in production.")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(value := secrets.token_urlsafe(48))
    return value
