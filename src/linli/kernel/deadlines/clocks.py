"""Starting, pausing, extending and stopping clocks. Called by `Act` inside perform()."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linli.engines.worktime import WorkCalendar
from linli.kernel.deadlines.models import Clock
from linli.kernel.packs.loading import content_of

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.packs.models import Pack
    from linli.kernel.packs.schema import Duration


@lru_cache(maxsize=64)
def _calendar(pack_digest: str, zone: str, setting_json: str) -> WorkCalendar:
    from linli.kernel.packs.schema import CalendarSetting

    setting = CalendarSetting.model_validate_json(setting_json)
    return WorkCalendar(
        zone, setting.hours, kind=setting.kind, overrides=setting.overrides
    )


def calendar_of(pack: Pack, zone: str) -> WorkCalendar:
    """Return the working calendar of a pack version in a zone."""
    return _calendar(pack.digest, zone, content_of(pack).calendar.model_dump_json())


def due_at(start: datetime, duration: Duration, calendar: WorkCalendar) -> datetime:
    """Return when a duration that begins at ``start`` (aware) ends, in UTC."""
    if duration.hours is not None:
        return start + timedelta(hours=duration.hours)
    if duration.days is not None:
        return start + timedelta(days=duration.days)
    if duration.working_hours is not None:
        return calendar.add(start, hours=duration.working_hours)
    return calendar.add(start, days=duration.working_days)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the last second of a day in a zone, in UTC: a promised day counts whole."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


def running(matter: Matter, name: str) -> Clock | None:
    """Return the clock of that name that has not stopped, or None."""
    return Clock.objects.filter(matter=matter, name=name, stopped_at__isnull=True).first()


def start(
    matter: Matter, name: str, now: datetime, *, until: date | None = None, level: int = 0
) -> Clock:
    """Start a clock by the pack's duration, or until the end of the day ``until`` (a promise).

    Raises KeyError when the pack knows no such clock.
    """
    zone = matter.community.timezone
    setting = content_of(matter.pack).clocks[name]
    if until is None:
        due = due_at(now, getattr(setting, matter.urgency), calendar_of(matter.pack, zone))
    else:
        due = end_of_day(until, zone)
    return Clock.objects.create(
        community_id=matter.community_id,
        matter=matter,
        name=name,
        started_at=now,
        due_at=due,
        promised=until is not None,
        level=level,
    )


def stop(clock: Clock, now: datetime, *, cancelled: bool = False) -> None:
    """Stop a clock; it was kept when it had not run out."""
    clock.stopped_at = now
    clock.kept = None if cancelled else (clock.paused_at or now) <= clock.due_at
    clock.save(update_fields=["stopped_at", "kept"])


def pause(clock: Clock, now: datetime) -> None:
    """Hold a clock and keep the working time left; a paused or overdue one stays as it is."""
    if clock.paused_at is None and clock.overdue_at is None:
        calendar = calendar_of(clock.matter.pack, clock.matter.community.timezone)
        clock.paused_at = now
        clock.remaining_seconds = calendar.remaining(clock.due_at, now).total_seconds()
        clock.save(update_fields=["paused_at", "remaining_seconds"])


def resume(clock: Clock, now: datetime) -> None:
    """Let a held clock run on with the working time it had left.

    A promised date is moved by the days the pause took, not turned into hours.
    """
    if clock.paused_at is None:
        return
    if clock.promised:
        clock.due_at += timedelta(days=(now - clock.paused_at).days)
    else:
        calendar = calendar_of(clock.matter.pack, clock.matter.community.timezone)
        clock.due_at = calendar.resume(timedelta(seconds=clock.remaining_seconds or 0), now)
    clock.paused_at, clock.remaining_seconds = None, None
    clock.save(update_fields=["due_at", "paused_at", "remaining_seconds"])


def extend(clock: Clock, until: date) -> None:
    """Move a clock to the end of a later day."""
    clock.due_at = end_of_day(until, clock.matter.community.timezone)
    clock.extended += 1
    clock.overdue_at = None
    clock.save(update_fields=["due_at", "extended", "overdue_at"])


def note_overdue(clock: Clock, now: datetime) -> None:
    """Note, once, that a clock ran out; it keeps running, one level higher."""
    clock.overdue_at, clock.level = now, clock.level + 1
    clock.save(update_fields=["overdue_at", "level"])


def show_nearest(matter: Matter) -> None:
    """Copy the clock that falls due first onto the matter (not saved here)."""
    nearest = (
        Clock.objects.filter(matter=matter, stopped_at__isnull=True, paused_at__isnull=True)
        .order_by("due_at")
        .first()
    )
    matter.due_at = nearest.due_at if nearest else None
    matter.due_clock = nearest.name if nearest else ""
