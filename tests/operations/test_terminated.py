"""A process that is told to end in the middle of a great act: row 89 of the bad inputs."""

import os
import signal
import subprocess
import sys
import time
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Award, Challenge, ChallengeStatus, Event, FileObject, ImportBatch, Role
from portal.accounts.sessions import create_session, key_of
from portal.events import verify_chain
from portal.files.commands import store_file
from portal.imports.commands import import_challenges
from portal.imports.rows import prepare_file
from portal.permissions import Actor
from portal.reviews.commands import decide_award
from portal.settings import ROOT
from portal.transactions import reading, writing
from tests.factories import add_member, add_organisation
from tests.files import samples
from tests.imports.samples import csv_file, row
from tests.reviews.stage import prepared

# The act is done up to its last words; then the process is told to end as a supervisor does.
ACT = """
import os, signal, sys, time
from uuid import UUID
from portal.accounts.sessions import actor_of_session
from portal.files.commands import store_file
from portal.imports.commands import import_challenges
from portal.imports.rows import prepare_file
from portal.reviews.commands import decide_award
from portal.transactions import writing
from tests.files import samples

what, key, argument = sys.argv[1:]
with writing() as session:
    actor = actor_of_session(session, key)
    if what == "import":
        import_challenges(session, actor, prepared=prepare_file("a.csv", bytes.fromhex(argument)))
    elif what == "award":
        decide_award(session, actor, decision_id=UUID(argument), approve=True)
    else:
        facts = {"name": "a.pdf", "content": samples.PDF, "parent_type": "x", "parent_id": UUID(argument)}
        store_file(session, actor, **facts)
    session.flush()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(30)
"""


def begin_and_end(what: str, key: str, argument: str) -> None:
    done = subprocess.run([sys.executable, "-c", ACT, what, key, argument], cwd=ROOT, env=os.environ, check=False)
    assert done.returncode == -signal.SIGTERM


def count(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def signed_in(session: Session, role: Role) -> tuple[Actor, str]:
    actor = add_member(session, role)
    return actor, key_of(create_session(session, actor.acting_person, actor.membership_id))


def assert_no_stuck_lock(events: int) -> None:
    assert count(Event) == events
    started = time.monotonic()
    with writing() as session:
        add_organisation(session)
    assert time.monotonic() - started < 4
    with reading() as session:
        assert verify_chain(session)[1] == []


def test_an_import_that_is_ended_is_rolled_back_and_can_be_repeated(database_url: str) -> None:
    with writing() as session:
        operator, key = signed_in(session, Role.OPERATOR)
        code = add_organisation(session).credit_code
    content = csv_file([row(code, number) for number in range(1, 4)])
    events = count(Event)

    begin_and_end("import", key, content.hex())

    assert (count(Challenge), count(ImportBatch)) == (0, 0)
    assert_no_stuck_lock(events)
    with writing() as session:
        report = import_challenges(session, operator, prepared=prepare_file("a.csv", content))
    assert (report.total, report.problems, count(Challenge)) == (3, [], 3)


def test_an_award_that_is_ended_is_rolled_back_and_can_be_repeated(database_url: str) -> None:
    with writing() as session:
        stage, decision_id = prepared(session, 2)
        approver, key = signed_in(session, Role.APPROVER)
    events = count(Event)

    begin_and_end("award", key, str(decision_id))

    assert count(Award) == 0
    with reading() as session:
        assert session.get_one(Challenge, stage.challenge.id).status is ChallengeStatus.NEGOTIATING
    assert_no_stuck_lock(events)
    with writing() as session:
        decide_award(session, approver, decision_id=decision_id, approve=True)
    assert count(Award) == 1


def test_an_upload_that_is_ended_is_rolled_back_and_can_be_repeated(database_url: str) -> None:
    with writing() as session:
        actor, key = signed_in(session, Role.RESEARCHER)
    parent_id = uuid4()

    begin_and_end("upload", key, str(parent_id))

    assert count(FileObject) == 0
    assert_no_stuck_lock(0)
    with writing() as session:
        store_file(session, actor, name="a.pdf", content=samples.PDF, parent_type="x", parent_id=parent_id)
    assert count(FileObject) == 1
