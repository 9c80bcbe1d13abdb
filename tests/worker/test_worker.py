"""One worker works; it ends at once, is replaced when it dies, and one broken job stops no other."""

import logging
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Event, Lease, Notification, OutboxMail, Role, Setting
from portal import clock
from portal.events import record_event, verify_chain
from portal.files import store
from portal.files.commands import store_file
from portal.permissions import CLOCK, VISITOR
from portal.settings import settings
from portal.transactions import reading, writing
from portal.worker import nightly
from portal.worker.jobs import JOBS, Job, JobRunner, in_one_transaction
from portal.worker.lease import LASTS, WorkerLease
from portal.worker.stopping import Stop
from tests.factories import add_challenge, add_member, add_organisation
from tests.files import samples
from tests.worker.conftest import wait_until


def test_one_holds_the_lease_until_it_is_released_or_runs_out(database_url: str) -> None:
    first, second = WorkerLease(), WorkerLease()

    assert (first.hold(), second.hold(), first.hold()) == (True, False, True)
    first.release()
    assert (second.hold(), first.hold()) == (True, False)
    clock.set_offset(LASTS.total_seconds() + 1)
    assert (first.hold(), second.hold()) == (True, False)


def test_the_lease_is_renewed_at_half_time_and_not_written_before(sqlite_url: str) -> None:
    lease = WorkerLease()
    lease.hold()
    with reading() as session:
        first = session.get_one(Lease, "worker").expires_at

    lease.hold()
    with reading() as session:
        assert session.get_one(Lease, "worker").expires_at == first
    clock.set_offset(LASTS.total_seconds() / 2 + 1)
    lease.hold()
    with reading() as session:
        assert session.get_one(Lease, "worker").expires_at > first


def test_a_clock_that_was_set_back_stops_nobody(sqlite_url: str) -> None:
    settings()  # sets the clock when it is read first
    clock.set_offset(3600)
    WorkerLease().hold()
    clock.set_offset(0)

    assert WorkerLease().hold()


def _note(name: str) -> Callable[[Session], int]:
    def work(session: Session) -> int:
        session.add(Setting(name=name, value="x", changed_at=clock.now()))
        return 1

    return work


def _broken(session: Session) -> int:
    _note("half")(session)
    session.flush()
    raise RuntimeError("broken")


def test_a_broken_job_is_rolled_back_alone_and_waits(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    jobs = (in_one_transaction("broken", _broken), in_one_transaction("whole", _note("whole")))
    runner = JobRunner(Stop(), jobs)

    with caplog.at_level(logging.ERROR):
        assert runner.run_due() == 1
        runner.run_due()

    with reading() as session:
        assert session.scalars(select(Setting.name)).all() == ["whole"]
    assert [record.message for record in caplog.records if "broken" in record.message] == ["job “broken” failed"]


def test_a_nightly_job_runs_once_a_night_and_again_after_a_failure() -> None:
    runs: list[str] = []

    def work() -> int:
        runs.append("run")
        if len(runs) == 1:
            raise RuntimeError("broken")
        return 1

    runner = JobRunner(Stop(), (Job("nightly", work, nightly=True),))
    runner.run_due()
    assert runs == []
    clock.set_offset(24 * 3600)
    runner.run_due()
    runner._not_before.clear()
    for _ in range(3):
        runner.run_due()
    assert runs == ["run", "run"]
    clock.set_offset(0)


def test_a_job_that_is_not_due_takes_no_lock_and_a_stuck_one_waits(sqlite_url: str) -> None:
    runs: list[str] = []
    due = {"idle": False, "stuck": True, "busy": True}

    def job(name: str, moved: int) -> Job:
        return Job(name, lambda: runs.append(name) or moved, is_due=lambda _session: due[name])

    runner = JobRunner(Stop(), (job("idle", 0), job("stuck", 0), job("busy", 1)))
    assert [runner.run_due(), runner.run_due()] == [1, 1]

    assert runs == ["stuck", "busy", "busy"]


def test_a_job_runs_as_often_as_it_says() -> None:
    runs: list[str] = []
    runner = JobRunner(Stop(), (Job("minute", lambda: runs.append("run") or 0, every_s=60),))

    for _ in range(3):
        runner.run_due()

    assert runs == ["run"]


def test_the_process_closes_a_challenge_at_its_deadline_and_tells_both_sides(
    database_url: str, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    with writing() as session:
        enterprise = add_organisation(session)
        people = {
            add_member(session, Role.ENTERPRISE_ADMIN, enterprise).person_id,
            add_member(session, Role.OPERATOR).person_id,
        }
        closes_at = clock.now() + timedelta(seconds=4)
        challenge_id = add_challenge(
            session,
            enterprise,
            status=ChallengeStatus.OPEN,
            opens_at=closes_at - timedelta(days=30),
            closes_at=closes_at,
        ).id

    def closed() -> Challenge | None:
        with reading() as session:
            return session.scalars(
                select(Challenge).where(Challenge.id == challenge_id, Challenge.status == ChallengeStatus.CLOSED)
            ).first()

    start_worker()
    wait_until(closed)

    challenge = closed()
    assert challenge is not None
    assert challenge.closed_at is not None
    assert challenge.closed_at >= closes_at
    with reading() as session:
        keys = select(Notification.person_id).where(Notification.dedupe_key.startswith("closed:"))
        assert set(session.scalars(keys)) == people
        assert verify_chain(session)[1] == []


def test_missing_files_are_reported_to_the_platform_admins(sqlite_url: str) -> None:
    with writing() as session:
        admin = add_member(session, Role.PLATFORM_ADMIN)
        facts = {"name": "a.pdf", "content": samples.PDF, "parent_type": "x", "parent_id": admin.acting_person}
        lost = store_file(session, VISITOR, **facts)
        store_file(session, VISITOR, **facts)
    assert nightly.check_files() == 0
    store.path_of(lost).unlink()

    nightly.check_files()
    nightly.check_files()

    with reading() as session:
        [notice] = session.scalars(select(Notification))
        assert (notice.person_id, notice.params) == (admin.person_id, {"count": 1})


def test_the_head_of_the_chain_leaves_the_machine_once_a_day(sqlite_url: str) -> None:
    with writing() as session:
        auditor = add_member(session, Role.AUDITOR)
        event = record_event(session, CLOCK, "x", "challenge", auditor.acting_person)

    nightly.check_chain()
    nightly.check_chain()

    with reading() as session:
        [mail] = session.scalars(select(OutboxMail))
        assert mail.person_id == auditor.person_id
        assert event.hash in mail.body
        assert session.scalars(select(Notification)).all() == []


def test_a_broken_chain_is_said_to_auditors_and_platform_admins(sqlite_url: str) -> None:
    with writing() as session:
        people = {add_member(session, role).person_id for role in (Role.AUDITOR, Role.PLATFORM_ADMIN)}
        add_member(session, Role.OPERATOR)
        record_event(session, CLOCK, "x", "challenge", next(iter(people)))
        session.execute(update(Event).values(reason="changed"))

    nightly.check_chain()

    with reading() as session:
        assert {notice.person_id for notice in session.scalars(select(Notification))} == people


def test_every_job_has_a_name_of_its_own() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)


def _holder() -> str:
    with reading() as session:
        row = session.get(Lease, "worker")
        return row.holder if row else ""


def test_the_process_takes_the_lease_and_ends_when_it_is_told(
    database_url: str, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    worker = start_worker()
    wait_until(_holder)
    assert f":{worker.pid}:" in _holder()

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(30) == 0
    assert _holder() == ""


def test_an_extra_worker_waits_and_takes_over_after_a_kill(
    sqlite_url: str, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    first = start_worker()
    wait_until(_holder)
    second = start_worker()
    time.sleep(3)
    assert f":{first.pid}:" in _holder()

    first.kill()
    first.wait()
    with writing() as session:
        session.get_one(Lease, "worker").expires_at = datetime.now(UTC) - timedelta(seconds=1)
    wait_until(lambda: f":{second.pid}:" in _holder())


def test_a_worker_whose_parent_is_gone_ends(
    sqlite_url: str, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    assert start_worker("--parent", "999999").wait(20) == 0


def test_a_worker_does_not_start_without_tables(
    environment: pytest.MonkeyPatch, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    _out, said = start_worker().communicate(timeout=60)

    assert said.strip() == "portal: the database holds no tables yet: run `python -m portal migrate` first"
