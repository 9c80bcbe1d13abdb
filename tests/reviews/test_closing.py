"""The winner walks away, nobody is awarded, the enterprise withdraws: everybody hears why."""

import pytest
from sqlalchemy import event, func, select

from db.models import (
    Award,
    ChallengeStatus,
    Decision,
    DecisionStatus,
    Event,
    Notification,
    OutboxMail,
    ProposalStatus,
    Reply,
    ReplyReason,
    Role,
)
from portal.errors import Forbidden, Incomplete, Invalid, NotFound, NotPossibleNow, Stale
from portal.metrics.trail import list_trail
from portal.permissions import Action
from portal.reviews.commands import (
    decide_award,
    declare_no_award,
    decline_award,
    fall_through,
    prepare_award,
    prepare_reply,
    shortlist_challenge,
    turn_opening_key,
    withdraw_challenge,
)
from portal.reviews.jobs import answer_withdrawn, is_answer_due
from portal.reviews.own_award import own_award
from portal.reviews.rules import Party
from portal.transactions import database
from tests.factories import add_member, add_person
from tests.reviews.stage import (
    agree_terms,
    awarded,
    evaluating,
    negotiating,
    opened,
    prepared,
    reply_to_all,
    set_stage,
    statuses,
)

S, C = ProposalStatus, ChallengeStatus


def test_the_winner_walks_away_and_the_reserve_is_awarded(session) -> None:
    """domain.md 8 (f)."""
    stage = negotiating(session, 3, reserves=1)
    agree_terms(session, stage)
    reply_to_all(session, stage, 0)
    decision_id = prepare_award(session, stage.operator, challenge_id=stage.challenge.id)

    decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason="团队解散。")
    assert session.get_one(Decision, decision_id).status is DecisionStatus.WITHDRAWN
    fall_through(
        session,
        stage.operator,
        challenge_id=stage.challenge.id,
        walked_away=Party.INSTITUTE,
        reason="负责人退出。",
    )
    assert stage.challenge.status is C.EVALUATING
    assert statuses(session, stage) == [S.DECLINED, S.SHORTLISTED, S.IN_EVALUATION]

    shortlist_challenge(session, stage.operator, challenge_id=stage.challenge.id)
    assert stage.challenge.status is C.NEGOTIATING
    agree_terms(session, stage, winner=1)
    second = prepare_award(session, stage.operator, challenge_id=stage.challenge.id)
    decide_award(session, stage.approver, decision_id=second, approve=True)
    assert statuses(session, stage) == [S.DECLINED, S.AWARDED, S.NOT_SELECTED]
    assert session.scalars(select(Award)).one().proposal_id == stage.proposals[1].id


def test_without_a_reserve_the_next_by_rank_follows(session) -> None:
    stage = negotiating(session, 2)
    decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason="退出。")
    fall_through(session, stage.operator, challenge_id=stage.challenge.id, walked_away=Party.INSTITUTE, reason="退出。")
    assert statuses(session, stage) == [S.DECLINED, S.IN_EVALUATION]
    shortlist_challenge(session, stage.operator, challenge_id=stage.challenge.id)
    assert statuses(session, stage) == [S.DECLINED, S.SHORTLISTED]


def test_when_nobody_is_left_there_is_no_award(session) -> None:
    stage = negotiating(session, 1)
    decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason="退出。")
    fall_through(session, stage.operator, challenge_id=stage.challenge.id, walked_away=Party.INSTITUTE, reason="退出。")
    with pytest.raises(NotPossibleNow):
        shortlist_challenge(session, stage.operator, challenge_id=stage.challenge.id)
    declare_no_award(session, stage.approver, challenge_id=stage.challenge.id, reason="无人揭榜成功。")
    assert stage.challenge.status is C.NO_AWARD


def test_the_enterprise_walks_away_and_the_first_hears_why(session) -> None:
    stage = negotiating(session, 2)
    given = {"challenge_id": stage.challenge.id, "walked_away": Party.ENTERPRISE, "reason": "企业调整产线。"}
    with pytest.raises(Incomplete):
        fall_through(session, stage.operator, **given)
    prepare_reply(session, stage.operator, proposal_id=stage.proposals[0].id, code=ReplyReason.BUDGET, text="预算取消")
    fall_through(session, stage.operator, **given)
    assert statuses(session, stage) == [S.NOT_SELECTED, S.IN_EVALUATION]
    assert own_award(session, stage.leads[0], stage.challenge.id).reply == "预算取消"
    assert own_award(session, stage.leads[1], stage.challenge.id).status is S.IN_EVALUATION


def test_fall_through_is_the_operators_and_needs_a_reason(session) -> None:
    stage = negotiating(session, 2)
    given = {"challenge_id": stage.challenge.id, "walked_away": Party.INSTITUTE}
    for actor in (stage.admin, stage.approver):
        with pytest.raises(Forbidden):
            fall_through(session, actor, reason="理由", **given)
    with pytest.raises(Invalid):
        fall_through(session, stage.operator, reason=" ", **given)
    decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason="退出。")
    with pytest.raises(Invalid):
        fall_through(
            session,
            stage.operator,
            challenge_id=stage.challenge.id,
            walked_away=Party.ENTERPRISE,
            reason="理由",
        )


def test_only_the_investigator_walks_away_and_only_from_a_negotiation(session) -> None:
    stage = negotiating(session, 2)
    with pytest.raises(Invalid):
        decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason="")
    with pytest.raises(NotPossibleNow):
        decline_award(session, stage.leads[1], challenge_id=stage.challenge.id, reason="退出。")
    institute = add_member(session, Role.INSTITUTE_ADMIN, stage.proposals[0].institute)
    with pytest.raises(Forbidden):
        decline_award(session, institute, challenge_id=stage.challenge.id, reason="")
    with pytest.raises(NotFound):
        decline_award(session, stage.admin, challenge_id=stage.challenge.id, reason="退出。")


@pytest.mark.parametrize("make", [opened, evaluating, negotiating])
def test_no_award_needs_a_reply_for_everybody(session, make) -> None:
    stage = make(session, 2)
    given = {"challenge_id": stage.challenge.id, "reason": "指标均未达到。"}
    with pytest.raises(Incomplete):
        declare_no_award(session, stage.approver, **given)
    reply_to_all(session, stage)
    for actor in (stage.operator, stage.admin):
        with pytest.raises(Forbidden):
            declare_no_award(session, actor, **given)
    with pytest.raises(Invalid):
        declare_no_award(session, stage.approver, challenge_id=stage.challenge.id, reason="")
    declare_no_award(session, stage.approver, **given)

    assert (stage.challenge.status, stage.challenge.ended_reason) == (C.NO_AWARD, "指标均未达到。")
    assert statuses(session, stage) == [S.NOT_SELECTED, S.NOT_SELECTED]
    assert all(reply.released_at for reply in session.scalars(select(Reply)))


def test_no_award_only_after_the_opening(session) -> None:
    stage = set_stage(session, 0)
    with pytest.raises(NotPossibleNow):
        declare_no_award(session, stage.approver, challenge_id=stage.challenge.id, reason="无人应答。")


def test_who_prepared_the_replies_does_not_declare_no_award(session) -> None:
    stage = opened(session, 1)
    person = add_person(session)
    as_operator, as_approver = (add_member(session, role, None, person) for role in (Role.OPERATOR, Role.APPROVER))
    prepare_reply(session, as_operator, proposal_id=stage.proposals[0].id, code=ReplyReason.PLAN, text="一")
    with pytest.raises(Forbidden, match="another"):
        declare_no_award(session, as_approver, challenge_id=stage.challenge.id, reason="理由")


def test_withdrawn_after_the_opening_with_a_reply_for_everybody(session) -> None:
    stage = evaluating(session, 2)
    given = {"challenge_id": stage.challenge.id, "reason": "产线停产。"}
    with pytest.raises(Incomplete):
        withdraw_challenge(session, stage.admin, **given)
    reply_to_all(session, stage)
    withdraw_challenge(session, stage.admin, **given)
    assert statuses(session, stage) == [S.NOT_SELECTED, S.NOT_SELECTED]
    assert own_award(session, stage.leads[1], stage.challenge.id).reply == "答复1"
    assert is_answer_due(session) is False


def _withdraw(session, proposals: int, status: ChallengeStatus):
    """What can be seen of a withdrawal before the opening: all that was written, but for the ids."""
    stage = set_stage(session, proposals, status=status)
    written = [session.scalar(select(func.count()).select_from(table)) for table in (Notification, OutboxMail, Reply)]
    result = withdraw_challenge(session, stage.admin, challenge_id=stage.challenge.id, reason="产线停产。")
    after = [session.scalar(select(func.count()).select_from(table)) for table in (Notification, OutboxMail, Reply)]
    acts = session.scalars(select(Event).where(Event.object_id == stage.challenge.id)).all()
    seen = [(act.action, act.reason, act.fields, act.to_status) for act in acts]
    return stage, (result, [b - a for a, b in zip(written, after, strict=True)], seen, stage.challenge.version)


@pytest.mark.parametrize("status", [C.OPEN, C.SUSPENDED, C.CLOSED])
def test_a_withdrawal_before_the_opening_does_not_tell_whether_anybody_proposed(session, status) -> None:
    _empty, of_none = _withdraw(session, 0, status)
    busy, of_three = _withdraw(session, 3, status)
    # The second stage has its own operator and approver, who are told as well.
    assert of_none[0] is of_three[0] is None
    assert of_none[2:] == of_three[2:]
    assert of_three[1][2] == 0
    told = set(session.scalars(select(Notification.person_id)))
    assert told.isdisjoint({lead.person_id for lead in busy.leads})
    assert statuses(session, busy) == [S.SUBMITTED] * 3

    assert is_answer_due(session) is True
    assert answer_withdrawn(session) == 0
    assert statuses(session, busy) == [S.NOT_SELECTED] * 3
    for lead in busy.leads:
        own = own_award(session, lead, busy.challenge.id)
        assert (own.reply_code, own.reply) == (ReplyReason.CHALLENGE_WITHDRAWN, "产线停产。")
    notices = session.scalar(select(func.count()).select_from(Notification))
    assert is_answer_due(session) is False
    assert answer_withdrawn(session) == 0
    assert session.scalar(select(func.count()).select_from(Notification)) == notices


def test_the_answers_of_the_clock_show_in_nobodys_trail(session) -> None:
    stage, _seen = _withdraw(session, 2, C.OPEN)
    answer_withdrawn(session)
    auditor = add_member(session, Role.AUDITOR)
    for reader in (auditor, stage.operator, stage.admin):
        acts = {row.action for row in list_trail(session, reader)}
        assert Action.REJECT_PROPOSAL.value not in acts


def test_a_withdrawal_costs_the_same_whether_anybody_proposed(session) -> None:
    counts = []
    for proposals in (0, 0, 5):
        stage = set_stage(session, proposals, status=C.OPEN)
        asked: list[str] = []

        def note(_conn, _cursor, statement, *_rest, asked=asked) -> None:
            asked.append(statement)

        event.listen(database().engine, "before_cursor_execute", note)
        session.execute(Notification.__table__.delete())
        session.execute(select(1))
        del asked[:]
        withdraw_challenge(session, stage.admin, challenge_id=stage.challenge.id, reason="停产。")
        event.remove(database().engine, "before_cursor_execute", note)
        # Whom officials' notices go to differs: each stage brings its own officials.
        counts.append([line for line in asked if not {"notification", "outbox_mail", "person"} & set(line.split())])
    assert any("proposal" in line for line in counts[2]) is False
    assert counts[1] == counts[2]


def test_somebody_with_a_draft_is_told_too(session) -> None:
    stage, _seen = _withdraw(session, 0, C.OPEN)
    writer = set_stage(session, 1)
    writer.proposals[0].challenge_id = stage.challenge.id
    writer.proposals[0].status = S.DRAFT
    session.flush()

    assert is_answer_due(session) is True
    answer_withdrawn(session)
    assert is_answer_due(session) is False
    told = session.scalars(select(Notification).where(Notification.person_id == writer.leads[0].person_id)).one()
    assert told.page == "proposal"
    assert writer.proposals[0].status is S.DRAFT


@pytest.mark.parametrize("status", [C.DRAFT, C.SUBMITTED, C.REFINING, C.APPROVED])
def test_withdrawn_before_it_was_ever_open(session, status) -> None:
    stage = set_stage(session, 0, status=status, closed_at=None)
    withdraw_challenge(session, stage.admin, challenge_id=stage.challenge.id, reason="不再需要。")
    assert stage.challenge.status is C.WITHDRAWN


def test_who_withdraws_and_until_when(session) -> None:
    stage, done = set_stage(session, 1), awarded(session)
    given = {"challenge_id": stage.challenge.id, "reason": "停产。"}
    for actor in (stage.operator, stage.approver, add_member(session, Role.ENTERPRISE_MEMBER, stage.enterprise)):
        with pytest.raises(Forbidden):
            withdraw_challenge(session, actor, **given)
    with pytest.raises(Forbidden):
        withdraw_challenge(session, done.admin, **given)
    with pytest.raises(Invalid):
        withdraw_challenge(session, stage.admin, challenge_id=stage.challenge.id, reason="")
    with pytest.raises(NotPossibleNow):
        withdraw_challenge(session, done.admin, challenge_id=done.challenge.id, reason="停产。")


def test_after_a_withdrawal_nothing_is_opened(session) -> None:
    stage, _seen = _withdraw(session, 1, C.CLOSED)
    for actor in (stage.admin, stage.operator):
        with pytest.raises(NotFound):
            turn_opening_key(session, actor, challenge_id=stage.challenge.id)


def test_two_officials_fire_different_acts_on_one_record(session) -> None:
    """domain.md 8 (e): the first one holds, the second is told what the record is now."""
    stage, decision_id = prepared(session)
    drawn = stage.challenge.version
    reply_to_all(session, stage)
    decide_award(session, stage.approver, decision_id=decision_id, approve=True)
    other = add_member(session, Role.APPROVER)
    with pytest.raises(Stale):
        declare_no_award(session, other, challenge_id=stage.challenge.id, reason="理由", version=drawn)
    with pytest.raises(NotPossibleNow):
        declare_no_award(session, other, challenge_id=stage.challenge.id, reason="理由")
    with pytest.raises(NotPossibleNow):
        fall_through(
            session,
            stage.operator,
            challenge_id=stage.challenge.id,
            walked_away=Party.ENTERPRISE,
            reason="理由",
        )
