"""A monthly report as a paper: the pack's words and order, the figures of the month."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.kernel.packs.loading import pack_of
from linli.kernel.papers.composing import Content, compose, declared
from linli.kernel.papers.document import Cell
from linli.mechanisms.casework.monthly.sentences import interval, per_cent, sentences_of, so_far

if TYPE_CHECKING:
    from linli.kernel.papers.document import Document
    from linli.mechanisms.casework.monthly.figures import Report, Top
    from linli.mechanisms.casework.rates import Row

KIND = "monthly_report"
# Returns where a figure opens to its list: the whole address, and a short path for print.
# Called with the name of the figure and what narrows it: category=…, area=…, unit=….
Address = Callable[..., tuple[str, str]]
NUMBERS = frozenset(
    {"now", "before", "change", "year_ago", "per_cent", "counted", "answered", "solved",
     "satisfied"}
)  # fmt: skip


def paper_of(report: Report, language: str, address: Address, link: str) -> Document:
    """Return a report as a paper; ``link``: where it is read anew. Raises NoSuchPaper."""
    setting, language = declared(pack_of(report.community), KIND, language)
    with override(language):
        content = Content(
            values=_values(report, link),
            tables=_tables(report, address),
            lists={"sentences": _sentences(report, address)},
            numbers=NUMBERS,
        )
    return compose(setting, content, language)


def _values(report: Report, link: str) -> dict[str, str]:
    unit = report.unit.name if report.unit else ""
    today = report.community.day_of(timezone.now())
    return {
        "community": report.community.name,
        "unit": unit,
        "whose": unit or report.community.name,
        "month": date_format(report.month.since, "YEAR_MONTH_FORMAT"),
        "so_far": so_far(report),
        "date": date_format(today, "DATE_FORMAT"),
        "link": link,
    }


def _sentences(report: Report, address: Address) -> list[Cell]:
    return [Cell(sentence, *address(name)) for name, sentence in sentences_of(report)]


def _tables(report: Report, address: Address) -> dict[str, list[dict[str, Cell]]]:
    return {
        "figures": [
            {
                "label": Cell(str(one.figure.label)),
                "now": Cell(str(one.now), address(one.figure.name)[0]),
                "before": Cell(str(one.before)),
                "change": Cell(f"{one.now - one.before:+d}".replace("+0", "0")),
                "year_ago": Cell(str(one.year_ago)),
                "evidence": _evidence(address, one.figure.name),
            }
            for one in report.figures
        ],
        "rates": _rates(report, address),
        "categories": _tops(report.categories, "category", address),
        "areas": _tops(report.areas, "area", address),
        "units": [_unit(row, address) for row in report.units] if report.unit is None else [],
        "account": [_on_account(entry, report) for entry in report.account],
        "left_out": [
            {"reason": Cell(reason), "now": Cell(str(count), address("left_out")[0])}
            for reason, count in report.left_out
        ],
    }


def _evidence(address: Address, name: str, **narrowed: str) -> Cell:
    link, path = address(name, **narrowed)
    return Cell(path, link, path)


def _rates(report: Report, address: Address) -> list[dict[str, Cell]]:
    now, before, year_ago = (row.shares for row in report.rates)
    return [
        {
            "label": Cell(str(share.rate.label)),
            "per_cent": Cell(per_cent(share), address(f"{share.rate.name}_rate")[0]),
            "interval": Cell(interval(share)),
            "counted": Cell(f"{share.counted} / {share.whole}"),
            "before": Cell(per_cent(before[at])),
            "year_ago": Cell(per_cent(year_ago[at])),
            "evidence": _evidence(address, f"{share.rate.name}_rate"),
        }
        for at, share in enumerate(now)
    ]


def _tops(tops: list[Top], narrows: str, address: Address) -> list[dict[str, Cell]]:
    return [
        {
            "label": Cell(top.label),
            "now": Cell(str(top.now), address("came", **{narrows: top.key})[0]),
            "before": Cell(str(top.before)),
            "evidence": _evidence(address, "came", **{narrows: top.key}),
        }
        for top in tops
    ]


def _unit(row: Row, address: Address) -> dict[str, Cell]:
    told: dict[str, Any] = {"label": Cell(row.name)}
    for name, share in zip(("answered", "solved", "satisfied"), row.shares, strict=True):
        text = f"{per_cent(share)} ({share.counted}/{share.whole})" if share.whole else "–"
        told[name] = Cell(text, address(f"{share.rate.name}_rate", unit=row.key)[0])
    told["evidence"] = _evidence(address, "report", unit=row.key)
    return told


def _on_account(entry: Any, report: Report) -> dict[str, Cell]:
    return {
        "number": Cell(entry.matter.number),
        "title": Cell(entry.matter.public_title or _("(not public)")),
        "reason": Cell(pack_of(report.community).reason_label("on_account", entry.reason)),
        "owner": Cell(entry.owner.name),
        "review_on": Cell(date_format(entry.review_on, "DATE_FORMAT")),
    }
