"""What the clock does to landing projects: a stage that overruns its norm raises the flag."""

from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from db.models import Landing, LandingFlag, LandingStage
from portal import clock
from portal.events import record_event
from portal.house_rules import house_rules
from portal.landings.notices import tell_of_overrun
from portal.landings.rules import OVERRUN, norm_of, sides
from portal.landings.workflow import ENDS, LANES
from portal.permissions import CLOCK, Action, authorize

BATCH = 200
_FINISHED = {*ENDS, *(stages[-1] for stages in LANES.values())}
WATCHED: tuple[LandingStage, ...] = tuple(stage for stage in LandingStage if stage not in _FINISHED)
"""The stages from which a project should move on."""


def flag_overruns(session: Session) -> int:
    """Flag every project that stands in its stage longer than the stage's norm as at risk; returns how many.

    A flag with a reason given by hand is left alone until the next stage.
    """
    rules, today = house_rules(session), clock.today()
    norms = {stage: norm for stage in WATCHED if (norm := norm_of(rules, stage)) is not None}
    late = [and_(Landing.stage == stage, Landing.stage_since < today - timedelta(days=n)) for stage, n in norms.items()]
    query = (
        select(Landing)
        .where(
            or_(*late),
            Landing.flag == LandingFlag.ON_TRACK,
            Landing.flag_reason == "",
        )
        .order_by(Landing.stage_since, Landing.id)
        .limit(BATCH)
    )
    landings = session.scalars(query).all()
    for landing in landings:
        authorize(CLOCK, Action.FLAG_LANDING, sides(CLOCK, landing))
        landing.flag, landing.flag_reason = LandingFlag.AT_RISK, OVERRUN
        landing.changed_at = clock.now()
        session.flush()
        record_event(
            session,
            CLOCK,
            Action.FLAG_LANDING,
            "landing",
            landing.id,
            fields=(LandingFlag.AT_RISK.value, "overrun"),
            parent_id=landing.challenge_id,
        )
        tell_of_overrun(session, landing)
    return len(landings)
