"""Starting, pausing, extending and stopping clocks. Called by `Act` inside perform()."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linli.engines.worktime import WorkCalendar
from linli.kernel.deadlines.models import Clock
from linli.kernel.kept_queries import Given, KeptQuery
from linli.kernel.packs.loading import content_of

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.packs.models import Pack
    from linli.kernel.packs.schema import Duration
    from linli.kernel.writing import Writing

_running = KeptQuery(lambda: Clock.objects.filter(matter=Given("matter"), stopped_at__isnull=True))


@lru_cache(maxsize=64)
def _calendar(pack_digest: str, zone: str, setting_json: str) -> WorkCalendar:
    from linli.kernel.packs.schema import CalendarSetting

    setting = CalendarSetting.model_validate_json(setting_json)
    return WorkCalendar(zone, setting.hours, kind=setting.kind, overrides=setting.overrides)


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


class Clocks:
    """The clocks of one matter during one action: read once, changed in memory, saved together."""

    def __init__(self, matter: Matter, now: datetime) -> None:
        self._matter, self._now = matter, now
        self._zone = matter.community.timezone
        self._changed: list[Clock] = []
        # A matter that is just beginning has none to read.
        self._running = _running(matter=matter.pk) if matter.pk else []
        self._new: list[Clock] = []

    @property
    def _calendar(self) -> WorkCalendar:
        return calendar_of(self._matter.pack, self._zone)

    def running(self, name: str) -> Clock | None:
        """Return the clock of that name that has not stopped, or None."""
        return next((clock for clock in self._running if clock.name == name), None)

    def start(
        self,
        name: str,
        *,
        until: date | None = None,
        level: int = 0,
        since: datetime | None = None,
        promise: bool = True,
    ) -> Clock:
        """Start a clock by the pack's duration, or until the end of the day ``until`` (a promise).

        ``promise``: whether a day given is a promise to the reporter, or a day set by others.

        ``since``: when it began to run, for what is noted only now. One of that name that runs is
        cancelled. Raises KeyError when the pack knows no such clock.
        """
        began = since or self._now
        self.stop(name, cancelled=True)
        setting = content_of(self._matter.pack).clocks[name]
        if until is None:
            due = due_at(began, getattr(setting, self._matter.urgency), self._calendar)
        else:
            due = end_of_day(until, self._zone)
        clock = Clock(
            community_id=self._matter.community_id,
            matter=self._matter,
            name=name,
            started_at=began,
            due_at=due,
            promised=promise and until is not None,
            level=level,
        )
        self._new.append(clock)
        self._running.append(clock)
        return clock

    def stop(self, name: str, *, cancelled: bool = False) -> None:
        """Stop a clock if it runs; it was kept when it had not run out, unless cancelled."""
        if clock := self.running(name):
            clock.stopped_at = self._now
            clock.kept = None if cancelled else self._in_time(clock)
            self._running.remove(clock)
            self._changed.append(clock)

    def restart(self, name: str, *, rested: bool) -> Clock | None:
        """Let the last clock of a name that was stopped run again, from its own beginning.

        ``rested``: with the working time that was left when it stopped; else until the time it
        was due at. A promised day stays that day, and one found overdue is not found again.
        None where there was none, or one still runs.
        """
        rows = Clock.objects.filter(matter=self._matter, name=name, stopped_at__isnull=False)
        last = rows.order_by("-pk").first()
        if last is None or self.running(name):
            return None
        clock = Clock(
            community_id=last.community_id, matter=self._matter, name=name,
            started_at=last.started_at, due_at=last.due_at, promised=last.promised,
            extended=last.extended, overdue_at=last.overdue_at, level=last.level,
        )  # fmt: skip
        if rested and not last.promised and last.overdue_at is None:
            clock.due_at = self._calendar.resume(self._left(last), self._now)
        self._new.append(clock)
        self._running.append(clock)
        return clock

    def _left(self, clock: Clock) -> timedelta:
        if clock.remaining_seconds is not None:  # it rested already when it was stopped
            return timedelta(seconds=clock.remaining_seconds)
        return self._calendar.remaining(clock.due_at, clock.stopped_at or self._now)

    def outcome(self, name: str) -> str:
        """Return "kept" or "broken": what a running clock would be, were it stopped now."""
        clock = self.running(name)
        if clock is None:
            raise KeyError(name)
        return "kept" if self._in_time(clock) else "broken"

    def _in_time(self, clock: Clock) -> bool:
        return (clock.paused_at or self._now) <= clock.due_at

    def worked_since(self, moment: datetime) -> timedelta:
        """Return the working time from an instant until now."""
        return self._calendar.between(moment, self._now)

    def stop_all(self) -> None:
        """Cancel every running clock."""
        for clock in list(self._running):
            self.stop(clock.name, cancelled=True)

    def pause_all(self) -> None:
        """Hold every clock and keep the working time left; an overdue one runs on."""
        for clock in self._running:
            if clock.paused_at is None and clock.overdue_at is None:
                clock.paused_at = self._now
                left = self._calendar.remaining(clock.due_at, self._now)
                clock.remaining_seconds = left.total_seconds()
                self._changed.append(clock)

    def resume_all(self) -> None:
        """Let every held clock run on with the working time it had left.

        A promised date is moved by the days the pause took, not turned into hours.
        """
        for clock in self._running:
            if clock.paused_at is None:
                continue
            if clock.promised:
                clock.due_at += timedelta(days=(self._now - clock.paused_at).days)
            else:
                left = timedelta(seconds=clock.remaining_seconds or 0)
                clock.due_at = self._calendar.resume(left, self._now)
            clock.paused_at, clock.remaining_seconds = None, None
            self._changed.append(clock)

    def extend(self, name: str, until: date) -> None:
        """Move a running clock to the end of a later day; it counts as one extension."""
        if clock := self.running(name):
            clock.due_at = end_of_day(until, self._zone)
            clock.promised, clock.overdue_at, clock.climbs_at = True, None, None
            clock.extended += 1
            self._changed.append(clock)

    def note_overdue(self, clock: Clock, again: Duration | None = None) -> None:
        """Note, once, that a clock ran out; it keeps running, one level higher.

        ``again``: how long from now until it climbs one level more, None for never.
        """
        clock.overdue_at = clock.overdue_at or self._now
        clock.level += 1
        clock.climbs_at = due_at(self._now, again, self._calendar) if again else None
        self._changed.append(clock)

    def nearest(self) -> Clock | None:
        """Return the clock that falls due first, paused ones aside."""
        ticking = [clock for clock in self._running if clock.paused_at is None]
        return min(ticking, key=lambda clock: clock.due_at, default=None)

    def save(self, writing: Writing) -> None:
        """Write what changed: stopped ones first, since only one of a name may run."""
        for clock in dict.fromkeys(one for one in self._changed if one.pk is not None):
            writing.update(clock)
        writing.insert(*self._new)
