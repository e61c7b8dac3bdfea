"""What an action may do: the only hands that touch a matter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import DateTimeField
from django.utils import timezone

from linli.kernel.access import links
from linli.kernel.access.models import AccessLink
from linli.kernel.access.relations import SYSTEM
from linli.kernel.deadlines.clocks import Clocks
from linli.kernel.kept_queries import Given, KeptQuery
from linli.kernel.matters.attachments import remove_attachments_of
from linli.kernel.matters.models import Attachment, Audience, MatterLink, Participant
from linli.kernel.notify.models import Notice
from linli.kernel.notify.outbox import notice_for
from linli.kernel.organisations.models import Membership, Organisation
from linli.kernel.packs.loading import content_of
from linli.kernel.people.models import Person
from linli.kernel.procedures.declaration import SAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from linli.kernel.events.models import Event
    from linli.kernel.matters.models import Matter
    from linli.kernel.packs.schema import PackContent
    from linli.kernel.procedures.declaration import Action, Procedure
    from linli.kernel.writing import Writing

CHANGEABLE = frozenset({
    "title", "text", "public_title", "public_text", "urgency", "category", "audience", "desk",
    "responsible", "area", "address_text", "longitude", "latitude", "reporter",
})  # fmt: skip


@lru_cache(maxsize=64)
def _holders(roles: tuple[str, ...]) -> KeptQuery[Person]:
    """Return the query for whoever holds one of these roles in an organisation today."""
    return KeptQuery(
        lambda: Person.objects.filter(
            pk__in=Membership.objects.current(Given("now", DateTimeField()))
            .filter(organisation=Given("organisation"), role__in=roles)
            .values("person_id"),
            is_active=True,
        ).only("pk", "is_guest", "erased_at")
    )


class Act:
    """One performance of one action; collects what is written once the event exists."""

    def __init__(
        self,
        procedure: Procedure,
        action: Action,
        matter: Matter,
        by: Person | Literal["system"] | None,
        now: datetime,
    ) -> None:
        self.procedure, self.action, self.matter = procedure, action, matter
        # The leaf hash is of this very text: the store gives it back in UTC.
        self.now = now.astimezone(UTC)
        self.by: Person | None = None if by == SYSTEM or by is None else by  # type: ignore[assignment]
        self.refs: dict[str, Any] = {}
        self.relation = ""
        # Returning or passing on changes who is responsible; the event names who acted.
        self.acting_responsible_id = matter.responsible_id
        self.to_stage = action.to[0] if action.to[0] != SAME else matter.stage
        self.audience: Audience = action.audience
        self.result: dict[str, Any] = {}
        self.extra_facts: dict[str, Any] = {}
        self.clocks = Clocks(matter, now)
        self._part: list[Participant] = []
        self._links: list[MatterLink] = []
        self._secret_links: list[AccessLink] = []
        self._tell: list[tuple[Person, str, dict[str, Any]]] = []
        self._attach: list[tuple[Any, str, str]] = []
        self._remove_files_of: list[UUID] = []

    @property
    def pack(self) -> PackContent:
        """The pack version the matter began with."""
        return content_of(self.matter.pack)

    @property
    def today(self) -> date:
        """The day it is in the community when the action is done."""
        return self.matter.community.day_of(self.now)

    # --- the matter ---------------------------------------------------------------------------
    def working_minutes(self, since: datetime) -> int:
        """Return the whole minutes of working time from an instant until now, at least 0."""
        worked = self.clocks.worked_since(since)
        return max(0, int(worked.total_seconds() // 60))

    def set(self, **values: Any) -> None:
        """Change fields of the matter. Raises ValueError for one that is not open to actions."""
        for name, value in values.items():
            if name not in CHANGEABLE:
                raise ValueError(f"an action may not set {name}")
            setattr(self.matter, name, value)

    def go_to(self, stage: str) -> None:
        """Choose the next stage among those the action declares."""
        stays = SAME in self.action.to and stage == self.matter.stage
        if stage not in self.action.to and not stays:
            raise ValueError(f"{self.action.name} does not lead to {stage}")
        self.to_stage = stage

    def add_facts(self, **facts: Any) -> None:
        """Add computed, non-personal values to the event's payload."""
        self.extra_facts.update(facts)

    def take_part(self, person: Person, role: Participant.Role) -> None:
        """Note that a person takes part in the matter; once is enough."""
        self._part.append(Participant(matter=self.matter, person=person, role=role))

    def link(self, kind: MatterLink.Kind, target: Matter) -> None:
        """Link this matter to another; a link that exists stays one."""
        self._links.append(MatterLink(source=self.matter, target=target, kind=kind))

    def attach(
        self, uploads: Iterable[Any], purpose: Attachment.Purpose, audience: Audience
    ) -> None:
        """Attach stored uploads with the event."""
        self._attach.extend((upload, purpose, audience) for upload in uploads)

    def remove_files_of(self, person: UUID) -> None:
        """Take away what a person attached, unless it was released to the public."""
        self._remove_files_of.append(person)

    def secret_link(self, person: Person) -> str:
        """Make a secret link to the matter and return its token."""
        link = links.new_link(self.matter, person)
        self._secret_links.append(link)
        return links.token_of(link)

    # --- clocks -------------------------------------------------------------------------------
    def start_clock(
        self,
        name: str,
        *,
        until: date | None = None,
        level: int = 0,
        since: datetime | None = None,
        promise: bool = True,
    ) -> None:
        """Start a clock by the pack, or until the end of a day; replaces one running.

        ``promise``: whether that day was promised to the reporter.
        """
        self.clocks.start(name, until=until, level=level, since=since, promise=promise)

    def stop_clock(self, name: str, *, cancelled: bool = False) -> None:
        """Stop a clock if it runs; kept or broken is recorded unless it is cancelled."""
        self.clocks.stop(name, cancelled=cancelled)

    def restart_clock(self, name: str, *, rested: bool) -> None:
        """Let a clock that was stopped run again, see `Clocks.restart`."""
        self.clocks.restart(name, rested=rested)

    def pause_clocks(self) -> None:
        """Hold every running clock."""
        self.clocks.pause_all()

    def resume_clocks(self) -> None:
        """Let every held clock run on."""
        self.clocks.resume_all()

    def extend_clock(self, name: str, until: date) -> None:
        """Move a running clock to the end of a later day, as a promise."""
        self.clocks.extend(name, until)

    # --- people -------------------------------------------------------------------------------
    def tell(self, *people: Person | None, template: str = "", **context: Any) -> None:
        """Tell people of this event; the text is the pack's notice of that name."""
        name = template or f"{self.procedure.name}.{self.action.past}"
        for person in people:
            if person is None or person.erased_at:
                continue
            if self.by is None or person.pk != self.by.pk:
                self._tell.append((person, name, context))

    def tell_role(self, organisation: Organisation | None, role: str, template: str = "") -> None:
        """Tell everyone who holds a role (or one that includes it) in an organisation."""
        if organisation is None:
            return
        holders = _holders(self.pack.roles_including(role))
        people = holders(organisation=organisation.pk, now=timezone.now())
        self.tell(*people, template=template)

    # --- called by perform() ------------------------------------------------------------------
    def move(self) -> None:
        """Bring the matter to its next stage and version; not saved here."""
        matter, stage = self.matter, self.procedure.stage(self.to_stage)
        matter.stage = stage.name
        if stage.final:
            self.clocks.stop_all()
        matter.closed_at = (matter.closed_at or self.now) if stage.final else None
        matter.version += 1
        matter.changed_at = self.now
        nearest = self.clocks.nearest()
        matter.due_at = nearest.due_at if nearest else None
        matter.due_clock = nearest.name if nearest else ""

    def write_beside_matter(self, writing: Writing) -> None:
        """Write clocks, participants and links of the matter."""
        self.clocks.save(writing)
        repeated = self.matter.version > 1  # a new matter cannot have any of them yet
        writing.insert(*self._part, unless_there=repeated)
        writing.insert(*self._links, unless_there=repeated)
        writing.insert(*self._secret_links)

    def write_with_event(self, event: Event, writing: Writing) -> None:
        """Write attachments and notices; each person is told once of each text."""
        for uuid in self._remove_files_of:
            remove_attachments_of(uuid, self.matter)
        writing.insert(*(
            Attachment(
                matter=self.matter, upload=upload, event=event, purpose=purpose, audience=audience
            )
            for upload, purpose, audience in self._attach
        ))  # fmt: skip
        notices: dict[tuple[int, str], list[Notice]] = {}
        for person, template, context in self._tell:
            if (person.pk, template) not in notices:
                notices[person.pk, template] = notice_for(person, event, template, context)
        writing.insert(*(notice for group in notices.values() for notice in group))
