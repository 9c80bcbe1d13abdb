"""Evidence that fits its stage, norms of each stage, planned against actual days, figures over time."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.models import (
    EvidenceType,
    FigureKind,
    LandingFlag,
    LandingLane,
    LandingStage,
    LandingStep,
    MoneySource,
    Role,
)
from portal import clock
from portal.errors import Forbidden, Invalid, NotPossibleNow, Stale
from portal.house_rules import HouseRules, change_rule
from portal.landings.commands import end_landing, plan_stages, record_figure
from portal.landings.evidence import EVIDENCE
from portal.landings.figures import jobs_over_time, money_over_time, output_by_year
from portal.landings.jobs import WATCHED, flag_overruns
from portal.landings.queries import landing_detail, list_landings
from portal.landings.rules import days_over, norm_of, stage_days
from portal.landings.workflow import ENDS, LANES
from tests.landings.world import create, solved_world, step

S = LandingStage


@pytest.fixture
def world(session):
    return solved_world(session)


@pytest.fixture
def landing(session, world):
    return create(session, world.admin, challenge_id=world.challenge.id, since=clock.today() - timedelta(days=100))


def test_every_stage_names_its_evidence():
    reached = {stage for stages in LANES.values() for stage in stages[1:]}

    assert set(EVIDENCE) == reached
    assert all(kinds and EvidenceType.OTHER not in kinds for kinds in EVIDENCE.values())


@pytest.mark.parametrize("kind", [None, EvidenceType.OTHER, EvidenceType.BUSINESS_LICENCE])
def test_evidence_of_another_stage_is_refused(session, world, landing, kind):
    with pytest.raises(Invalid):
        step(session, world.admin, landing, S.AGREEMENT_SIGNED, evidence_type=kind)
    assert landing.stage is S.LEAD


def test_the_kind_of_evidence_is_kept(session, world, landing):
    for stage in (S.AGREEMENT_SIGNED, S.COMPANY_REGISTERED):
        step(session, world.admin, landing, stage)
    step(session, world.admin, landing, S.SITE_SECURED, evidence_type=EvidenceType.LEASE)

    kinds = {row.stage: row.evidence_type for row in session.scalars(select(LandingStep))}
    assert kinds[S.SITE_SECURED] is EvidenceType.LEASE
    assert landing_detail(session, world.admin, landing.id).steps[-1].evidence_type is EvidenceType.LEASE


def test_every_watched_stage_has_a_norm_of_its_own():
    assert {stage for stage in S if norm_of(HouseRules(), stage) is not None} == set(WATCHED)


@pytest.mark.parametrize(("days", "over"), [(0, 0), (90, 0), (91, 1), (100, 10)])
def test_the_last_day_of_the_norm_is_within(days, over):
    today = date(2026, 3, 5)

    assert days_over(today - timedelta(days=days), today, 90) == over
    assert days_over(today - timedelta(days=days), today, None) == 0


def test_an_overrun_is_flagged_by_the_norm_of_its_stage_and_says_how_far(session, world, landing):
    row = list_landings(session, world.operator).rows[0]
    assert (row.days_over, landing_detail(session, world.operator, landing.id).norm_days) == (10, 90)
    change_rule(session, world.officials[Role.PLATFORM_ADMIN], name="norm_days_lead", value=120)
    assert flag_overruns(session) == 0

    change_rule(session, world.officials[Role.PLATFORM_ADMIN], name="norm_days_lead", value=99)
    # Another stage's norm does not matter.
    change_rule(session, world.officials[Role.PLATFORM_ADMIN], name="norm_days_construction", value=7)

    assert flag_overruns(session) == 1
    assert landing.flag is LandingFlag.AT_RISK
    assert list_landings(session, world.operator).rows[0].days_over == 1


def test_expected_days_follow_the_norms_and_the_plan():
    start, today = date(2026, 1, 1), date(2026, 5, 1)
    stages = LANES[LandingLane.LIGHT]
    days = stage_days(
        stages,
        HouseRules(),
        lead_since=start,
        planned={S.COMPANY_REGISTERED: date(2026, 4, 20)},
        happened={S.AGREEMENT_SIGNED: date(2026, 3, 25)},
        today=today,
    )

    assert [(row.planned_on - start).days for row in days] == [0, 90, 109, 199, 289, 469]
    assert [row.is_norm for row in days] == [False, True, False, True, True, True]
    # The agreement a week early, the company eleven days late by now, the rest not due.
    assert [row.late for row in days] == [0, -7, 11, None, None, None]


def test_days_to_come_are_planned_in_their_order(session, world, landing):
    today = clock.today()
    wanted = {S.AGREEMENT_SIGNED: today + timedelta(days=5), S.SITE_SECURED: today + timedelta(days=50)}
    assert plan_stages(session, world.member, landing_id=landing.id, version=None, days=wanted) == 2
    assert plan_stages(session, world.member, landing_id=landing.id, version=None, days=wanted) == 0

    planned = {row.stage: row for row in landing_detail(session, world.lead, landing.id).days}
    assert (planned[S.SITE_SECURED].planned_on, planned[S.SITE_SECURED].is_norm) == (wanted[S.SITE_SECURED], False)
    early = {S.COMPANY_REGISTERED: today + timedelta(days=51)}
    for wrong in (early, {S.LEAD: today}, {S.OFFICE_IN_USE: today}, {S.AT_CAPACITY: date(2199, 1, 1)}):
        with pytest.raises(Invalid):
            plan_stages(session, world.admin, landing_id=landing.id, version=None, days=wrong)
    assert plan_stages(session, world.admin, landing_id=landing.id, version=None, days={S.SITE_SECURED: None}) == 1
    assert landing_detail(session, world.admin, landing.id).days[3].is_norm


def test_who_plans_and_when(session, world, landing):
    days = {S.AGREEMENT_SIGNED: clock.today()}
    for actor in (world.lead, world.officials[Role.APPROVER]):
        with pytest.raises(Forbidden):
            plan_stages(session, actor, landing_id=landing.id, version=None, days=days)
    with pytest.raises(Stale):
        plan_stages(session, world.admin, landing_id=landing.id, version=landing.version + 1, days=days)
    ended = {"landing_id": landing.id, "version": None, "end": S.RELOCATED, "reason": "迁往外地"}
    end_landing(session, world.operator, **ended)
    with pytest.raises(NotPossibleNow):
        plan_stages(session, world.admin, landing_id=landing.id, version=None, days=days)


def figure(session, world, landing, kind, amount, days_ago, *, is_plan=False, source=None):
    record_figure(
        session,
        world.admin,
        landing_id=landing.id,
        kind=kind,
        is_plan=is_plan,
        amount=amount,
        as_of=clock.today() - timedelta(days=days_ago),
        source=source,
    )


def test_money_by_source_over_time(session, world, landing):
    money = FigureKind.INVESTMENT
    figure(session, world, landing, money, "1000", -30, is_plan=True, source=MoneySource.BANK)
    figure(session, world, landing, money, "100", 20, source=MoneySource.GOVERNMENT)
    figure(session, world, landing, money, "50", 10, source=MoneySource.BANK)
    figure(session, world, landing, money, "300", 10, source=MoneySource.GOVERNMENT)
    figure(session, world, landing, money, "250", 10, source=MoneySource.GOVERNMENT)  # said anew for the same day

    days = money_over_time(landing_detail(session, world.admin, landing.id).figures)

    wan = 1_000_000
    assert [(row.total, row.planned) for row in days] == [(100 * wan, None), (300 * wan, None), (300 * wan, 1000 * wan)]
    assert days[1].actual == {MoneySource.GOVERNMENT: 250 * wan, MoneySource.BANK: 50 * wan}


def test_jobs_over_time_and_output_by_year(session, world, landing):
    figure(session, world, landing, FigureKind.JOBS, "40", 30, is_plan=True)
    figure(session, world, landing, FigureKind.JOBS, "12", 5)
    figure(session, world, landing, FigureKind.OUTPUT, "800", -400, is_plan=True)
    figure(session, world, landing, FigureKind.OUTPUT, "120", 0)
    figure(session, world, landing, FigureKind.OUTPUT, "150", 0)

    detail = landing_detail(session, world.admin, landing.id)

    assert [(row.planned, row.actual) for row in jobs_over_time(detail.figures)] == [(40, None), (40, 12)]
    this, later = clock.today().year, (clock.today() + timedelta(days=400)).year
    assert [tuple(row) for row in output_by_year(detail.figures)] == [
        (this, None, 150_000_000),
        (later, 800_000_000, None),
    ]
    with pytest.raises(Invalid):
        figure(session, world, landing, FigureKind.OUTPUT, "1", 0, source=MoneySource.BANK)


def test_the_ends_have_no_norm():
    assert all(norm_of(HouseRules(), end) is None for end in ENDS)
