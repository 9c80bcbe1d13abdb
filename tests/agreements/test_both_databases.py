"""From the draft to the renewal on SQLite and on PostgreSQL, and constraints that hold whatever the code does."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from db.migrate import downgrade, upgrade
from db.models import Agreement, AgreementStatus, CommitmentStatus, CooperationField, Role
from portal import clock
from portal.agreements.commands import prepare_renewal
from portal.agreements.commitment_queries import commitments_of, list_commitments
from portal.agreements.jobs import remind_owners, turn_agreements
from portal.agreements.queries import agreement_detail, list_agreements
from portal.events import verify_chain
from portal.metrics.waiting import waiting_for
from portal.transactions import forget_database, writing
from tests.agreements.world import draft, in_force, later, make_world, promise, report, sign, signed


def test_from_the_draft_to_the_renewal(any_session) -> None:
    session = any_session
    world = make_world(session)
    old = in_force(session, world, ends_on=clock.today() + timedelta(days=300))
    commitment = promise(session, world, old)
    promise(session, world, old, text="逾期的承诺", owner_id=world.office.id)
    report(session, world.institute_admin, commitment, CommitmentStatus.DELIVERED)
    later(250)
    assert (turn_agreements(session), remind_owners(session)) == (1, 1)
    for actor in (world.operator, world.approver, world.institute_admin, world.enterprise_admin):
        waiting_for(session, actor)
    new_id = prepare_renewal(session, world.operator, agreement_id=old.id, version=None)
    new = session.get_one(Agreement, new_id)
    sign(session, new, world.institute_admin, world.enterprise_admin, world.approver)

    assert (old.status, new.status) == (AgreementStatus.RENEWED, AgreementStatus.SIGNED)
    for actor in (world.operator, world.researcher, world.broker, world.enterprise_member):
        assert list_agreements(session, actor, university=world.university.id).total == 2
        assert agreement_detail(session, actor, old.id).row.id == old.id
    assert list_agreements(session, world.operator, field=CooperationField.TALENT, within=2000).total == 1
    assert len(commitments_of(session, world.researcher, old.id)) == 2
    assert list_commitments(session, world.officials[Role.LEADER], state="late").total == 1
    assert verify_chain(session)[1] == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE agreement SET signed_on = NULL",
        "UPDATE agreement SET ends_on = starts_on - {day}",
        "UPDATE agreement SET money_fen = 0",
        "UPDATE agreement_party SET signed_by = NULL WHERE signed_by IS NOT NULL",
        "UPDATE commitment SET status = 'delivered'",
        "UPDATE commitment SET done_on = due_on",
        "INSERT INTO agreement_field (id, agreement_id, field) SELECT agreement_id, agreement_id, field"
        " FROM agreement_field WHERE field = 'talent'",
    ],
)
def test_the_database_refuses_what_cannot_be(any_session, change) -> None:
    session = any_session
    world = make_world(session)
    promise(session, world, signed(session, world))
    day = "1" if session.get_bind().dialect.name == "postgresql" else "'1'"

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(change.format(day=day)))


def test_the_tables_come_and_go_while_filled(database_url) -> None:
    with writing() as session:
        world = make_world(session)
        commitment = promise(session, world, in_force(session, world))
        report(session, world.institute_admin, commitment, CommitmentStatus.DELIVERED)
    forget_database()
    downgrade(database_url, "0004")
    try:
        engine = create_engine(database_url)
        left = {
            name
            for name in inspect(engine).get_table_names()
            if "agreement" in name or "commitment" in name or "venture" in name
        }
        engine.dispose()
    finally:
        upgrade(database_url)
    assert left == set()
    with writing() as session:
        world = make_world(session)
        assert draft(session, world).number.endswith("0001")
        assert session.execute(text("SELECT count(*) FROM organisation")).scalar_one() > 4
