"""The life of a landing project in its two lanes (domain.md 4.5)."""

from itertools import pairwise

from db.models import (
    ClaimStatus,
    EvidenceType,
    FigureKind,
    FirstLevel,
    FirstStatus,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    LossCause,
    MoneySource,
    SourceKind,
    TalkStatus,
)
from portal.landings.rules import sides, talk_sides
from portal.permissions import Action
from portal.workflow import Transition, Workflow

__all__ = [
    "CLAIM_WORKFLOW",
    "FIRST_WORKFLOW",
    "LANES",
    "TALK_WORKFLOW",
    "WORKFLOWS",
    "ClaimStatus",
    "EvidenceType",
    "FigureKind",
    "FirstLevel",
    "FirstStatus",
    "LandingCategory",
    "LandingFlag",
    "LandingLane",
    "LandingStage",
    "LossCause",
    "MoneySource",
    "SourceKind",
    "TalkStatus",
    "next_stage",
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


def next_stage(lane: LandingLane, stage: LandingStage) -> LandingStage | None:
    """The stage after this one; None at the end of the lane and after the project ended."""
    stages = LANES[lane]
    return stages[stages.index(stage) + 1] if stage in stages[:-1] else None


def _workflow(stages: tuple[LandingStage, ...]) -> Workflow:
    steps = tuple(
        Transition(
            Action.RECORD_STEP, (here,), there, guards=("evidence of a type that fits, and the date it happened",)
        )
        for here, there in pairwise(stages)
    )
    ends = tuple(Transition(Action.END_LANDING, stages, end, needs_reason=True) for end in ENDS)
    return Workflow(name="landing", sides=sides, status_field="stage", transitions=(*steps, *ends))


WORKFLOWS: dict[LandingLane, Workflow] = {lane: _workflow(stages) for lane, stages in LANES.items()}
"""domain.md 4.5 as data, one table a lane."""

FIRST_WORKFLOW = Workflow(
    name="landing_first",
    # Who stands to the project stands so to what is claimed of it; the commands say it.
    sides=lambda _actor, _first: frozenset(),
    parent_of=lambda first: first.landing_id,
    transitions=(
        Transition(
            Action.VERIFY_FIRST, (FirstStatus.CLAIMED,), FirstStatus.VERIFIED, guards=("somebody else's claim",)
        ),
        Transition(
            Action.REFUSE_FIRST,
            (FirstStatus.CLAIMED,),
            FirstStatus.REFUSED,
            needs_reason=True,
            guards=("somebody else's claim",),
        ),
        Transition(Action.CLAIM_FIRST, (FirstStatus.REFUSED,), FirstStatus.CLAIMED, guards=("new evidence",)),
    ),
)
"""A claim to be the first of its kind."""

CLAIM_WORKFLOW = Workflow(
    name="landing_claim",
    sides=lambda _actor, _claim: frozenset(),
    parent_of=lambda claim: claim.landing_id,
    transitions=(
        Transition(
            Action.DECIDE_SHARES, (ClaimStatus.OPEN,), ClaimStatus.ACCEPTED, guards=("in the shares as prepared",)
        ),
        Transition(
            Action.DECIDE_SHARES, (ClaimStatus.OPEN,), ClaimStatus.REFUSED, guards=("not in the shares as prepared",)
        ),
    ),
)
"""A claim that a project is owed to another source, too (domain.md 8 l)."""

TALK_WORKFLOW = Workflow(
    name="support_talk",
    sides=talk_sides,
    parent_of=lambda talk: talk.landing_id,
    transitions=(
        Transition(Action.HOLD_TALK, (TalkStatus.DUE,), TalkStatus.HELD, guards=("day, notes, who took part",)),
        Transition(Action.CLOSE_TALK, (TalkStatus.HELD,), TalkStatus.CLOSED, guards=("what comes of it",)),
    ),
)
"""Losing is followed by a talk, not by blame."""
