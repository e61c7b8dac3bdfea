"""The sentences of a monthly report: the numbers in words, and no word that judges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.mechanisms.casework.monthly.figures import Compared, Report
    from linli.mechanisms.casework.rates import Share

SAID = ("received", "sent", "answered", "done", "overdue", "returned", "reopened")


def sentences_of(report: Report) -> Iterator[tuple[str, str]]:
    """Return each sentence with the name of the figure it says."""
    for one in report.figures:
        if one.figure.name in SAID:
            yield one.figure.name, _compared(one)
    now, before, _year = report.rates
    for share, earlier in zip(now.shares, before.shares, strict=True):
        yield f"{share.rate.name}_rate", _rate(share, earlier)
    yield from _promises(report)
    yield (
        "account",
        _("On the public account at the end: %(number)d.") % {"number": report.account_size},
    )


def so_far(report: Report) -> str:
    """Return the sentence of a month that has not ended, empty for one that has."""
    if report.month.ended:
        return ""
    return _(
        "The month has not ended: the figures run to %(day)s, and are compared with the other "
        "months up to the same day."
    ) % {"day": date_format(report.month.until, "DATE_FORMAT")}


def _compared(one: Compared) -> str:
    return _(
        "%(what)s: %(now)d. In the month before: %(before)d; in the same month a year ago: "
        "%(year_ago)d."
    ) % {
        "what": one.figure.label,
        "now": one.now,
        "before": one.before,
        "year_ago": one.year_ago,
    }


def _rate(share: Share, earlier: Share) -> str:
    what = {"what": share.rate.label}
    if not share.whole:
        return _("%(what)s: nothing counted.") % what
    told = {
        **what,
        "per_cent": per_cent(share),
        "part": share.counted,
        "whole": share.whole,
        "interval": interval(share),
        "before": per_cent(earlier),
    }
    return (
        _(
            "%(what)s: %(per_cent)s (%(part)s of %(whole)d; with a certainty of 95 in 100 it lies "
            "between %(interval)s). In the month before: %(before)s."
        )
        % told
    )


def _promises(report: Report) -> Iterator[tuple[str, str]]:
    kept, broken = report.of("kept"), report.of("broken")
    if kept and broken:
        yield (
            "broken",
            _("Promised dates kept: %(kept)d; broken: %(broken)d.")
            % {
                "kept": kept.now,
                "broken": broken.now,
            },
        )


def per_cent(share: Share) -> str:
    """Return a rate as people read it, a dash where nothing was counted."""
    return "–" if share.per_cent is None else _("%(number)s %%") % {"number": share.per_cent}


def interval(share: Share) -> str:
    """Return within what a rate lies, a dash where nothing was counted."""
    found = share.interval
    if found is None:
        return "–"
    return _("%(low)s and %(high)s %%") % {
        "low": round(100 * found.low, 1),
        "high": round(100 * found.high, 1),
    }
