"""Writing the rows: in batches, each once, a bad one never stopping the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.access.relations import SYSTEM
from linli.kernel.files.tables import UnreadableTable, read_table
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.kernel.procedures.models import Performed
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.importing.rows import RowReader, Unfit

if TYPE_CHECKING:
    from pathlib import Path

    from linli.kernel.files.tables import Row
    from linli.kernel.organisations.models import Community
    from linli.mechanisms.casework.importing.mapping import ImportMap

# Other people write between two batches; none waits longer than one takes (about half a second).
BATCH = 50
What = Literal["requests", "replies"]


@dataclass(frozen=True)
class Refusal:
    """A row, or the answer in it, that was not brought in, and why."""

    row: int
    identity: str
    sentence: str


@dataclass
class ImportReport:
    """What an import did, or would do when it is a dry run."""

    requests: int = 0
    answers: int = 0
    known: int = 0  # rows that were in already, with all they hold
    refusals: list[Refusal] = field(default_factory=list)


def import_requests(
    community: Community,
    path: Path,
    mapping: ImportMap,
    *,
    what: What = "requests",
    dry_run: bool = False,
    told: Callable[[int], object] = lambda rows: None,
) -> ImportReport:
    """Bring in requests, and their answers where the map names a column for them.

    With ``what="replies"`` the rows answer requests that are in already, found by their number in
    the source. Every batch is kept once it is written, so what breaks off is taken up again by
    the same call: a row that is in already is left as it is. A dry run does all of it and keeps
    nothing. ``told`` hears how many rows each batch had. Raises UnreadableTable; what was kept by
    then stays.
    """
    table = read_table(path)
    reader = RowReader(mapping, community, table.columns)
    if missing := reader.missing or _unnamed(reader, what):
        sentence = _("These columns are missing: %(names)s.")
        raise UnreadableTable(sentence % {"names": "、".join(missing)})
    importing = _Importing(community, reader, what)
    while batch := list(islice(table.rows, BATCH)):
        importing.write(batch, keep=not dry_run)
        told(len(batch))
    return importing.report


def _unnamed(reader: RowReader, what: What) -> list[str]:
    needed = ("text", "time") if what == "requests" else ("reply", "reply_time")
    return [name for name in needed if name not in reader.names]


class _Importing:
    """One run over one table."""

    def __init__(self, community: Community, reader: RowReader, what: What) -> None:
        self.community, self.reader, self.what = community, reader, what
        self.report = ImportReport()
        self.scope = f"{SYSTEM}@{community.pk}"
        self.seen: set[str] = set()

    def write(self, batch: list[Row], *, keep: bool) -> None:
        with transaction.atomic():
            known = self._known(batch)
            for row in batch:
                self._row(row, known)
            if not keep:
                transaction.set_rollback(True)

    def _known(self, batch: list[Row]) -> dict[str, Matter]:
        """Return what is in already, by key. One query a batch."""
        keys = [self.reader.key(text) for _row, text in self._identities(batch)]
        rows = Performed.objects.filter(scope=self.scope, key__in=keys)
        return {one.key: one.event.matter for one in rows.select_related("event__matter")}

    def _identities(self, batch: list[Row]) -> Iterator[tuple[Row, str]]:
        for row in batch:
            try:
                yield row, self.reader.identity(row)
            except Unfit:
                continue

    def _row(self, row: Row, known: dict[str, Matter]) -> None:
        identity = ""
        try:
            identity = self.reader.identity(row)
            if identity in self.seen:
                raise Unfit(_("This number stands twice in the file."))
            self.seen.add(identity)
            matter = known.get(self.reader.key(identity))
            begun = matter is None and self.what == "requests"
            if begun:
                matter = self._begin(row, identity)
            elif matter is None:
                raise Unfit(_("No request with this number was brought in."))
            if not self._answer(row, matter) and not begun:
                self.report.known += 1
        except Unfit as unfit:
            self.report.refusals.append(Refusal(row.number, identity, str(unfit)))
        except Refused as refused:
            self.report.refusals.append(Refusal(row.number, identity, self._why(refused)))

    def _begin(self, row: Row, identity: str) -> Matter:
        said = self.reader.request(row)
        event = begin(
            "casework", "bring_in", community=self.community, by=SYSTEM, facts=said.facts,
            at=said.at, key=self.reader.key(identity),
        )  # fmt: skip
        self.report.requests += 1
        matter: Matter = event.matter
        return matter

    def _answer(self, row: Row, matter: Matter) -> bool:
        """Whether the row's answer was brought in now; once a request has one, it keeps it."""
        said = self.reader.answer(row)
        if said is None or matter.stage != "received":
            return False
        perform(matter, "bring_in_answer", by=SYSTEM, facts=said.facts, at=said.at)
        self.report.answers += 1
        return True

    def _why(self, refused: Refused) -> str:
        if not isinstance(refused, InvalidFacts):
            return refused.sentence
        names = self.reader.names | {"headline": self.reader.names.get("title", "title")}
        return "; ".join(
            f"{names.get(name, name)}: {sentence}" if name != "__all__" else sentence
            for name, sentences in refused.errors.items()
            for sentence in sentences
        )
