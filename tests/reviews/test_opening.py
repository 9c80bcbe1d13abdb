"""Opening: two people of two organisations, after the deadline, within half an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db.models import ChallengeStatus, Event, Notification, OpeningKey, Role
from portal import clock
from portal.errors import Forbidden, NotFound, NotPossibleNow, NotSignedIn
from portal.permissions import VISITOR, Action
from portal.proposals.content import list_opened
from portal.reviews.commands import turn_opening_key
from portal.reviews.queries import evaluation_detail
from tests.factories import add_member, add_organisation, add_person
from tests.reviews.stage import set_stage

S = ChallengeStatus


def test_two_keys_open(session) -> None:
    stage = set_stage(session)

    assert turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id) is False
    assert stage.challenge.opened_at is None
    assert turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id) is True

    assert stage.challenge.opened_at is not None
    assert stage.challenge.status is S.CLOSED
    opening = session.scalars(select(Event).where(Event.object_id == stage.challenge.id)).one()
    assert opening.action == Action.OPEN_PROPOSALS.value
    assert len(list_opened(session, stage.admin, stage.challenge.id)) == 3


def test_both_keys_count_once_the_proposals_are_open(session) -> None:
    stage = set_stage(session)
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)
    turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id)

    detail = evaluation_detail(session, stage.operator, stage.challenge.id)
    assert [key.counts for key in detail.keys] == [True, True]


def test_the_order_of_the_keys_does_not_matter(session) -> None:
    stage = set_stage(session, 0)

    assert turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id) is False
    assert turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id) is True


def test_one_person_opens_nothing_however_often(session) -> None:
    stage = set_stage(session)

    for _ in range(3):
        assert turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id) is False
    assert stage.challenge.opened_at is None
    assert session.scalar(select(func.count()).select_from(OpeningKey)) == 1
    with pytest.raises(NotFound):
        list_opened(session, stage.admin, stage.challenge.id)


def test_two_of_one_organisation_open_nothing(session) -> None:
    stage = set_stage(session)
    colleague = add_member(session, Role.ENTERPRISE_ADMIN, stage.enterprise)
    other_operator = add_member(session, Role.OPERATOR)

    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)
    assert turn_opening_key(session, colleague, challenge_id=stage.challenge.id) is False

    session.query(OpeningKey).delete()
    turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id)
    assert turn_opening_key(session, other_operator, challenge_id=stage.challenge.id) is False
    assert stage.challenge.opened_at is None


def test_one_person_with_both_hats_opens_nothing(session) -> None:
    stage = set_stage(session)
    person = add_person(session)
    as_admin = add_member(session, Role.ENTERPRISE_ADMIN, stage.enterprise, person)
    as_operator = add_member(session, Role.OPERATOR, None, person)

    turn_opening_key(session, as_admin, challenge_id=stage.challenge.id)
    with pytest.raises(Forbidden, match="another person"):
        turn_opening_key(session, as_operator, challenge_id=stage.challenge.id)
    assert stage.challenge.opened_at is None


def test_an_operator_who_also_works_for_the_enterprise_turns_no_key(session) -> None:
    stage = set_stage(session)
    person = add_person(session)
    add_member(session, Role.ENTERPRISE_MEMBER, stage.enterprise, person)
    as_operator = add_member(session, Role.OPERATOR, None, person)
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)

    with pytest.raises(Forbidden, match="another operator"):
        turn_opening_key(session, as_operator, challenge_id=stage.challenge.id)


@pytest.mark.parametrize("role", [Role.ENTERPRISE_MEMBER, Role.ENTERPRISE_ADMIN, Role.RESEARCHER, Role.LEADER])
def test_nobody_else_learns_that_there_is_something_to_open(session, role) -> None:
    stage = set_stage(session)
    somebody = add_member(session, role, add_organisation(session))

    with pytest.raises(NotFound):
        turn_opening_key(session, somebody, challenge_id=stage.challenge.id)


def test_watchers_turn_no_key(session) -> None:
    stage = set_stage(session)

    with pytest.raises(Forbidden):
        turn_opening_key(session, stage.approver, challenge_id=stage.challenge.id)
    with pytest.raises(Forbidden):
        turn_opening_key(session, add_member(session, Role.AUDITOR), challenge_id=stage.challenge.id)
    with pytest.raises((NotFound, NotSignedIn)):
        turn_opening_key(session, VISITOR, challenge_id=stage.challenge.id)


def test_one_second_early_is_too_early(session) -> None:
    stage = set_stage(session)
    stage.challenge.closes_at = clock.now() + timedelta(seconds=1)

    with pytest.raises(NotPossibleNow, match="deadline"):
        turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)
    assert session.scalar(select(func.count()).select_from(OpeningKey)) == 0


def test_a_challenge_that_the_clock_has_not_closed_yet_waits(session) -> None:
    stage = set_stage(session, status=S.OPEN, closed_at=None)

    with pytest.raises(NotFound):
        turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)


def test_a_clock_set_forward_and_back_opens_nothing(session) -> None:
    stage = set_stage(session)
    closes_at = clock.now() + timedelta(hours=1)
    # The clock ran two hours ahead, and the challenge was closed by it.
    stage.challenge.closes_at = stage.challenge.closed_at = closes_at
    clock.set_offset(7200)
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)

    clock.set_offset(0)
    for actor in (stage.operator, stage.admin):
        with pytest.raises(NotPossibleNow, match="deadline"):
            turn_opening_key(session, actor, challenge_id=stage.challenge.id)

    clock.set_offset(3700)
    assert turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id) is False
    assert stage.challenge.opened_at is None
    assert turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id) is True


@pytest.mark.parametrize(("minutes", "opens"), [(30, True), (30.1, False)])
def test_a_key_counts_for_half_an_hour(session, monkeypatch, minutes, opens) -> None:
    stage = set_stage(session)
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)

    later = start + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id) is opens
    assert turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id) is True


@pytest.mark.parametrize("status", [S.EVALUATING, S.NEGOTIATING, S.AWARDED, S.NO_AWARD])
def test_it_is_opened_once(session, status) -> None:
    stage = set_stage(session)
    stage.challenge.status = status
    with pytest.raises(NotPossibleNow):
        turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)


def test_a_repeat_after_the_opening_changes_nothing(session) -> None:
    stage = set_stage(session)
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)
    turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id)
    opened_at, events = stage.challenge.opened_at, session.scalar(select(func.count()).select_from(Event))

    assert turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id) is True
    assert stage.challenge.opened_at == opened_at
    assert session.scalar(select(func.count()).select_from(Event)) == events


@pytest.mark.parametrize("proposals", [0, 3])
def test_before_the_opening_the_page_is_the_same_whether_anybody_proposed(session, proposals) -> None:
    stage = set_stage(session, proposals)
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)

    for actor in (stage.admin, stage.operator, stage.approver, add_member(session, Role.AUDITOR)):
        detail = evaluation_detail(session, actor, stage.challenge.id)
        assert detail.proposals == []
        assert [key.turned_at is not None for key in detail.keys] == [True, False]
    told = session.scalars(select(Notification.person_id)).all()
    assert told == [stage.operator.person_id]


def test_everybody_is_told_of_the_opening_without_a_number(session) -> None:
    stage = set_stage(session, 2)
    turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id)
    turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id)

    notices = session.scalars(select(Notification)).all()
    told = {notice.person_id for notice in notices}
    assert told == {stage.admin.person_id, stage.operator.person_id, *(lead.person_id for lead in stage.leads)}
    assert {tuple(sorted(notice.params)) for notice in notices} <= {("title",), ("minutes", "title")}
