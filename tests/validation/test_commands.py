"""From the frozen plan to three signatures, and what becomes of the challenge."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import (
    ChallengeStatus,
    Event,
    Membership,
    MembershipStatus,
    Notification,
    Person,
    Role,
    SignOff,
    ValidationPlan,
    ValidationRun,
    ValidationStatus,
    Verdict,
)
from portal import clock
from portal.errors import Forbidden, Incomplete, Invalid, NotFound, NotPossibleNow, Stale
from portal.events import verify_chain
from portal.permissions import VISITOR
from portal.validation.commands import (
    abort_validation,
    close_actions,
    exclude_run,
    judge_validation,
    lock_data,
    sign_off,
    start_runs,
    write_plan,
)
from tests.factories import actor_of, add_member
from tests.validation.world import agreed, judged, make_world, run, running, signed, written


@pytest.fixture
def world(session):
    return make_world(session)


def test_starting_moves_plan_and_challenge_together(session, world):
    plan = agreed(session, world)

    start_runs(session, world.admin, plan_id=plan.id, version=plan.version)

    assert (plan.status, world.challenge.status) == (ValidationStatus.RUNNING, ChallengeStatus.VALIDATING)
    last = session.scalars(select(Event).order_by(Event.seq.desc()).limit(2)).all()
    assert {event.action for event in last} == {"start_runs", "start_validation"}


def test_the_investigator_may_start_too(session, world):
    plan = agreed(session, world)

    start_runs(session, world.lead, plan_id=plan.id, version=None)

    assert world.challenge.status is ChallengeStatus.VALIDATING


def test_an_agreed_plan_is_needed_to_start(session, world):
    plan = written(session, world)

    with pytest.raises(NotPossibleNow):
        start_runs(session, world.admin, plan_id=plan.id, version=None)
    assert world.challenge.status is ChallengeStatus.AWARDED


def test_a_stale_click_is_refused(session, world):
    plan = agreed(session, world)
    start_runs(session, world.admin, plan_id=plan.id, version=plan.version)
    session.flush()

    for step in (start_runs, lock_data, judge_validation, sign_off):
        with pytest.raises((Stale, NotPossibleNow)):
            step(session, world.admin, plan_id=plan.id, version=plan.version - 1)


def test_the_lock_needs_a_value_for_each_characteristic(session, world):
    plan = running(session, world)
    run(session, world, plan, "9")

    with pytest.raises(Incomplete) as refused:
        lock_data(session, world.admin, plan_id=plan.id, version=None)

    assert [params["name"] for _key, _message, params in refused.value.missing] == ["针孔"]


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        (("10.0", "2"), Verdict.PASSED),  # both exactly on the limit
        (("10.01", "2"), Verdict.FAILED),
        (("9", "3"), Verdict.CONDITIONAL),
    ],
)
def test_the_portal_finds_the_verdict(session, world, values, verdict):
    plan = judged(session, world, *values, open_actions="更换过滤芯")

    assert plan.verdict is verdict
    assert plan.status.value == verdict.value
    assert world.challenge.status is ChallengeStatus.VALIDATING


def test_conditional_needs_open_actions_and_closing_them(session, world):
    with pytest.raises(Invalid):
        judged(session, world, "9", "3")
    plan = session.scalars(select(ValidationPlan)).one()
    assert plan.status is ValidationStatus.DATA_LOCKED

    judge_validation(session, world.admin, plan_id=plan.id, version=None, open_actions="更换过滤芯")
    assert plan.open_actions == "更换过滤芯"
    with pytest.raises(NotPossibleNow):
        sign_off(session, world.admin, plan_id=plan.id, version=None)
    with pytest.raises(Invalid):
        close_actions(session, world.admin, plan_id=plan.id, version=None, reason=" ")
    close_actions(session, world.admin, plan_id=plan.id, version=None, reason="已更换并复测")

    assert (plan.status, plan.verdict) == (ValidationStatus.PASSED, Verdict.CONDITIONAL)


def test_inconclusive_sends_the_challenge_back_for_the_next_plan(session, world):
    plan = running(session, world)
    run(session, world, plan, "9", "1")
    lock_data(session, world.admin, plan_id=plan.id, version=None)
    only = session.scalars(select(ValidationRun.id)).one()
    exclude_run(session, world.admin, run_id=only, reason="来料批次错误", version=None)

    assert judge_validation(session, world.admin, plan_id=plan.id, version=None) is Verdict.INCONCLUSIVE

    assert (plan.status, world.challenge.status) == (ValidationStatus.INCONCLUSIVE, ChallengeStatus.AWARDED)
    following = session.get_one(ValidationPlan, write_plan(session, world.admin, challenge_id=world.challenge.id))
    assert following.number == 2


def test_an_abort_on_the_line_sends_the_challenge_back(session, world):
    plan = running(session, world)

    with pytest.raises(Invalid):
        abort_validation(session, world.admin, plan_id=plan.id, version=None, reason="")
    abort_validation(session, world.admin, plan_id=plan.id, version=None, reason="产线停产")

    assert (plan.status, world.challenge.status) == (ValidationStatus.ABORTED, ChallengeStatus.AWARDED)


@pytest.mark.parametrize(
    ("values", "status"), [(("9", "1"), ChallengeStatus.SOLVED), (("11", "1"), ChallengeStatus.UNSOLVED)]
)
def test_three_signatures_end_the_challenge(session, world, values, status):
    plan = signed(session, world, *values)

    assert (plan.status, world.challenge.status) == (ValidationStatus.SIGNED_OFF, status)
    assert set(session.scalars(select(SignOff.side))) == {"enterprise", "investigator", "witness"}
    assert verify_chain(session)[1] == []


def test_the_operator_countersigns_last(session, world):
    plan = judged(session, world, "9", "1")

    with pytest.raises(Forbidden):
        sign_off(session, world.operator, plan_id=plan.id, version=None)
    assert sign_off(session, world.lead, plan_id=plan.id, version=None) is False
    with pytest.raises(Forbidden):
        sign_off(session, world.operator, plan_id=plan.id, version=None)
    assert sign_off(session, world.admin, plan_id=plan.id, version=None) is False
    told = session.scalars(select(Notification).where(Notification.person_id == world.operator.person_id)).all()
    assert [row.message.split(".")[-2].strip() for row in told] == ["Please countersign"]
    assert sign_off(session, world.operator, plan_id=plan.id, version=None) is True


def test_signing_twice_is_signing_once(session, world):
    plan = judged(session, world, "9", "1")
    sign_off(session, world.admin, plan_id=plan.id, version=plan.version)
    session.flush()

    assert sign_off(session, world.admin, plan_id=plan.id, version=1) is False
    second_admin = add_member(session, Role.ENTERPRISE_ADMIN, world.enterprise)
    sign_off(session, second_admin, plan_id=plan.id, version=None)

    assert list(session.scalars(select(SignOff.person_id))) == [world.admin.person_id]


def test_one_person_never_signs_for_two_sides(session, world):
    plan = judged(session, world, "9", "1")
    sign_off(session, world.admin, plan_id=plan.id, version=None)
    sign_off(session, world.lead, plan_id=plan.id, version=None)
    hat = Membership(
        person_id=world.admin.person_id, role=Role.OPERATOR, status=MembershipStatus.ACTIVE, created_at=clock.now()
    )
    session.add(hat)
    session.flush()
    both = actor_of(hat, session.get_one(Person, world.admin.person_id), None)

    with pytest.raises(Forbidden):
        sign_off(session, both, plan_id=plan.id, version=None)


def test_conditional_whose_actions_cannot_be_closed_is_aborted_and_written_anew(session, world):
    plan = judged(session, world, "9", "3", open_actions="换一台针孔检测仪")
    assert (plan.status, world.challenge.status) == (ValidationStatus.CONDITIONAL, ChallengeStatus.VALIDATING)

    abort_validation(session, world.admin, plan_id=plan.id, version=plan.version, reason="设备停产")

    assert (plan.status, world.challenge.status) == (ValidationStatus.ABORTED, ChallengeStatus.AWARDED)
    assert write_plan(session, world.lead, challenge_id=world.challenge.id) != plan.id


def test_rights_are_asked_before_the_version(session, world):
    plan = running(session, world)
    run(session, world, plan, "9", "1")
    steps = {
        lock_data: {},
        judge_validation: {},
        abort_validation: {"reason": "不该"},
        close_actions: {"reason": "不该"},
    }
    for step, words in steps.items():
        with pytest.raises(Forbidden):
            step(session, world.operator, plan_id=plan.id, version=plan.version + 7, **words)


def test_an_operator_of_a_party_is_no_witness(session, world):
    plan = judged(session, world, "9", "1")
    for actor in (world.admin, world.lead):
        sign_off(session, actor, plan_id=plan.id, version=None)
    both = add_member(session, Role.OPERATOR, None, session.get_one(Person, world.member.person_id))

    with pytest.raises(Forbidden, match="another role"):
        sign_off(session, both, plan_id=plan.id, version=None)
    assert sign_off(session, world.operator, plan_id=plan.id, version=None) is True


def test_who_may_judge_lock_and_abort(session, world):
    plan = running(session, world)
    run(session, world, plan, "9", "1")
    for actor in (world.member, world.lead, world.operator, world.officials[Role.AUDITOR]):
        for step in (lock_data, judge_validation):
            with pytest.raises(Forbidden):
                step(session, actor, plan_id=plan.id, version=None)
        with pytest.raises(Forbidden):
            abort_validation(session, actor, plan_id=plan.id, version=None, reason="不该")


def test_strangers_and_unknown_ids_look_the_same(session, world):
    plan = signed(session, world)
    for actor in (
        VISITOR,
        world.officials[Role.LEADER],
        world.officials[Role.PLATFORM_ADMIN],
        make_world(session).lead,
    ):
        for target in (plan.id, uuid4()):
            with pytest.raises(NotFound):
                sign_off(session, actor, plan_id=target, version=None)


def test_every_step_leaves_an_event_of_the_challenge(session, world):
    plan = signed(session, world)

    acts = list(session.scalars(select(Event.action).where(Event.object_id == plan.id).order_by(Event.seq)))
    assert acts == [
        "write_plan",
        "write_plan",
        "agree_plan",
        "agree_plan",
        "start_runs",
        "record_run",
        "lock_data",
        "judge_validation",
        "sign_off",
        "sign_off",
        "sign_off",
    ]
    parents = set(session.scalars(select(Event.parent_id).where(Event.object_id == plan.id)))
    assert parents == {world.challenge.id}
