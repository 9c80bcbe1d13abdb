"""Many approvers at once give exactly one award, on both databases."""

import threading
from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import func, select

from db.models import (
    Award,
    ChallengeStatus,
    Decision,
    DecisionStatus,
    Notification,
    Proposal,
    ProposalStatus,
    Reply,
    Role,
)
from portal.errors import Busy, NotPossibleNow, PortalError, Stale
from portal.events import verify_chain
from portal.permissions import Actor
from portal.reviews.commands import decide_award
from portal.transactions import reading, writing
from tests.factories import add_member
from tests.reviews.stage import Stage, prepared

LOSES = (NotPossibleNow, Stale, Busy)


def add_approvers(count: int) -> list[Actor]:
    with writing() as session:
        return [add_member(session, Role.APPROVER) for _ in range(count)]


def set_race() -> tuple[Stage, UUID]:
    with writing() as session:
        return prepared(session, 2)


def race(decision_id: UUID, approvers: list[Actor]) -> Counter[str]:
    """Everybody decides at the same moment; what each of them got."""
    start, found, lock = threading.Barrier(len(approvers)), Counter[str](), threading.Lock()

    def decide(actor: Actor) -> None:
        start.wait()
        try:
            with writing() as session:
                decide_award(session, actor, decision_id=decision_id, approve=True)
            got = "awarded"
        except PortalError as refusal:
            got = type(refusal).__name__
        with lock:
            found[got] += 1

    threads = [threading.Thread(target=decide, args=(actor,)) for actor in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def assert_one_award(stage: Stage, decision_id: UUID, found: Counter[str], tries: int) -> None:
    assert found["awarded"] == 1, found
    assert set(found) <= {"awarded", *(refusal.__name__ for refusal in LOSES)}, found
    assert found.total() == tries
    with reading() as session:
        award = session.scalars(select(Award).where(Award.challenge_id == stage.challenge.id)).one()
        decision = session.get_one(Decision, decision_id)
        assert (decision.status, award.decision_id) == (DecisionStatus.APPROVED, decision_id)
        assert session.get_one(type(stage.challenge), stage.challenge.id).status is ChallengeStatus.AWARDED
        query = select(Proposal.status).where(Proposal.challenge_id == stage.challenge.id)
        assert sorted(session.scalars(query)) == [ProposalStatus.AWARDED, ProposalStatus.NOT_SELECTED]
        released = select(func.count()).select_from(Reply).where(Reply.released_at.is_not(None))
        assert session.scalar(released.where(Reply.challenge_id == stage.challenge.id)) == 1
        told = select(func.count()).select_from(Notification)
        mine = told.where(Notification.person_id == stage.leads[0].person_id)
        assert session.scalar(mine.where(Notification.message.contains("Congratulations"))) == 1


def test_eight_approvers_give_one_award(database_url) -> None:
    approvers = add_approvers(8)
    stage, decision_id = set_race()
    found = race(decision_id, approvers)
    assert_one_award(stage, decision_id, found, 8)
    with reading() as session:
        assert verify_chain(session)[1] == []


@pytest.mark.nightly
def test_sixty_four_approvers_a_hundred_times(database_url) -> None:
    total, approvers = Counter[str](), add_approvers(64)
    for _ in range(100):
        stage, decision_id = set_race()
        found = race(decision_id, approvers)
        assert_one_award(stage, decision_id, found, 64)
        total += found
    assert total["awarded"] == 100
    with reading() as session:
        assert verify_chain(session)[1] == []
