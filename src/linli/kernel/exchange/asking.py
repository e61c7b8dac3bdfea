"""Asking another city's server: GeoReport v2 as a client, see `answers` for what comes back.

No redirect is followed, none of the own network is called, little time is given and little read:
see `notify.posting`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from linli.kernel.exchange.answers import (
    BadAnswer,
    Receipt,
    TheirRequest,
    TheirService,
    items_in,
    receipt_of,
    refusal_in,
    requests_of,
    services_of,
)
from linli.kernel.notify.posting import AddressRefused, Answer, Unreachable, fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

PAGE = 100
MOST_PAGES = 50
LONGEST_LIST = 1_500  # characters of codes or identifiers in one question
SECONDS = 20.0


class NotTaken(Exception):
    """The server did not do what it was asked; the message says why, to people."""


class NotNow(NotTaken):
    """It may go better later. ``arrived``: whether it may have done it all the same."""

    def __init__(
        self, reason: str, retry_after: float | None = None, arrived: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after, self.arrived = retry_after, arrived


class Never(NotTaken):
    """Asking again as it is will not help."""


@dataclass(frozen=True)
class Server:
    """A server to ask: the address that stands before ``/services.json``, and what it wants."""

    url: str
    jurisdiction: str = ""
    key: str = ""
    format: str = "json"

    def services(self) -> list[TheirService]:
        """Return the kinds of requests it takes. Raises NotTaken."""
        return services_of(self._read("services", {}))

    def made_since(
        self, since: datetime, until: datetime, services: list[str], status: str = "open"
    ) -> tuple[list[TheirRequest], int]:
        """Return the requests made in a span of time, and how many could not be read.

        Pages are asked for until one brings nothing new: a server that knows no pages gives the
        same list again. Raises NotTaken.
        """
        codes = ",".join(services)
        asked = {
            "start_date": _written(since),
            "end_date": _written(until),
            "service_code": codes if len(codes) <= LONGEST_LIST else "",
            "status": status,
            "page_size": str(PAGE),
        }
        found: dict[str, TheirRequest] = {}
        unreadable = 0
        for page in range(1, MOST_PAGES + 1):
            items = self._read("requests", asked | {"page": str(page)})
            requests, lost = requests_of(items)
            new = [one for one in requests if one.id not in found]
            found |= {one.id: one for one in new}
            unreadable += lost if new or page == 1 else 0
            if not new or len(items) < PAGE:
                break
        return list(found.values()), unreadable

    def numbered(self, numbers: list[str]) -> list[TheirRequest]:
        """Return the requests of these identifiers that it still tells of. Raises NotTaken."""
        found = []
        for some in _in_parts(numbers):
            items = self._read("requests", {"service_request_id": ",".join(some)})
            found += [one for one in requests_of(items)[0] if one.id in some]
        return found

    def submit(self, fields: Mapping[str, str], key: str) -> Receipt:
        """Give it a request; ``key``: the same for each try, for servers that heed it.

        Raises NotTaken.
        """
        form = {name: value for name, value in fields.items() if value}
        content = urlencode(self._own() | form).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "Idempotency-Key": key,
        }
        answer = self._call("POST", f"{self.url}/requests.{self.format}", content, headers)
        try:
            return receipt_of(items_in(answer.content, self.format))
        except BadAnswer as error:
            raise NotNow(str(error), arrived=True) from None

    def id_of_token(self, token: str) -> str:
        """Return the identifier that became of a token, empty for none yet. Raises NotTaken."""
        found = self._read(f"tokens/{quote(token, safe='')}", {})
        try:
            return receipt_of(found).id
        except BadAnswer:
            return ""

    # ------------------------------------------------------------------------------------------
    def _own(self) -> dict[str, str]:
        told = {"jurisdiction_id": self.jurisdiction, "api_key": self.key}
        return {name: value for name, value in told.items() if value}

    def _read(self, what: str, asked: dict[str, str]) -> list[dict[str, Any]]:
        query = urlencode(self._own() | {name: value for name, value in asked.items() if value})
        address = f"{self.url}/{what}.{self.format}" + (f"?{query}" if query else "")
        answer = self._call("GET", address, b"", {})
        try:
            return items_in(answer.content, self.format)
        except BadAnswer as error:
            raise NotNow(str(error)) from None

    def _call(self, method: str, url: str, content: bytes, headers: dict[str, str]) -> Answer:
        media = "application/json" if self.format == "json" else "text/xml"
        headers = {"User-Agent": "Linli", "Accept": media, **headers}
        try:
            answer = fetch(method, url, content, headers, seconds=SECONDS)
        except AddressRefused as error:
            raise Never(str(error)) from None
        except Unreachable as error:
            raise NotNow(str(error), arrived=method == "POST") from None
        if 200 <= answer.status < 300:
            return answer
        raise self._refused(answer, method)

    def _refused(self, answer: Answer, method: str) -> NotTaken:
        if 300 <= answer.status < 400:
            sentence = _("It sends us elsewhere, to %(address)s. Please enter that address.")
            return Never(sentence % {"address": answer.location.partition("?")[0] or "–"})
        said = f"{answer.status} {refusal_in(answer.content, self.format)}".strip()
        if answer.status in (408, 425, 429):
            return NotNow(said, answer.retry_after)
        if answer.status >= 500:
            return NotNow(said, answer.retry_after, arrived=method == "POST")
        return Never(said)


def _in_parts(numbers: list[str]) -> Iterator[list[str]]:
    """Split identifiers so that each part, joined by commas, is no longer than `LONGEST_LIST`."""
    part: list[str] = []
    for number in numbers:
        if part and sum(map(len, part)) + len(part) + len(number) > LONGEST_LIST:
            yield part
            part = []
        part.append(number)
    if part:
        yield part


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
