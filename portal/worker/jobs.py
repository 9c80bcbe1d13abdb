"""The clock's work as a list: what is done every second and what once a night."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.rate_limits import purge
from portal.agreements.jobs import is_reminder_due as is_commitment_late
from portal.agreements.jobs import is_turning_due, remind_owners, turn_agreements
from portal.challenges.jobs import close_due, is_closing_due, is_publishing_due, is_reminder_due, publish_due, remind
from portal.landings.jobs import flag_overruns
from portal.metrics.four_chains.snapshots import freeze_due
from portal.reviews.jobs import answer_withdrawn, is_answer_due
from portal.talents.jobs import remind_of_stays
from portal.transactions import reading, writing
from portal.visits.jobs import hold_due, is_guest_reminder_due, is_holding_due, purge_visits, remind_guests
from portal.worker.nightly import check_chain, check_files
from portal.worker.stopping import Stop, Stopped
from portal.worker.write_log import check_write_log

log = logging.getLogger(__name__)

NIGHT_HOUR = 3
LONGEST_PAUSE_S = 60.0
STUCK_PAUSE_S = 10.0


@dataclass(frozen=True)
class Job:
    """`run` opens its own transactions and returns how many records it moved.

    `is_due` is asked first, by reading: most seconds nothing is to do, and nobody has to wait for the writer's lock.
    """

    name: str
    run: Callable[[], int]
    nightly: bool = False
    every_s: float = 0
    is_due: Callable[[Session], bool] | None = None


def in_one_transaction(
    name: str,
    work: Callable[[Session], int],
    *,
    nightly: bool = False,
    every_s: float = 0,
    is_due: Callable[[Session], bool] | None = None,
) -> Job:
    """A job of a feature: all of it is committed, or none."""

    def run() -> int:
        with writing() as session:
            return work(session)

    return Job(name, run, nightly, every_s, is_due)


JOBS: tuple[Job, ...] = (
    in_one_transaction("close challenges", close_due, is_due=is_closing_due),
    in_one_transaction("publish challenges", publish_due, is_due=is_publishing_due),
    in_one_transaction("remind", remind, every_s=60, is_due=is_reminder_due),
    in_one_transaction("answer withdrawn", answer_withdrawn, is_due=is_answer_due),
    in_one_transaction("turn agreements", turn_agreements, every_s=60, is_due=is_turning_due),
    in_one_transaction("remind owners of commitments", remind_owners, every_s=60, is_due=is_commitment_late),
    in_one_transaction("flag landings that overrun", flag_overruns, nightly=True),
    in_one_transaction("freeze months", freeze_due, nightly=True),
    in_one_transaction("remind of stays", remind_of_stays, nightly=True),
    # visits
    in_one_transaction("remind of visits", remind_guests, every_s=60, is_due=is_guest_reminder_due),
    in_one_transaction("record visits as held", hold_due, every_s=60, is_due=is_holding_due),
    in_one_transaction("delete personal data of visits", purge_visits, nightly=True),
    Job("watch the write-ahead log", check_write_log, every_s=60),
    Job("check files", check_files, nightly=True),
    Job("check audit trail", check_chain, nightly=True),
    in_one_transaction("forget old attempts", purge, nightly=True),
)


class JobRunner:
    """Runs what is due; a job that fails is logged, waits a little longer each time, and holds up no other."""

    def __init__(self, stop: Stop, jobs: tuple[Job, ...] = JOBS) -> None:
        self._stop = stop
        self._jobs = jobs
        self._night = _night()
        self._due_tonight: set[str] = set()
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}

    def run_due(self) -> int:
        """Returns how many records were moved. Raises: Stopped."""
        if _night() != self._night:
            self._night = _night()
            self._due_tonight = {job.name for job in self._jobs if job.nightly}
        moved = 0
        for job in self._jobs:
            if self._stop.is_set():
                break
            if not job.nightly or job.name in self._due_tonight:
                moved += self._run(job)
        return moved

    def _run(self, job: Job) -> int:
        if time.monotonic() < self._not_before.get(job.name, 0):
            return 0
        try:
            moved = self._run_nightly(job) if job.nightly else self._run_often(job)
        except Stopped:
            raise
        except Exception:
            failures = self._failures[job.name] = self._failures.get(job.name, 0) + 1
            self._not_before[job.name] = time.monotonic() + min(2**failures, LONGEST_PAUSE_S)
            log.exception("job “%s” failed", job.name)
            return 0
        self._failures.pop(job.name, None)
        if moved:
            log.info("job “%s”: %d", job.name, moved)
        return moved

    def _run_often(self, job: Job) -> int:
        self._not_before[job.name] = time.monotonic() + job.every_s
        if job.is_due is None:
            return job.run()
        with reading() as session:
            if not job.is_due(session):
                return 0
        moved = job.run()
        if not moved:
            # Due, and yet nothing could be done: asking every second would only fill the log.
            self._not_before[job.name] = time.monotonic() + max(STUCK_PAUSE_S, job.every_s)
        return moved

    def _run_nightly(self, job: Job) -> int:
        """It may take minutes, so the end of the process breaks it off."""
        with self._stop.may_break_off():
            moved = job.run()
        self._due_tonight.discard(job.name)
        return moved


def _night() -> date:
    """The night that came last, named by its day in Hangzhou."""
    return (clock.local(clock.now()) - timedelta(hours=NIGHT_HOUR)).date()
