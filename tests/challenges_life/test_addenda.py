"""Addenda: prepared by one side, published by the other; a material one after a submission (domain.md 8 c)."""

import pytest
from sqlalchemy import select

from db.models import Addendum, AddendumAcknowledgement, Event, Notification, Person, Role
from portal import clock
from portal.challenges.addenda import (
    confirm_addendum,
    list_addenda,
    may_prepare_addendum,
    prepare_addendum,
    unacknowledged,
)
from portal.challenges.questions import ask_question
from portal.errors import DeadlinePassed, Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.permissions import VISITOR
from tests.challenges.samples import add_cast, approved, opened_to_answers
from tests.challenges_life.samples import jump, researcher, submitted_proposal, told
from tests.factories import add_member, add_organisation

WORDS = {"title": "补充线材规格", "text": "增加 0.02 mm 规格，考核指标不变。"}


@pytest.fixture
def scene(session):
    cast = add_cast(session)
    return cast, opened_to_answers(session, cast)


def test_the_other_side_publishes_what_one_side_prepared(session, scene) -> None:
    cast, challenge = scene
    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, **WORDS)

    assert list_addenda(session, VISITOR, challenge.id) == []
    assert list_addenda(session, researcher(session), challenge.id) == []
    (seen,) = list_addenda(session, cast.operator, challenge.id)
    assert (seen.number, seen.by_enterprise, seen.may_confirm, seen.may_rewrite) == (1, True, True, True)
    assert list_addenda(session, cast.admin, challenge.id)[0].may_confirm is False
    assert not may_prepare_addendum(session, cast.admin, challenge.id)
    assert any("confirmation" in message for message in told(session, cast.operator))

    assert confirm_addendum(session, cast.operator, addendum_id=addendum_id, version=seen.version) == 1
    assert confirm_addendum(session, cast.operator, addendum_id=addendum_id, version=seen.version) == 1

    (shown,) = list_addenda(session, VISITOR, challenge.id)
    assert (shown.number, shown.title, shown.published_at is not None) == (1, WORDS["title"], True)
    events = session.scalars(select(Event).where(Event.action == "confirm_addendum")).all()
    assert [(event.from_status, event.to_status, event.object_id) for event in events] == [
        ("open", "open", challenge.id)
    ]


def test_neither_the_own_side_nor_the_same_person_confirms(session, scene) -> None:
    cast, challenge = scene
    second_admin = add_member(session, Role.ENTERPRISE_ADMIN, challenge.organisation)
    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, **WORDS)

    for other in (cast.admin, second_admin, cast.approver, cast.member):
        with pytest.raises(Forbidden):
            confirm_addendum(session, other, addendum_id=addendum_id)
    for other in (researcher(session), add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))):
        with pytest.raises(NotFound):
            confirm_addendum(session, other, addendum_id=addendum_id)
    assert session.get(Addendum, addendum_id).published_at is None


def test_a_person_with_two_hats_does_not_confirm_their_own(session, scene) -> None:
    cast, challenge = scene
    person = session.get(Person, cast.admin.person_id)
    as_operator = add_member(session, Role.OPERATOR, None, person)
    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, **WORDS)

    with pytest.raises(Forbidden):
        confirm_addendum(session, as_operator, addendum_id=addendum_id)


def test_the_side_that_wrote_last_asks_the_other(session, scene) -> None:
    cast, challenge = scene
    first = prepare_addendum(session, cast.operator, challenge_id=challenge.id, **WORDS)
    version = session.get(Addendum, first).version

    again = prepare_addendum(
        session, cast.admin, challenge_id=challenge.id, title="改", text="企业改写", version=version
    )

    assert again == first
    with pytest.raises(Stale):
        prepare_addendum(session, cast.operator, challenge_id=challenge.id, **WORDS, version=version)
    with pytest.raises(Forbidden):
        confirm_addendum(session, cast.admin, addendum_id=first)
    assert confirm_addendum(session, cast.operator, addendum_id=first) == 1
    second = prepare_addendum(session, cast.operator, challenge_id=challenge.id, **WORDS)
    assert confirm_addendum(session, cast.admin, addendum_id=second) == 2
    assert [row.number for row in list_addenda(session, VISITOR, challenge.id)] == [2, 1]


def test_a_stale_confirmation_is_refused(session, scene) -> None:
    cast, challenge = scene
    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, **WORDS)
    version = session.get(Addendum, addendum_id).version
    prepare_addendum(session, cast.admin, challenge_id=challenge.id, title="换", text="内容换了", version=version)

    with pytest.raises(Stale):
        confirm_addendum(session, cast.operator, addendum_id=addendum_id, version=version)


def test_addenda_belong_to_open_challenges_before_the_close(session, scene) -> None:
    cast, challenge = scene
    other = approved(session, cast)
    with pytest.raises(NotPossibleNow):
        prepare_addendum(session, cast.admin, challenge_id=other.id, **WORDS)
    with pytest.raises(Invalid):
        prepare_addendum(session, cast.admin, challenge_id=challenge.id, title="只有标题", text=" ")
    for actor in (cast.member, cast.approver, cast.broker, researcher(session)):
        with pytest.raises(Forbidden):
            prepare_addendum(session, actor, challenge_id=challenge.id, **WORDS)
    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, **WORDS)
    jump(challenge.closes_at)
    # Rights before the deadline: whoever may not confirm hears that alone.
    for actor in (cast.admin, cast.approver, add_member(session, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            confirm_addendum(session, actor, addendum_id=addendum_id)
    with pytest.raises(DeadlinePassed):
        confirm_addendum(session, cast.operator, addendum_id=addendum_id)
    with pytest.raises(DeadlinePassed):
        prepare_addendum(session, cast.operator, challenge_id=challenge.id, **WORDS)


def test_a_material_addendum_asks_who_submitted_to_acknowledge_it(session, scene) -> None:
    cast, challenge = scene
    lead, asker = researcher(session), researcher(session)
    ask_question(session, asker, challenge_id=challenge.id, text="问题")
    proposal = submitted_proposal(session, challenge, lead)
    plain = prepare_addendum(session, cast.admin, challenge_id=challenge.id, **WORDS)
    confirm_addendum(session, cast.operator, addendum_id=plain)
    assert unacknowledged(session, proposal.id, challenge.id) == []

    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, is_material=True, **WORDS)
    assert unacknowledged(session, proposal.id, challenge.id) == []
    confirm_addendum(session, cast.operator, addendum_id=addendum_id)

    assert unacknowledged(session, proposal.id, challenge.id) == [(addendum_id, 2, WORDS["title"])]
    assert any("acknowledge" in message for message in told(session, lead))
    assert not any("acknowledge" in message for message in told(session, asker))
    assert any("is published" in message for message in told(session, asker))
    session.add(
        AddendumAcknowledgement(
            addendum_id=addendum_id,
            proposal_id=proposal.id,
            person_id=lead.person_id,
            acknowledged_at=clock.now(),
        )
    )
    session.flush()
    assert unacknowledged(session, proposal.id, challenge.id) == []


def test_who_submits_after_the_addendum_knew_it(session, scene) -> None:
    cast, challenge = scene
    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, is_material=True, **WORDS)
    confirm_addendum(session, cast.operator, addendum_id=addendum_id)
    clock.set_offset(1)
    proposal = submitted_proposal(session, challenge, researcher(session))

    assert unacknowledged(session, proposal.id, challenge.id) == []


def test_nobody_outside_the_team_learns_that_there_is_a_proposal(session, scene) -> None:
    """The same acts with and without a proposal leave the same rows for everybody else."""
    cast, challenge = scene
    lead = researcher(session)
    submitted_proposal(session, challenge, lead)
    addendum_id = prepare_addendum(session, cast.admin, challenge_id=challenge.id, is_material=True, **WORDS)
    confirm_addendum(session, cast.operator, addendum_id=addendum_id)

    told_others = session.scalars(select(Notification).where(Notification.person_id != lead.person_id)).all()
    assert not [row for row in told_others if "roposal" in row.message]
    published = session.scalars(select(Event).where(Event.action == "confirm_addendum")).one()
    assert published.fields == ["addendum", str(addendum_id), "number 1"]
