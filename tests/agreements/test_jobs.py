"""What the clock does, on the right day and once, and whom it tells."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import AgreementStatus, CommitmentStatus, Notification, OutboxMail, Role
from portal import clock
from portal.agreements.commands import prepare_renewal
from portal.agreements.jobs import is_reminder_due, is_turning_due, remind_owners, turn_agreements
from portal.house_rules import change_rule
from portal.metrics.waiting import waiting_for
from tests.agreements.world import draft, in_force, later, make_world, promise, report, sign, signed
from tests.factories import add_member

S = AgreementStatus


@pytest.fixture
def world(session):
    return make_world(session)


def waits(session, actor):
    return [row.message for row in waiting_for(session, actor)]


def mails_about(session, words):
    found = session.scalars(select(OutboxMail)).all()
    return {mail.person_id for mail in found if words in mail.body}


def test_from_the_first_day_to_the_day_after_the_last(session, world) -> None:
    today = clock.today()
    agreement = signed(session, world, starts_on=today + timedelta(days=10), ends_on=today + timedelta(days=200))
    seen = []
    for day in (9, 10, 109, 110, 200, 201):
        later(day)
        is_due = is_turning_due(session)
        moved = turn_agreements(session)
        seen.append((day, agreement.status, moved))
        assert is_due is bool(moved)

    assert seen == [
        (9, S.SIGNED, 0),
        (10, S.EFFECTIVE, 1),
        (109, S.EFFECTIVE, 0),
        (110, S.REVIEW_DUE, 1),
        (200, S.REVIEW_DUE, 0),
        (201, S.EXPIRED, 1),
    ]


def test_an_agreement_entered_late_catches_up_at_once(session, world) -> None:
    today = clock.today()
    agreement = signed(session, world, starts_on=today - timedelta(days=300), ends_on=today + timedelta(days=20))

    assert turn_agreements(session) == 2
    assert agreement.status is S.REVIEW_DUE


def test_the_notice_is_a_house_rule(session, world) -> None:
    agreement = in_force(session, world, ends_on=clock.today() + timedelta(days=50))
    assert agreement.status is S.REVIEW_DUE

    admin = world.officials[Role.PLATFORM_ADMIN]
    change_rule(session, admin, name="review_notice_days", value=30)
    other = in_force(session, world, ends_on=clock.today() + timedelta(days=50))

    assert other.status is S.EFFECTIVE


def test_operators_and_the_institutes_admin_are_reminded_of_the_renewal_once(session, world) -> None:
    in_force(session, world, ends_on=clock.today() + timedelta(days=80))
    for day in (1, 2, 30):
        later(day)
        turn_agreements(session)

    assert mails_about(session, "whether to renew it") | mails_about(session, "是否续签") == {
        world.operator.person_id,
        world.institute_admin.person_id,
    }
    rows = [row for row in session.scalars(select(Notification)) if "whether to renew" in row.message]
    assert len(rows) == 2


def test_the_owner_is_reminded_of_a_late_commitment_once(session, world) -> None:
    agreement = in_force(session, world)
    promise(session, world, agreement)
    promise(session, world, agreement, text="区里的承诺", owner_id=world.office.id)
    done = promise(session, world, agreement, text="已兑现")
    report(session, world.institute_admin, done, CommitmentStatus.DELIVERED)
    later(100)
    assert (is_reminder_due(session), remind_owners(session)) == (False, 0)

    later(101)
    assert (is_reminder_due(session), remind_owners(session)) == (True, 2)
    later(150)
    assert (is_reminder_due(session), remind_owners(session)) == (False, 0)

    rows = [row for row in session.scalars(select(Notification)) if "was due on" in row.message]
    assert {(row.person_id, row.params["item"]) for row in rows} == {
        (world.institute_admin.person_id, 1),
        (world.operator.person_id, 2),
    }


def test_a_draft_reminds_nobody(session, world) -> None:
    promise(session, world, draft(session, world))
    later(101)

    assert (is_reminder_due(session), is_turning_due(session)) == (False, False)


def test_signatures_wait_for_those_who_can_give_them(session, world) -> None:
    agreement = draft(session, world)
    message = "Read and sign the agreement"
    signers = (world.institute_admin, world.enterprise_admin, world.approver)
    assert all(message in waits(session, actor) for actor in signers)
    assert all(message not in waits(session, actor) for actor in (world.operator, world.researcher, world.broker))

    sign(session, agreement, world.institute_admin)

    assert [message in waits(session, actor) for actor in signers] == [False, True, True]


def test_a_late_commitment_waits_for_its_owner(session, world) -> None:
    agreement = in_force(session, world)
    promise(session, world, agreement)
    promise(session, world, agreement, text="区里的承诺", owner_id=world.office.id)
    message = "Report on an overdue commitment"
    assert message not in waits(session, world.institute_admin)
    colleague = add_member(session, Role.INSTITUTE_ADMIN, world.university)

    later(101)

    assert [waits(session, actor).count(message) for actor in (world.institute_admin, colleague)] == [1, 1]
    assert waits(session, world.operator).count(message) == 1
    assert message not in waits(session, world.enterprise_admin)


def test_a_renewal_waits_for_operators_until_it_is_drafted(session, world) -> None:
    agreement = in_force(session, world, ends_on=clock.today() + timedelta(days=80))
    message = "Decide on the renewal of the agreement"
    assert message in waits(session, world.operator)

    prepare_renewal(session, world.operator, agreement_id=agreement.id, version=None)

    assert message not in waits(session, world.operator)
