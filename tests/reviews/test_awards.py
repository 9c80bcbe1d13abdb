"""One award, by two people, with every reply; then the contract."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from db.models import (
    Award,
    ChallengeStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    Event,
    Notification,
    OrganisationKind,
    ProposalStatus,
    Reply,
    ReplyReason,
    Role,
    TeamMember,
)
from portal import clock
from portal.errors import Forbidden, Incomplete, Invalid, NotFound, NotPossibleNow, Stale
from portal.events import verify_chain
from portal.permissions import VISITOR
from portal.reviews.commands import (
    accept_terms,
    decide_award,
    decline_award,
    prepare_award,
    prepare_reply,
    sign_contract,
    write_terms,
)
from portal.reviews.own_award import own_award
from portal.reviews.results import award_of
from tests.factories import add_member, add_organisation, add_person
from tests.reviews.stage import (
    agree_terms,
    awardable,
    awarded,
    negotiating,
    prepared,
    ranked,
    reply_to_all,
    statuses,
)

S = ProposalStatus


def test_an_award_ends_everything_in_one_transaction(session) -> None:
    stage, decision_id = prepared(session)
    decide_award(session, stage.approver, decision_id=decision_id, approve=True)

    award = session.scalars(select(Award)).one()
    assert (award.proposal_id, award.sum_fen) == (stage.proposals[0].id, 250 * 10**6)
    assert stage.challenge.status is ChallengeStatus.AWARDED
    assert statuses(session, stage) == [S.AWARDED, S.NOT_SELECTED, S.NOT_SELECTED]
    decision = session.get_one(Decision, decision_id)
    assert (decision.status, decision.decided_by) == (DecisionStatus.APPROVED, stage.approver.person_id)
    assert all(reply.released_at is not None for reply in session.scalars(select(Reply)))
    for lead in stage.leads[1:]:
        own = own_award(session, lead, stage.challenge.id)
        assert (own.status, own.reply_code) == (S.NOT_SELECTED, ReplyReason.OUTRANKED)
        told = session.scalars(select(Notification.message).where(Notification.person_id == lead.person_id)).all()
        assert "There is a reply to your proposal for “{title}”." in told
    assert verify_chain(session)[1] == []


def test_one_with_an_ineligible_proposal_hears_too(session) -> None:
    stage = awardable(session)
    stage.proposals[2].status = S.INELIGIBLE
    session.flush()
    decision_id = prepare_award(session, stage.operator, challenge_id=stage.challenge.id)
    decide_award(session, stage.approver, decision_id=decision_id, approve=True)

    assert statuses(session, stage) == [S.AWARDED, S.NOT_SELECTED, S.INELIGIBLE]
    assert own_award(session, stage.leads[2], stage.challenge.id).reply == "答复2"


def test_nothing_is_prepared_while_something_is_missing(session) -> None:
    stage = negotiating(session)
    with pytest.raises(Incomplete) as refused:
        prepare_award(session, stage.operator, challenge_id=stage.challenge.id)
    assert [key for key, _message, _params in refused.value.missing] == ["terms"]

    terms_id = write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=10**8, text="三期")
    accept_terms(session, stage.admin, terms_id=terms_id)
    with pytest.raises(Incomplete):
        prepare_award(session, stage.operator, challenge_id=stage.challenge.id)
    accept_terms(session, stage.leads[0], terms_id=terms_id)
    with pytest.raises(Incomplete) as refused:
        prepare_award(session, stage.operator, challenge_id=stage.challenge.id)
    assert {params["institute"] for _key, _message, params in refused.value.missing} == {
        lead.organisation_name for lead in stage.leads[1:]
    }
    prepare_reply(session, stage.operator, proposal_id=stage.proposals[1].id, code=ReplyReason.PLAN, text="一")
    with pytest.raises(Incomplete):
        prepare_award(session, stage.operator, challenge_id=stage.challenge.id)
    prepare_reply(session, stage.admin, proposal_id=stage.proposals[2].id, code=ReplyReason.PLAN, text="二")
    prepare_award(session, stage.operator, challenge_id=stage.challenge.id)


def test_it_is_prepared_once(session) -> None:
    stage, _decision = prepared(session)
    with pytest.raises(NotPossibleNow, match="already"):
        prepare_award(session, add_member(session, Role.OPERATOR), challenge_id=stage.challenge.id)


def test_who_prepares_and_who_decides(session) -> None:
    stage = awardable(session)
    for actor in (stage.admin, stage.approver, add_member(session, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            prepare_award(session, actor, challenge_id=stage.challenge.id)
    decision_id = prepare_award(session, stage.operator, challenge_id=stage.challenge.id)
    for actor in (stage.operator, stage.admin, add_member(session, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            decide_award(session, actor, decision_id=decision_id, approve=True)
    for actor in (stage.leads[0], add_member(session, Role.LEADER), VISITOR):
        with pytest.raises(NotFound):
            decide_award(session, actor, decision_id=decision_id, approve=True)
    assert session.scalars(select(Award)).all() == []


def test_the_preparer_does_not_decide_in_another_hat(session) -> None:
    stage = awardable(session)
    person = add_person(session)
    as_operator, as_approver = (add_member(session, role, None, person) for role in (Role.OPERATOR, Role.APPROVER))
    decision_id = prepare_award(session, as_operator, challenge_id=stage.challenge.id)
    with pytest.raises(Forbidden, match="prepared"):
        decide_award(session, as_approver, decision_id=decision_id, approve=True)


def test_somebody_who_ranked_or_negotiated_does_not_decide(session) -> None:
    stage, decision_id = prepared(session)
    for actor in (stage.operator, stage.admin):
        person = session.get_one(type(add_person(session)), actor.person_id)
        as_approver = add_member(session, Role.APPROVER, None, person)
        other = session.get_one(Decision, decision_id)
        other.prepared_by = stage.leads[1].person_id
        session.flush()
        with pytest.raises(Forbidden, match="another role"):
            decide_award(session, as_approver, decision_id=decision_id, approve=True)


def test_somebody_of_a_team_does_not_even_see_what_is_to_decide(session) -> None:
    stage, decision_id = prepared(session)
    person = add_person(session)
    as_approver = add_member(session, Role.APPROVER, None, person)
    session.add(TeamMember(proposal_id=stage.proposals[1].id, person_id=person.id, added_at=clock.now()))
    session.flush()
    with pytest.raises(NotFound):
        decide_award(session, as_approver, decision_id=decision_id, approve=True)


@pytest.mark.parametrize("party", ["enterprise", "winner", "loser"])
def test_somebody_of_a_party_does_not_decide(session, party) -> None:
    stage, decision_id = prepared(session)
    person = add_person(session)
    as_approver = add_member(session, Role.APPROVER, None, person)
    if party == "enterprise":
        add_member(session, Role.ENTERPRISE_MEMBER, stage.enterprise, person)
    else:
        proposal = stage.proposals[0 if party == "winner" else 1]
        add_member(session, Role.RESEARCHER, proposal.institute, person)
    with pytest.raises(Forbidden, match="parties"):
        decide_award(session, as_approver, decision_id=decision_id, approve=True)


def test_refused_with_a_reason(session) -> None:
    stage, decision_id = prepared(session)
    with pytest.raises(Invalid):
        decide_award(session, stage.approver, decision_id=decision_id, approve=False, reason=" ")
    decide_award(session, stage.approver, decision_id=decision_id, approve=False, reason="付款节点不清。")

    decision = session.get_one(Decision, decision_id)
    assert (decision.status, decision.decision_reason) == (DecisionStatus.REFUSED, "付款节点不清。")
    assert stage.challenge.status is ChallengeStatus.NEGOTIATING
    assert statuses(session, stage) == [S.SHORTLISTED, S.IN_EVALUATION, S.IN_EVALUATION]
    with pytest.raises(NotPossibleNow):
        decide_award(session, stage.approver, decision_id=decision_id, approve=True)
    prepare_award(session, stage.operator, challenge_id=stage.challenge.id)


def test_a_decision_is_made_once(session) -> None:
    stage, decision_id = prepared(session)
    decide_award(session, stage.approver, decision_id=decision_id, approve=True)
    with pytest.raises(NotPossibleNow):
        decide_award(session, add_member(session, Role.APPROVER), decision_id=decision_id, approve=True)
    with pytest.raises(NotPossibleNow):
        prepare_award(session, stage.operator, challenge_id=stage.challenge.id)
    assert len(session.scalars(select(Award)).all()) == 1


def test_a_page_drawn_before_is_stale(session) -> None:
    stage, decision_id = prepared(session)
    drawn = session.get_one(Decision, decision_id).version
    with pytest.raises(Stale):
        decide_award(session, stage.approver, decision_id=decision_id, approve=True, version=drawn + 1)


@pytest.mark.parametrize("status", [S.WITHDRAWN, S.DECLINED, S.INELIGIBLE, S.NOT_SELECTED, S.IN_EVALUATION])
def test_a_proposal_that_is_out_is_not_awarded(session, status) -> None:
    stage, decision_id = prepared(session)
    stage.proposals[0].status = status
    session.flush()
    with pytest.raises((NotPossibleNow, Incomplete)):
        decide_award(session, stage.approver, decision_id=decision_id, approve=True)
    assert session.scalars(select(Award)).all() == []


def test_an_award_prepared_for_another_proposal_is_not_this_one(session) -> None:
    stage, decision_id = prepared(session)
    session.get_one(Decision, decision_id).payload = {"proposal_id": str(stage.proposals[1].id), "terms_id": "x"}
    session.flush()
    with pytest.raises(Stale):
        decide_award(session, stage.approver, decision_id=decision_id, approve=True)


def test_a_withdrawn_preparation_cannot_be_decided(session) -> None:
    stage, decision_id = prepared(session)
    decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason="另有安排。")
    with pytest.raises(NotPossibleNow):
        decide_award(session, stage.approver, decision_id=decision_id, approve=True)


def test_there_is_no_award_before_the_negotiation(session) -> None:
    stage = ranked(session)
    with pytest.raises(NotPossibleNow):
        prepare_award(session, stage.operator, challenge_id=stage.challenge.id)


def test_an_unknown_decision_is_not_found(session) -> None:
    stage, decision_id = prepared(session)
    session.get_one(Decision, decision_id).kind = DecisionKind.EXTENSION
    session.flush()
    for unknown in (decision_id, stage.challenge.id):
        with pytest.raises(NotFound):
            decide_award(session, stage.approver, decision_id=unknown, approve=True)


def test_the_database_refuses_a_second_award_by_hand(any_session) -> None:
    session = any_session
    stage = awarded(session)
    first = session.scalars(select(Award)).one()
    other = Decision(
        kind=DecisionKind.AWARD,
        object_id=stage.challenge.id,
        prepared_by=stage.operator.person_id,
        prepared_at=clock.now(),
    )
    session.add(other)
    session.flush()
    insert = text(
        "INSERT INTO award (id, challenge_id, proposal_id, terms_id, decision_id, sum_fen, awarded_at,"
        " revoked_reason, version) SELECT :id, challenge_id, :proposal, terms_id, :decision, sum_fen, awarded_at,"
        " '', 1 FROM award"
    )
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    given = {"id": other.id, "proposal": stage.proposals[1].id, "decision": other.id}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert, {name: value.hex if is_sqlite else value for name, value in given.items()})
    assert session.scalars(select(Award.id)).all() == [first.id]


def test_an_award_that_came_in_by_hand_is_met_politely(session) -> None:
    stage, decision_id = prepared(session)
    terms_id = session.get_one(Decision, decision_id).payload["terms_id"]
    other = Decision(
        kind=DecisionKind.AWARD,
        object_id=stage.challenge.id,
        prepared_by=stage.operator.person_id,
        prepared_at=clock.now(),
        status=DecisionStatus.WITHDRAWN,
    )
    session.add(other)
    session.flush()
    session.add(
        Award(
            challenge_id=stage.challenge.id,
            proposal_id=stage.proposals[1].id,
            terms_id=type(other.id)(terms_id),
            decision_id=other.id,
            sum_fen=1,
            awarded_at=clock.now(),
        )
    )
    session.flush()
    with pytest.raises(Stale):
        decide_award(session, stage.approver, decision_id=decision_id, approve=True)
    session.rollback()


def test_who_reads_how_much_of_the_award(session) -> None:
    stage = awarded(session)
    full = {"sum_fen": 250 * 10**6, "lead": stage.leads[0].name}
    institute = add_member(session, Role.INSTITUTE_ADMIN, stage.proposals[0].institute)
    member = add_member(session, Role.ENTERPRISE_MEMBER, stage.enterprise)
    leader, auditor = add_member(session, Role.LEADER), add_member(session, Role.AUDITOR)
    insiders = (stage.admin, member, stage.operator, stage.approver, stage.leads[0], institute, leader, auditor)
    strangers = (
        VISITOR,
        stage.leads[1],
        add_member(session, Role.PLATFORM_ADMIN),
        add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session)),
        add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE)),
        add_member(session, Role.BROKER, add_organisation(session, OrganisationKind.AGENCY)),
    )
    for actor in insiders:
        row = award_of(session, actor, stage.challenge.id)
        assert {"sum_fen": row.sum_fen, "lead": row.lead} == full, actor.role
    for actor in strangers:
        row = award_of(session, actor, stage.challenge.id)
        assert (row.sum_fen, row.lead, row.institute) == (None, "", stage.leads[0].organisation_name), actor.role


def test_before_the_award_there_is_none_to_read(session) -> None:
    stage, _decision = prepared(session)
    assert award_of(session, VISITOR, stage.challenge.id) is None


def test_the_contract_is_signed_by_both_sides(session) -> None:
    stage = awarded(session)
    with pytest.raises(NotPossibleNow, match="first"):
        sign_contract(session, stage.leads[0], challenge_id=stage.challenge.id)
    assert sign_contract(session, stage.admin, challenge_id=stage.challenge.id) is False
    events = len(session.scalars(select(Event)).all())
    assert sign_contract(session, stage.admin, challenge_id=stage.challenge.id) is False
    assert len(session.scalars(select(Event)).all()) == events
    assert statuses(session, stage)[0] is S.AWARDED
    assert sign_contract(session, stage.leads[0], challenge_id=stage.challenge.id) is True
    assert statuses(session, stage)[0] is S.CONTRACTED
    assert sign_contract(session, stage.leads[0], challenge_id=stage.challenge.id) is True


def test_who_signs_the_contract(session) -> None:
    stage = awarded(session)
    for actor in (stage.operator, stage.approver):
        with pytest.raises(Forbidden):
            sign_contract(session, actor, challenge_id=stage.challenge.id)
    with pytest.raises(NotPossibleNow):
        sign_contract(session, stage.leads[1], challenge_id=stage.challenge.id)
    with pytest.raises(Forbidden):
        institute = add_member(session, Role.INSTITUTE_ADMIN, stage.proposals[0].institute)
        sign_contract(session, institute, challenge_id=stage.challenge.id)
    with pytest.raises(NotFound):
        sign_contract(session, stage.admin, challenge_id=stage.proposals[0].id)


def test_no_contract_without_an_award(session) -> None:
    stage = negotiating(session)
    agree_terms(session, stage)
    reply_to_all(session, stage, 0)
    with pytest.raises(NotFound):
        sign_contract(session, stage.admin, challenge_id=stage.challenge.id)
