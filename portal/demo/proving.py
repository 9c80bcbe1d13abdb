"""The story of a line validation: plan, agreement, runs, verdict, signatures."""

from collections.abc import Generator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Award, PlanCharacteristic, Proposal, Role, RunStage, ValidationPlan
from portal import clock
from portal.demo.fates import Fate
from portal.demo.parties import Cast
from portal.permissions import Actor
from portal.validation.commands import judge_validation, lock_data, sign_off, start_runs
from portal.validation.plans import agree_plan, save_plan, write_plan
from portal.validation.runs import record_run

Story = Generator[datetime, None, None]
DAY = timedelta(days=1)
RUNS = ((RunStage.BASELINE, 3), (RunStage.FIRST_ARTICLE, 8), (RunStage.PILOT, 16), (RunStage.AT_RATE, 26))


def proving_story(
    session: Session, cast: Cast, row: dict[str, Any], fate: Fate, challenge_id: UUID, start: datetime
) -> Story:
    """From the award to the signatures; a failed one misses its first mandatory limit at rate."""
    admin = cast.one(row["enterprise"], Role.ENTERPRISE_ADMIN)
    member = cast.one(row["enterprise"], Role.ENTERPRISE_MEMBER)
    yield start
    lead = winner(session, cast, challenge_id)
    plan_id = write_plan(session, member, challenge_id=challenge_id)
    today = clock.today()
    save_plan(
        session,
        member,
        plan_id=plan_id,
        version=None,
        sampling="每阶段取连续生产的一个批次，按验收指标逐项测量。",
        decision_rule="批量阶段必达指标全部在限值内为通过。",
        starts_on=today + timedelta(days=5),
        ends_on=today + timedelta(days=45),
        line=row["line_site"][:400],
    )
    if fate is Fate.PLANNED:
        agree_plan(session, admin, plan_id=plan_id, version=None)
        return
    yield start + 2 * DAY
    agree_plan(session, admin, plan_id=plan_id, version=None)
    yield start + 4 * DAY
    agree_plan(session, lead, plan_id=plan_id, version=None)
    yield start + 6 * DAY
    start_runs(session, admin, plan_id=plan_id, version=None)
    for stage, day in RUNS[:3] if fate is Fate.VALIDATING else RUNS:
        yield start + (6 + day) * DAY
        misses = fate is Fate.UNSOLVED and stage is RunStage.AT_RATE
        _run(session, member, plan_id, stage, misses=misses)
    if fate is Fate.VALIDATING:
        return
    yield start + 36 * DAY
    lock_data(session, admin, plan_id=plan_id, version=None)
    yield start + 37 * DAY
    judge_validation(session, admin, plan_id=plan_id, version=None)
    for number, signer in enumerate((admin, lead, cast.one("", Role.OPERATOR))):
        yield start + (38 + number) * DAY
        sign_off(session, signer, plan_id=plan_id, version=None)


def winner(session: Session, cast: Cast, challenge_id: UUID) -> Actor:
    """The investigator of the award in force."""
    lead_id = session.scalar(
        select(Proposal.lead_id)
        .join(Award, Award.proposal_id == Proposal.id)
        .where(Award.challenge_id == challenge_id, Award.revoked_at.is_(None))
    )
    return next(actor for actors in cast.actors.values() for actor in actors if actor.person_id == lead_id)


def _run(session: Session, member: Actor, plan_id: UUID, stage: RunStage, *, misses: bool) -> None:
    plan = session.get(ValidationPlan, plan_id)
    assert plan is not None
    query = (
        select(PlanCharacteristic).where(PlanCharacteristic.plan_id == plan_id).order_by(PlanCharacteristic.position)
    )
    rows = session.scalars(query).all()
    hit = next((row.id for row in rows if row.mandatory), rows[0].id)
    values = {
        row.id: measured(row, stage, misses=misses and row.id == hit, seed=plan.number + row.position) for row in rows
    }
    record_run(
        session,
        member,
        plan_id=plan_id,
        version=None,
        stage=stage,
        ran_on=clock.today(),
        values=values,
        lot=f"{clock.today():%y%m%d}-{stage.value[:2].upper()}",
        device="",
    )


def measured(row: PlanCharacteristic, stage: RunStage, *, misses: bool, seed: int) -> Decimal:
    """A plausible value: today's process lies just outside, the answer comes closer to the target by stage."""
    low, high = row.lower, row.upper
    edge = high if low is None and high is not None else low or Decimal(0)
    span = high - low if low is not None and high is not None else abs(edge)
    target = row.target if row.target is not None else edge + (span / 4 if low is not None else -span / 4)
    outward = Decimal(1) if low is None else Decimal(-1)
    if stage is RunStage.BASELINE or misses:
        value = edge + outward * max(span / 10, Decimal("0.01"))
        value = max(value, Decimal(0)) if edge >= 0 else value
    else:
        share = {RunStage.FIRST_ARTICLE: 3, RunStage.PILOT: 2, RunStage.AT_RATE: 1}[stage]
        value = target + (edge - target) * (Decimal(share) / 5 + Decimal(seed % 3) / 20)
    places = max(0, -int(target.normalize().as_tuple().exponent), -int(edge.normalize().as_tuple().exponent)) + 1
    rounded = round(value, min(places, 4))
    inside = (low is None or rounded >= low) and (high is None or rounded <= high)
    return rounded if misses or stage is RunStage.BASELINE or inside else target
