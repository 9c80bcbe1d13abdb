"""Terms in numbered versions, accepted by two people; replies prepared before anything ends."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import Decision, DecisionStatus, Event, ProposalStatus, Reply, ReplyReason, Role, Terms
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.permissions import Action
from portal.reviews.commands import accept_terms, decline_award, prepare_reply, write_terms
from portal.reviews.own_award import own_award
from portal.reviews.queries import evaluation_detail, terms_history
from tests.factories import add_member, add_organisation, add_person
from tests.reviews.stage import agree_terms, awarded, negotiating, opened, prepared, ranked, set_stage

SUM = 250 * 10**6


def test_both_sides_accept(session) -> None:
    stage = negotiating(session)
    terms = agree_terms(session, stage)

    assert terms.number == 1
    assert terms.enterprise_accepted_by == stage.admin.person_id
    assert terms.investigator_accepted_by == stage.leads[0].person_id
    acts = session.scalars(select(Event.action).where(Event.object_id == stage.challenge.id)).all()
    assert acts[-3:] == [Action.WRITE_TERMS.value, Action.ACCEPT_TERMS.value, Action.ACCEPT_TERMS.value]


def test_a_new_version_voids_acceptance_and_the_prepared_award(session) -> None:
    stage, decision_id = prepared(session)
    write_terms(session, stage.admin, challenge_id=stage.challenge.id, sum_fen=SUM, text="四期付款", number=1)

    detail = evaluation_detail(session, stage.operator, stage.challenge.id)
    assert (detail.terms.number, detail.terms.enterprise_accepted_at) == (2, None)
    assert session.get_one(Decision, decision_id).status is DecisionStatus.WITHDRAWN
    assert [row.number for row in terms_history(session, stage.admin, stage.proposals[0].id)] == [2, 1]


def test_an_older_version_cannot_be_accepted(session) -> None:
    stage = negotiating(session)
    first = write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=SUM, text="一")
    write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=SUM, text="二")
    for actor in (stage.admin, stage.leads[0]):
        with pytest.raises(Stale):
            accept_terms(session, actor, terms_id=first)


def test_two_write_at_once(session) -> None:
    stage = negotiating(session)
    write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=SUM, text="一", number=0)
    with pytest.raises(Stale):
        write_terms(session, stage.admin, challenge_id=stage.challenge.id, sum_fen=SUM, text="二", number=0)


def test_accepting_twice_is_accepting_once(session) -> None:
    stage = negotiating(session)
    terms = agree_terms(session, stage)
    before = terms.enterprise_accepted_at
    accept_terms(session, stage.admin, terms_id=terms.id)
    assert terms.enterprise_accepted_at == before


@pytest.mark.parametrize(("sum_fen", "text"), [(0, "三期"), (-1, "三期"), (10**18, "三期"), (SUM, " \u200b")])
def test_terms_need_a_sum_and_words(session, sum_fen, text) -> None:
    stage = negotiating(session)
    with pytest.raises(Invalid):
        write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=sum_fen, text=text)
    assert session.scalars(select(Terms)).all() == []


def test_only_the_parties_write_and_accept(session) -> None:
    stage = negotiating(session)
    for actor in (stage.approver, add_member(session, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            write_terms(session, actor, challenge_id=stage.challenge.id, sum_fen=SUM, text="三期")
    with pytest.raises(NotFound):
        write_terms(session, stage.leads[0], challenge_id=stage.challenge.id, sum_fen=SUM, text="三期")
    terms_id = write_terms(session, stage.admin, challenge_id=stage.challenge.id, sum_fen=SUM, text="三期")
    with pytest.raises(Forbidden):
        accept_terms(session, stage.operator, terms_id=terms_id)
    institute = add_member(session, Role.INSTITUTE_ADMIN, stage.proposals[0].institute)
    with pytest.raises(Forbidden):
        accept_terms(session, institute, terms_id=terms_id)
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    for actor in (stage.leads[1], stranger, add_member(session, Role.RESEARCHER)):
        with pytest.raises(NotFound):
            accept_terms(session, actor, terms_id=terms_id)
    with pytest.raises(NotFound):
        accept_terms(session, stage.admin, terms_id=stage.challenge.id)


def test_one_person_does_not_accept_for_both_sides(session) -> None:
    stage = negotiating(session)
    person = add_person(session)
    as_admin = add_member(session, Role.ENTERPRISE_ADMIN, stage.enterprise, person)
    as_lead = add_member(session, Role.RESEARCHER, stage.proposals[0].institute, person)
    terms_id = write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=SUM, text="三期")
    accept_terms(session, as_admin, terms_id=terms_id)
    stage.proposals[0].lead_id = person.id
    session.flush()
    with pytest.raises(Forbidden, match="person of its own"):
        accept_terms(session, as_lead, terms_id=terms_id)
    # Leading the proposal, they no longer see the evaluation from the enterprise's side at all.
    with pytest.raises(NotFound):
        evaluation_detail(session, as_admin, stage.challenge.id)


def test_the_history_of_terms_is_that_of_a_proposal_the_reader_knows(session) -> None:
    stage = negotiating(session)
    agree_terms(session, stage)

    assert [row.number for row in terms_history(session, stage.admin, stage.proposals[0].id)] == [1]
    assert terms_history(session, stage.operator, stage.proposals[1].id) == []
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    sealed = set_stage(session, 1).proposals[0].id
    for actor, proposal_id in (
        (stage.admin, uuid4()),
        (stage.operator, uuid4()),
        (stranger, stage.proposals[0].id),
        (stranger, stage.proposals[1].id),
        (stage.operator, sealed),
    ):
        with pytest.raises(NotFound):
            terms_history(session, actor, proposal_id)


def test_no_terms_outside_the_negotiation(session) -> None:
    for stage in (ranked(session), awarded(session)):
        with pytest.raises(NotPossibleNow):
            write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=SUM, text="三期")


def test_nothing_is_agreed_with_somebody_who_left(session) -> None:
    stage = negotiating(session)
    terms_id = write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=SUM, text="三期")
    decline_award(session, stage.leads[0], challenge_id=stage.challenge.id, reason="团队解散。")
    for actor in (stage.admin, stage.leads[0]):
        with pytest.raises(NotPossibleNow):
            accept_terms(session, actor, terms_id=terms_id)


def test_a_reply_can_be_written_anew_until_it_is_released(session) -> None:
    stage = opened(session, 1)
    ids = stage.proposals[0].id
    prepare_reply(session, stage.operator, proposal_id=ids, code=ReplyReason.PLAN, text="一")
    drawn = session.scalars(select(Reply)).one().version
    prepare_reply(session, stage.admin, proposal_id=ids, code=ReplyReason.BUDGET, text="二", version=drawn)
    with pytest.raises(Stale):
        prepare_reply(session, stage.operator, proposal_id=ids, code=ReplyReason.PLAN, text="三", version=drawn)

    reply = session.scalars(select(Reply)).one()
    assert (reply.code, reply.text, reply.released_at) == (ReplyReason.BUDGET, "二", None)
    assert own_award(session, stage.leads[0], stage.challenge.id).reply == ""


def test_who_may_prepare_a_reply(session) -> None:
    stage = opened(session, 1)
    ids = {"proposal_id": stage.proposals[0].id, "code": ReplyReason.PLAN}
    with pytest.raises(Forbidden):
        prepare_reply(session, stage.approver, text="一", **ids)
    with pytest.raises(NotFound):
        prepare_reply(session, stage.leads[0], text="一", **ids)
    with pytest.raises(Invalid):
        prepare_reply(session, stage.operator, text=" ", **ids)


def test_no_reply_before_the_opening_nor_after_the_end(session) -> None:
    sealed, ended = set_stage(session, 1), awarded(session)
    with pytest.raises(NotFound):
        prepare_reply(session, sealed.operator, proposal_id=sealed.proposals[0].id, code=ReplyReason.PLAN, text="一")
    with pytest.raises(NotPossibleNow):
        prepare_reply(session, ended.operator, proposal_id=ended.proposals[1].id, code=ReplyReason.PLAN, text="一")


def test_a_proposer_learns_of_nothing_but_the_own_part(session) -> None:
    stage = negotiating(session, 3, reserves=1)
    agree_terms(session, stage)

    first, second, third = (own_award(session, lead, stage.challenge.id) for lead in stage.leads)
    assert (first.status, first.terms.sum_fen) == (ProposalStatus.SHORTLISTED, SUM)
    assert first.steps == {Action.DECLINE_AWARD}
    assert (second.status, second.terms) == (ProposalStatus.IN_EVALUATION, None)
    assert second == type(second)(**{**third.__dict__, "proposal_id": second.proposal_id})
    with pytest.raises(NotFound):
        own_award(session, add_member(session, Role.RESEARCHER, add_organisation(session)), stage.challenge.id)
