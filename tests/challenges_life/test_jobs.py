"""The clock opens, closes and reminds, once each, whatever is repeated and however the clock steps."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import Event, Notification
from portal import clock
from portal.challenges.extensions import decide_extension, prepare_extension, suspend_challenge
from portal.challenges.jobs import (
    close_due,
    is_closing_due,
    is_publishing_due,
    is_reminder_due,
    publish_due,
    remind,
)
from portal.challenges.rules import accepts_proposals, has_closed
from portal.challenges.workflow import ChallengeStatus
from portal.events import verify_chain
from portal.house_rules import house_rules
from tests.challenges.samples import add_cast, approved, opened_to_answers, submitted
from tests.challenges_life.samples import jump, researcher, submitted_proposal, told
from tests.factories import add_challenge


@pytest.fixture
def cast(session):
    return add_cast(session)


def test_the_clock_closes_at_the_deadline_and_not_a_second_before(session, cast) -> None:
    challenge = opened_to_answers(session, cast)
    jump(challenge.closes_at, -1)
    assert (is_closing_due(session), close_due(session)) == (False, 0)
    assert challenge.status is ChallengeStatus.OPEN

    jump(challenge.closes_at)
    assert is_closing_due(session)
    assert close_due(session) == 1
    assert close_due(session) == 0
    assert challenge.status is ChallengeStatus.CLOSED
    assert challenge.closed_at >= challenge.closes_at
    event = session.scalars(select(Event).where(Event.action == "close_challenge")).one()
    assert (event.person_id, event.role, event.from_status, event.to_status) == (None, "clock", "open", "closed")
    for person in (cast.admin, cast.operator):
        assert len([message for message in told(session, person) if "is closed" in message]) == 1
    assert verify_chain(session)[1] == []


def test_a_clock_that_steps_back_does_not_reopen(session, cast) -> None:
    challenge = opened_to_answers(session, cast)
    jump(challenge.closes_at)
    close_due(session)

    jump(challenge.closes_at, -3600)
    assert has_closed(challenge, clock.now())
    assert not accepts_proposals(challenge, clock.now())
    assert (close_due(session), publish_due(session)) == (0, 0)
    assert challenge.status is ChallengeStatus.CLOSED


def test_a_suspended_challenge_does_not_close(session, cast) -> None:
    challenge = opened_to_answers(session, cast)
    suspend_challenge(session, cast.approver, challenge_id=challenge.id, reason="停")
    jump(challenge.closes_at, 10)
    assert (close_due(session), challenge.status) == (0, ChallengeStatus.SUSPENDED)


def test_the_clock_opens_at_the_planned_moment(session, cast) -> None:
    opens = clock.local(clock.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    challenge = approved(session, cast, schedule={"opens_on": f"{opens:%Y-%m-%d %H:%M}"})
    jump(opens, -1)
    assert (is_publishing_due(session), publish_due(session)) == (False, 0)

    jump(opens)
    assert is_publishing_due(session)
    assert (publish_due(session), publish_due(session)) == (1, 0)
    assert challenge.status is ChallengeStatus.OPEN
    assert accepts_proposals(challenge, clock.now())


def test_what_was_missed_while_the_worker_rested_still_keeps_the_open_period(session, cast) -> None:
    opens = clock.local(clock.now() + timedelta(days=1)).replace(second=0, microsecond=0)
    challenge = approved(session, cast, schedule={"opens_on": f"{opens:%Y-%m-%d %H:%M}"})
    jump(opens, 35 * 86400)

    assert publish_due(session) == 1
    least = timedelta(days=house_rules(session).minimum_open_days)
    assert challenge.closes_at - challenge.opens_at >= least


def test_reminders_go_once_to_enterprise_operators_and_followers(session, cast) -> None:
    challenge = opened_to_answers(session, cast)
    lead = researcher(session)
    submitted_proposal(session, challenge, lead)
    days = house_rules(session).reminder_days
    assert (is_reminder_due(session), remind(session)) == (False, 0)

    jump(challenge.closes_at, -days * 86400)
    assert is_reminder_due(session)
    assert remind(session) == 1
    assert (is_reminder_due(session), remind(session)) == (False, 0)
    for person in (cast.admin, cast.operator, lead):
        assert len([message for message in told(session, person) if "closes at" in message]) == 1


def test_an_extended_deadline_is_reminded_of_again(session, cast) -> None:
    challenge = opened_to_answers(session, cast)
    jump(challenge.closes_at, -86400)
    assert remind(session) == 1
    decision_id = prepare_extension(
        session,
        cast.operator,
        challenge_id=challenge.id,
        closes_at=challenge.closes_at + timedelta(days=7),
        reason="延期",
    )
    decide_extension(session, cast.approver, decision_id=decision_id, approve=True)
    assert remind(session) == 0
    jump(challenge.closes_at, -86400)
    assert remind(session) == 1
    assert remind(session) == 0


def test_operators_are_reminded_of_what_nobody_took_up(session, cast) -> None:
    challenge = submitted(session, cast)
    assert remind(session) == 0
    jump(challenge.submitted_at, 12 * 86400)
    assert remind(session) == 1
    assert remind(session) == 0
    reminders = session.scalars(select(Notification).where(Notification.message.contains("nobody has taken"))).all()
    assert [row.person_id for row in reminders] == [cast.operator.person_id]


def test_many_close_in_batches(session, cast) -> None:
    now = clock.now()
    for _ in range(120):
        add_challenge(
            session,
            cast.enterprise,
            status=ChallengeStatus.OPEN,
            opens_at=now - timedelta(days=30),
            closes_at=now - timedelta(seconds=1),
        )
    assert [close_due(session), close_due(session), close_due(session)] == [100, 20, 0]
