"""Stages in the order of the lane, with evidence and verification; figures planned and actual."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db.models import (
    FigureKind,
    LandingFigure,
    LandingFlag,
    LandingLane,
    LandingStage,
    LandingStep,
    MoneySource,
    Notification,
    Person,
    Role,
)
from portal import clock
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.files.queries import open_file
from portal.landings.commands import flag_landing, record_figure, verify_step
from portal.landings.queries import landing_detail
from portal.landings.workflow import LANES
from portal.permissions import VISITOR
from tests.factories import add_member, add_organisation
from tests.landings.world import create, solved_world, step

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def world(session):
    return solved_world(session)


@pytest.fixture
def landing(session, world):
    return create(session, world.admin, challenge_id=world.challenge.id, since=clock.today() - timedelta(days=10))


@pytest.mark.parametrize("lane", LandingLane)
def test_a_project_walks_through_its_lane(session, world, lane):
    landing = create(session, world.admin, challenge_id=world.challenge.id, lane=lane)

    for stage in LANES[lane][1:]:
        step(session, world.admin, landing, stage)

    assert landing.stage is LANES[lane][-1]
    assert [row.stage for row in landing_detail(session, world.admin, landing.id).steps] == list(LANES[lane][1:])
    with pytest.raises(NotPossibleNow):
        step(session, world.admin, landing, LANES[lane][-1])


@pytest.mark.parametrize(
    "stage", [LandingStage.COMPANY_REGISTERED, LandingStage.LEAD, LandingStage.OFFICE_IN_USE, LandingStage.LOST]
)
def test_only_the_next_stage_can_be_reached(session, world, landing, stage):
    with pytest.raises(NotPossibleNow):
        step(session, world.admin, landing, stage)


def test_a_step_keeps_when_it_happened_apart_from_when_it_was_entered(session, world, landing):
    day = clock.today() - timedelta(days=5)

    step_id = step(session, world.member, landing, LandingStage.AGREEMENT_SIGNED, happened_on=day)

    row = session.get_one(LandingStep, step_id)
    assert (row.happened_on, clock.local(row.entered_at).date()) == (day, clock.today())
    assert landing.stage_since == day


@pytest.mark.parametrize("days", [1, -11])
def test_a_day_in_the_future_or_before_the_stage_before_is_refused(session, world, landing, days):
    with pytest.raises(Invalid):
        step(
            session,
            world.admin,
            landing,
            LandingStage.AGREEMENT_SIGNED,
            happened_on=clock.today() + timedelta(days=days),
        )
    assert landing.stage is LandingStage.LEAD


def test_the_same_day_as_the_stage_before_is_fine(session, world, landing):
    step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED, happened_on=landing.stage_since)


def test_evidence_is_needed(session, world, landing):
    with pytest.raises(Invalid):
        step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED, evidence=" ")


def test_a_second_click_is_stale(session, world, landing):
    drawn = landing.version
    step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED, version=drawn)

    with pytest.raises(Stale):
        step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED, version=drawn)


def test_progress_takes_the_flag_down(session, world, landing):
    flag_landing(
        session, world.operator, landing_id=landing.id, version=None, flag=LandingFlag.STALLED, reason="等待批复"
    )

    step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED)

    assert (landing.flag, landing.flag_reason) == (LandingFlag.ON_TRACK, "")


def test_an_operator_verifies_what_another_entered(session, world, landing):
    step_id = step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED)
    told = session.scalars(select(Notification.person_id).where(Notification.message.contains("please verify"))).all()
    assert told == [world.operator.person_id]
    for actor in (world.admin, world.officials[Role.APPROVER], world.institute_admin):
        with pytest.raises(Forbidden):
            verify_step(session, actor, step_id=step_id)

    verify_step(session, world.operator, step_id=step_id)
    first = session.get_one(LandingStep, step_id).verified_at
    verify_step(session, add_member(session, Role.OPERATOR), step_id=step_id)

    row = session.get_one(LandingStep, step_id)
    assert (row.verified_by, row.verified_at) == (world.operator.person_id, first)


def test_who_entered_a_step_does_not_verify_it(session, world, landing):
    step_id = step(session, world.operator, landing, LandingStage.AGREEMENT_SIGNED)

    with pytest.raises(Forbidden):
        verify_step(session, world.operator, step_id=step_id)
    assert landing_detail(session, world.operator, landing.id).steps[0].may_verify is False


def test_an_operator_of_a_party_does_not_verify_its_step(session, world, landing):
    step_id = step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED)
    both = add_member(session, Role.OPERATOR, None, session.get_one(Person, world.member.person_id))

    assert landing_detail(session, both, landing.id).steps[0].may_verify is False
    with pytest.raises(Forbidden, match="another role"):
        verify_step(session, both, step_id=step_id)


def test_evidence_files_are_read_by_who_reads_the_project(session, world, landing):
    landing.is_public, landing.public_summary = True, "简介"
    step_id = step(session, world.admin, landing, LandingStage.AGREEMENT_SIGNED, file=("协议.pdf", PDF))
    file_id = session.get_one(LandingStep, step_id).file_id

    for actor in (world.admin, world.institute_admin, world.lead, world.officials[Role.LEADER]):
        assert open_file(session, actor, file_id).content == PDF
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    for actor in (VISITOR, stranger, world.officials[Role.PLATFORM_ADMIN]):
        with pytest.raises(NotFound):
            open_file(session, actor, file_id)


def figure(session, actor, landing, amount="1200", **changes):
    values = {
        "kind": FigureKind.INVESTMENT,
        "is_plan": True,
        "source": MoneySource.BANK,
        "as_of": clock.today(),
    }
    return record_figure(session, actor, landing_id=landing.id, amount=amount, **(values | changes))


@pytest.mark.parametrize(
    ("text", "fen"),
    [("１２．５万", 12_500_000), ("1200", 1_200_000_000), ("1.2 亿元", 12_000_000_000), ("3000 元", 300_000), ("0", 0)],
)
def test_money_is_exact(session, world, landing, text, fen):
    figure(session, world.admin, landing, text)

    assert session.scalars(select(LandingFigure.amount)).all() == [fen]


@pytest.mark.parametrize("text", ["-1", "1e400", "1e-9", "NaN", "inf", "12,5", "1 234", "", "0.0000001", "99999999999"])
def test_what_is_no_sum_is_refused(session, world, landing, text):
    with pytest.raises(Invalid):
        figure(session, world.admin, landing, text)


@pytest.mark.parametrize("text", ["-1", "1.5", "many", "1000001"])
def test_jobs_are_whole_persons(session, world, landing, text):
    with pytest.raises(Invalid):
        figure(session, world.admin, landing, text, kind=FigureKind.JOBS, source=None)


def test_money_has_a_source_and_jobs_have_none(session, world, landing):
    with pytest.raises(Invalid):
        figure(session, world.admin, landing, source=None)
    with pytest.raises(Invalid):
        figure(session, world.admin, landing, kind=FigureKind.JOBS)
    with pytest.raises(Invalid):
        figure(session, world.admin, landing, as_of=clock.today() + timedelta(days=1), is_plan=False)
    with pytest.raises(Invalid):
        figure(session, world.admin, landing, as_of=clock.today() + timedelta(days=16 * 366))
    figure(session, world.admin, landing, as_of=clock.today() + timedelta(days=300))


def test_planned_against_actual(session, world, landing):
    week_ago = clock.today() - timedelta(days=7)
    figure(session, world.admin, landing, "500", as_of=week_ago)
    figure(session, world.admin, landing, "600")
    figure(session, world.admin, landing, "200", source=MoneySource.GOVERNMENT, is_plan=False)
    figure(session, world.operator, landing, "40", kind=FigureKind.JOBS, source=None)

    standing = landing_detail(session, world.admin, landing.id).standing

    assert [tuple(row) for row in standing] == [
        (FigureKind.INVESTMENT, MoneySource.GOVERNMENT, None, 200_000_000),
        (FigureKind.INVESTMENT, MoneySource.BANK, 600_000_000, None),
        (FigureKind.INVESTMENT, None, 600_000_000, 200_000_000),
        (FigureKind.JOBS, None, 40, None),
    ]


def test_the_same_figure_twice_is_one(session, world, landing):
    assert figure(session, world.admin, landing) == figure(session, world.admin, landing)
    assert session.scalar(select(func.count()).select_from(LandingFigure)) == 1


def test_who_may_enter_figures(session, world, landing):
    for actor in (world.lead, world.officials[Role.LEADER], world.officials[Role.APPROVER]):
        with pytest.raises(Forbidden):
            figure(session, actor, landing)
    with pytest.raises(NotFound):
        figure(session, VISITOR, landing)
