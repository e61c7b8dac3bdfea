"""What the page of a topic of the month, of a measure, and of any report shows besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.matters.queries import visible_to
from linli.mechanisms.casework.monthly_topics.queries import (
    Progress,
    lately,
    main_of,
    measures_of,
    notes_on,
    partners_of,
    progress_of,
    topics_of_report,
)
from linli.mechanisms.casework.monthly_topics.reports import by_month
from linli.surfaces.web.workbench.panels import Offer, Panel, offer, panel

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.surfaces.web.workbench.guarding import Desk


@panel("monthly_topic", "monthly_measure")
def topic_of_the_month(desk: Desk, matter: Matter) -> Panel | None:
    """Plan, measures with their days, the figures, the words on progress. Fixed queries."""
    main = main_of(matter)
    if main is None:
        return None
    today = desk.community.day_of(timezone.now())
    measures = measures_of(main)
    keys = [main.pk, *(one.pk for one in measures)]
    seen = set(
        visible_to(desk.person, desk.community).filter(pk__in=keys).values_list("pk", flat=True)
    )
    for one in measures:
        one.matter.community = desk.community
    told = {
        "main": main,
        "own": matter.pk == main.pk,
        "main_url": _page(main.matter) if main.pk in seen else "",
        "partners": partners_of(main),
        "measures": [(one, one.pk in seen) for one in measures],
        "progress": progress_of([main.pk]).get(main.pk, Progress()),
        "notes": notes_on(main),
        "months": by_month(main, desk.community),
        "lately": lately(main, desk.community, today),
        "public": main.published_at is not None,
    }
    return Panel("topics/panel.html", told, (), ("linli/topics.css",))


@offer
def part_of_a_topic(desk: Desk, matter: Matter) -> Offer | None:
    """On a report's page: lead to the topic of the month it is of. One query, two where it is."""
    if matter.procedure != "casework":
        return None
    found = topics_of_report(matter, public=False)
    if not found:
        return None
    rows = visible_to(desk.person, desk.community).filter(pk__in=[one.pk for one in found])
    seen = rows.order_by("-pk").first()
    if seen is None:
        return None
    name = {"title": seen.public_title}
    return Offer(_("Part of the topic of the month “%(title)s”") % name, _page(seen), "flame")


def _page(matter: Matter) -> str:
    return reverse("desk:matter", kwargs={"number": matter.number})
