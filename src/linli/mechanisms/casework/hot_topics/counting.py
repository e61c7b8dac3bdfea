"""Counting the topics of a community on a day, and keeping them under the names they had."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from linli.engines.similarity.continuing import continued
from linli.engines.similarity.heat import Heat, areas_named, heat_of
from linli.engines.similarity.topics import hot_topics
from linli.kernel.indicators.folding import locked
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.hot_topics.gathering import gather
from linli.mechanisms.casework.hot_topics.models import HotTopic, TakenOut, TopicHeat, TopicMember

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from linli.engines.similarity.topics import Message
    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.schema import HotTopicsSetting
    from linli.mechanisms.casework.hot_topics.gathering import Gathered

MOST = 500  # topics kept of a day
KEPT_DAYS = 400  # a topic not found for so long is forgotten


@dataclass(frozen=True)
class Counted:
    """A topic of the day: its messages, the most central first, and how hot it is."""

    members: tuple[Message, ...]
    heat: Heat

    def values(self) -> dict[str, Any]:
        """Return what is stored of it."""
        people = {one.reporter for one in self.members if one.reporter is not None}
        nameless = sum(one.reporter is None for one in self.members)
        return {
            "heat": self.heat.total,
            "voices": self.heat.voices,
            "support": self.heat.support,
            "spread": self.heat.spread,
            "reports": len(self.members),
            "people": len(people) + nameless,
            "likes": sum(one.likes for one in self.members),
            "days": len({one.at.date() for one in self.members}),
            "areas": max(1, len(areas_named(self.members))),
            "first_at": min(one.at for one in self.members),
            "last_at": max(one.at for one in self.members),
        }


def count_topics(community: Community, day: date) -> int:
    """Count the topics of the whole days before ``day`` and keep them; return how many.

    The same day counted again changes nothing, unless matters did. The reading and the counting
    hold no lock; the keeping is one transaction.
    """
    setting = pack_of(community).hot_topics
    gathered = gather(community, day, setting)
    by_key = {one.key: one for one in gathered.messages}
    groups = [
        topic.members
        for topic in hot_topics(
            gathered.messages,
            now=gathered.until,
            half_life=timedelta(days=setting.half_life_days),
        )
    ]
    with transaction.atomic():
        if locked(community.pk, wait=True) is None:
            return 0
        kept = _kept(community, day - timedelta(days=setting.days), gathered.held)
        names = continued(groups, kept)
        out = _taken_out(names.values())
        found: list[tuple[int | None, Counted]] = []
        for number, keys in enumerate(groups):
            name = names.get(number)
            left = [by_key[key] for key in keys if key not in out.get(name, ())]
            counted = counted_of(left, gathered, setting)
            if counted is not None:
                found.append((name, counted))
        found.sort(key=lambda one: (-one[1].heat.total, str(one[1].members[0].key)))
        _keep(community, day, found[:MOST])
        return min(len(found), MOST)


def counted_of(
    said: Sequence[Message], gathered: Gathered, setting: HotTopicsSetting
) -> Counted | None:
    """Return the topic of these messages as far as they are of the span; None where too few.

    A topic of the month goes on with one report.
    """
    fresh = tuple(
        replace(one, areas=_grid(one, gathered)) for one in said if one.at >= gathered.since
    )
    if not fresh:
        return None
    nameless = sum(one.reporter is None for one in fresh)
    people = nameless + len({one.reporter for one in fresh if one.reporter is not None})
    goes_on = any(one.key in gathered.held for one in said)
    few = len(fresh) < setting.fewest_reports or people < setting.fewest_people
    if not goes_on and (few or _is_of_all_kinds(fresh, gathered.kinds)):
        return None
    half_life = timedelta(days=setting.half_life_days)
    return Counted(fresh, heat_of(fresh, now=gathered.until, half_life=half_life))


def _is_of_all_kinds(said: Sequence[Message], kinds: dict[int, str]) -> bool:
    """Whether the desk sorted it into many kinds, none of them most: words alone brought it.

    Where few write, what all of them write (“a question:”, “for two weeks”) still weighs.
    """
    known = Counter(kinds[one.key] for one in said if one.key in kinds)
    return bool(known) and 2 * max(known.values()) <= known.total()


def _grid(message: Message, gathered: Gathered) -> frozenset[str] | None:
    grid = gathered.grids.get(message.key)
    return frozenset({grid}) if grid else None


def _kept(community: Community, since: date, held: frozenset[int]) -> dict[int, set[int]]:
    """Return the members of the topics found lately, or held by a topic of the month."""
    lately = Q(topic__counted_on__gte=since) | Q(matter__in=held)
    rows = TopicMember.objects.filter(lately, topic__community=community)
    found: dict[int, set[int]] = defaultdict(set)
    for topic, matter in rows.values_list("topic", "matter").iterator(5_000):
        found[topic].add(matter)
    out = TakenOut.objects.filter(topic__in=found)
    for topic, matter in out.values_list("topic", "matter"):
        found[topic].add(matter)  # it belongs there by its words; else identity would drift
    return found


def _taken_out(topics: Any) -> dict[int | None, set[int]]:
    found: dict[int | None, set[int]] = defaultdict(set)
    rows = TakenOut.objects.filter(topic__in=list(topics))
    for topic, matter in rows.values_list("topic", "matter"):
        found[topic].add(matter)
    return found


def _keep(community: Community, day: date, found: Sequence[tuple[int | None, Counted]]) -> None:
    """Write the topics of the day; those that were found on it before and are not now fall back."""
    rows = HotTopic.objects.in_bulk([name for name, _counted in found if name is not None])
    for name, counted in found:
        values = counted.values()
        topic = rows.get(name) if name is not None else None
        if topic is None:
            topic = HotTopic(community=community, found_on=day)
        for field, value in {**values, "counted_on": day}.items():
            setattr(topic, field, value)
        topic.save()
        rows[topic.pk] = topic
        _keep_members(topic, counted)
        history = {field: values[field] for field in ("heat", "reports", "people")}
        TopicHeat.objects.update_or_create(topic=topic, day=day, defaults=history)
    _fall_back(community, day, set(rows))
    old = HotTopic.objects.filter(community=community)
    old.filter(counted_on__lt=day - timedelta(days=KEPT_DAYS)).delete()


def _keep_members(topic: HotTopic, counted: Counted) -> None:
    rows = topic.members.order_by("rank").values_list("matter_id", "rank", "likes")
    wanted = [(one.key, rank, one.likes) for rank, one in enumerate(counted.members)]
    if list(rows) == wanted:
        return
    topic.members.all().delete()
    TopicMember.objects.bulk_create(
        [
            TopicMember(topic=topic, matter_id=matter, rank=rank, likes=likes)
            for matter, rank, likes in wanted
        ],
        batch_size=2_000,
    )


def _fall_back(community: Community, day: date, found: set[int]) -> None:
    """Let topics that this day no longer has be as of the day before it on which they were."""
    gone = HotTopic.objects.filter(community=community, counted_on=day).exclude(pk__in=found)
    for topic in gone:
        topic.history.filter(day=day).delete()
        last = topic.history.filter(day__lt=day).order_by("-day").first()
        if last is None and topic.hidden_at is None and not topic.taken_out.exists():
            topic.delete()
            continue
        topic.counted_on = last.day if last else day - timedelta(days=1)
        topic.save(update_fields=["counted_on"])
