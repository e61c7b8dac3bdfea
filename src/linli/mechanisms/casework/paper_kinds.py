"""The papers of casework, and what a pack may fill them with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.papers.kinds import declare

reply_letter = declare(
    "reply_letter",
    _("Letter of reply"),
    variables=(
        "number", "title", "category", "asked", "reply", "replied_on", "promised_on", "solution",
        "solved_on", "unit", "unit_phone", "community", "addressee", "address", "reported_on",
        "date", "link",
    ),
    pictures=("tracking_code",),
)  # fmt: skip
monthly_report = declare(
    "monthly_report",
    _("Monthly report"),
    variables=("community", "unit", "whose", "month", "so_far", "date", "link"),
    tables={
        "figures": ("label", "now", "before", "change", "year_ago", "evidence"),
        "rates": ("label", "per_cent", "interval", "counted", "before", "year_ago", "evidence"),
        "categories": ("label", "now", "before", "evidence"),
        "areas": ("label", "now", "before", "evidence"),
        "units": ("label", "answered", "solved", "satisfied", "evidence"),
        "account": ("number", "title", "reason", "owner", "review_on"),
        "left_out": ("reason", "now"),
    },
    lists=("sentences",),
)
