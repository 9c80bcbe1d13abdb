"""Writing, changing and agreeing to a plan."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db.models import (
    AcceptanceMetric,
    Award,
    ChallengeStatus,
    Event,
    Notification,
    PlanCharacteristic,
    Role,
    ValidationPlan,
    ValidationStatus,
)
from portal import clock
from portal.errors import Forbidden, Incomplete, Invalid, NotFound, NotPossibleNow, Stale
from portal.permissions import VISITOR
from portal.validation.commands import abort_validation, agree_plan, save_plan, write_plan
from portal.validation.plans import Characteristic
from tests.factories import add_member, add_organisation
from tests.validation.world import METRICS, agreed, keys, make_world, written


@pytest.fixture
def world(session):
    return make_world(session)


def save(session, actor, plan, **changes):
    values = {
        "version": None,
        "sampling": plan.sampling,
        "decision_rule": plan.decision_rule,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
    }
    return save_plan(session, actor, plan_id=plan.id, **(values | changes))


def test_a_plan_copies_parties_and_metrics(session, world):
    plan = session.get_one(ValidationPlan, write_plan(session, world.member, challenge_id=world.challenge.id))

    assert (plan.number, plan.status) == (1, ValidationStatus.PLANNED)
    assert (plan.enterprise_id, plan.institute_id) == (world.enterprise.id, world.institute.id)
    assert (plan.lead_id, plan.proposal_id) == (world.lead.person_id, world.proposal.id)
    rows = session.scalars(select(PlanCharacteristic).order_by(PlanCharacteristic.position)).all()
    assert [(r.name, r.unit, r.lower, r.upper, r.target, r.mandatory) for r in rows] == list(METRICS)
    assert [r.sample_size for r in rows] == [1, 1]


def test_the_investigator_may_write_it_too(session, world):
    assert write_plan(session, world.lead, challenge_id=world.challenge.id)


def test_a_second_click_gets_the_first_plan(session, world):
    first = write_plan(session, world.admin, challenge_id=world.challenge.id)

    assert write_plan(session, world.lead, challenge_id=world.challenge.id) == first
    assert session.scalar(select(func.count()).select_from(ValidationPlan)) == 1


def test_strangers_find_no_award(session, world):
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    for actor in (stranger, world.operator, world.teammate, VISITOR):
        with pytest.raises((NotFound, Forbidden)):
            write_plan(session, actor, challenge_id=world.challenge.id)
    broker_of_the_house = add_member(session, Role.BROKER, world.enterprise)
    with pytest.raises(Forbidden):
        write_plan(session, broker_of_the_house, challenge_id=world.challenge.id)


def test_a_revoked_award_is_no_award(session, world):
    session.scalars(select(Award)).one().revoked_at = clock.now()
    session.flush()

    with pytest.raises(NotFound):
        write_plan(session, world.admin, challenge_id=world.challenge.id)


def test_a_challenge_that_is_not_awarded_has_no_plan(session):
    world = make_world(session, status=ChallengeStatus.SOLVED)

    with pytest.raises(NotPossibleNow):
        write_plan(session, world.admin, challenge_id=world.challenge.id)


def test_a_metric_that_cannot_be_judged_stops_the_plan(session, world):
    metric = session.scalars(select(AcceptanceMetric)).first()
    metric.lower = metric.upper
    session.flush()

    with pytest.raises(Invalid):
        write_plan(session, world.admin, challenge_id=world.challenge.id)


def test_an_edit_voids_what_was_agreed(session, world):
    plan = written(session, world)
    agree_plan(session, world.lead, plan_id=plan.id, version=plan.version)

    assert save(session, world.member, plan, sampling="每卷取五片") is True

    assert (plan.investigator_agreed_at, plan.investigator_agreed_by) == (None, None)
    told = session.scalars(
        select(Notification).where(
            Notification.person_id == world.lead.person_id, Notification.message.contains("again")
        )
    ).all()
    assert len(told) == 1


def test_saving_the_same_again_keeps_the_agreement(session, world):
    plan = written(session, world)
    agree_plan(session, world.lead, plan_id=plan.id, version=None)
    events = session.scalar(select(func.count()).select_from(Event))

    assert save(session, world.admin, plan) is False

    assert plan.investigator_agreed_at is not None
    assert session.scalar(select(func.count()).select_from(Event)) == events


def test_sample_size_and_method_belong_to_the_plan(session, world):
    plan = written(session, world)
    first = keys(session, plan)[0]

    save(session, world.lead, plan, characteristics=[Characteristic(first, 30, "接触式测厚")])

    row = session.get_one(PlanCharacteristic, first)
    assert (row.sample_size, row.method) == (30, "接触式测厚")


@pytest.mark.parametrize("size", [0, -1, 10**9])
def test_a_sample_size_out_of_bounds_is_refused(session, world, size):
    plan = written(session, world)

    with pytest.raises(Invalid):
        save(session, world.lead, plan, characteristics=[Characteristic(keys(session, plan)[0], size, "")])


def test_a_characteristic_of_another_plan_is_not_found(session, world):
    plan = written(session, world)
    other = keys(session, written(session, make_world(session)))[0]

    with pytest.raises(NotFound):
        save(session, world.admin, plan, characteristics=[Characteristic(other, 5, "")])


def test_the_institute_cannot_set_the_line(session, world):
    plan = written(session, world)

    save(session, world.lead, plan, line="他处", sampling="每卷取五片")

    assert plan.line == "二号箔轧线"


def test_the_last_day_before_the_first_is_refused(session, world):
    plan = written(session, world)

    with pytest.raises(Invalid):
        save(session, world.admin, plan, ends_on=plan.starts_on - timedelta(days=1))


def test_a_text_too_long_is_refused_with_a_count(session, world):
    plan = written(session, world)

    with pytest.raises(Invalid) as refused:
        save(session, world.admin, plan, sampling="长" * 2001)

    assert refused.value.params == {"count": 2001, "limit": 2000}


def test_half_a_character_is_refused_and_direction_marks_dropped(session, world):
    plan = written(session, world)
    with pytest.raises(Invalid):
        save(session, world.admin, plan, sampling="\ud800")

    save(session, world.admin, plan, sampling="头\u202e中\u200b尾\x00")

    assert plan.sampling == "头中尾"


def test_an_old_page_is_stale(session, world):
    plan = written(session, world)

    with pytest.raises(Stale):
        save(session, world.admin, plan, version=plan.version - 1, sampling="新")
    with pytest.raises(Stale):
        agree_plan(session, world.admin, plan_id=plan.id, version=plan.version - 1)


def test_both_agreements_freeze_the_plan(session, world):
    plan = written(session, world)

    assert agree_plan(session, world.admin, plan_id=plan.id, version=plan.version) is False
    assert (plan.status, plan.frozen_at) == (ValidationStatus.PLANNED, None)
    assert agree_plan(session, world.lead, plan_id=plan.id, version=plan.version) is True

    assert plan.status is ValidationStatus.PLAN_AGREED
    assert plan.frozen_at is not None
    with pytest.raises(NotPossibleNow):
        save(session, world.admin, plan, sampling="改")


def test_agreeing_twice_changes_nothing(session, world):
    plan = written(session, world)
    agree_plan(session, world.admin, plan_id=plan.id, version=None)
    at = plan.enterprise_agreed_at

    assert agree_plan(session, world.admin, plan_id=plan.id, version=0) is False

    assert plan.enterprise_agreed_at == at


def test_an_incomplete_plan_says_what_is_missing(session, world):
    plan_id = write_plan(session, world.lead, challenge_id=world.challenge.id)

    with pytest.raises(Incomplete) as refused:
        agree_plan(session, world.lead, plan_id=plan_id, version=None)

    assert [key for key, _message, _params in refused.value.missing] == ["line", "sampling", "dates"]


def test_who_may_agree(session, world):
    plan = written(session, world)
    for actor in (world.member, world.institute_admin, world.teammate, world.operator):
        with pytest.raises(Forbidden):
            agree_plan(session, actor, plan_id=plan.id, version=None)


def test_after_an_abort_the_next_number_is_written(session, world):
    plan = agreed(session, world)
    abort_validation(session, world.admin, plan_id=plan.id, version=None, reason="设备检修")

    second = session.get_one(ValidationPlan, write_plan(session, world.lead, challenge_id=world.challenge.id))

    assert second.number == 2
    assert world.challenge.status is ChallengeStatus.AWARDED
