"""Whose turn it is, state by state, and which acts each reader is offered."""

import pytest

from db.models import Role
from portal.permissions import Action
from portal.reviews.commands import decline_award, record_ranking, sign_contract, turn_opening_key
from portal.reviews.queries import evaluation_detail, list_evaluations
from tests.reviews import stage as s

A = Action
EA, OP, AP, RS = Role.ENTERPRISE_ADMIN, Role.OPERATOR, Role.APPROVER, Role.RESEARCHER


def one_key(session):
    stage = s.set_stage(session)
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)
    return stage


def unanswered(session):
    return s.opened(session, 0)


def recorded(session):
    stage = s.evaluating(session)
    record_ranking(session, stage.operator, challenge_id=stage.challenge.id, entries=s.entries(stage))
    return stage


def agreed(session):
    stage = s.negotiating(session)
    s.agree_terms(session, stage)
    return stage


def left(session):
    stage = s.negotiating(session)
    decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason="退出。")
    return stage


def waiting_for_a_decision(session):
    return s.prepared(session)[0]


def half_signed(session):
    stage = s.awarded(session)
    sign_contract(session, stage.admin, challenge_id=stage.challenge.id)
    return stage


def signed(session):
    stage = half_signed(session)
    sign_contract(session, stage.leads[0], challenge_id=stage.challenge.id)
    return stage


@pytest.mark.parametrize(
    ("state", "roles"),
    [
        (s.set_stage, {EA, OP}),
        (one_key, {OP}),
        (unanswered, {AP}),
        (s.opened, {OP}),
        (s.evaluating, {EA, OP}),
        (recorded, {EA}),
        (s.ranked, {OP}),
        (s.negotiating, {EA, OP}),
        (agreed, {OP}),
        (left, {OP}),
        (waiting_for_a_decision, {AP}),
        (s.awarded, {EA}),
        (half_signed, {RS}),
        (signed, set()),
    ],
)
def test_whose_turn_it_is(session, state, roles) -> None:
    stage = state(session)
    for actor in (stage.admin, stage.operator, stage.approver):
        row = evaluation_detail(session, actor, stage.challenge.id).row
        assert row.turn.roles == roles, row.turn.message
        assert row.is_my_turn is (actor.role in roles)


@pytest.mark.parametrize(
    ("state", "admin", "operator", "approver"),
    [
        (s.set_stage, {A.OPEN_PROPOSALS, A.WITHDRAW_CHALLENGE}, {A.OPEN_PROPOSALS}, set()),
        (s.opened, {A.PREPARE_REPLY}, {A.ACCEPT_ELIGIBLE, A.DECLARE_INELIGIBLE, A.PREPARE_REPLY}, set()),
        (s.evaluating, {A.RECORD_RANKING, A.PREPARE_REPLY}, {A.RECORD_RANKING, A.PREPARE_REPLY}, set()),
        (
            recorded,
            {A.RECORD_RANKING, A.AGREE_RANKING, A.PREPARE_REPLY},
            {A.RECORD_RANKING, A.PREPARE_REPLY},
            set(),
        ),
        (
            s.ranked,
            {A.RECORD_RANKING, A.PREPARE_REPLY},
            {A.RECORD_RANKING, A.SHORTLIST_CHALLENGE, A.PREPARE_REPLY},
            set(),
        ),
        (s.negotiating, {A.WRITE_TERMS, A.PREPARE_REPLY}, {A.FALL_THROUGH, A.WRITE_TERMS, A.PREPARE_REPLY}, set()),
        (
            s.awardable,
            {A.WRITE_TERMS, A.PREPARE_REPLY},
            {A.FALL_THROUGH, A.WRITE_TERMS, A.PREPARE_AWARD, A.PREPARE_REPLY},
            set(),
        ),
        (
            waiting_for_a_decision,
            {A.WRITE_TERMS, A.PREPARE_REPLY},
            {A.FALL_THROUGH, A.WRITE_TERMS, A.PREPARE_REPLY},
            {A.DECIDE_AWARD},
        ),
        (s.awarded, {A.SIGN_CONTRACT}, set(), set()),
        (signed, set(), set(), set()),
    ],
)
def test_which_acts_are_offered(session, state, admin, operator, approver) -> None:
    stage = state(session)
    for actor, expected in ((stage.admin, admin), (stage.operator, operator), (stage.approver, approver)):
        steps = evaluation_detail(session, actor, stage.challenge.id).steps
        assert {step.action for step in steps if not step.why_not} == expected, actor.role


def test_the_list_leaves_out_what_is_not_closed_or_not_ours(session) -> None:
    mine, other = s.opened(session), s.set_stage(session)
    s.set_stage(session, status=s.ChallengeStatus.OPEN, closed_at=None)

    assert [row.id for row in list_evaluations(session, mine.admin).rows] == [mine.challenge.id]
    assert {row.id for row in list_evaluations(session, mine.operator).rows} == {mine.challenge.id, other.challenge.id}
    assert list_evaluations(session, mine.leads[0]).total == 0
