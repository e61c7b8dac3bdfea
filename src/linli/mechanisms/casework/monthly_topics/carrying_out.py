"""From the published plan to the result: progress, late clocks, reports counted, the conclusion."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.matters.models import Attachment, Audience, Matter, MatterLink
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.monthly_topics import reports
from linli.mechanisms.casework.monthly_topics.facts import (
    Conclude,
    CountReports,
    Drop,
    NoteProgress,
    RanOut,
)
from linli.mechanisms.casework.monthly_topics.models import Measure
from linli.mechanisms.casework.monthly_topics.stages import (
    CHOOSER,
    LEAD,
    PROGRESS_CLOCK,
    RUNNING,
    SYSTEM,
)
from linli.mechanisms.casework.monthly_topics.stages import topic_procedure as procedure

if TYPE_CHECKING:
    from linli.kernel.events.models import Event
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.monthly_topics.models import MonthlyTopic


@procedure.action(
    at="under_way",
    to="=",
    by=LEAD + CHOOSER,
    label=_("Note progress"),
    past="progressed",
    happened=_("Progress was noted"),
    audience=Audience.PUBLIC,
)
def note_progress(topic: MonthlyTopic, facts: NoteProgress, act: Act) -> None:
    """Once a month at least the unit that leads says in public what happened since."""
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.DOCUMENT, Audience.PARTIES)
    act.start_clock(PROGRESS_CLOCK)
    act.tell_role(act.matter.desk, "supervisor")


@procedure.action(
    at="under_way",
    to="concluded",
    by=CHOOSER,
    label=_("Conclude"),
    past="concluded",
    happened=_("Concluded, with its result"),
    audience=Audience.PUBLIC,
    confirm=_("The reports of the last days are counted now, and the result is published."),
)
def conclude(topic: MonthlyTopic, facts: Conclude, act: Act) -> None:
    """The result is counted, not typed: reports in as many days as before the plan.

    None of those days may lie before the plan, and no measure may be open.
    """
    _refuse_open_measures(topic)
    _refuse_too_early(topic, act)
    topic.outcome, topic.after_until = facts.outcome, act.today
    topic.after = reports.count_before(topic, act.matter.community, act.today, topic.measured_days)
    act.add_facts(before=topic.before, after=topic.after, days=topic.measured_days)
    act.tell_role(act.matter.responsible, "handler")
    act.tell(*reports.reporters(topic))


def _refuse_open_measures(topic: MonthlyTopic) -> None:
    rows = topic.measures.filter(matter__closed_at__isnull=True).order_by("pk")
    if names := list(rows.values_list("matter__title", flat=True)):
        sentence = gettext("Not ended yet: %(names)s.") % {"names": "; ".join(names)}
        raise InvalidFacts({"__all__": [sentence]})


def _refuse_too_early(topic: MonthlyTopic, act: Act) -> None:
    if topic.before_until is None:
        raise LookupError("a topic under way has a published plan")
    earliest = topic.before_until + timedelta(days=topic.measured_days)
    if act.today < earliest:
        sentence = gettext(
            "Before and after are counted over %(days)s days each: possible from %(day)s."
        )
        told = {"days": topic.measured_days, "day": date_format(earliest, "DATE_FORMAT")}
        raise InvalidFacts({"__all__": [sentence % told]})


@procedure.action(
    at=("chosen", "under_way"),
    to="dropped",
    by=CHOOSER,
    label=_("Drop it"),
    past="dropped",
    happened=_("The topic was dropped"),
    audience=Audience.PUBLIC,
    confirm=_("What is public stays public, with this reason. Open measures end."),
    danger=True,
)
def drop(topic: MonthlyTopic, facts: Drop, act: Act) -> None:
    """It is not gone on with; where the plan was public, the reason is, and reporters are told."""
    topic.outcome = facts.reason
    act.tell_role(act.matter.responsible, "handler")
    if topic.published_at is not None:
        act.tell(*reports.reporters(topic))


@subscribe("monthly_topic.dropped")
def end_measures(event: Event) -> None:
    """End what was to be done for a topic that is dropped."""
    rows = Measure.objects.filter(main=event.matter_id, matter__closed_at__isnull=True)
    for measure in rows.select_related("matter").order_by("pk"):
        perform(measure.matter, "end", by=LINLI, at=event.at)


@procedure.action(
    at=RUNNING,
    to="=",
    by=SYSTEM,
    label=_("Count reports in"),
    past="reports_counted",
    happened=_("Further reports turned out to be of this topic"),
    audience=Audience.STAFF,
    hidden=True,
)
def count_reports(topic: MonthlyTopic, facts: CountReports, act: Act) -> None:
    """Reports of the same that came since are linked, so that the figures count them too."""
    community, wanted = act.matter.community_id, set(facts.reports)
    found = list(
        Matter.objects.filter(
            community=community, procedure="casework", number__in=wanted
        ).order_by("pk")
    )
    if len(found) < len(wanted):
        raise InvalidFacts({"reports": [gettext("There is no matter with this number.")]})
    for report in found:
        act.link(MatterLink.Kind.ARISES_FROM, report)


@procedure.action(
    at=("chosen", "under_way"),
    to="=",
    by=SYSTEM,
    label=_("Clock ran out"),
    past="overdue",
    happened=_("The plan, or word on progress, is late"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def clock_ran_out(topic: MonthlyTopic, facts: RanOut, act: Act) -> None:
    """No plan, or no word for a month: lead, who chose it and the level above are told."""
    tell_late(facts.clock, act)
    topic.late = True


def tell_late(name: str, act: Act) -> None:
    """Note that a clock ran out and tell who must know. Raises InvalidFacts where it did not."""
    clock = act.clocks.running(name)
    if clock is None or clock.overdue_at or clock.due_at > act.now:
        raise InvalidFacts({"clock": [gettext("This clock is not overdue.")]})
    act.clocks.note_overdue(clock)
    act.tell_role(act.matter.responsible, "handler")
    act.tell_role(act.matter.desk, "supervisor")
    if act.pack.clocks[name].escalates and act.matter.responsible:
        act.tell_role(parent_of(act.matter.responsible), "supervisor")
