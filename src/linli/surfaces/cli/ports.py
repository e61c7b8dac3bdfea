"""Whether a port can be listened on."""

from __future__ import annotations

import socket

from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def check_free(host: str, port: int) -> None:
    """Raise CommandError, in plain words, where another program listens on the port."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _name, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        sentence = _(
            "Cannot listen on %(host)s, port %(port)d: %(reason)s. Is another program, or Linli "
            "itself, running there? Choose another port: PORT=8001 make run"
        )
        told = {"host": host, "port": port, "reason": getattr(error, "strerror", None) or error}
        raise CommandError(sentence % told) from error
