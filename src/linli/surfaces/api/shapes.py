"""What the API answers with. Times are UTC; null is what is not there or not for the caller."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field


class OrganisationRef(BaseModel):
    """An organisation by identifier and name."""

    uuid: UUID
    name: str


class AreaRef(BaseModel):
    """An area by identifier, code and name."""

    uuid: UUID
    code: str
    name: str


class MatterShape(BaseModel):
    """A matter as far as its caller may read it; nothing here says who the reporter is.

    Who only reads what is public gets the public title as title, the public text as text, and
    the place rounded to some 100 m.
    """

    uuid: UUID
    number: str
    procedure: str
    stage: str
    stage_label: str
    version: int
    title: str
    text: str
    public_title: str
    public_text: str
    category: str
    urgency: str | None
    channel: str | None
    audience: str | None
    desk: OrganisationRef | None
    responsible: OrganisationRef | None
    area: AreaRef | None
    address: str | None
    longitude: float | None
    latitude: float | None
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    due_clock: str | None
    reported_by_me: bool


class MatterPage(BaseModel):
    """Some matters; ``next`` is the address of the following page, null at the end."""

    items: list[MatterShape]
    next: str | None


class ActionRef(BaseModel):
    """An action the caller may perform now, and where."""

    name: str
    label: str
    href: str


class ReporterShape(BaseModel):
    """How the reporter can be reached, never where: values are revealed on the workbench alone."""

    account: bool
    contacts: list[str] = Field(description="Kinds of contact known: name, phone, email, address.")


class AnswerShape(BaseModel):
    """An answer to one of the pack's further questions, typed, and in words."""

    code: str
    question: str
    value: Any
    answer: str
    personal: bool


class MatterWhole(MatterShape):
    """One matter, what the caller may do with it now, and for staff how to reach the reporter.

    ``answers`` are for those who take part; personal ones only for the reporter.
    """

    reporter: ReporterShape | None
    answers: list[AnswerShape]
    actions: list[ActionRef]


class FactShape(BaseModel):
    """A fact of an event, as text in the caller's language."""

    label: str
    value: str


class FileShape(BaseModel):
    """A file of an event; its addresses are signed and end soon: ask anew for fresh ones."""

    uuid: UUID
    purpose: str
    kind: str
    content_type: str
    name: str
    size: int
    href: str
    small_href: str | None


class EventShape(BaseModel):
    """One event of a timeline, as far as the caller may see it.

    ``facts`` are the values as they were given, without personal ones; ``shown`` is what the
    timeline shows of them. ``leaf_hash`` is the event's leaf in the public ledger, hex.
    """

    uuid: UUID
    version: int
    kind: str
    at: datetime
    sentence: str
    actor: str
    from_stage: str
    to_stage: str
    facts: dict[str, Any]
    shown: list[FactShape]
    files: list[FileShape]
    leaf_hash: str


class Done(BaseModel):
    """What an action led to. ``tracking_token`` opens ``/t/TOKEN/`` for a guest's report."""

    number: str
    uuid: UUID
    stage: str
    version: int
    event: UUID
    repeated: bool
    due_at: datetime | None
    tracking_token: str | None


class StageShape(BaseModel):
    """A stage of a procedure; a final one closes the matter."""

    name: str
    label: str
    final: bool


class FieldShape(BaseModel):
    """A fact an action asks for, in words; its type stands in the schema beside it."""

    name: str
    label: str
    hint: str
    required: bool
    read_by: Literal["public", "parties", "staff", "named"]
    personal: bool
    refers_to: str | None


class ActionShape(BaseModel):
    """A start or an action as it was declared."""

    name: str
    label: str
    rule: str
    event: str
    at: list[str]
    to: list[str]
    by: list[str]
    fields: list[FieldShape]
    facts: dict[str, Any] = Field(description="JSON Schema of the facts.")


class ProcedureShape(BaseModel):
    """A procedure: its stages, how it begins, its actions, and the diagram in Mermaid."""

    name: str
    title: str
    stages: list[StageShape]
    starts: list[ActionShape]
    actions: list[ActionShape]
    diagram: str


class OrganisationShape(OrganisationRef):
    """An organisation with its kind, code, public telephone, and the one above it."""

    kind: str
    code: str
    depth: int
    above: UUID | None
    public_phone: str


class AreaShape(AreaRef):
    """An area with its kind, the one it is part of, and the organisation in charge."""

    kind: str
    part_of: UUID | None
    organisation: OrganisationRef | None


class QuestionShape(BaseModel):
    """What is asked besides for a category; answers go into ``answers`` of the facts, by code.

    ``when``: asked only when another question has this answer.
    """

    code: str
    label: str
    hint: str
    kind: str
    options: dict[str, str]
    required: bool
    personal: bool
    when: dict[str, Any] | None


class CategoryShape(BaseModel):
    """A category that can be chosen, with the one that groups it and what is asked besides."""

    code: str
    label: str
    parent: str | None
    urgency: str
    questions: list[QuestionShape]


class UploadShape(BaseModel):
    """A stored upload, to be named by its uuid in the facts of an action."""

    uuid: UUID
    kind: str
    content_type: str
    name: str
    size: int
    sha256: str
    href: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). ``type`` never changes its meaning; ``title`` is for people."""

    type: str
    title: str
    status: int
    errors: dict[str, list[str]] | None = Field(
        None, description="With invalid-facts: sentences by field."
    )
    current_version: int | None = Field(
        None, description="With changed-meanwhile: the version the matter has now."
    )
    events: list[EventShape] | None = Field(
        None, description="With changed-meanwhile: what happened since, as far as you may see it."
    )


class FigureColumn(BaseModel):
    """A column of a table of figures; minutes are working time."""

    label: str
    unit: Literal["count", "per_cent", "minutes", "text"]


class FigureCell(BaseModel):
    """A number, null where there is nothing to tell, and where the events it counts are listed."""

    value: float | int | str | None
    events: str | None


class FigureLine(BaseModel):
    """A row: what it is of (`key` is empty for all together and for months), and its numbers."""

    key: str
    label: str
    cells: list[FigureCell]


class FigureTable(BaseModel):
    """A table of figures."""

    name: str
    title: str
    since: date
    until: date
    rows: str
    columns: list[FigureColumn]
    lines: list[FigureLine]
    note: str


class CountedEvent(BaseModel):
    """An event that a figure counts."""

    event: UUID
    kind: str
    at: datetime
    number: str


class CountedPage(BaseModel):
    """Events a figure counts: how many in all, those of this page, and where the next page is."""

    total: int
    items: list[CountedEvent]
    next: str | None
