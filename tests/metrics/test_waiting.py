"""What waits for me: no more and no less than what the pages behind it let this hat do now."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import (
    Addendum,
    ChallengeStatus,
    Membership,
    MembershipStatus,
    NdaMode,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    TeamMember,
    ValidationPlan,
)
from portal import clock
from portal.challenges.addenda import confirm_addendum, prepare_addendum
from portal.challenges.extensions import prepare_extension
from portal.challenges.nda import accept_nda, choose_nda_mode, current_nda, write_nda
from portal.metrics.waiting import waiting_for
from portal.permissions import Actor
from portal.reviews.commands import (
    fall_through,
    record_ranking,
    shortlist_challenge,
    sign_contract,
    turn_opening_key,
    withdraw_challenge,
    write_terms,
)
from portal.reviews.rules import Party
from portal.validation.commands import start_runs
from tests.challenges.samples import add_cast, opened_to_answers
from tests.challenges_life.samples import jump, researcher, submitted_proposal, told
from tests.factories import add_member, add_organisation
from tests.reviews.stage import (
    awarded,
    entries,
    evaluating,
    negotiating,
    opened,
    prepared,
    ranked,
    reply_to_all,
    set_stage,
)
from tests.validation.world import agreed, make_world

WORDS = {"title": "补充", "text": "增加 0.02 mm 规格", "is_material": True}


def messages(session, actor: Actor) -> list[str]:
    session.flush()
    return [row.message for row in waiting_for(session, actor)]


def moved(session, actor: Actor) -> Actor:
    """The same person at another institute; the old membership has ended."""
    old = session.get_one(Membership, actor.membership_id)
    old.status = MembershipStatus.DISABLED
    person = session.get_one(Person, actor.person_id)
    return add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE), person)


def as_official(session, actor: Actor, role: Role) -> Actor:
    return add_member(session, role, None, session.get_one(Person, actor.person_id))


def publish_addendum(session, cast, challenge) -> None:
    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, **WORDS)
    confirm_addendum(session, cast.operator, addendum_id=addendum_id)


def test_an_addendum_older_than_the_submission_is_known(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    publish_addendum(session, cast, challenge)
    clock.set_offset(60)
    lead = researcher(session)
    submitted_proposal(session, challenge, lead)
    assert "Acknowledge a material addendum" not in messages(session, lead)

    clock.set_offset(120)
    publish_addendum(session, cast, challenge)

    assert messages(session, lead).count("Acknowledge a material addendum") == 1
    assert session.scalars(select(Addendum)).all()[1].published_at is not None


def test_whoever_changed_employer_has_nothing_to_do_there(session) -> None:
    """Hard case 11: rights follow the membership at the time of each read."""
    stage = negotiating(session, 1)
    write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=10**8, text="三期付款")
    assert messages(session, stage.leads[0]) == ["Read and accept the terms"]
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    lead = researcher(session)
    submitted_proposal(session, challenge, lead)
    clock.set_offset(60)
    publish_addendum(session, cast, challenge)
    assert messages(session, lead) == ["Acknowledge a material addendum"]

    for person in (stage.leads[0], lead):
        assert messages(session, moved(session, person)) == []


def test_a_key_whose_time_ran_out_is_turned_again(session) -> None:
    stage = set_stage(session)
    message = "Open the proposals with the other side"
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)
    assert message not in messages(session, stage.admin)
    assert message in messages(session, stage.operator)

    clock.set_offset(timedelta(minutes=31).total_seconds())

    assert message in messages(session, stage.admin)


def test_terms_of_a_proposal_that_is_out_wait_for_nobody(session) -> None:
    stage = negotiating(session, 2)
    write_terms(session, stage.operator, challenge_id=stage.challenge.id, sum_fen=10**8, text="三期付款")
    assert messages(session, stage.admin).count("Read and accept the terms") == 1
    reply_to_all(session, stage)
    ids = {"challenge_id": stage.challenge.id}
    fall_through(session, stage.operator, **ids, walked_away=Party.INSTITUTE, reason="谈判破裂")
    shortlist_challenge(session, stage.operator, **ids)

    assert stage.challenge.status is ChallengeStatus.NEGOTIATING
    assert "Read and accept the terms" not in messages(session, stage.admin)
    assert "Read and accept the terms" not in messages(session, stage.leads[0])


@pytest.mark.parametrize("by_enterprise", [True, False])
def test_who_recorded_the_ranking_does_not_agree_to_it(session, by_enterprise) -> None:
    stage = evaluating(session, 2)
    author, other = (stage.admin, stage.operator) if by_enterprise else (stage.operator, stage.admin)
    assert any("ank" in message for message in messages(session, stage.admin))
    record_ranking(session, author, challenge_id=stage.challenge.id, entries=entries(stage))

    assert messages(session, author) == []
    assert len(messages(session, other)) == 1


def test_a_withdrawn_challenge_leaves_no_extension_to_decide(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    later = challenge.closes_at + timedelta(days=3)
    prepare_extension(session, cast.operator, challenge_id=challenge.id, closes_at=later, reason="还有人问")
    assert messages(session, cast.approver) == ["Decide on the prepared extension"]

    withdraw_challenge(session, cast.admin, challenge_id=challenge.id, reason="方向改了")

    assert messages(session, cast.approver) == []


def test_a_request_under_an_older_agreement_is_none(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    choose_nda_mode(session, cast.admin, challenge_id=challenge.id, mode=NdaMode.ON_REQUEST)
    reader = researcher(session)
    nda = current_nda(session, challenge.id)
    assert nda is not None
    accept_nda(session, reader, challenge_id=challenge.id, nda_version_id=nda.id)
    assert "Decide on a request to read under NDA" in messages(session, cast.admin)

    write_nda(session, cast.admin, challenge_id=challenge.id, text="新的文本")

    assert "Decide on a request to read under NDA" not in messages(session, cast.admin)


def test_after_the_deadline_nothing_of_the_open_time_waits(session) -> None:
    """The minute before the clock wrote the close is after the deadline all the same."""
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    lead = researcher(session)
    submitted_proposal(session, challenge, lead)
    clock.set_offset(60)
    publish_addendum(session, cast, challenge)
    prepare_addendum(session, cast.admin, challenge_id=challenge.id, **WORDS)
    assert "Confirm the prepared addendum" in messages(session, cast.operator)

    jump(challenge.closes_at)

    assert messages(session, lead) == []
    assert "Confirm the prepared addendum" not in messages(session, cast.operator)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.APPROVER])
@pytest.mark.parametrize("make", [set_stage, opened, evaluating, ranked, negotiating, prepared])
def test_nothing_waits_for_an_official_in_an_evaluation_with_an_answer_of_their_own(session, make, role) -> None:
    """The page behind it is closed to them: of two roles on one record the stricter holds."""
    found = make(session, 2)
    stage = found[0] if isinstance(found, tuple) else found
    on_team = add_member(session, Role.RESEARCHER, session.get_one(Organisation, stage.proposals[1].institute_id))
    session.add(TeamMember(proposal_id=stage.proposals[1].id, person_id=on_team.acting_person, added_at=clock.now()))

    for answered in (stage.leads[0], on_team):
        assert messages(session, as_official(session, answered, role)) == []


def test_an_official_with_an_answer_of_their_own_is_not_told_how_it_goes(session) -> None:
    stage = set_stage(session, 2)
    both = as_official(session, stage.leads[1], Role.OPERATOR)
    clean = add_member(session, Role.OPERATOR)
    ids = {"challenge_id": stage.challenge.id}
    turn_opening_key(session, stage.admin, **ids)
    turn_opening_key(session, stage.operator, **ids)

    assert any("second" in one or "turned its key" in one for one in told(session, clean))
    # As an answerer, that the own one was opened; nothing of the rest.
    assert [one for one in told(session, both) if "of yours" not in one] == []


def test_an_admin_of_the_enterprise_with_an_answer_of_their_own_has_nothing_to_sign(session) -> None:
    stage = awarded(session, 2)
    person = session.get_one(Person, stage.leads[1].person_id)
    both = add_member(session, Role.ENTERPRISE_ADMIN, stage.enterprise, person)

    waiting = [row for row in waiting_for(session, both) if row.page == "evaluation"]

    assert waiting == []
    assert any(row.page == "evaluation" for row in waiting_for(session, stage.admin))


def test_the_plan_to_write_is_found_where_it_is_begun(session) -> None:
    world = make_world(session)

    for actor in (world.admin, world.lead):
        (row,) = [row for row in waiting_for(session, actor) if row.message == "Write the validation plan"]
        assert (row.page, row.object_id) == ("validations", None)


def test_the_next_step_of_a_validation_waits_for_whoever_takes_it(session) -> None:
    world = make_world(session)
    agreed(session, world)
    start, record = "Start the runs of the validation", "Record the runs of the validation"
    lock = "The last day of the runs has passed: record what is missing and lock the data"
    for actor in (world.admin, world.lead):
        assert messages(session, actor) == [start]

    plan = session.scalars(select(ValidationPlan)).one()
    start_runs(session, world.admin, plan_id=plan.id, version=None)
    member = add_member(session, Role.ENTERPRISE_MEMBER, session.get_one(Organisation, world.admin.organisation_id))
    assert messages(session, world.admin) == messages(session, member) == [record]
    assert messages(session, world.lead) == []

    plan.ends_on = clock.today() - timedelta(days=1)
    assert messages(session, world.admin) == [lock]
    assert messages(session, member) == []


def test_the_contract_comes_before_the_plan_and_is_asked_for_as_an_act(session) -> None:
    stage = awarded(session, 1)
    lead, admin = stage.leads[0], stage.admin

    assert [row.message for row in waiting_for(session, admin)] == ["Record the signed contract"]
    sign_contract(session, admin, challenge_id=stage.challenge.id)
    assert [row.message for row in waiting_for(session, lead)] == ["Confirm the signed contract"]
    sign_contract(session, lead, challenge_id=stage.challenge.id)
    for actor in (admin, lead):
        assert [row.message for row in waiting_for(session, actor)] == ["Write the validation plan"]
