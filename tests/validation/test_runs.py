"""Runs on the line: recorded exactly, corrected in the open, excluded with a reason."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from db.models import Event, Measurement, RunStage, ValidationRun, Verdict
from portal import clock
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.permissions import Action
from portal.validation.commands import correct_measurement, exclude_run, lock_data, record_run
from portal.validation.queries import plan_detail
from portal.validation.rules import Judgement
from tests.validation.world import agreed, judged, keys, make_world, run, running


@pytest.fixture
def world(session):
    return make_world(session)


def record(session, actor, plan, values, **changes):
    arguments = {"version": None, "stage": RunStage.PILOT, "ran_on": clock.today()}
    return record_run(session, actor, plan_id=plan.id, values=values, **(arguments | changes))


def test_a_value_is_kept_as_it_was_written(session, world):
    plan = running(session, world)

    run(session, world, plan, "8.10", "０")

    stored = {row.characteristic_id: row.value for row in session.scalars(select(Measurement))}
    assert [str(stored[key]) for key in keys(session, plan)] == ["8.10", "0"]


def test_each_value_carries_its_judgement(session, world):
    plan = running(session, world)
    run(session, world, plan, "10.0", "2.01", stage=RunStage.FIRST_ARTICLE)

    detail = plan_detail(session, world.admin, plan.id)

    first, second = keys(session, plan)
    assert detail.runs[0].values[first].judgement is Judgement.INSIDE  # exactly on the limit
    assert detail.runs[0].values[second].judgement is Judgement.ABOVE
    assert detail.finding is Verdict.CONDITIONAL


@pytest.mark.parametrize("text", ["NaN", "inf", "1e400", "12,5", "1 234", "abc"])
def test_what_is_no_number_saves_nothing(session, world, text):
    plan = running(session, world)

    with pytest.raises(Invalid):
        run(session, world, plan, "9", text)

    assert session.scalar(select(func.count()).select_from(ValidationRun)) == 0


def test_a_run_needs_a_value_and_known_characteristics(session, world):
    plan = running(session, world)
    with pytest.raises(Invalid):
        record(session, world.member, plan, {})
    with pytest.raises(NotFound):
        record(session, world.member, plan, {uuid4(): "1"})


def test_a_run_in_the_future_is_refused(session, world):
    plan = running(session, world)

    with pytest.raises(Invalid):
        record(session, world.member, plan, {keys(session, plan)[0]: "9"}, ran_on=clock.today() + timedelta(days=1))


def test_only_a_baseline_may_be_older_than_the_plan(session, world):
    plan = running(session, world)
    values, before = {keys(session, plan)[0]: "9"}, clock.today() - timedelta(days=1)

    with pytest.raises(Invalid):
        record(session, world.member, plan, values, ran_on=before)
    assert record(session, world.member, plan, values, ran_on=before, stage=RunStage.BASELINE)


def test_runs_are_numbered_and_the_second_click_is_stale(session, world):
    plan = running(session, world)
    drawn, values = plan.version, {keys(session, plan)[0]: "9"}
    record(session, world.member, plan, values, version=drawn)
    session.flush()

    with pytest.raises(Stale):
        record(session, world.member, plan, values, version=drawn)
    record(session, world.admin, plan, values)

    assert list(session.scalars(select(ValidationRun.number).order_by(ValidationRun.number))) == [1, 2]


def test_the_institute_records_nothing(session, world):
    plan = running(session, world)
    for actor in (world.lead, world.institute_admin, world.operator, world.broker):
        with pytest.raises(Forbidden):
            record(session, actor, plan, {keys(session, plan)[0]: "9"})


def test_a_run_needs_a_running_validation(session, world):
    plan = agreed(session, world)

    with pytest.raises(NotPossibleNow):
        record(session, world.member, plan, {keys(session, plan)[0]: "9"})


def test_a_correction_keeps_the_old_value(session, world):
    plan = running(session, world)
    first = keys(session, plan)[0]
    run_id = run(session, world, plan, "90", "1")

    correct_measurement(
        session, world.admin, run_id=run_id, characteristic_id=first, value="9.0", reason="小数点抄错", version=None
    )

    value = plan_detail(session, world.admin, plan.id).runs[0].values[first]
    assert (value.value, value.replaced) == (Decimal("9.0"), ((Decimal(90), "小数点抄错"),))
    assert session.scalar(select(func.count()).select_from(Measurement)) == 3


def test_a_correction_after_the_lock_needs_a_reason(session, world):
    plan = running(session, world)
    first = keys(session, plan)[0]
    run_id = run(session, world, plan, "11", "1")
    lock_data(session, world.admin, plan_id=plan.id, version=None)
    arguments = {"run_id": run_id, "characteristic_id": first, "value": "9", "version": None}

    with pytest.raises(Invalid):
        correct_measurement(session, world.admin, reason="  ", **arguments)
    correct_measurement(session, world.admin, reason="仪器零点漂移", **arguments)

    event = session.scalars(select(Event).where(Event.action == Action.CORRECT_MEASUREMENT)).one()
    assert event.reason == "仪器零点漂移"
    assert "9" not in event.fields and "11" not in event.fields  # never a measured value


def test_nothing_is_corrected_after_the_verdict(session, world):
    plan = judged(session, world, "11", "1")
    run_id = session.scalars(select(ValidationRun.id)).one()

    with pytest.raises(NotPossibleNow):
        correct_measurement(
            session,
            world.admin,
            run_id=run_id,
            characteristic_id=keys(session, plan)[0],
            value="9",
            reason="再来",
            version=None,
        )
    with pytest.raises(NotPossibleNow):
        exclude_run(session, world.admin, run_id=run_id, reason="再来", version=None)


def test_a_value_that_was_never_measured_cannot_be_corrected(session, world):
    plan = running(session, world)
    run_id = run(session, world, plan, "9")

    with pytest.raises(NotFound):
        correct_measurement(
            session,
            world.admin,
            run_id=run_id,
            characteristic_id=keys(session, plan)[1],
            value="1",
            reason="补录",
            version=None,
        )


def test_an_excluded_run_stays_and_does_not_count(session, world):
    plan = running(session, world)
    run(session, world, plan, "9", "1")
    bad = run(session, world, plan, "12", "1", stage=RunStage.AT_RATE)
    assert plan_detail(session, world.admin, plan.id).finding is Verdict.FAILED

    with pytest.raises(Invalid):
        exclude_run(session, world.admin, run_id=bad, reason="", version=None)
    exclude_run(session, world.admin, run_id=bad, reason="断电重启", version=None)

    detail = plan_detail(session, world.admin, plan.id)
    assert detail.finding is Verdict.PASSED
    assert [row.excluded_reason for row in detail.runs] == ["", "断电重启"]


def test_a_strange_run_is_not_found(session, world):
    plan = running(session, world)
    run_id = run(session, world, plan, "9", "1")
    stranger = make_world(session).admin

    for target in (run_id, uuid4()):
        with pytest.raises(NotFound):
            exclude_run(session, stranger, run_id=target, reason="看看", version=None)
