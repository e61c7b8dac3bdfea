"""The views: each with its columns, what they mean, and how it is read from the tables.

What is not here is not to be had: names, contacts, texts, points and addresses, who acted or
reported. A column that is not documented fails a test, and so does one documented and not there.
"""

# ruff: noqa: S608 - nothing in these statements was typed by anybody

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.mechanisms.casework.indicators import ANSWERS, RATINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from linli.surfaces.sql.constants import Constants
    from linli.surfaces.sql.dialects import Dialect


@dataclass(frozen=True)
class View:
    """One view; ``columns`` are its names with what they mean, in order."""

    name: str
    told: str
    columns: tuple[tuple[str, str], ...]
    read: Callable[[Dialect, Constants], str]


COMMUNITY = ("community", "code of the community")
NUMBER = ("number", "number of the request; names no person")
UNIT = ("unit_id", "the unit answerable at that moment, see `units`")
GRID = ("grid", "code of the area, never finer than the pack's open data names, see `grids`")
CATEGORY = ("category", "code, see `categories`; empty before triage")
AT = ("at", "when")
LEFT_OUT = ("left_out", "whether the request is left out of the rates on record")

FINEST = {"community_id": "bigint", "level": "integer"}

# A request one may count: what is for named people only is not there.
_OURS = "m.procedure = 'casework' AND m.audience <> 'named'"
_EXCLUDED = """EXISTS (SELECT 1 FROM casework_exclusion x WHERE x.matter_id = m.id
    AND x.accepted AND x.reversed_at IS NULL)"""
_FOLDED = "NOT EXISTS (SELECT 1 FROM indicators_pendingevent p WHERE p.event_id = e.id)"


def _kinds(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


def _clock(name: str) -> str:
    """Return how the first clock of a name went."""
    return f"""(SELECT CASE WHEN c.overdue_at IS NOT NULL OR NOT c.kept THEN 'broken'
        WHEN c.kept THEN 'kept' WHEN c.stopped_at IS NOT NULL THEN 'cancelled' ELSE 'running' END
        FROM deadlines_clock c WHERE c.matter_id = m.id AND c.name = '{name}'
        ORDER BY c.id LIMIT 1)"""


def _grid_of_area(d: Dialect, k: Constants) -> str:
    finest = d.values("finest", FINEST, k.finest)
    return f"""WITH RECURSIVE {finest}, up(area_id, at_id) AS (
        SELECT id, id FROM places_area
        UNION ALL
        SELECT up.area_id, a.parent_id FROM up JOIN places_area a ON a.id = up.at_id
        JOIN finest f ON f.community_id = a.community_id
        WHERE a.level > f.level AND a.parent_id IS NOT NULL)
    SELECT up.area_id AS area_id, a.code AS grid FROM up JOIN places_area a ON a.id = up.at_id
    JOIN finest f ON f.community_id = a.community_id WHERE a.level <= f.level"""


def _requests(d: Dialect, _k: Constants) -> str:
    return f"""SELECT o.code AS community, m.number, m.category, m.responsible_id AS unit_id,
    r.first_unit_id, m.desk_id, g.grid, m.stage, m.urgency, m.channel,
    m.audience = 'public' AS is_public, r.is_part, m.created_at, r.first_replied_at,
    r.replied_at, r.solved_at, r.rated_at, m.closed_at, m.due_at, r.promised_on,
    r.promise_moved, r.promise_broken, {_clock("reply")} AS reply_clock,
    {_clock("solve")} AS solve_clock,
    {d.minutes("m.created_at", "r.first_replied_at")} AS reply_minutes,
    {d.minutes("m.created_at", "r.solved_at")} AS solve_minutes,
    r.returns, r.reopened, r.urged, r.contact_tries, r.contacted, r.solved, r.satisfaction,
    r.not_reached, r.appealed_at, r.appeal_upheld, {_EXCLUDED} AS left_out
    FROM matters_matter m JOIN casework_servicerequest r ON r.matter_id = m.id
    JOIN organisations_community o ON o.id = m.community_id
    LEFT JOIN {d.view("grid_of_area")} g ON g.area_id = m.area_id WHERE {_OURS}"""


def _of_events(d: Dialect, columns: str, where: str) -> str:
    return f"""SELECT o.code AS community, m.number, e.at, e.answerable_id AS unit_id, g.grid,
    e.category, {columns}, {_EXCLUDED} AS left_out
    FROM events_event e JOIN matters_matter m ON m.id = e.matter_id
    JOIN organisations_community o ON o.id = e.community_id
    LEFT JOIN {d.view("grid_of_area")} g ON g.area_id = e.area_id
    WHERE {_OURS} AND {_FOLDED} AND {where}"""


def _answers(d: Dialect, _k: Constants) -> str:
    first, clock = d.fact("e.facts", "first"), d.fact("e.facts", "reply_clock")
    answer = f"e.kind IN ({_kinds(ANSWERS)})"
    in_time = f"({answer} AND {first} = 'true' AND {clock} = 'kept')"
    missed = f"({answer} AND {clock} = 'broken')"
    late = f"(e.kind = 'casework.overdue' AND {d.fact('e.facts', 'clock')} = 'reply')"
    return _of_events(
        d, f"COALESCE({in_time}, FALSE) AS in_time", f"({in_time} OR {missed} OR {late})"
    )


def _call_backs(d: Dialect, _k: Constants) -> str:
    rated = f"e.kind IN ({_kinds(RATINGS)})"
    columns = f"""CASE WHEN {rated} THEN 'rated' ELSE 'not_reached' END AS outcome,
    {d.fact("e.facts", "contacted")} = 'true' AS contacted,
    {d.fact("e.facts", "solved")} = 'true' AS solved,
    {d.integer(d.fact("e.facts", "satisfaction"))} AS satisfaction"""
    closed = "(e.kind = 'casework.not_reached' AND e.to_stage = 'closed')"
    return _of_events(d, columns, f"({rated} OR {closed})")


def _events(d: Dialect, _k: Constants) -> str:
    return f"""SELECT o.code AS community, m.number, e.seq, e.kind, e.at, e.from_stage, e.to_stage,
    e.answerable_id AS unit_id, g.grid, e.category, e.audience = 'public' AS is_public
    FROM events_event e JOIN matters_matter m ON m.id = e.matter_id
    JOIN organisations_community o ON o.id = e.community_id
    LEFT JOIN {d.view("grid_of_area")} g ON g.area_id = e.area_id
    WHERE {_OURS} AND e.audience <> 'named'"""


def _clocks(_d: Dialect, _k: Constants) -> str:
    return f"""SELECT o.code AS community, m.number, c.name AS clock, c.started_at, c.due_at,
    c.promised, c.extended, c.paused_at IS NOT NULL AS is_paused, c.stopped_at, c.kept,
    c.overdue_at, c.level FROM deadlines_clock c JOIN matters_matter m ON m.id = c.matter_id
    JOIN organisations_community o ON o.id = c.community_id WHERE {_OURS}"""


def _exclusions(_d: Dialect, _k: Constants) -> str:
    return f"""SELECT o.code AS community, m.number, x.reason, x.unit_id, x.asked_at, x.accepted,
    x.decided_at, x.reversed_at, COALESCE(x.accepted, FALSE) AND x.reversed_at IS NULL AS in_force
    FROM casework_exclusion x JOIN matters_matter m ON m.id = x.matter_id
    JOIN organisations_community o ON o.id = x.community_id WHERE {_OURS}"""


def _figures(d: Dialect, _k: Constants) -> str:
    return f"""SELECT o.code AS community, f.indicator, f.day, f.organisation_id AS unit_id, g.grid,
    f.category, CAST(SUM(f.value) AS bigint) AS value FROM indicators_rollup f
    JOIN organisations_community o ON o.id = f.community_id
    LEFT JOIN {d.view("grid_of_area")} g ON g.area_id = f.area_id
    GROUP BY o.code, f.indicator, f.day, f.organisation_id, g.grid, f.category"""


def _units(_d: Dialect, _k: Constants) -> str:
    return """SELECT o.code AS community, u.id AS unit_id, a.id AS above_id, u.code, u.kind, u.name,
    u.depth, u.dissolved_on FROM organisations_organisation u
    JOIN organisations_community o ON o.id = u.community_id
    LEFT JOIN organisations_organisation a ON u.depth > 1
    AND a.path = substr(u.path, 1, length(u.path) - 4)"""


def _grids(d: Dialect, k: Constants) -> str:
    finest = d.values("finest", FINEST, k.finest)
    return f"""WITH {finest} SELECT o.code AS community, a.code AS grid, b.code AS above, a.kind,
    a.level, a.name, a.population, a.organisation_id AS unit_id FROM places_area a
    JOIN finest f ON f.community_id = a.community_id AND a.level <= f.level
    JOIN organisations_community o ON o.id = a.community_id
    LEFT JOIN places_area b ON b.id = a.parent_id"""


def _categories(d: Dialect, k: Constants) -> str:
    columns = dict.fromkeys(("category", "above", "name_zh", "name_en", "urgency"), "text")
    columns = {
        "community_id": "bigint",
        **columns,
        "is_sensitive": "boolean",
        "national_code": "text",
    }
    listed = ", ".join(f"k.{name}" for name in list(columns)[1:])
    return f"""WITH {d.values("k", columns, k.categories)} SELECT o.code AS community, {listed}
    FROM k JOIN organisations_community o ON o.id = k.community_id"""


def _calendar(d: Dialect, k: Constants) -> str:
    days = {"community_id": "bigint", "first_day": "text", "last_day": "text"}
    spans = d.values("spans", days, k.spans)
    worked = {"community_id": "bigint", "day": "text", "worked": "boolean"}
    against = d.values("against", worked, k.exceptions)
    first, last = "CAST(first_day AS date)", "CAST(s.last_day AS date)"
    named = "CAST(x.day AS date)"
    if d.vendor == "sqlite":
        first, last, named = "first_day", "s.last_day", "x.day"
    return f"""WITH RECURSIVE {spans}, {against}, days(community_id, day) AS (
        SELECT community_id, {first} FROM spans
        UNION ALL SELECT days.community_id, {d.day_after("days.day")} FROM days
        JOIN spans s ON s.community_id = days.community_id WHERE days.day < {last})
    SELECT o.code AS community, days.day, {d.weekday("days.day")} AS weekday,
    COALESCE(x.worked, {d.weekday("days.day")} <= 5) AS is_workday,
    {d.part("days.day", "month")} AS month,
    ({d.part("days.day", "month")} + 2) / 3 AS quarter, {d.part("days.day", "year")} AS year
    FROM days JOIN organisations_community o ON o.id = days.community_id
    LEFT JOIN against x ON x.community_id = days.community_id AND {named} = days.day"""


# Not for analysts: which area, however fine, is told as which grid.
GRID_OF_AREA = View("grid_of_area", "", (("area_id", ""), ("grid", "")), _grid_of_area)
VIEWS = (
    View("requests", "One row a request (诉求), as it stands now.", (
        COMMUNITY, NUMBER, CATEGORY, ("unit_id", "the unit answerable now, see `units`"),
        ("first_unit_id", "the unit first given it, which stays answerable (首接负责)"),
        ("desk_id", "the desk it lies on"), GRID, ("stage", "where it stands"),
        ("urgency", "emergency, urgent or normal"), ("channel", "how it came in"),
        ("is_public", "whether it is on the public board"),
        ("is_part", "whether it is a part of another request, done for its lead unit"),
        ("created_at", "when it was reported"), ("first_replied_at", "when it was first answered"),
        ("replied_at", "when it was last answered"), ("solved_at", "when the unit said it is done"),
        ("rated_at", "when the reporter rated it"), ("closed_at", "when it was closed"),
        ("due_at", "when the clock that runs out first does"),
        ("promised_on", "the day by which the unit promised it"),
        ("promise_moved", "whether the promise was moved once"),
        ("promise_broken", "whether a promise was broken"),
        ("reply_clock", "kept, broken, cancelled or running; empty: none was started"),
        ("solve_clock", "likewise, of the deadline for solving"),
        ("reply_minutes", "minutes by the wall clock from report to first answer"),
        ("solve_minutes", "minutes by the wall clock from report to done"),
        ("returns", "how often a unit returned it"), ("reopened", "how often it came back"),
        ("urged", "how often a supervisor urged"),
        ("contact_tries", "how often the reporter was called back"),
        ("contacted", "whether the unit made contact, says the reporter"),
        ("solved", "whether it is solved, says the reporter"),
        ("satisfaction", "5 very satisfied to 1 not at all, says the reporter"),
        ("not_reached", "whether the reporter could not be reached"),
        ("appealed_at", "when the reporter appealed"),
        ("appeal_upheld", "what that found"), LEFT_OUT,
    ), _requests),
    View("events", "One row a record of a request: what happened, not who did it or what was "
         "said.", (
        COMMUNITY, NUMBER, ("seq", "its place in the record of the request"),
        ("kind", "what happened, see [Procedures](procedures.md)"), AT,
        ("from_stage", "stage before"), ("to_stage", "stage after"), UNIT, GRID, CATEGORY,
        ("is_public", "whether the public sees it in the timeline"),
    ), _events),
    View("clocks", "One row a deadline that ran on a request.", (
        COMMUNITY, NUMBER, ("clock", "which, see the pack's clocks"),
        ("started_at", "when it began"), ("due_at", "when it runs out"),
        ("promised", "whether its end is a promise to the reporter"),
        ("extended", "how often it was extended"), ("is_paused", "whether it stands still"),
        ("stopped_at", "when it ended"), ("kept", "whether in time; empty: runs or cancelled"),
        ("overdue_at", "when it was found overdue"), ("level", "how far up it was escalated"),
    ), _clocks),
    View("answers", "What the rate of the answered in time counts (响应率): "
         "`avg(in_time)` where not `left_out`.", (
        COMMUNITY, NUMBER, AT, UNIT, GRID, CATEGORY,
        ("in_time", "the first answer came in time; else its deadline was missed"), LEFT_OUT,
    ), _answers),
    View("call_backs", "What reporters said, and who was not reached (回访): the rates of the "
         "solved and the satisfied are of the rows `rated`, where not `left_out`.", (
        COMMUNITY, NUMBER, AT, UNIT, GRID, CATEGORY, ("outcome", "rated or not_reached"),
        ("contacted", "the unit made contact"), ("solved", "it is solved"),
        ("satisfaction", "5 very satisfied to 1 not at all"), LEFT_OUT,
    ), _call_backs),
    View("exclusions", "Requests to leave something out of the rates, and what was "
         "decided (剔除).", (
        COMMUNITY, NUMBER, ("reason", "of the pack's list `exclude`"),
        ("unit_id", "the unit that asked"), ("asked_at", "when"),
        ("accepted", "what was decided; empty: not yet"), ("decided_at", "when"),
        ("reversed_at", "when it was taken back"), ("in_force", "whether it holds now"),
    ), _exclusions),
    View("figures", "The kept daily figures, as pages show them, nothing left out.", (
        COMMUNITY, ("indicator", "name of the figure"), ("day", "day in the community's zone"),
        UNIT, GRID, CATEGORY, ("value", "how many"),
    ), _figures),
    View("units", "Organisations, standing and dissolved.", (
        COMMUNITY, ("unit_id", "key within this database"), ("above_id", "the unit above it"),
        ("code", "its code, may be empty"), ("kind", "kind of the pack"), ("name", "its name"),
        ("depth", "1 is the top"), ("dissolved_on", "when it was dissolved"),
    ), _units),
    View("grids", "Areas down to the finest kind the pack's open data names.", (
        COMMUNITY, ("grid", "its code"), ("above", "code of the area it is part of"),
        ("kind", "kind of the pack"), ("level", "the finer, the higher"), ("name", "its name"),
        ("population", "people who live there"), ("unit_id", "the unit in charge"),
    ), _grids),
    View("categories", "What requests are about, by the pack in use when the views were made.", (
        COMMUNITY, ("category", "its code"), ("above", "the category that groups it"),
        ("name_zh", "its name in Chinese"), ("name_en", "its name in English"),
        ("urgency", "usual urgency"), ("is_sensitive", "says something of who reports it"),
        ("national_code", "large class of GB/T 30428.2"),
    ), _categories),
    View("calendar", "Days and whether they are worked, from the year of the first request to "
         "the end of the year after the views were made.", (
        COMMUNITY, ("day", "the day"), ("weekday", "Monday 1 to Sunday 7"),
        ("is_workday", "with holidays and swapped workdays"), ("month", "1 to 12"),
        ("quarter", "1 to 4"), ("year", "the year"),
    ), _calendar),
)  # fmt: skip
