"""Projects of the older schema get their first day, their share and a kind of evidence; back and forth loses none."""

from datetime import timedelta

from sqlalchemy import inspect, select, text

from db.base import Base
from db.migrate import downgrade, upgrade
from db.models import EvidenceType, Landing, LandingShare, LandingStage, LandingStep, Role
from portal import clock
from portal.house_rules import change_rule, house_rules
from portal.transactions import database, forget_database, reading, writing
from tests.factories import add_member
from tests.landings.world import create, solved_world, step

OLDER = "0004"


def test_up_down_and_up_again_on_filled_tables(database_url):
    since = clock.today() - timedelta(days=40)
    with writing() as session:
        world = solved_world(session)
        grown = create(session, world.admin, challenge_id=world.challenge.id, since=since)
        step(session, world.admin, grown, LandingStage.AGREEMENT_SIGNED, happened_on=since + timedelta(days=5))
        lead = create(session, world.operator, institute_id=world.institute.id, since=since)
        change_rule(session, add_member(session, Role.PLATFORM_ADMIN), name="norm_days_lead", value=33)
        grown_id, lead_id = grown.id, lead.id
    _forth_and_back(database_url)

    with reading() as session:
        shares = session.scalars(select(LandingShare)).all()
        assert {(row.landing_id, row.kind.value, row.points) for row in shares} == {
            (grown_id, "challenge", 10_000),
            (lead_id, "direct", 10_000),
        }
        # The first stage was reached before the project was recorded: no earlier day is known any more.
        assert session.get_one(Landing, grown_id).lead_since == since + timedelta(days=5)
        assert session.get_one(Landing, lead_id).lead_since == since
        assert session.scalars(select(LandingStep.evidence_type)).all() == [EvidenceType.OTHER]
        # The one norm of before, which an admin had changed, is that of every stage.
        rules = house_rules(session)
        assert (rules.norm_days_lead, rules.norm_days_construction, rules.norm_days_team_on_board) == (45, 45, 45)
        tables = set(inspect(session.get_bind()).get_table_names())
        assert {table.name for table in Base.metadata.sorted_tables} <= tables


def _forth_and_back(url: str) -> None:
    forget_database()
    downgrade(url, OLDER)
    try:
        with database().engine.begin() as connection:
            connection.execute(text("DELETE FROM setting"))
            changed = {"name": "stage_norm_days", "value": "45", "at": f"{clock.now():%Y-%m-%d %H:%M:%S}"}
            connection.execute(
                text("INSERT INTO setting (name, value, changed_at) VALUES (:name, :value, :at)"), changed
            )
    finally:
        forget_database()
        upgrade(url)
