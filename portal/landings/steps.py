"""How a project moves: a stage with its evidence, the operator's verification, figures planned and actual."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    EvidenceType,
    FigureKind,
    Landing,
    LandingFigure,
    LandingFlag,
    LandingStage,
    LandingStep,
    MoneySource,
)
from portal import clock
from portal.errors import N_, Forbidden, NotFound, NotPossibleNow
from portal.events import record_event
from portal.files.commands import store_file
from portal.landings.access import get_landing
from portal.landings.evidence import require_evidence
from portal.landings.notices import tell_of_step, tell_of_verification
from portal.landings.rules import parse_amount, require_order, require_past, require_plannable, require_source, sides
from portal.landings.workflow import LANES, WORKFLOWS, next_stage
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, authorize
from portal.texts import needed, paragraphs
from portal.workflow import advance, require_version


def record_step(
    session: Session,
    actor: Actor,
    *,
    landing_id: UUID,
    version: int | None,
    stage: LandingStage,
    happened_on: date,
    evidence_type: EvidenceType | None,
    evidence: str,
    file: tuple[str, bytes] | None = None,
) -> UUID:
    """Reach the next stage of the lane, with evidence and the day it happened; the flag is set back to on track.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow for any stage but the next, Invalid for a day in the future or
    before the stage before, for missing evidence or a type of it that does not fit, or for a file that cannot be taken.
    """
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, Action.RECORD_STEP, sides(actor, landing))
    require_version(landing, version)
    if stage is not next_stage(landing.lane, landing.stage):
        raise NotPossibleNow(status=landing.stage)
    kind = require_evidence(stage, evidence_type)
    message = N_("Please say what proves that the stage is reached.")
    words = needed(paragraphs(evidence, 600, field="evidence"), message, field="evidence")
    require_past(happened_on, clock.today(), field="happened_on")
    require_order(happened_on, landing.stage_since)
    workflow = WORKFLOWS[landing.lane]
    fields = ("evidence", "file") if file else ("evidence",)
    advance(session, actor, workflow, landing, Action.RECORD_STEP, target=stage, fields=fields)
    step = LandingStep(
        landing_id=landing.id,
        stage=stage,
        happened_on=happened_on,
        evidence_type=kind,
        evidence=words,
        file_id=_store(session, actor, landing, file),
        entered_by=actor.acting_person,
        entered_at=clock.now(),
    )
    session.add(step)
    landing.stage_since = happened_on
    landing.flag, landing.flag_reason = LandingFlag.ON_TRACK, ""
    landing.changed_at = clock.now()
    session.flush()
    tell_of_step(session, actor, landing)
    return step.id


def verify_step(session: Session, actor: Actor, *, step_id: UUID) -> None:
    """An operator has looked at the evidence; never the one who entered it. A repeat changes nothing.

    Raises: NotFound, Forbidden.
    """
    step = session.get(LandingStep, step_id, with_for_update=True)
    if step is None:
        raise NotFound
    landing = get_landing(session, actor, step.landing_id)
    authorize(actor, Action.VERIFY_STEP, sides(actor, landing))
    if step.verified_at is not None:
        return
    if step.entered_by == actor.person_id:
        raise Forbidden(N_("Who entered a stage does not verify it; please ask another operator."))
    if acts_for(session, actor.acting_person, [landing.enterprise_id, landing.institute_id]):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))
    step.verified_by, step.verified_at = actor.acting_person, clock.now()
    record_event(
        session,
        actor,
        Action.VERIFY_STEP,
        "landing",
        landing.id,
        fields=(step.stage.value,),
        parent_id=landing.challenge_id,
    )
    tell_of_verification(session, landing, step)


def record_figure(
    session: Session,
    actor: Actor,
    *,
    landing_id: UUID,
    kind: FigureKind,
    is_plan: bool,
    amount: str,
    as_of: date,
    source: MoneySource | None = None,
) -> UUID:
    """Add a planned or actual figure as of a day; the newest of its kind and source counts, the older ones stay.

    A plan may be for a day that has not come: several of them are the steps of the plan. Output is that of the day's
    year. The same figure for the same day again returns the first one.

    Raises: NotFound, Forbidden, Invalid, NotPossibleNow once the project ended.
    """
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, Action.RECORD_FIGURE, sides(actor, landing))
    if landing.stage not in LANES[landing.lane]:
        raise NotPossibleNow(status=landing.stage)
    require_source(kind, source)
    (require_plannable if is_plan else require_past)(as_of, clock.today(), field="as_of")
    exact = parse_amount(kind, amount)
    same = session.scalar(
        select(LandingFigure.id).where(
            LandingFigure.landing_id == landing.id,
            LandingFigure.kind == kind,
            LandingFigure.is_plan == is_plan,
            LandingFigure.source.is_not_distinct_from(source),
            LandingFigure.amount == exact,
            LandingFigure.as_of == as_of,
        )
    )
    if same is not None:
        return same
    figure = LandingFigure(
        landing_id=landing.id,
        kind=kind,
        is_plan=is_plan,
        source=source,
        amount=exact,
        as_of=as_of,
        entered_by=actor.acting_person,
        entered_at=clock.now(),
    )
    session.add(figure)
    landing.changed_at = clock.now()
    fields = (kind.value, "plan" if is_plan else "actual", *([source.value] if source else []))
    record_event(
        session, actor, Action.RECORD_FIGURE, "landing", landing.id, fields=fields, parent_id=landing.challenge_id
    )
    return figure.id


def _store(session: Session, actor: Actor, landing: Landing, file: tuple[str, bytes] | None) -> UUID | None:
    if file is None:
        return None
    name, content = file
    return store_file(session, actor, name=name, content=content, parent_type="landing", parent_id=landing.id)
