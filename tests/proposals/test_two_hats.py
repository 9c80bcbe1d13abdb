"""One person, two roles around one challenge: the stricter of them holds (quality.md b and its hard cases)."""

import pytest
from sqlalchemy import select

from db.models import (
    Membership,
    MembershipStatus,
    Notification,
    Organisation,
    OrganisationKind,
    Person,
    Proposal,
    Role,
)
from portal.errors import Forbidden, Invalid, NotFound
from portal.permissions import Actor
from portal.proposals.access import get_proposal
from portal.proposals.commands import draft_proposal
from portal.proposals.content import list_opened
from portal.proposals.team import add_team_member
from portal.reviews.access import get_evaluation
from portal.reviews.commands import turn_opening_key, withdraw_challenge
from portal.reviews.comparison import compare_proposals
from portal.reviews.jobs import answer_withdrawn, is_answer_due
from portal.reviews.queries import list_evaluations
from tests.factories import add_member, add_organisation
from tests.proposals.samples import add_world, open_all, submitted, the_challenge
from tests.reviews.stage import opened, set_stage


def in_another_hat(session, actor: Actor, role: Role, organisation=None) -> Actor:
    return add_member(session, role, organisation, session.get_one(Person, actor.person_id))


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.APPROVER, Role.AUDITOR])
def test_an_official_who_answered_reads_no_competing_answer(session, role) -> None:
    world = add_world(session)
    mine = submitted(session, world).proposal_id
    rival = add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE))
    theirs = draft_proposal(session, rival, challenge_id=world.challenge_id)
    session.get_one(Proposal, theirs).submission_number = 1
    open_all(session, world)
    both = in_another_hat(session, world.lead, role)
    other = add_member(session, role)

    assert get_proposal(session, other, theirs)
    assert world.challenge_id in {row.id for row in list_evaluations(session, other).rows}
    for proposal_id in (mine, theirs):
        with pytest.raises(NotFound):
            get_proposal(session, both, proposal_id)
    assert list_opened(session, both, world.challenge_id) == []
    assert list_evaluations(session, both).total == 0
    for ask in (get_evaluation, compare_proposals):
        with pytest.raises(NotFound):
            ask(session, both, world.challenge_id)
    # In the own hat nothing is lost.
    assert get_proposal(session, world.lead, mine)


def test_an_operator_who_answered_turns_no_key(session) -> None:
    stage = set_stage(session, 2)
    both = in_another_hat(session, stage.leads[0], Role.OPERATOR)

    with pytest.raises(NotFound):
        turn_opening_key(session, both, challenge_id=stage.challenge.id)


def test_whoever_acts_for_the_enterprise_or_refined_it_does_not_answer(session) -> None:
    """Hard case 8: one side a challenge."""
    world = add_world(session)
    institute = add_organisation(session, OrganisationKind.INSTITUTE)
    insider = in_another_hat(session, world.member, Role.RESEARCHER, institute)
    agency = add_organisation(session, OrganisationKind.AGENCY)
    broker = add_member(session, Role.BROKER, agency)
    the_challenge(session, world).broker_id = broker.person_id
    refiner = in_another_hat(session, broker, Role.RESEARCHER, institute)
    session.flush()

    for actor in (insider, refiner):
        with pytest.raises(Forbidden, match="another role"):
            draft_proposal(session, actor, challenge_id=world.challenge_id)
    proposal_id = draft_proposal(session, world.lead, challenge_id=world.challenge_id)
    colleague = in_another_hat(
        session, world.member, Role.RESEARCHER, session.get_one(Organisation, world.institute_id)
    )
    email = session.get_one(Person, colleague.person_id).email
    with pytest.raises(Invalid, match="Nobody with this address"):
        add_team_member(session, world.lead, proposal_id=proposal_id, email=email)


def leave(session, actor: Actor) -> None:
    session.get_one(Membership, actor.membership_id).status = MembershipStatus.DISABLED
    session.flush()


def told(session, actor: Actor) -> list[str]:
    query = select(Notification.message).where(Notification.person_id == actor.person_id)
    return list(session.scalars(query))


def test_news_of_a_proposal_follow_the_membership(session) -> None:
    """Hard case 11: whoever left hears nothing more; with nobody left to lead, the institute's admin does."""
    stage = set_stage(session, 2)
    gone, here = stage.leads
    institute = session.get_one(Organisation, stage.proposals[0].institute_id)
    admin = add_member(session, Role.INSTITUTE_ADMIN, institute)
    add_member(
        session,
        Role.RESEARCHER,
        add_organisation(session, OrganisationKind.INSTITUTE),
        session.get_one(Person, gone.person_id),
    )
    leave(session, gone)

    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)
    turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id)

    message = "The proposals for “{title}” were opened; the evaluation of yours begins."
    assert message in told(session, here)
    assert message in told(session, admin)
    assert told(session, gone) == []


def test_a_withdrawal_is_told_once_though_the_leader_left(session) -> None:
    stage = set_stage(session, 1)
    admin = add_member(session, Role.INSTITUTE_ADMIN, session.get_one(Organisation, stage.proposals[0].institute_id))
    leave(session, stage.leads[0])
    withdraw_challenge(session, stage.admin, challenge_id=stage.challenge.id, reason="停产。")

    assert is_answer_due(session)
    answer_withdrawn(session)

    assert not is_answer_due(session)
    assert told(session, stage.leads[0]) == []
    assert len(told(session, admin)) == 1


def test_the_stage_opens_for_an_official_without_a_stake(session) -> None:
    stage = opened(session, 2)

    assert len(compare_proposals(session, stage.operator, stage.challenge.id).columns) == 2
