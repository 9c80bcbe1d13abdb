"""No byte of a sealed proposal lies readable anywhere, and no receipt is lost when the process is killed."""

import base64
import hashlib
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from db.models import FileObject, ProposalSubmission
from portal.accounts.sessions import create_session, key_of
from portal.errors import Invalid, PortalError
from portal.events import verify_chain
from portal.files import store
from portal.files.commands import reconcile
from portal.proposals.access import get_proposal
from portal.proposals.attachments import attach_file
from portal.proposals.clearance import ask_clearance, return_proposal
from portal.proposals.commands import draft_proposal, save_section
from portal.proposals.content import canonical, document_of, open_submission
from portal.proposals.partners import invite_co_applicant
from portal.proposals.queries import proposal_form, proposal_view
from portal.proposals.submission import submit_proposal, withdraw_proposal
from portal.settings import ROOT, settings
from portal.transactions import reading, writing
from tests.factories import add_organisation
from tests.proposals.samples import CANARY, K, World, add_world, clear, contents, fill

PROMISE = "2.718281828459"
SUM_WAN = "987654.321"
FILE_NAME = f"图纸{CANARY}.txt"


def needles(*words: str) -> list[bytes]:
    """The words as any program might have written them."""
    found = []
    for word in words:
        found += [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
        found.append(word.encode("unicode_escape"))
        for shift in range(3):
            # Base64 depends on where the word begins; its inner letters do not.
            encoded = base64.b64encode(b"x" * shift + word.encode())
            found.append(encoded[4:-4])
    return found


def everything_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def leaks(*words: str) -> list[str]:
    return [
        f"{path.name}: {needle!r}"
        for path, content in everything_in(settings().data_dir)
        for needle in needles(*words)
        if needle in content
    ]


def live_through(world: World) -> UUID:
    """Autosaves, a note, a partner, a file, submissions and a withdrawal, each act in its own transaction."""
    with writing() as session:
        proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    for part in range(1, 4):
        with writing() as session:
            text = f"计划{CANARY}"[: part * 4]
            save_section(session, world.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": text})
    words = contents(world)
    words[K.PROMISES] = {str(world.metrics[0]): PROMISE}
    words[K.COVER]["sum_fen"] = f"{SUM_WAN} 万元"
    for key, content in words.items():
        with writing() as session:
            save_section(session, world.lead, proposal_id=proposal_id, key=key, content=content)
    with writing() as session:
        content = f"附件{CANARY}".encode()
        attach_file(session, world.lead, proposal_id=proposal_id, name=FILE_NAME, content=content)
        ask_clearance(session, world.lead, proposal_id=proposal_id)
    with writing() as session:
        return_proposal(session, world.institute, proposal_id=proposal_id, note=f"退回{CANARY}")
    with writing() as session:
        clear(session, world, proposal_id)
    with writing() as session:
        submit_proposal(session, world.lead, proposal_id=proposal_id)
    with writing() as session:
        withdraw_proposal(session, world.lead, proposal_id=proposal_id)
        submit_proposal(session, world.lead, proposal_id=proposal_id)
        partner = add_organisation(session).id
        part = f"分工{CANARY}"
        invite_co_applicant(session, world.lead, proposal_id=proposal_id, organisation_id=partner, part=part)
    return proposal_id


def test_no_word_of_a_sealed_proposal_lies_anywhere(sqlite_url, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with writing() as session:
        world = add_world(session)
    proposal_id = live_through(world)
    with reading() as session:
        assert proposal_form(session, world.lead, proposal_id).title == f"标题{CANARY}"
        assert proposal_view(session, world.institute, proposal_id).title == f"标题{CANARY}"

    assert len(list(everything_in(settings().data_dir))) >= 3  # database, its log, one file
    assert leaks(CANARY, PROMISE, SUM_WAN, "98765432", FILE_NAME) == []
    assert CANARY not in caplog.text
    assert PROMISE not in caplog.text


def test_the_scan_would_find_a_word(sqlite_url) -> None:
    with writing() as session:
        add_world(session, title=f"公开{CANARY}")

    assert leaks(CANARY) != []


def test_what_is_refused_is_kept_nowhere(sqlite_url, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with writing() as session:
        world = add_world(session)
        proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)

    with pytest.raises(Invalid), writing() as session:
        content = {"title": CANARY, "sum_fen": f"很多{CANARY}"}
        save_section(session, world.lead, proposal_id=proposal_id, key=K.COVER, content=content)
    with pytest.raises(PortalError), writing() as session:
        attach_file(session, world.lead, proposal_id=proposal_id, name=f"{CANARY}.exe", content=CANARY.encode())

    assert leaks(CANARY) == []
    assert CANARY not in caplog.text


def test_sealed_words_open_in_their_own_row_alone(session) -> None:
    world = add_world(session)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    fill(session, world.lead, world, proposal_id)
    proposal = get_proposal(session, world.lead, proposal_id)
    proposal.wrapped_key = type(proposal.wrapped_key)(bytes(reversed(proposal.wrapped_key.token)))
    session.flush()

    with pytest.raises(RuntimeError):
        proposal_form(session, world.lead, proposal_id)


SUBMIT_AND_DIE = """
import os, signal, sys
from uuid import UUID
from sqlalchemy import event
from sqlalchemy.orm import Session
from portal.accounts.sessions import actor_of_session
from portal.proposals.submission import submit_proposal
from portal.transactions import writing

key, proposal_id, moment = sys.argv[1], UUID(sys.argv[2]), sys.argv[3]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if moment == "before the write":
    event.listen(Session, "before_flush", die)
with writing() as session:
    submit_proposal(session, actor_of_session(session, key), proposal_id=proposal_id)
    if moment == "after the row":
        die()
die()
"""


@pytest.mark.parametrize(("moment", "kept"), [("before the write", 0), ("after the row", 0), ("after the commit", 1)])
def test_a_kill_leaves_a_whole_submission_or_none(sqlite_url, moment, kept) -> None:
    """Row 53: whoever repeats gets the receipt."""
    world, proposal_id, key = _ready()

    done = subprocess.run(
        [sys.executable, "-c", SUBMIT_AND_DIE, key, str(proposal_id), moment], cwd=ROOT, env=os.environ, check=False
    )

    assert done.returncode == -signal.SIGKILL
    with writing() as session:
        assert len(session.scalars(select(ProposalSubmission)).all()) == kept
        assert submit_proposal(session, world.lead, proposal_id=proposal_id).number == 1
    with reading() as session:
        assert len(session.scalars(select(ProposalSubmission)).all()) == 1
        assert verify_chain(session)[1] == []


def test_kills_at_random_moments_lose_no_receipt(sqlite_url) -> None:
    _kill_and_check(lives=3, submits=20)


@pytest.mark.nightly
def test_a_hundred_kills_among_two_thousand_submits_lose_no_receipt(sqlite_url) -> None:
    _kill_and_check(lives=100, submits=2_000)


def _kill_and_check(*, lives: int, submits: int) -> None:
    """Every receipt that was told has its row, whose words have its hash, and whose file is there."""
    world, proposal_id, key = _ready()
    told: dict[UUID, tuple[str, str]] = {}
    for life in range(lives):
        told |= _one_life(key, proposal_id, f"{CANARY}{life}", -(-submits // lives))
    assert len(told) >= submits
    with writing() as session:
        loaded = get_proposal(session, world.lead, proposal_id)
        rows = {row.id: row for row in session.scalars(select(ProposalSubmission))}
        assert set(told) <= set(rows)
        assert sorted(row.number for row in rows.values()) == list(range(1, len(rows) + 1))
        for submission_id, row in rows.items():
            content = open_submission(loaded, row)
            assert hashlib.sha256(canonical(content)).hexdigest() == row.content_hash
            if submission_id in told:
                assert told[submission_id] == (row.content_hash, document_of(content).plan)
                [file] = document_of(content).files
                assert session.get(FileObject, file.id) is not None
                assert store.read(file.id) is not None
        assert verify_chain(session)[1] == []
        assert reconcile(session)[:2] == ([], [])
    assert leaks(CANARY) == []


def _one_life(key: str, proposal_id: UUID, life: str, wanted: int) -> dict[UUID, tuple[str, str]]:
    """Let it submit until it told enough receipts, then kill it a random moment later."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.proposals.submitter", key, str(proposal_id), life],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(wanted)]
    time.sleep(random.uniform(0, 0.05))
    process.kill()
    # What it told between the last line that was read and its death counts too; a torn last line was never told.
    rest = process.stdout.read()
    process.wait()
    lines += rest.splitlines(keepends=True)
    told = [line.split() for line in lines if line.endswith("\n")]
    return {UUID(submission_id): (content_hash, words) for submission_id, content_hash, words in told}


def _ready() -> tuple[World, UUID, str]:
    with writing() as session:
        world = add_world(session)
        proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)
        fill(session, world.lead, world, proposal_id)
        clear(session, world, proposal_id)
        assert world.lead.person_id is not None
        key = key_of(create_session(session, world.lead.person_id, world.lead.membership_id))
    return world, proposal_id, key
