"""Runs on the line: values recorded against the plan, corrected in the open, excluded with a reason, never deleted."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Measurement,
    PlanCharacteristic,
    RunStage,
    ValidationPlan,
    ValidationRun,
    ValidationStatus,
)
from portal import clock
from portal.errors import N_, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.permissions import Action, Actor, authorize
from portal.texts import needed, one_line, paragraphs
from portal.validation.access import get_plan
from portal.validation.rules import Limits, Reading, measured_value, sides
from portal.validation.workflow import VALIDATION_WORKFLOW
from portal.workflow import require_version

_S = ValidationStatus


def record_run(
    session: Session,
    actor: Actor,
    *,
    plan_id: UUID,
    version: int | None,
    stage: RunStage,
    ran_on: date,
    values: Mapping[UUID, Decimal | str],
    lot: str = "",
    device: str = "",
    note: str = "",
) -> UUID:
    """Record one stay on the line with at most one value per characteristic, kept as exact decimals.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid for a date in the future, a run older than the frozen
    plan (a baseline may be), no value at all or something that is no number.
    """
    plan = _changing(session, actor, plan_id, version, Action.RECORD_RUN, (_S.RUNNING,))
    _require_day(plan, stage, ran_on)
    known = {row.id: row for row in _characteristics(session, plan.id)}
    if not values.keys() <= known.keys():
        raise NotFound
    exact = {key: measured_value(value, field=known[key].name) for key, value in values.items()}
    if not exact:
        raise Invalid(N_("Please enter at least one measured value."), field="values")
    now = clock.now()
    last = session.scalar(select(func.max(ValidationRun.number)).where(ValidationRun.plan_id == plan.id))
    run = ValidationRun(
        plan_id=plan.id,
        number=(last or 0) + 1,
        stage=stage,
        ran_on=ran_on,
        lot=one_line(lot, 80, field="lot"),
        device=one_line(device, 120, field="device"),
        note=paragraphs(note, 2000, field="note"),
        recorded_by=actor.acting_person,
        recorded_at=now,
    )
    session.add(run)
    session.flush()
    for key, value in exact.items():
        session.add(_measurement(actor, run.id, key, value))
    plan.changed_at = now
    _record(session, actor, plan, Action.RECORD_RUN, run, (stage.value,))
    return run.id


def correct_measurement(
    session: Session,
    actor: Actor,
    *,
    run_id: UUID,
    characteristic_id: UUID,
    value: Decimal | str,
    reason: str,
    version: int | None,
) -> None:
    """Put another value in force; the old one stays beside it, also after the lock.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without a reason or for something that is no number.
    """
    run = session.get(ValidationRun, run_id)
    if run is None:
        raise NotFound
    changeable = (_S.RUNNING, _S.DATA_LOCKED)
    plan = _changing(session, actor, run.plan_id, version, Action.CORRECT_MEASUREMENT, changeable)
    old = session.scalars(
        select(Measurement)
        .where(Measurement.run_id == run_id, Measurement.characteristic_id == characteristic_id)
        .order_by(Measurement.correction.desc())
        .limit(1)
    ).first()
    if old is None:
        raise NotFound
    new = _measurement(actor, run_id, characteristic_id, measured_value(value, field="value"))
    new.correction = old.correction + 1
    new.correction_reason = _reason(reason)
    session.add(new)
    plan.changed_at = clock.now()
    _record(session, actor, plan, Action.CORRECT_MEASUREMENT, run, (str(characteristic_id),), new.correction_reason)


def exclude_run(session: Session, actor: Actor, *, run_id: UUID, reason: str, version: int | None) -> None:
    """Leave a run out of the verdict for its special cause; it stays and says why. A repeat changes nothing.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without a reason.
    """
    run = session.get(ValidationRun, run_id)
    if run is None:
        raise NotFound
    plan = _changing(session, actor, run.plan_id, None, Action.EXCLUDE_RUN, (_S.RUNNING, _S.DATA_LOCKED))
    if run.excluded_reason:
        return
    require_version(plan, version)
    run.excluded_reason = _reason(reason)
    plan.changed_at = clock.now()
    _record(session, actor, plan, Action.EXCLUDE_RUN, run, (), run.excluded_reason)


def limits_of(session: Session, plan_id: UUID) -> list[Limits]:
    """The characteristics as the rules judge them."""
    return [Limits(row.id, row.lower, row.upper, row.mandatory) for row in _characteristics(session, plan_id)]


def readings_of(session: Session, plan_id: UUID) -> list[Reading]:
    """Every value in force of the runs that are not excluded, baseline included."""
    query = (
        select(ValidationRun, Measurement)
        .join(Measurement, Measurement.run_id == ValidationRun.id)
        .where(ValidationRun.plan_id == plan_id, ValidationRun.excluded_reason == "")
        .order_by(ValidationRun.number, Measurement.correction)
    )
    found: dict[tuple[UUID, UUID], Reading] = {}
    for run, row in session.execute(query):
        key = (run.id, row.characteristic_id)
        found[key] = Reading(row.characteristic_id, run.stage, run.ran_on, run.number, row.value)
    return list(found.values())


def _changing(
    session: Session,
    actor: Actor,
    plan_id: UUID,
    version: int | None,
    action: Action,
    allowed: tuple[ValidationStatus, ...],
) -> ValidationPlan:
    plan = get_plan(session, actor, plan_id, lock=True)
    authorize(actor, action, sides(actor, plan))
    require_version(plan, version)
    if plan.status not in allowed:
        raise NotPossibleNow(status=plan.status)
    return plan


def _require_day(plan: ValidationPlan, stage: RunStage, ran_on: date) -> None:
    if ran_on > clock.today():
        raise Invalid(N_("A run cannot lie in the future."), field="ran_on")
    if plan.frozen_at is not None and stage is not RunStage.BASELINE and ran_on < clock.local(plan.frozen_at).date():
        raise Invalid(N_("Only a baseline run may be older than the agreed plan."), field="ran_on")


def _reason(text: str) -> str:
    reason = paragraphs(text, 600, field="reason")
    return needed(reason, N_("Please give a reason; the other side will read it."), field="reason")


def _characteristics(session: Session, plan_id: UUID) -> Sequence[PlanCharacteristic]:
    query = select(PlanCharacteristic).where(PlanCharacteristic.plan_id == plan_id)
    return session.scalars(query.order_by(PlanCharacteristic.position)).all()


def _measurement(actor: Actor, run_id: UUID, characteristic_id: UUID, value: Decimal) -> Measurement:
    return Measurement(
        run_id=run_id,
        characteristic_id=characteristic_id,
        value=value,
        measured_at=clock.now(),
        recorded_by=actor.acting_person,
    )


def _record(
    session: Session,
    actor: Actor,
    plan: ValidationPlan,
    action: Action,
    run: ValidationRun,
    fields: tuple[str, ...] = (),
    reason: str = "",
) -> None:
    record_event(
        session,
        actor,
        action,
        VALIDATION_WORKFLOW.name,
        plan.id,
        reason=reason,
        fields=(f"run {run.number}", *fields),
        parent_id=plan.challenge_id,
    )
