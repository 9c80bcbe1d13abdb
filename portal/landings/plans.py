"""When each stage is to be reached: planned by the people of the project, or expected by the norms."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import Landing, LandingPlan, LandingStage, LandingStep
from portal import clock
from portal.errors import N_, Invalid, NotPossibleNow
from portal.events import record_event
from portal.house_rules import house_rules
from portal.landings.access import get_landing
from portal.landings.rules import StageDay, require_plannable, sides, stage_days
from portal.landings.workflow import LANES
from portal.permissions import Action, Actor, authorize
from portal.workflow import require_version


def plan_stages(
    session: Session, actor: Actor, *, landing_id: UUID, version: int | None, days: Mapping[LandingStage, date | None]
) -> int:
    """Plan the days of stages that are still to come; None takes a planned day back. Returns how many changed.

    Raises: NotFound, Forbidden, Stale, Invalid for a stage that is reached or none of the lane, for days in the wrong
    order or far away, NotPossibleNow once the project ended.
    """
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, Action.PLAN_STAGES, sides(actor, landing))
    require_version(landing, version)
    stages = LANES[landing.lane]
    if landing.stage not in stages:
        raise NotPossibleNow(status=landing.stage)
    to_come = stages[stages.index(landing.stage) + 1 :]
    known = {row.stage: row for row in session.scalars(_plans(landing))}
    wanted: dict[LandingStage, date | None] = {stage: row.planned_on for stage, row in known.items()}
    for stage, day in days.items():
        if stage not in to_come:
            raise Invalid(N_("Only stages that are still to come can be planned."), field=stage.value)
        if day is not None:
            require_plannable(day, clock.today(), field=stage.value)
        wanted[stage] = day
    _require_order([(stage, day) for stage in to_come if (day := wanted.get(stage)) is not None], landing.stage_since)
    changed = [stage for stage, day in days.items() if day != (known[stage].planned_on if stage in known else None)]
    for stage in changed:
        _put(session, actor, landing, known.get(stage), stage, days[stage])
    if changed:
        landing.changed_at = clock.now()
        fields = [stage.value for stage in changed]
        record_event(
            session, actor, Action.PLAN_STAGES, "landing", landing.id, fields=fields, parent_id=landing.challenge_id
        )
    return len(changed)


def stage_days_of(session: Session, landing: Landing) -> list[StageDay]:
    """Planned against actual; the caller has made sure that the reader may see the project."""
    steps = select(LandingStep.stage, LandingStep.happened_on).where(LandingStep.landing_id == landing.id)
    return stage_days(
        LANES[landing.lane],
        house_rules(session),
        lead_since=landing.lead_since,
        planned={row.stage: row.planned_on for row in session.scalars(_plans(landing))},
        happened=dict(session.execute(steps).all()),
        today=clock.today(),
    )


def _plans(landing: Landing) -> Select[LandingPlan]:
    return select(LandingPlan).where(LandingPlan.landing_id == landing.id)


def _require_order(days: list[tuple[LandingStage, date]], since: date) -> None:
    before = since
    for stage, day in days:
        if day < before:
            raise Invalid(N_("A stage cannot be planned before the one before it."), field=stage.value)
        before = day


def _put(
    session: Session, actor: Actor, landing: Landing, known: LandingPlan | None, stage: LandingStage, day: date | None
) -> None:
    if day is None:
        if known is not None:
            session.delete(known)
        return
    row = known or LandingPlan(landing_id=landing.id, stage=stage)
    row.planned_on, row.set_by, row.set_at = day, actor.acting_person, clock.now()
    session.add(row)
