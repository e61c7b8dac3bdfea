"""Working until told to stop: notices, chores and queued tasks, none of which waits for another."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from django.db import close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from linli.kernel.background.chores import chores, do_due
from linli.kernel.notify.delivering import Courier, deliver_due

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)
LOOK_EVERY = 0.4  # seconds; an emergency is on its way before anybody has put down the telephone
AFTER_FAILURE = 2.0
PATIENCE = 25.0  # seconds for what is under way when told to stop


def work_once() -> None:
    """Do all that is due now, one after the other, and return."""
    all_chores = chores()
    while sum(chore.run() for chore in all_chores):  # one makes work for another
        pass
    _task_worker(batch=True).run()
    deliver_due()


def work_until(stop: threading.Event) -> None:
    """Work until ``stop`` is set, then finish what is under way. Any number may work at once."""
    tasks = _task_worker(batch=False)
    threads = [
        threading.Thread(target=_keep_doing, args=(stop, work), daemon=True)
        for work in (_chores(stop), _again(stop, tasks.run))
    ]
    for thread in threads:
        thread.start()
    courier = Courier()
    while not stop.is_set():
        _carry(courier, stop)
    tasks.running = False
    courier.finish(PATIENCE)
    for thread in threads:
        thread.join(PATIENCE)


def _carry(courier: Courier, stop: threading.Event) -> None:
    """Let the courier go once; when there was nothing to do, rest."""
    try:
        close_old_connections()
        if courier.tick():
            return
        if courier.idle:
            stop.wait(LOOK_EVERY)
        else:
            courier.wait(LOOK_EVERY)
    except Exception:  # the database is away for a moment: what is under way is settled later
        log.exception("delivering failed")
        stop.wait(AFTER_FAILURE)


def _chores(stop: threading.Event) -> Callable[[], None]:
    mine = chores()

    def work() -> None:
        close_old_connections()
        if not do_due(mine):
            stop.wait(LOOK_EVERY)

    return work


def _again(stop: threading.Event, run: Callable[[], None]) -> Callable[[], None]:
    """Run the library's endless loop; it ends by failing, or when told to stop."""

    def work() -> None:
        run()
        stop.wait(AFTER_FAILURE)

    return work


def _keep_doing(stop: threading.Event, work: Callable[[], None]) -> None:
    try:
        while not stop.is_set():
            try:
                work()
            except Exception:
                log.exception("background work failed")
                stop.wait(AFTER_FAILURE)
    finally:
        connections.close_all()


def _task_worker(*, batch: bool) -> TaskWorker:
    return TaskWorker(
        queue_names=["*"], interval=1.0, batch=batch, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id=get_random_string(32), excluded_queue_names=[],
    )  # fmt: skip
