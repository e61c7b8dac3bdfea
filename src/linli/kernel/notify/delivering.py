"""Delivering what waits in the outbox: claim, send in threads, settle.

The database is read and written by the thread that calls `tick` alone; the sending threads
touch none. A receiver that hangs keeps its own few hands busy and nobody else's.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, defaultdict
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from linli.kernel.notify.channels import Came, Outcome, Pack, Send, email, push, sms, webhook
from linli.kernel.notify.claiming import claim, give_back, settle
from linli.kernel.notify.models import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.notify.models import Notice

log = logging.getLogger(__name__)
PACKS: dict[str, Pack] = {
    Channel.EMAIL: email.pack,
    Channel.PUSH: push.pack,
    Channel.WEBHOOK: webhook.pack,
    Channel.SMS: sms.pack,
}
HANDS: dict[str, int] = {Channel.EMAIL: 4, Channel.PUSH: 8, Channel.WEBHOOK: 8, Channel.SMS: 4}
# Most notices are settled at once (a person without e-mail): more are claimed than hands are free.
CLAIMED_FOR_A_HAND = 10


class Courier:
    """Carries notices until it is told to stop. One to a thread."""

    def __init__(self) -> None:
        self._pools = {
            channel: ThreadPoolExecutor(hands, f"{channel}-") for channel, hands in HANDS.items()
        }
        self._under_way: dict[Future[Outcome], Notice] = {}

    def tick(self) -> int:
        """Settle what came back, send what is due; return how many notices moved."""
        moved = self._settle_finished()
        busy = Counter(notice.channel for notice in self._under_way.values())
        free = {
            channel: CLAIMED_FOR_A_HAND * (hands - busy[channel])
            for channel, hands in HANDS.items()
        }
        there = Counter(n.endpoint_id for n in self._under_way.values() if n.endpoint_id)
        by_channel: dict[str, list[Notice]] = defaultdict(list)
        for notice in claim(free, there):
            by_channel[notice.channel].append(notice)
        for channel, notices in by_channel.items():
            hands = HANDS[channel] - busy[channel]
            moved += self._send(channel, notices, hands)
        return moved

    def _send(self, channel: str, notices: Sequence[Notice], hands: int) -> int:
        """Settle or send claimed notices, at most as many as hands are free; return how many.

        The rest is given back: a claim must not run out while a notice waits for a hand.
        """
        packed = _packed(channel, notices)
        left = []
        for notice in notices:
            parcel = packed[notice.pk]
            if isinstance(parcel, Outcome):
                settle(notice, parcel)
            elif hands > 0:
                self._under_way[self._pools[channel].submit(parcel)] = notice
                hands -= 1
            else:
                left.append(notice)
        give_back(left)
        return len(notices) - len(left)

    def _settle_finished(self) -> int:
        finished = [future for future in self._under_way if future.done()]
        for future in finished:
            settle(self._under_way[future], _outcome(future))
            del self._under_way[future]  # only now: a failed write is tried again
        return len(finished)

    def wait(self, seconds: float) -> None:
        """Wait until something under way comes back, at most so long."""
        if self._under_way:
            wait(self._under_way, timeout=seconds, return_when=FIRST_COMPLETED)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def finish(self, seconds: float) -> None:
        """Take nothing more; settle what comes back within so many seconds."""
        ends = time.monotonic() + seconds
        while self._under_way and (left := ends - time.monotonic()) > 0:
            self.wait(left)
            self._settle_finished()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)


def _packed(channel: str, notices: Sequence[Notice]) -> dict[int, Send | Outcome]:
    """Pack notices together; where that fails, each alone, so that one does not stop the rest."""
    try:
        return dict(PACKS[channel](notices))
    except Exception as error:
        if len(notices) == 1:
            log.exception("notice %s cannot be written", notices[0].uuid)
            return {notices[0].pk: Outcome(Came.FAILED, type(error).__name__)}
        return {key: one for notice in notices for key, one in _packed(channel, [notice]).items()}


def _outcome(future: Future[Outcome]) -> Outcome:
    error = future.exception()
    if error is None:
        return future.result()
    log.error("sending failed", exc_info=error)
    return Outcome(Came.FAILED, type(error).__name__)


def deliver_due(seconds: float = 60.0) -> int:
    """Deliver all that is due now and wait for it, at most so long; return how many moved."""
    courier, moved, ends = Courier(), 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        here = courier.tick()
        moved += here
        if not here:
            if courier.idle:
                break
            courier.wait(0.5)
    courier.finish(max(0.0, ends - time.monotonic()))
    return moved
