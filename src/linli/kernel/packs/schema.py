"""The shape of a pack: every setting that differs from place to place, checked by pydantic."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints, model_validator

from linli.kernel.packs.texts import Code, Label, Language, Strict
from linli.kernel.papers.declared import PaperSetting

CASEWORK_CLOCKS = ("triage", "accept", "reply", "solve", "ask", "review", "urge", "appeal")
# Clocks that came later: versions stored before have none, and their matters run on all the same.
_ONE_DAY, _TEN_DAYS, _MONTH = {"working_days": 1}, {"working_days": 10}, {"days": 31}
LATER_CLOCKS: dict[str, dict[str, object]] = {
    "urge": {
        "label": {"zh-hans": "督办回复", "en": "Answer to the supervisor"},
        "emergency": _ONE_DAY, "urgent": _ONE_DAY, "normal": _ONE_DAY,
    },
    "appeal": {
        "label": {"zh-hans": "复核", "en": "Review"},
        "emergency": _TEN_DAYS, "urgent": _TEN_DAYS, "normal": _TEN_DAYS,
    },
    "monthly_plan": {
        "label": {"zh-hans": "每月一题方案", "en": "Plan of a topic of the month"},
        "emergency": _TEN_DAYS, "urgent": _TEN_DAYS, "normal": _TEN_DAYS,
    },
    "monthly_progress": {
        "label": {"zh-hans": "每月进展", "en": "Monthly word on progress"},
        "emergency": _MONTH, "urgent": _MONTH, "normal": _MONTH,
    },
    "monthly_measure": {
        "label": {"zh-hans": "整改措施", "en": "Measure"},
        "emergency": _MONTH, "urgent": _MONTH, "normal": _MONTH,
    },
}  # fmt: skip
# What notices may be filled with; none of it names a resident.
NOTICE_FIELDS = frozenset({"number", "title", "link", "community", "unit", "promised_on"})


class RoleSetting(Strict):
    """A role: what it includes, how far it sees, and what it may do outside procedures."""

    label: Label
    """its name"""
    staff: bool = True
    """whether it is one who works on matters, not a resident"""
    includes: list[Code] = []
    """roles whose rights it has as well"""
    sees: Literal["own", "subtree", "community"] = "own"
    """matters of the own organisation, of all below it, or of the whole community"""
    may: list[Literal[
        "search", "reveal_contact", "administer_people", "administer_organisations", "export",
        "read_audit", "administer_webhooks", "choose_models", "release_data",
    ]] = []  # fmt: skip
    """what it may do outside procedures"""


class KindSetting(Strict):
    """A kind of organisation or area; the level orders the tree from coarse to fine."""

    label: Label
    """its name"""
    level: int = Field(ge=0, le=20)
    """0 is the coarsest"""


class CategorySetting(Strict):
    """What a request is about; parents group, leaves are chosen."""

    label: Label
    """its name"""
    parent: Code | None = None
    """the category that groups it"""
    hint: Label | None = None
    """what belongs here"""
    urgency: Literal["emergency", "urgent", "normal"] = "normal"
    """how fast such a request must move"""
    organisation: str | None = None
    """code of the organisation usually responsible"""
    icon: str = "message-circle"
    """name of a Tabler icon"""
    national_code: str = ""
    """class of GB/T 30428.2: P01… for a part, E01… for an event"""
    questions: list[Code] = []
    """what is asked besides, in this order; a category that groups asks for all it holds"""
    sensitive: bool = False
    """whether to have reported such a thing says something of a person; see open data"""


class ConditionSetting(Strict):
    """Asked only when another question has this answer."""

    question: Code
    """the other question"""
    equals: bool | int | float | str
    """its answer: true or false, a number, a text, or the code of an option"""


class QuestionSetting(Strict):
    """One more question, asked once the category is known."""

    label: Label
    """the question"""
    hint: Label | None = None
    """a line of help below it"""
    kind: Literal["text", "number", "choice", "choices", "date", "yes_no", "picture_note"]
    """how it is answered; `picture_note` asks for a picture and a word on what it shows"""
    options: dict[Code, Label] = {}
    """what can be chosen, for `choice` and `choices`"""
    required: bool = False
    """whether it must be answered where it is asked"""
    personal: bool = False
    """whether the answer says something of a person: then it is encrypted and can be erased"""
    when: ConditionSetting | None = None
    """asked only then"""


class Duration(Strict):
    """A span of time: exactly one of the four."""

    hours: float | None = Field(default=None, gt=0)
    """by the wall clock"""
    days: int | None = Field(default=None, gt=0)
    """by the wall clock"""
    working_hours: float | None = Field(default=None, gt=0)
    """within the hours of the calendar"""
    working_days: int | None = Field(default=None, gt=0)
    """the day it begins is not counted; ends when work ends"""

    @model_validator(mode="after")
    def _one(self) -> Duration:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError(_("Give exactly one of hours, days, working_hours and working_days."))
        return self


class ClockSetting(Strict):
    """How long a clock runs, by urgency, and whether it climbs when it runs out."""

    label: Label
    """its name"""
    emergency: Duration
    """how long it runs when lives or safety are at risk"""
    urgent: Duration
    """how long when it cannot wait"""
    normal: Duration
    """how long otherwise"""
    escalates: bool = True
    """whether the level above is told when it runs out"""


class CalendarSetting(Strict):
    """Working time: ``cn`` follows the State Council's holiday notices, with overrides."""

    kind: Literal["cn", "weekdays"] = "cn"
    """`cn`: the State Council's holidays and swapped workdays; `weekdays`: Monday to Friday"""
    hours: list[tuple[time, time]] = Field(min_length=1)
    """when work is done, each from and to"""
    overrides: dict[date, bool] = {}
    """days worked (true) or not (false) against the rule"""


class NoticeText(Strict):
    """What a notice says; ``{number}``, ``{title}``, ``{link}`` and so on are filled in."""

    subject: Label
    """one line"""
    body: Label
    """the text"""


class ReasonSetting(Strict):
    """A listed reason for returning, referring, extending, …"""

    code: Code
    """what is stored"""
    label: Label
    """what people read"""


class CallBackSetting(Strict):
    """How reporters are asked back, and what their answers count for."""

    interval: Duration = Duration(working_hours=4)
    """the least time between two tries to reach a reporter"""
    claim_minutes: int = Field(default=15, ge=1, le=480)
    """how long a caller keeps a call-back before another may take it"""
    script: Label | None = None
    """what the caller says; `{number}`, `{title}`, `{community}` and `{unit}` are filled in"""
    weights: dict[Literal["5", "4", "3", "2", "1"], Annotated[float, Field(ge=0, le=1)]] = {
        "5": 1, "4": 1, "3": 1, "2": 0, "1": 0
    }  # fmt: skip
    """what each answer counts in the rate of the satisfied: 5 is very satisfied, 1 not at all"""
    few_answers: int = Field(default=10, ge=1)
    """with fewer answers a rate is shown in grey"""


class CaseworkSetting(Strict):
    """Numbers of the rules of 接诉即办."""

    desk: str = "desk"
    """code of the organisation that receives requests"""
    reopen_days: int = Field(default=30, ge=0)
    """how long after closing the reporter may reopen"""
    contact_tries: int = Field(default=3, ge=1)
    """calls after which a reporter counts as not reached"""
    returns_before_supervisor: int = Field(default=3, ge=1)
    """the return after which the supervisor decides"""
    public_by_default: bool = True
    """whether the desk is offered to publish"""
    call_back: CallBackSetting = CallBackSetting()
    """how reporters are asked back"""
    suggest_from: float = Field(default=0.6, ge=0, le=1)
    """confidence from which a suggestion is called likely; below, it says it is unsure"""
    soon_hours: float = Field(default=24, gt=0, le=24 * 366)
    """what falls due within so many hours counts as about to fall due"""
    climbs_again: Duration = Duration(working_days=1)
    """how long after one level was told of a missed deadline the next one is"""
    appeal_days: int = Field(default=15, ge=0)
    """how long after closing the reporter may appeal"""


class LicenceSetting(Strict):
    """Under what open data may be used."""

    name: str = "CC-BY-4.0"
    """its short name, as SPDX lists it"""
    title: str = "Creative Commons Attribution 4.0 International"
    """its full name"""
    path: str = "https://creativecommons.org/licenses/by/4.0/"
    """where it is written"""


class OpenDataSetting(Strict):
    """What is published of requests as rows, and how coarse at the least."""

    publishes: bool = False
    """whether closed periods are prepared at all"""
    period: Literal["month", "quarter"] = "month"
    """what one release covers"""
    after_days: int = Field(default=10, ge=1, le=366)
    """how long after its end a period is prepared: answers still come in"""
    k: int = Field(default=5, ge=3, le=1000)
    """how many people at least stand behind each combination of place, time and category"""
    l: int = Field(default=2, ge=1, le=20)  # noqa: E741 - its name in the literature
    """how many categories at least stand where a sensitive one does"""
    finest_place: Code | None = None
    """the finest kind of area that is named; none: only the whole community"""
    finest_time: Literal["day", "week", "month", "quarter"] = "week"
    """the finest stretch of time that is named"""
    second_person: bool = False
    """whether two people must look at a release before it goes out"""
    licence: LicenceSetting = LicenceSetting()
    """under what it may be used"""


class PlainWordsSetting(Strict):
    """What replies to residents should avoid; hints beside the text, never a refusal."""

    longest_sentence: dict[Language, int] = {}
    """characters (Chinese) or words (other languages) after which a sentence counts as long"""
    words: dict[Language, dict[str, str]] = {}
    """words of the office, each with what to say instead"""


class HotTopicsSetting(Strict):
    """What counts as a hot topic."""

    days: int = Field(default=30, ge=7, le=120)
    """reports of so many days are looked at each night"""
    half_life_days: float = Field(default=30, gt=0, le=3650)
    """after so many days a report counts half"""
    fewest_reports: int = Field(default=3, ge=2)
    """with fewer reports it is no topic"""
    fewest_people: int = Field(default=2, ge=1)
    """with fewer different people it is no topic"""
    within: Code | None = None
    """kind of area: what lies in two areas of this kind is never one topic; none: it may be"""


class MonthlyTopicsSetting(Strict):
    """Numbers of 每月一题."""

    most_a_month: int = Field(default=3, ge=1, le=31)
    """how many topics may be chosen for one month"""
    measured_days: int = Field(default=30, ge=7, le=120)
    """reports are counted over so many days, before the plan and before the conclusion"""
    longest_days: int = Field(default=366, ge=7, le=1830)
    """how far ahead the day of a measure may lie"""


class PackContent(Strict):
    """A whole pack."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{2,60}$")]
    """like its folder"""
    title: Label
    """its name"""
    languages: list[Language] = Field(min_length=1)
    """every text stands in each of them"""
    roles: dict[Code, RoleSetting]
    """who may do what"""
    organisation_kinds: dict[Code, KindSetting]
    """what an organisation can be"""
    area_kinds: dict[Code, KindSetting]
    """what an area can be"""
    categories: dict[Code, CategorySetting]
    """what requests are about"""
    calendar: CalendarSetting
    """working time"""
    clocks: dict[Code, ClockSetting]
    """deadlines of the procedures"""
    reasons: dict[Code, list[ReasonSetting]] = {}
    """listed reasons by list: return, refer, extend, …"""
    notices: dict[str, NoticeText] = {}
    """texts by event: casework.replied, …"""
    casework: CaseworkSetting = CaseworkSetting()
    """numbers of casework"""
    hot_topics: HotTopicsSetting = HotTopicsSetting()
    """what counts as a hot topic"""
    monthly_topics: MonthlyTopicsSetting = MonthlyTopicsSetting()
    """numbers of topics of the month"""
    questions: dict[Code, QuestionSetting] = {}
    """what is asked besides, by category"""
    plain_words: PlainWordsSetting = PlainWordsSetting()
    """what replies to residents should avoid"""
    papers: dict[Code, PaperSetting] = {}
    """letters and reports, by kind"""
    open_data: OpenDataSetting = OpenDataSetting()
    """what is published of requests as rows"""

    def roles_within(self, role: str) -> frozenset[str]:
        """Return the role and all roles it includes, however deep."""
        found: set[str] = set()
        stack = [role]
        while stack:
            current = stack.pop()
            if current not in found and current in self.roles:
                found.add(current)
                stack.extend(self.roles[current].includes)
        return frozenset(found)

    def roles_including(self, role: str) -> tuple[str, ...]:
        """Return the role and all that include it, however deep, in the pack's order."""
        return tuple(name for name in self.roles if role in self.roles_within(name))

    def leaf_categories(self) -> dict[str, CategorySetting]:
        """Return the categories that can be chosen: those nobody names as parent."""
        parents = {category.parent for category in self.categories.values()}
        return {code: c for code, c in self.categories.items() if code not in parents}

    def reason_label(self, list_name: str, code: str) -> str:
        """Return the label of a listed reason, or the code when it is gone."""
        for reason in self.reasons.get(list_name, []):
            if reason.code == code:
                return str(reason.label)
        return code
