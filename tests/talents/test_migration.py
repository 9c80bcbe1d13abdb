"""The tables of talents come and go with their revision, and leave the others as they were."""

from sqlalchemy import create_engine, func, inspect, select

from db.base import Base
from db.migrate import downgrade, upgrade
from db.models import ConsentUse, Event, Organisation, Talent, TalentPost
from portal.talents.consents import give_consent
from portal.talents.pool import note_growth, select_for_pool
from portal.transactions import forget_database, reading, writing
from tests.talents.test_commands import day
from tests.talents.world import make_world

TABLES = {name for name in Base.metadata.tables if name == "talent" or name.startswith("talent_")}


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_up_down_and_up_again_on_filled_tables(database_url: str) -> None:
    with writing() as session:
        world = make_world(session)
        talent = world.employed(session)
        give_consent(session, world.operator, talent_id=talent.id, use=ConsentUse.MAIL)
        select_for_pool(session, world.operator, talent_id=talent.id, selected_on=day(3), reason="骨干")
        note_growth(session, world.operator, talent_id=talent.id, noted_on=day(1), words="好")
        before = session.scalar(select(func.count()).select_from(Event))
    assert len(TABLES) == 7
    assert tables(database_url) >= TABLES
    forget_database()

    downgrade(database_url, "0004")
    try:
        assert not tables(database_url) & TABLES
    finally:
        upgrade(database_url)

    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 2
        assert session.scalar(select(func.count()).select_from(Event)) == before
        assert session.scalar(select(func.count()).select_from(Talent)) == 0
        assert session.scalar(select(func.count()).select_from(TalentPost)) == 0


def test_the_migration_makes_what_the_models_say(database_url: str) -> None:
    engine = create_engine(database_url)
    try:
        found = inspect(engine)
        for name in TABLES:
            model = Base.metadata.tables[name]
            assert {column["name"] for column in found.get_columns(name)} == {column.name for column in model.columns}
            indexes = {index["name"] for index in found.get_indexes(name)}
            assert indexes >= {index.name for index in model.indexes}, name
    finally:
        engine.dispose()
