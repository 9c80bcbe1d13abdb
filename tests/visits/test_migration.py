"""The tables of visits come and go with their revision, on filled tables."""

from sqlalchemy import create_engine, func, inspect, select

from db.migrate import downgrade, upgrade
from db.models import Organisation, Person, Visit, VisitParticipant
from portal.transactions import forget_database, reading, writing
from tests.visits.world import announce, group, make_world, register

TABLES = {"visit", "visit_item", "visit_site", "visit_audience", "visit_participant", "calendar_feed"}


def count(table):
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_down_and_up_again_leave_everything_else(database_url):
    with writing() as session:
        world = make_world(session)
        visit = announce(session, world, audience=[world.institute.id])
        register(session, world.researcher, visit)
        group(session, world.partner, visit)
    before = (count(Organisation), count(Person))
    forget_database()
    downgrade(database_url, "0008-1")
    try:
        engine = create_engine(database_url)
        assert not TABLES & set(inspect(engine).get_table_names())
        engine.dispose()
    finally:
        upgrade(database_url)

    assert (count(Organisation), count(Person)) == before
    assert (count(Visit), count(VisitParticipant)) == (0, 0)
    with writing() as session:
        register(session, world.researcher, announce(session, world))
    assert count(VisitParticipant) == 1
