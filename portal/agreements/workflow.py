"""The life of an agreement and of a commitment in it (domain.md 4.8)."""

from db.models import (
    AgreementPart,
    AgreementStatus,
    CommitmentStatus,
    CooperationField,
    PartySide,
)
from portal.agreements.rules import commitment_sides, sides
from portal.permissions import Action
from portal.workflow import Transition, Workflow

__all__ = [
    "AGREEMENT_WORKFLOW",
    "COMMITMENT_WORKFLOW",
    "IN_FORCE",
    "KEPT_TO",
    "OPEN",
    "AgreementPart",
    "AgreementStatus",
    "CommitmentStatus",
    "CooperationField",
    "PartySide",
]

_S, _C = AgreementStatus, CommitmentStatus

IN_FORCE = (_S.SIGNED, _S.EFFECTIVE, _S.REVIEW_DUE)
"""Bound by it: new commitments may still be added."""
KEPT_TO = (*IN_FORCE, _S.RENEWED, _S.EXPIRED)
"""Was signed and not ended early: what was promised is still owed, also after the last day."""
OPEN = (_C.PLANNED, _C.ON_TRACK, _C.AT_RISK)

AGREEMENT_WORKFLOW = Workflow(
    name="agreement",
    sides=sides,
    transitions=(
        Transition(
            Action.SIGN_AGREEMENT, (_S.NEGOTIATING,), _S.SIGNED, guards=("every party has signed the same words",)
        ),
        Transition(Action.ABANDON_AGREEMENT, (_S.NEGOTIATING,), _S.TERMINATED, needs_reason=True),
        Transition(Action.START_AGREEMENT, (_S.SIGNED,), _S.EFFECTIVE, guards=("its first day has come",)),
        Transition(
            Action.CALL_REVIEW, (_S.EFFECTIVE,), _S.REVIEW_DUE, guards=("it ends within the days of the house rule",)
        ),
        Transition(
            Action.RENEW_AGREEMENT, (_S.EFFECTIVE, _S.REVIEW_DUE), _S.RENEWED, guards=("its successor is signed",)
        ),
        Transition(Action.EXPIRE_AGREEMENT, (_S.REVIEW_DUE,), _S.EXPIRED, guards=("its last day is over",)),
        Transition(Action.TERMINATE_AGREEMENT, IN_FORCE, _S.TERMINATED, needs_reason=True),
    ),
)
"""domain.md 4.8 as data."""

COMMITMENT_WORKFLOW = Workflow(
    name="commitment",
    sides=commitment_sides,
    parent_of=lambda commitment: commitment.agreement_id,
    transitions=(
        Transition(Action.REPORT_COMMITMENT, OPEN, _C.ON_TRACK, guards=("what was done since, and the day",)),
        Transition(Action.REPORT_COMMITMENT, OPEN, _C.AT_RISK, guards=("what stands in the way, and the day",)),
        Transition(Action.REPORT_COMMITMENT, OPEN, _C.DELIVERED, guards=("evidence, and the day it happened",)),
        Transition(Action.DROP_COMMITMENT, OPEN, _C.DROPPED, needs_reason=True, guards=("who agreed to it",)),
    ),
)
