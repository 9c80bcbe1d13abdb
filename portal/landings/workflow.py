"""The life of a landing project in its two lanes (domain.md 4.5)."""

from itertools import pairwise

from db.models import (
    FigureKind,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    LossCause,
    MoneySource,
)
from portal.landings.rules import sides
from portal.permissions import Action
from portal.workflow import Transition, Workflow

__all__ = [
    "LANES",
    "WORKFLOWS",
    "FigureKind",
    "LandingCategory",
    "LandingFlag",
    "LandingLane",
    "LandingStage",
    "LossCause",
    "MoneySource",
]

_S = LandingStage
LANES: dict[LandingLane, tuple[LandingStage, ...]] = {
    LandingLane.HEAVY: (
        _S.LEAD,
        _S.AGREEMENT_SIGNED,
        _S.COMPANY_REGISTERED,
        _S.SITE_SECURED,
        _S.CONSTRUCTION,
        _S.ACCEPTANCE,
        _S.IN_PRODUCTION,
        _S.AT_CAPACITY,
    ),
    LandingLane.LIGHT: (
        _S.LEAD,
        _S.AGREEMENT_SIGNED,
        _S.COMPANY_REGISTERED,
        _S.OFFICE_IN_USE,
        _S.TEAM_ON_BOARD,
        _S.FIRST_REVENUE,
    ),
}
"""The stages of each lane, in order."""

ENDS = (_S.LOST, _S.RELOCATED, _S.TERMINATED)


def _workflow(stages: tuple[LandingStage, ...]) -> Workflow:
    steps = tuple(
        Transition(Action.RECORD_STEP, (here,), there, guards=("evidence, and the date it happened",))
        for here, there in pairwise(stages)
    )
    ends = tuple(Transition(Action.END_LANDING, stages, end, needs_reason=True) for end in ENDS)
    return Workflow(name="landing", sides=sides, status_field="stage", transitions=(*steps, *ends))


WORKFLOWS: dict[LandingLane, Workflow] = {lane: _workflow(stages) for lane, stages in LANES.items()}
"""domain.md 4.5 as data, one table a lane."""
