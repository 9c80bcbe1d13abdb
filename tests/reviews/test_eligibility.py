"""Eligible or not, with a reason; then the evaluation starts."""

import pytest
from sqlalchemy import select

from db.models import ChallengeStatus, Event, ProposalStatus, Reply, ReplyReason, Role, TeamMember
from portal import clock
from portal.errors import Forbidden, Incomplete, Invalid, NotFound, NotPossibleNow, Stale
from portal.reviews.commands import accept_eligible, declare_ineligible, evaluate_challenge, reinstate_proposal
from portal.reviews.queries import evaluation_detail
from tests.factories import add_member, add_organisation
from tests.reviews.stage import evaluating, negotiating, opened, set_stage, statuses

S = ProposalStatus


def test_each_is_found_eligible_or_not_before_the_evaluation_starts(session) -> None:
    stage = opened(session)
    accept_eligible(session, stage.operator, proposal_id=stage.proposals[0].id)
    declare_ineligible(session, stage.operator, proposal_id=stage.proposals[1].id, reason="缺少合作单位盖章。")

    with pytest.raises(Incomplete) as refused:
        evaluate_challenge(session, stage.operator, challenge_id=stage.challenge.id)
    assert [params for _key, _message, params in refused.value.missing] == [
        {"institute": stage.leads[2].organisation_name}
    ]

    accept_eligible(session, stage.operator, proposal_id=stage.proposals[2].id)
    evaluate_challenge(session, stage.operator, challenge_id=stage.challenge.id)
    assert stage.challenge.status is ChallengeStatus.EVALUATING
    assert statuses(session, stage) == [S.IN_EVALUATION, S.INELIGIBLE, S.IN_EVALUATION]


def test_the_reason_is_sealed_and_prepared_as_the_reply(session) -> None:
    stage = opened(session, 1)
    declare_ineligible(session, stage.operator, proposal_id=stage.proposals[0].id, reason="缺少盖章。")

    row = evaluation_detail(session, stage.admin, stage.challenge.id).proposals[0]
    assert row.decision_reason == "缺少盖章。"
    assert "缺少".encode() not in stage.proposals[0].decision_reason.token
    reply = session.scalars(select(Reply)).one()
    assert (reply.code, reply.text, reply.released_at) == (ReplyReason.ELIGIBILITY, "缺少盖章。", None)


def test_no_reason_no_ineligibility(session) -> None:
    stage = opened(session, 1)
    with pytest.raises(Invalid):
        declare_ineligible(session, stage.operator, proposal_id=stage.proposals[0].id, reason="  ")
    assert statuses(session, stage) == [S.SUBMITTED]


def test_none_eligible_starts_no_evaluation(session) -> None:
    stage = opened(session, 1)
    declare_ineligible(session, stage.operator, proposal_id=stage.proposals[0].id, reason="缺少盖章。")
    with pytest.raises(Invalid, match="no award"):
        evaluate_challenge(session, stage.operator, challenge_id=stage.challenge.id)


def test_nothing_was_handed_in_at_all(session) -> None:
    stage = opened(session, 0)
    with pytest.raises(Invalid, match="no award"):
        evaluate_challenge(session, stage.operator, challenge_id=stage.challenge.id)


def test_before_the_opening_there_is_no_proposal(session) -> None:
    stage = set_stage(session)
    for act in (accept_eligible, declare_ineligible, reinstate_proposal):
        extra = {} if act is accept_eligible else {"reason": "理由"}
        with pytest.raises(NotFound):
            act(session, stage.operator, proposal_id=stage.proposals[0].id, **extra)
    with pytest.raises(NotPossibleNow, match="sealed"):
        evaluate_challenge(session, stage.operator, challenge_id=stage.challenge.id)


def test_a_draft_that_was_never_sent_is_not_there(session) -> None:
    stage = opened(session, 1)
    stage.proposals[0].status = S.DRAFT
    session.flush()
    with pytest.raises(NotFound):
        accept_eligible(session, stage.operator, proposal_id=stage.proposals[0].id)
    assert evaluation_detail(session, stage.operator, stage.challenge.id).proposals == []


def test_only_the_operator_checks(session) -> None:
    stage = opened(session, 1)
    for actor in (stage.admin, stage.approver, add_member(session, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            accept_eligible(session, actor, proposal_id=stage.proposals[0].id)
        with pytest.raises(Forbidden):
            evaluate_challenge(session, actor, challenge_id=stage.challenge.id)
    for actor in (stage.leads[0], add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))):
        with pytest.raises(NotFound):
            accept_eligible(session, actor, proposal_id=stage.proposals[0].id)


def test_an_operator_of_the_team_does_not_check(session) -> None:
    stage = opened(session, 1)
    session.add(TeamMember(proposal_id=stage.proposals[0].id, person_id=stage.operator.person_id, added_at=clock.now()))
    session.flush()
    session.expire(stage.proposals[0])
    with pytest.raises(NotFound):
        accept_eligible(session, stage.operator, proposal_id=stage.proposals[0].id)


def test_a_stale_page_changes_nothing(session) -> None:
    stage = opened(session, 1)
    drawn = stage.proposals[0].version
    accept_eligible(session, stage.operator, proposal_id=stage.proposals[0].id, version=drawn)
    session.flush()
    with pytest.raises(Stale):
        declare_ineligible(session, stage.operator, proposal_id=stage.proposals[0].id, reason="理由", version=drawn)


def test_reinstated_into_a_running_evaluation(session) -> None:
    stage = opened(session, 2)
    accept_eligible(session, stage.operator, proposal_id=stage.proposals[0].id)
    declare_ineligible(session, stage.operator, proposal_id=stage.proposals[1].id, reason="缺少盖章。")
    evaluate_challenge(session, stage.operator, challenge_id=stage.challenge.id)

    reinstate_proposal(session, stage.operator, proposal_id=stage.proposals[1].id, reason="盖章已补齐。")

    assert statuses(session, stage) == [S.IN_EVALUATION, S.IN_EVALUATION]
    assert session.scalars(select(Reply)).all() == []
    reasons = session.scalars(select(Event.reason).where(Event.object_id == stage.proposals[1].id)).all()
    assert [reason for reason in reasons if reason] == ["缺少盖章。", "盖章已补齐。"]


def test_nobody_comes_in_after_the_shortlist(session) -> None:
    stage = negotiating(session, 2)
    stage.proposals[1].status = S.INELIGIBLE
    session.flush()
    with pytest.raises(NotPossibleNow):
        reinstate_proposal(session, stage.operator, proposal_id=stage.proposals[1].id, reason="理由")


def test_a_second_start_is_refused(session) -> None:
    stage = evaluating(session)
    with pytest.raises(NotPossibleNow):
        evaluate_challenge(session, stage.operator, challenge_id=stage.challenge.id)
