"""How somebody moves along the funnel: the next step with its day and source, and the last one taken back."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Talent, TalentStage, TalentStep
from portal import clock
from portal.errors import N_, Forbidden, NotPossibleNow
from portal.permissions import ORGANISATION_ADMINS, Action, Actor, authorize
from portal.talents.access import get_talent, require_another, require_opened, sides_of
from portal.talents.rules import BY_THE_EMPLOYER, STAGES, require_day, require_step_day
from portal.talents.sources import find_source
from portal.talents.workflow import TALENT_WORKFLOW
from portal.workflow import advance, require_version


def record_talent_step(
    session: Session,
    actor: Actor,
    *,
    talent_id: UUID,
    version: int | None,
    stage: TalentStage,
    happened_on: date,
    source: str,
) -> UUID:
    """Reach the next step on a day that is known from somewhere; the employer's admin records joining and staying.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow for any step but the next, Invalid for a day in the future,
    before the step before or within twelve months of joining, or without a source.
    """
    talent = _locked(session, actor, talent_id, version, Action.RECORD_TALENT_STEP)
    if actor.role in ORGANISATION_ADMINS and stage not in BY_THE_EMPLOYER:
        raise Forbidden(N_("An organisation records joining and staying; the other steps are the district's."))
    days = _days(session, talent)
    if TALENT_WORKFLOW.find(talent.stage, Action.RECORD_TALENT_STEP, stage) is None:
        raise NotPossibleNow(status=talent.stage)
    require_day(happened_on, clock.today(), field="happened_on")
    require_step_day(stage, happened_on, days[talent.stage], days.get(TalentStage.JOINED))
    known_from = find_source(session, actor, source)
    _advance(session, actor, talent, Action.RECORD_TALENT_STEP, stage)
    step = TalentStep(
        talent_id=talent.id,
        stage=stage,
        happened_on=happened_on,
        source_type=known_from.kind,
        source_id=known_from.object_id,
        source_words=known_from.words,
        entered_by=actor.acting_person,
        entered_at=clock.now(),
    )
    session.add(step)
    if stage is TalentStage.JOINED and talent.arrived_on is None:
        talent.arrived_on = happened_on
    talent.changed_at = clock.now()
    session.flush()
    return step.id


def take_back_talent_step(session: Session, actor: Actor, *, talent_id: UUID, version: int | None) -> None:
    """Take back the last step, which was entered by mistake; the first one stays.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow.
    """
    talent = _locked(session, actor, talent_id, version, Action.TAKE_BACK_TALENT_STEP)
    last, place = talent.stage, STAGES.index(talent.stage)
    _advance(session, actor, talent, Action.TAKE_BACK_TALENT_STEP, STAGES[place - 1] if place else None)
    query = select(TalentStep).where(TalentStep.talent_id == talent.id, TalentStep.stage == last)
    session.delete(session.scalars(query).one())
    talent.changed_at = clock.now()
    session.flush()


def _advance(session: Session, actor: Actor, talent: Talent, action: Action, target: TalentStage | None) -> None:
    where = sides_of(session, actor, talent)
    advance(session, actor, TALENT_WORKFLOW, talent, action, target=target, extra_sides=where)


def _locked(session: Session, actor: Actor, talent_id: UUID, version: int | None, action: Action) -> Talent:
    talent = get_talent(session, actor, talent_id, lock=True)
    authorize(actor, action, sides_of(session, actor, talent))
    require_another(actor, talent)
    require_opened(session, actor, talent)
    require_version(talent, version)
    return talent


def _days(session: Session, talent: Talent) -> dict[TalentStage, date]:
    query = select(TalentStep.stage, TalentStep.happened_on).where(TalentStep.talent_id == talent.id)
    return {row.stage: row.happened_on for row in session.execute(query)}
