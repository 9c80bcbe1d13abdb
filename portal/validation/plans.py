"""The plan of a validation: written by either party, changed until both agree, frozen from then on."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Award,
    Challenge,
    ChallengeStatus,
    PlanCharacteristic,
    Proposal,
    ValidationPlan,
    ValidationStatus,
)
from portal import clock
from portal.errors import N_, Incomplete, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.permissions import Action, Actor, Side, authorize
from portal.texts import one_line, paragraphs
from portal.validation.access import get_plan
from portal.validation.notices import tell_parties
from portal.validation.rules import ENDED, MAX_SAMPLE, require_limits, sides
from portal.validation.workflow import VALIDATION_WORKFLOW
from portal.workflow import advance, require_version


class Characteristic(NamedTuple):
    """What the parties may set for one characteristic; its limits are those of the challenge."""

    id: UUID
    sample_size: int
    method: str


def write_plan(session: Session, actor: Actor, *, challenge_id: UUID) -> UUID:
    """Start a plan for an awarded challenge; a plan that is still alive is returned instead of a second one.

    Raises: NotFound for anybody but the enterprise and the investigator, Forbidden, NotPossibleNow, Invalid when a
    metric cannot be judged.
    """
    challenge, proposal = _awarded(session, actor, challenge_id)
    earlier = session.scalars(
        select(ValidationPlan).where(ValidationPlan.challenge_id == challenge_id).order_by(ValidationPlan.number)
    ).all()
    alive = [plan for plan in earlier if plan.status not in ENDED]
    if alive:
        return alive[-1].id
    if challenge.status is not ChallengeStatus.AWARDED:
        raise NotPossibleNow(status=challenge.status)
    now = clock.now()
    plan = ValidationPlan(
        challenge_id=challenge.id,
        proposal_id=proposal.id,
        enterprise_id=challenge.organisation_id,
        institute_id=proposal.institute_id,
        lead_id=proposal.lead_id,
        number=len(earlier) + 1,
        status=ValidationStatus.PLANNED,
        written_by=actor.acting_person,
        created_at=now,
        changed_at=now,
    )
    authorize(actor, Action.WRITE_PLAN, sides(actor, plan))
    session.add(plan)
    session.flush()
    _copy_metrics(session, plan)
    _record(session, actor, plan, Action.WRITE_PLAN, ("number",))
    tell_parties(session, plan, N_("A validation plan was started for “{title}”."), key="written", but=actor)
    return plan.id


def save_plan(
    session: Session,
    actor: Actor,
    *,
    plan_id: UUID,
    version: int | None,
    sampling: str,
    decision_rule: str,
    starts_on: date | None,
    ends_on: date | None,
    line: str | None = None,
    characteristics: Sequence[Characteristic] = (),
) -> bool:
    """Change the plan; any change voids what was agreed so far. Returns whether anything changed.

    The line belongs to the enterprise: None leaves it, and the institute can neither read nor set it.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow once it is frozen, Invalid.
    """
    plan = get_plan(session, actor, plan_id, lock=True)
    where = sides(actor, plan)
    authorize(actor, Action.WRITE_PLAN, where)
    require_version(plan, version)
    _require_planned(plan)
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid(N_("The last day lies before the first one."), field="ends_on")
    wanted: dict[str, Any] = {
        "sampling": paragraphs(sampling, 2000, field="sampling"),
        "decision_rule": paragraphs(decision_rule, 2000, field="decision_rule"),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    if line is not None and Side.ENTERPRISE in where:
        wanted["line"] = one_line(line, 400, field="line")
    changed = [name for name, value in wanted.items() if getattr(plan, name) != value]
    for name in changed:
        setattr(plan, name, wanted[name])
    changed += _save_characteristics(session, plan, characteristics)
    if changed:
        _void_agreements(session, actor, plan)
        plan.changed_at = clock.now()
        _record(session, actor, plan, Action.WRITE_PLAN, changed)
    return bool(changed)


def agree_plan(session: Session, actor: Actor, *, plan_id: UUID, version: int | None) -> bool:
    """Agree for one's own side; the second agreement freezes the plan. Returns whether it is frozen.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Incomplete.
    """
    plan = get_plan(session, actor, plan_id, lock=True)
    where = sides(actor, plan)
    authorize(actor, Action.AGREE_PLAN, where)
    if _has_agreed(plan, where):
        return plan.frozen_at is not None
    require_version(plan, version)
    _require_planned(plan)
    if missing := missing_of(session, plan):
        raise Incomplete(missing)
    now = clock.now()
    if Side.ENTERPRISE in where:
        plan.enterprise_agreed_by, plan.enterprise_agreed_at = actor.acting_person, now
    else:
        plan.investigator_agreed_by, plan.investigator_agreed_at = actor.acting_person, now
    plan.changed_at = now
    if plan.enterprise_agreed_at is None or plan.investigator_agreed_at is None:
        _record(session, actor, plan, Action.AGREE_PLAN, ("one side",))
        message = N_("The other side agreed to the validation plan of “{title}”. It is your turn.")
        tell_parties(session, plan, message, key=f"agreed:{now.isoformat()}", but=actor)
        return False
    plan.frozen_at = now
    advance(session, actor, VALIDATION_WORKFLOW, plan, Action.AGREE_PLAN)
    tell_parties(session, plan, N_("The validation plan of “{title}” is agreed and frozen."), key="frozen", but=actor)
    return True


def missing_of(session: Session, plan: ValidationPlan) -> list[tuple[str, str, dict[str, Any]]]:
    """What a plan still lacks before anybody can agree to it."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    if not plan.line:
        found.append(("line", N_("The enterprise has not named the line yet."), {}))
    if not plan.sampling:
        found.append(("sampling", N_("How samples are taken is not described yet."), {}))
    if plan.starts_on is None or plan.ends_on is None:
        found.append(("dates", N_("The first and the last day are not set yet."), {}))
    count = session.scalar(
        select(func.count()).select_from(PlanCharacteristic).where(PlanCharacteristic.plan_id == plan.id)
    )
    if not count:
        found.append(("characteristics", N_("The plan has no characteristic to measure."), {}))
    return found


def _awarded(session: Session, actor: Actor, challenge_id: UUID) -> tuple[Challenge, Proposal]:
    """The challenge and the proposal it is awarded to, for the two parties alone."""
    row = session.execute(
        select(Challenge, Proposal)
        .join(Award, Award.challenge_id == Challenge.id)
        .join(Proposal, Proposal.id == Award.proposal_id)
        .where(Challenge.id == challenge_id, Award.revoked_at.is_(None))
        .with_for_update(of=Challenge)
    ).one_or_none()
    if row is None:
        raise NotFound
    challenge, proposal = row
    is_lead = proposal.lead_id == actor.person_id and proposal.institute_id == actor.organisation_id
    if actor.person_id is None or not (is_lead or challenge.organisation_id == actor.organisation_id):
        raise NotFound
    return challenge, proposal


def _copy_metrics(session: Session, plan: ValidationPlan) -> None:
    metrics = session.scalars(
        select(AcceptanceMetric)
        .where(AcceptanceMetric.challenge_id == plan.challenge_id)
        .order_by(AcceptanceMetric.position)
    )
    for metric in metrics:
        require_limits(metric.name, metric.unit, metric.lower, metric.upper, metric.target)
        session.add(
            PlanCharacteristic(
                plan_id=plan.id,
                metric_id=metric.id,
                position=metric.position,
                name=metric.name,
                unit=metric.unit,
                lower=metric.lower,
                upper=metric.upper,
                target=metric.target,
                mandatory=metric.mandatory,
                sample_size=1,
                method=metric.method,
            )
        )
    session.flush()


def _save_characteristics(session: Session, plan: ValidationPlan, wanted: Sequence[Characteristic]) -> list[str]:
    known = {
        row.id: row for row in session.scalars(select(PlanCharacteristic).where(PlanCharacteristic.plan_id == plan.id))
    }
    changed = []
    for row in wanted:
        if row.id not in known:
            raise NotFound
        if not 1 <= row.sample_size <= MAX_SAMPLE:
            raise Invalid(
                N_("“{name}”: the sample size must lie between 1 and {most}."),
                field="sample_size",
                name=known[row.id].name,
                most=MAX_SAMPLE,
            )
        method = one_line(row.method, 400, field="method")
        if (known[row.id].sample_size, known[row.id].method) != (row.sample_size, method):
            known[row.id].sample_size, known[row.id].method = row.sample_size, method
            changed.append(f"characteristic {known[row.id].position}")
    return changed


def _void_agreements(session: Session, actor: Actor, plan: ValidationPlan) -> None:
    """Nobody is bound to words that changed after they agreed; who had agreed is told."""
    had_agreed = plan.enterprise_agreed_at or plan.investigator_agreed_at
    plan.enterprise_agreed_by = plan.enterprise_agreed_at = None
    plan.investigator_agreed_by = plan.investigator_agreed_at = None
    if had_agreed:
        message = N_("The validation plan of “{title}” was changed; please read it and agree again.")
        tell_parties(session, plan, message, key=f"voided:{clock.now().isoformat()}", but=actor)


def _has_agreed(plan: ValidationPlan, where: frozenset[Side]) -> bool:
    at = plan.enterprise_agreed_at if Side.ENTERPRISE in where else plan.investigator_agreed_at
    return at is not None


def _require_planned(plan: ValidationPlan) -> None:
    if plan.status is not ValidationStatus.PLANNED:
        raise NotPossibleNow(status=plan.status)


def _record(session: Session, actor: Actor, plan: ValidationPlan, action: Action, fields: Sequence[str] = ()) -> None:
    record_event(
        session,
        actor,
        action,
        VALIDATION_WORKFLOW.name,
        plan.id,
        fields=fields,
        parent_id=plan.challenge_id,
    )
