"""From a proposal to a published plan: proposed, chosen for a month, led, planned, made public."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.indicators.folding import locked
from linli.kernel.matters.models import Audience, MatterLink
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import NoFacts
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.monthly_topics import reports
from linli.mechanisms.casework.monthly_topics.facts import (
    AddMeasure,
    Choose,
    Decline,
    NameUnits,
    Propose,
    WritePlan,
)
from linli.mechanisms.casework.monthly_topics.models import Measure, MonthlyTopic
from linli.mechanisms.casework.monthly_topics.stages import (
    CHOOSER,
    LEAD,
    MAY_PROPOSE,
    PLAN_CLOCK,
    PROGRESS_CLOCK,
)
from linli.mechanisms.casework.monthly_topics.stages import topic_procedure as procedure
from linli.mechanisms.casework.monthly_topics.units import check_answers, proposing_organisation

if TYPE_CHECKING:
    from linli.kernel.events.models import Event
    from linli.kernel.procedures.act import Act

MOST_MEASURES = 30


@procedure.start(
    to="proposed",
    by=MAY_PROPOSE,
    label=_("Propose a topic of the month"),
    past="proposed",
    happened=_("Proposed as a topic of the month"),
    audience=Audience.STAFF,
)
def propose(topic: MonthlyTopic, facts: Propose, act: Act) -> None:
    """What many report is proposed: from a hot topic, or freely by category and grid."""
    if act.by is None:
        raise InvalidFacts({"__all__": [gettext("Somebody has to propose it.")]})
    found = reports.find(topic, facts, act)
    if not found:
        raise InvalidFacts({"category": [gettext("Nobody reported anything of this lately.")]})
    topic.why = facts.why
    topic.measured_days = act.pack.monthly_topics.measured_days
    act.set(
        title=facts.title, text=facts.why, public_title=facts.title, public_text=facts.why,
        audience=Audience.STAFF, desk=proposing_organisation(act.by, act.matter.community),
        category=facts.category or "", area=act.refs.get("area"),
    )  # fmt: skip
    for report in found:
        act.link(MatterLink.Kind.ARISES_FROM, report)
    act.add_facts(reports=len(found))


@procedure.action(
    at="proposed",
    to="chosen",
    by=CHOOSER,
    label=_("Choose it"),
    past="chosen",
    happened=_("Chosen as a topic of the month"),
    audience=Audience.PUBLIC,
)
def choose(topic: MonthlyTopic, facts: Choose, act: Act) -> None:
    """One or a few are chosen for a month; a unit leads, and writes the plan within its clock."""
    month = act.today.replace(day=1)
    if facts.month == "next":
        month = (month + timedelta(days=32)).replace(day=1)
    _refuse_too_many(month, act)
    topic.month = month
    act.add_facts(month_chosen=month.isoformat())
    _name(topic, act)
    act.start_clock(PLAN_CLOCK)
    act.tell_role(act.refs["lead"], "handler")


def _refuse_too_many(month: date, act: Act) -> None:
    """Raise InvalidFacts where the month is full; two who choose at once come one by one."""
    locked(act.matter.community_id, wait=True)
    chosen = MonthlyTopic.objects.filter(
        matter__community=act.matter.community_id, month=month
    ).exclude(matter__stage__in=("declined", "dropped"))
    most = act.pack.monthly_topics.most_a_month
    if chosen.count() >= most:
        sentence = gettext("That month has its %(most)s topics already.") % {"most": most}
        raise InvalidFacts({"month": [sentence]})


def _name(topic: MonthlyTopic, act: Act) -> None:
    lead, partners = act.refs["lead"], act.refs.get("partners", [])
    community = act.matter.community
    check_answers("lead", [lead], community)
    others = [unit for unit in partners if unit.pk != lead.pk]
    check_answers("partners", others, community)
    act.set(responsible=lead)
    topic.partners = [str(unit.uuid) for unit in others]


@procedure.action(
    at="proposed",
    to="declined",
    by=CHOOSER,
    label=_("Do not choose it"),
    past="declined",
    happened=_("Not chosen"),
    danger=True,
)
def decline(topic: MonthlyTopic, facts: Decline, act: Act) -> None:
    """Not everything proposed is chosen; why is on record."""


@procedure.action(
    at=("chosen", "under_way"),
    to="=",
    by=CHOOSER,
    label=_("Name other units"),
    past="units_named",
    happened=_("Other units were named"),
    audience=Audience.PUBLIC,
)
def name_units(topic: MonthlyTopic, facts: NameUnits, act: Act) -> None:
    """Who leads, or who takes part, changes; the clocks run on."""
    _name(topic, act)
    act.tell_role(act.refs["lead"], "handler")


@procedure.action(
    at="chosen",
    to="=",
    by=LEAD + CHOOSER,
    label=_("Write the plan"),
    past="plan_written",
    happened=_("The plan was written"),
    audience=Audience.STAFF,
)
def write_plan(topic: MonthlyTopic, facts: WritePlan, act: Act) -> None:
    """The unit that leads says how it is to be solved; written again, it replaces what stood."""
    topic.plan, topic.target = facts.plan, facts.target
    act.tell_role(act.matter.desk, "supervisor")


@procedure.action(
    at=("chosen", "under_way"),
    to="=",
    by=LEAD + CHOOSER,
    label=_("Add a measure"),
    past="measure_added",
    happened=_("A measure was added"),
    audience=Audience.STAFF,
)
def add_measure(topic: MonthlyTopic, facts: AddMeasure, act: Act) -> None:
    """What, who, by when: a matter of its own, for which that unit answers by that day."""
    _check_day(facts.by_when, act)
    check_answers("who", [act.refs["who"]], act.matter.community)
    if topic.measures.count() >= MOST_MEASURES:
        sentence = gettext("A plan has at most %(most)s measures.") % {"most": MOST_MEASURES}
        raise InvalidFacts({"what": [sentence]})
    event = begin(
        "monthly_measure",
        "plan",
        community=act.matter.community,
        by=LINLI,
        facts={"main": act.matter.number, **facts.model_dump()},
        at=act.now,
    )
    act.link(MatterLink.Kind.CARRIED_OUT_BY, event.matter)
    act.add_facts(measure=event.matter.number)


def _check_day(day: date, act: Act) -> None:
    longest = act.pack.monthly_topics.longest_days
    if day < act.today:
        raise InvalidFacts({"by_when": [gettext("This day has passed.")]})
    if day > act.today + timedelta(days=longest):
        sentence = gettext("Please choose a day within %(days)s days.") % {"days": longest}
        raise InvalidFacts({"by_when": [sentence]})


@procedure.action(
    at="chosen",
    to="under_way",
    by=CHOOSER,
    label=_("Publish the plan"),
    past="plan_published",
    happened=_("The plan was published"),
    audience=Audience.PUBLIC,
    confirm=_("Everyone can read it from now on, and all who reported it are told."),
    when=lambda topic: bool(topic.plan),
)
def publish_plan(topic: MonthlyTopic, facts: NoFacts, act: Act) -> None:
    """With it stands how many reports there were in the days before: the measure of success."""
    if not topic.plan:
        raise InvalidFacts({"__all__": [gettext("There is no plan yet.")]})
    if not topic.measures.filter(matter__stage="planned").exists():
        raise InvalidFacts({"__all__": [gettext("A plan needs at least one measure.")]})
    topic.before_until = act.today
    topic.before = reports.count_before(topic, act.matter.community, act.today, topic.measured_days)
    topic.published_at = act.now
    act.set(audience=Audience.PUBLIC)
    act.add_facts(before=topic.before, days=topic.measured_days)
    act.stop_clock(PLAN_CLOCK)
    act.start_clock(PROGRESS_CLOCK)
    act.tell_role(act.matter.responsible, "handler")
    act.tell(*reports.reporters(topic))


@subscribe("monthly_topic.plan_published")
def open_measures(event: Event) -> None:
    """Let the clock of each measure run, in the transaction in which the plan is published."""
    rows = Measure.objects.filter(main=event.matter_id, matter__stage="planned")
    for measure in rows.select_related("matter").order_by("pk"):
        perform(measure.matter, "open_up", by=LINLI, at=event.at)
