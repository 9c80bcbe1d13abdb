"""The deadline moves later only, by two people, before it passes (domain.md 8 b); a pause gives its time back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import Decision, DecisionStatus, Event, Person, Role
from portal import clock
from portal.challenges.extensions import (
    deadline_acts,
    decide_extension,
    prepare_extension,
    resume_challenge,
    suspend_challenge,
)
from portal.challenges.history import challenge_history, challenge_moves
from portal.challenges.jobs import close_due
from portal.challenges.rules import accepts_proposals, has_closed
from portal.challenges.workflow import ChallengeStatus
from portal.errors import DeadlinePassed, Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.permissions import VISITOR, Action
from tests.challenges.samples import add_cast, opened_to_answers, submitted
from tests.challenges_life.samples import jump, researcher, submitted_proposal, told
from tests.factories import add_member

WEEK = timedelta(days=7)


@pytest.fixture
def scene(session):
    cast = add_cast(session)
    return cast, opened_to_answers(session, cast)


def prepared(session, cast, challenge, later=WEEK):
    return prepare_extension(
        session,
        cast.operator,
        challenge_id=challenge.id,
        closes_at=challenge.closes_at + later,
        reason="样品运输延误",
    )


def test_the_timeline_keeps_extension_and_pause_for_everybody(session, scene) -> None:
    cast, challenge = scene
    first = challenge.closes_at
    refused = prepared(session, cast, challenge)
    decide_extension(session, cast.approver, decision_id=refused, approve=False, reason="太晚")
    decide_extension(session, cast.approver, decision_id=prepared(session, cast, challenge), approve=True)
    second = challenge.closes_at
    suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason="产线停电")
    jump(clock.now() + timedelta(hours=48))
    resume_challenge(session, cast.approver, challenge_id=challenge.id)

    moves = challenge_moves(session, VISITOR, challenge.id)

    assert [(move.action, move.before, move.closes_at) for move in moves] == [
        (Action.DECIDE_EXTENSION, first, first + WEEK),
        (Action.SUSPEND_CHALLENGE, second, None),
        (Action.RESUME_CHALLENGE, second, challenge.closes_at),
    ]


def test_one_prepares_another_decides_and_everybody_who_follows_is_told(session, scene) -> None:
    cast, challenge = scene
    old, lead = challenge.closes_at, researcher(session)
    submitted_proposal(session, challenge, lead)
    decision_id = prepared(session, cast, challenge)
    acts = deadline_acts(session, cast.approver, challenge.id)
    assert (acts.waiting.closes_at, acts.waiting.reason, acts.waiting.may_decide) == (old + WEEK, "样品运输延误", True)
    assert challenge.closes_at == old

    decide_extension(session, cast.approver, decision_id=decision_id, approve=True, version=acts.waiting.version)

    assert challenge.closes_at == old + WEEK
    decision = session.get(Decision, decision_id)
    assert (decision.status, decision.decided_by) == (DecisionStatus.APPROVED, cast.approver.person_id)
    for person in (cast.admin, cast.member, cast.operator, lead):
        assert any("deadline of" in message for message in told(session, person))
    event = session.scalars(select(Event).where(Event.action == "decide_extension")).one()
    assert (event.from_status, event.to_status, event.reason) == ("open", "open", "样品运输延误")


def test_the_history_says_how_an_extension_was_decided_and_what_the_deadline_is(session, scene) -> None:
    cast, challenge = scene
    old = challenge.closes_at
    decide_extension(session, cast.approver, decision_id=prepared(session, cast, challenge), approve=True)
    again = prepared(session, cast, challenge)
    decide_extension(session, cast.approver, decision_id=again, approve=False, reason="理由不充分")

    refused, asked_again, granted, asked = challenge_history(session, cast.operator, challenge.id)[:4]

    assert (refused.is_refused, refused.closes_at) == (True, None)
    assert (granted.is_refused, granted.closes_at) == (False, old + WEEK)
    assert (asked.closes_at, asked_again.closes_at) == (old + WEEK, old + 2 * WEEK)


def test_an_extension_in_the_last_second_counts_for_a_submission_on_its_way(session, scene) -> None:
    cast, challenge = scene
    old = challenge.closes_at
    decision_id = prepared(session, cast, challenge)
    jump(old, -1)
    decide_extension(session, cast.approver, decision_id=decision_id, approve=True)

    jump(old)
    assert accepts_proposals(challenge, clock.now())
    assert close_due(session) == 0
    jump(old + WEEK, -1)
    assert accepts_proposals(challenge, clock.now())
    jump(old + WEEK)
    assert not accepts_proposals(challenge, clock.now())


def test_at_the_deadline_itself_it_is_too_late(session, scene) -> None:
    cast, challenge = scene
    decision_id = prepared(session, cast, challenge)
    jump(challenge.closes_at)

    with pytest.raises(DeadlinePassed):
        decide_extension(session, cast.approver, decision_id=decision_id, approve=True)
    with pytest.raises(DeadlinePassed):
        prepared(session, cast, challenge, 2 * WEEK)
    assert not accepts_proposals(challenge, clock.now())
    close_due(session)
    assert session.get(Decision, decision_id).status is DecisionStatus.WITHDRAWN
    with pytest.raises(NotPossibleNow):
        decide_extension(session, cast.approver, decision_id=decision_id, approve=True)


def test_who_prepared_does_not_decide(session, scene) -> None:
    cast, challenge = scene
    decision_id = prepared(session, cast, challenge)
    person = session.get(Person, cast.operator.person_id)
    same_person = add_member(session, Role.APPROVER, None, person)

    with pytest.raises(Forbidden):
        decide_extension(session, same_person, decision_id=decision_id, approve=True)
    for other in (cast.admin, cast.operator, cast.broker, researcher(session)):
        with pytest.raises(Forbidden):
            decide_extension(session, other, decision_id=decision_id, approve=True)
    assert not deadline_acts(session, same_person, challenge.id).waiting.may_decide


def test_a_refusal_needs_a_reason_that_reaches_who_prepared_it(session, scene) -> None:
    cast, challenge = scene
    old, decision_id = challenge.closes_at, prepared(session, cast, challenge)
    with pytest.raises(Invalid):
        decide_extension(session, cast.approver, decision_id=decision_id, approve=False, reason=" ")

    decide_extension(session, cast.approver, decision_id=decision_id, approve=False, reason="理由不充分")

    assert challenge.closes_at == old
    decision = session.get(Decision, decision_id)
    assert (decision.status, decision.decision_reason) == (DecisionStatus.REFUSED, "理由不充分")
    assert any("refused" in message for message in told(session, cast.operator))
    with pytest.raises(NotPossibleNow):
        decide_extension(session, cast.approver, decision_id=decision_id, approve=True)
    assert deadline_acts(session, cast.operator, challenge.id).may_prepare


@pytest.mark.parametrize("moved", [timedelta(0), -timedelta(days=1), timedelta(days=500)])
def test_a_deadline_moves_later_only_and_not_out_of_sight(session, scene, moved) -> None:
    cast, challenge = scene
    with pytest.raises(Invalid):
        prepared(session, cast, challenge, moved)
    assert session.scalars(select(Decision)).all() == []


def test_preparing_is_for_operators_on_open_challenges_one_at_a_time(session, scene) -> None:
    cast, challenge = scene
    prepared(session, cast, challenge)
    with pytest.raises(NotPossibleNow):
        prepared(session, cast, challenge)
    waiting = {"closes_at": "2999-01-01 17:00", "reason": "x"}
    for other in (cast.admin, cast.approver, cast.broker, researcher(session)):
        with pytest.raises(Forbidden):
            prepare_extension(session, other, challenge_id=challenge.id, **waiting)
    with pytest.raises(NotPossibleNow):
        prepare_extension(session, cast.operator, challenge_id=submitted(session, cast).id, **waiting)
    with pytest.raises(Stale):
        prepare_extension(session, cast.operator, challenge_id=challenge.id, version=99, **waiting)
    with pytest.raises(NotFound):
        decide_extension(session, cast.approver, decision_id=challenge.id, approve=True)


def test_a_pause_gives_its_length_back_even_over_the_old_deadline(session, scene) -> None:
    cast, challenge = scene
    old = challenge.closes_at
    jump(old, -3600)
    suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason="产线停电")
    assert challenge.status is ChallengeStatus.SUSPENDED
    assert not accepts_proposals(challenge, clock.now())
    jump(old, 86400)
    assert close_due(session) == 0
    assert abs(
        deadline_acts(session, cast.approver, challenge.id).resumed_closes_at - old - timedelta(seconds=90000)
    ) < timedelta(seconds=5)

    resume_challenge(session, cast.approver, challenge_id=challenge.id)

    assert (challenge.status, challenge.suspended_at) == (ChallengeStatus.OPEN, None)
    assert abs(challenge.closes_at - clock.now() - timedelta(hours=1)) < timedelta(seconds=5)
    assert accepts_proposals(challenge, clock.now())
    assert not has_closed(challenge, clock.now())
    assert any("open again" in message for message in told(session, cast.admin))


def test_suspending_is_the_approvers_with_a_reason_before_the_close(session, scene) -> None:
    cast, challenge = scene
    for other in (cast.admin, cast.operator, cast.broker, researcher(session)):
        with pytest.raises(Forbidden):
            suspend_challenge(session, other, challenge_id=challenge.id, reason="x")
    with pytest.raises(Invalid):
        suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason=" ")
    with pytest.raises(NotPossibleNow):
        resume_challenge(session, cast.approver, challenge_id=challenge.id)
    decision_id = prepared(session, cast, challenge)
    suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason="停")
    with pytest.raises(NotPossibleNow):
        decide_extension(session, cast.approver, decision_id=decision_id, approve=True)
    resume_challenge(session, cast.approver, challenge_id=challenge.id)
    jump(challenge.closes_at)
    with pytest.raises(DeadlinePassed):
        suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason="迟")


def test_who_prepared_hears_that_before_anything_about_the_deadline(session, scene) -> None:
    cast, challenge = scene
    decision_id = prepared(session, cast, challenge)
    person = session.get(Person, cast.operator.person_id)
    same_person = add_member(session, Role.APPROVER, None, person)

    jump(challenge.closes_at)

    with pytest.raises(Forbidden):
        decide_extension(session, same_person, decision_id=decision_id, approve=True)


def test_an_extension_that_a_pause_has_overtaken_is_void_and_its_author_told(session, scene) -> None:
    cast, challenge = scene
    decision_id = prepared(session, cast, challenge)
    suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason="停")
    jump(clock.now(), (WEEK * 2).total_seconds())

    resume_challenge(session, cast.approver, challenge_id=challenge.id)

    resumed = challenge.closes_at
    assert session.get(Decision, decision_id).status is DecisionStatus.WITHDRAWN
    assert sum("is void" in message for message in told(session, cast.operator)) == 1
    event = session.scalars(select(Event).where(Event.action == "resume_challenge")).one()
    assert str(decision_id) in event.fields
    with pytest.raises(NotPossibleNow):
        decide_extension(session, cast.approver, decision_id=decision_id, approve=True)
    assert challenge.closes_at == resumed
    assert deadline_acts(session, cast.operator, challenge.id).may_prepare
    prepared(session, cast, challenge)


def test_an_extension_beyond_the_resumed_deadline_still_waits(session, scene) -> None:
    cast, challenge = scene
    wanted = challenge.closes_at + WEEK
    decision_id = prepared(session, cast, challenge)
    suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason="停")
    jump(clock.now(), (WEEK / 2).total_seconds())
    resume_challenge(session, cast.approver, challenge_id=challenge.id)
    assert challenge.closes_at < wanted

    decide_extension(session, cast.approver, decision_id=decision_id, approve=True)

    assert challenge.closes_at == wanted
