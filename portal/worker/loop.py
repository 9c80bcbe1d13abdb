"""The worker's life: hold the lease, do what is due each second, end within a second."""

import logging
import os

from portal.errors import Busy
from portal.worker.jobs import JOBS, Job, JobRunner
from portal.worker.lease import WorkerLease
from portal.worker.outbox import Outbox
from portal.worker.stopping import Stop, Stopped

log = logging.getLogger(__name__)

TICK_S = 1.0


def run_worker(parent: int | None = None, jobs: tuple[Job, ...] = JOBS) -> None:
    """Work until SIGTERM or SIGINT, or until the process that started it is gone."""
    stop = Stop()
    stop.listen()
    lease, runner, outbox = WorkerLease(), JobRunner(stop, jobs), Outbox(stop)
    log.info("worker %s started", lease.holder)
    try:
        while not stop.is_set() and parent in (None, os.getppid()):
            _turn(lease, runner, outbox)
            stop.wait(TICK_S)
    except Stopped:
        pass
    finally:
        _leave(lease)


def _turn(lease: WorkerLease, runner: JobRunner, outbox: Outbox) -> None:
    """One second's work. A database that is away or busy costs a line in the log, never the worker."""
    try:
        if lease.hold():
            runner.run_due()
            outbox.send_due()
    except Stopped:
        raise
    except Busy:
        log.warning("the database is busy; trying again")
    except Exception:
        log.exception("the worker could not do its round; trying again")


def _leave(lease: WorkerLease) -> None:
    try:
        lease.release()
    except Exception:
        log.warning("the lease could not be given back; it runs out by itself")
    log.info("worker ended")
