"""Hard case 11: rights and news follow the membership at the time, in evaluation, award and validation."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import Membership, MembershipStatus, Notification, Organisation, OrganisationKind, Person, Role
from portal import clock
from portal.challenges.addenda import confirm_addendum, prepare_addendum
from portal.challenges.rules import sides
from portal.errors import NotFound
from portal.permissions import Actor, Side
from portal.reviews.access import get_own_proposal
from portal.reviews.commands import accept_terms, decline_award, sign_contract, write_terms
from portal.reviews.own_award import own_award
from portal.reviews.queries import terms_history
from tests.challenges.samples import add_cast, opened_to_answers
from tests.challenges_life.samples import researcher, submitted_proposal
from tests.factories import add_challenge, add_member, add_organisation
from tests.reviews.stage import Stage, agree_terms, awarded, negotiating


def moved(session, actor: Actor) -> Actor:
    session.get_one(Membership, actor.membership_id).status = MembershipStatus.DISABLED
    elsewhere = add_organisation(session, OrganisationKind.INSTITUTE)
    return add_member(session, Role.RESEARCHER, elsewhere, session.get_one(Person, actor.person_id))


def institute_admin(session, stage: Stage) -> Actor:
    institute = session.get_one(Organisation, stage.proposals[0].institute_id)
    return add_member(session, Role.INSTITUTE_ADMIN, institute)


def told(session, actor: Actor, since: int = 0) -> list[str]:
    query = select(Notification.message).where(Notification.person_id == actor.person_id)
    return list(session.scalars(query.order_by(Notification.created_at, Notification.id)))[since:]


def test_an_investigator_who_left_has_no_part_in_it_any_more(session) -> None:
    stage = negotiating(session, 1)
    ids = {"challenge_id": stage.challenge.id}
    terms_id = write_terms(session, stage.operator, **ids, sum_fen=10**8, text="三期付款")
    assert own_award(session, stage.leads[0], stage.challenge.id).terms

    gone = moved(session, stage.leads[0])

    for read in (get_own_proposal, own_award):
        with pytest.raises(NotFound):
            read(session, gone, stage.challenge.id)
    with pytest.raises(NotFound):
        accept_terms(session, gone, terms_id=terms_id)
    with pytest.raises(NotFound):
        decline_award(session, gone, **ids, reason="走了")
    with pytest.raises(NotFound):
        terms_history(session, gone, stage.proposals[0].id)


def test_new_terms_are_told_to_the_institute_and_not_to_who_left(session) -> None:
    stage = negotiating(session, 1)
    admin = institute_admin(session, stage)
    gone = moved(session, stage.leads[0])
    before, before_admin = len(told(session, gone)), len(told(session, admin))

    write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=10**8, text="三期付款")

    assert told(session, gone, before) == []
    assert any("terms" in message for message in told(session, admin, before_admin))


def test_a_recorded_contract_is_told_to_the_institute_and_not_to_who_left(session) -> None:
    stage = awarded(session, 1)
    admin = institute_admin(session, stage)
    gone = moved(session, stage.leads[0])
    before = len(told(session, gone))

    sign_contract(session, stage.admin, challenge_id=stage.challenge.id)

    assert told(session, gone, before) == []
    assert any("contract" in message for message in told(session, admin))


def test_an_addendum_asks_nothing_of_an_investigator_who_left(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    lead = researcher(session)
    submitted_proposal(session, challenge, lead)
    gone = moved(session, lead)
    clock.set_offset(60)
    words = {"title": "补充", "text": "增加 0.02 mm 规格", "is_material": True}

    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, **words)
    confirm_addendum(session, cast.operator, addendum_id=addendum_id)

    assert [message for message in told(session, gone) if "Your proposal" in message] == []


def test_a_broker_is_assigned_in_the_role_of_a_broker_alone(session) -> None:
    cast = add_cast(session)
    challenge = add_challenge(session, cast.enterprise, broker_id=cast.broker.person_id)
    person = session.get_one(Person, cast.broker.person_id)
    institute = add_organisation(session, OrganisationKind.INSTITUTE)
    elsewhere = add_member(session, Role.RESEARCHER, institute, person)

    assert sides(cast.broker, challenge) == {Side.ASSIGNED}
    assert sides(elsewhere, challenge) == frozenset()


def test_the_terms_of_an_unknown_proposal_are_not_found(session) -> None:
    stage = negotiating(session, 1)
    agree_terms(session, stage)
    with pytest.raises(NotFound):
        terms_history(session, stage.operator, uuid4())
