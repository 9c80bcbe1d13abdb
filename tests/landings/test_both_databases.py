"""From the frozen plan to the landed project on SQLite and on PostgreSQL, and what waits for whom on the way."""

from datetime import timedelta

from sqlalchemy import select

from db.models import ChallengeStatus, LandingFlag, LandingStage, LandingStep, ValidationPlan, ValidationRun
from portal import clock
from portal.events import verify_chain
from portal.landings.commands import verify_step
from portal.landings.jobs import flag_overruns
from portal.landings.queries import every_landing, landing_detail, landing_sources, list_landings
from portal.landings.views import landing_board, landing_timeline, landing_towns
from portal.metrics.waiting import waiting_for
from portal.permissions import VISITOR
from portal.validation.commands import exclude_run, judge_validation, lock_data, sign_off
from portal.validation.queries import list_plans, plan_detail
from tests.landings.world import create, step
from tests.validation.world import judged, make_world, run, running, signed


def waits(session, actor):
    return {row.message for row in waiting_for(session, actor)}


def test_from_the_plan_to_the_landed_project(any_session):
    session = any_session
    world = make_world(session)
    plan = signed(session, world)
    assert world.challenge.status is ChallengeStatus.SOLVED
    for actor in (world.admin, world.lead, world.teammate, world.broker, world.operator, VISITOR):
        assert plan_detail(session, actor, plan.id).row.id == plan.id
        assert list_plans(session, actor).total == 1

    assert [row.challenge_id for row in landing_sources(session, world.institute_admin)] == [world.challenge.id]
    old = clock.today() - timedelta(days=200)
    landing = create(session, world.admin, challenge_id=world.challenge.id, since=old)
    assert flag_overruns(session) == 1
    step_id = step(session, world.member, landing, LandingStage.AGREEMENT_SIGNED)
    verify_step(session, world.operator, step_id=step_id)

    assert landing.flag is LandingFlag.ON_TRACK
    assert session.get_one(LandingStep, step_id).verified_by == world.operator.person_id
    for actor in (world.admin, world.lead, world.broker, world.operator):
        assert landing_detail(session, actor, landing.id).is_full
    assert list_landings(session, VISITOR).total == 0
    for reader in (world.admin, world.operator):
        assert [row.id for row in every_landing(session, reader)] == [landing.id]
        board = landing_board(session, reader)
        assert [row.id for column in board.lanes[landing.lane] for row in column.rows] == [landing.id]
        assert len(landing_timeline(session, reader).rows[0][1]) == 2
        assert [row.total for row in landing_towns(session, reader, money=True)] == [1]
    assert verify_chain(session)[1] == []


def test_the_operator_waits_for_both_signatures(session):
    world = make_world(session)
    plan = judged(session, world, "9", "1")
    sign_off(session, world.admin, plan_id=plan.id, version=None)
    assert "Countersign the validation" not in waits(session, world.operator)

    sign_off(session, world.lead, plan_id=plan.id, version=None)

    assert "Countersign the validation" in waits(session, world.operator)


def test_after_an_inconclusive_validation_a_plan_waits_again(session):
    world = make_world(session)
    assert "Write the validation plan" in waits(session, world.admin)
    plan = running(session, world)
    assert "Write the validation plan" not in waits(session, world.admin)
    run(session, world, plan, "9", "1")
    lock_data(session, world.admin, plan_id=plan.id, version=None)
    exclude_run(
        session, world.admin, run_id=session.scalars(select(ValidationRun.id)).one(), reason="断电", version=None
    )

    judge_validation(session, world.admin, plan_id=plan.id, version=None)

    assert "Write the validation plan" in waits(session, world.lead)
    assert session.get_one(ValidationPlan, plan.id).number == 1
