"""The life of a line validation (domain.md 4.4)."""

from db.models import RunStage, ValidationStatus, Verdict
from portal.permissions import Action
from portal.validation.rules import sides
from portal.workflow import Transition, Workflow

__all__ = ["VALIDATION_WORKFLOW", "RunStage", "ValidationStatus", "Verdict"]

_S = ValidationStatus
_BY_LIMITS = ("found by the portal from the measured values and their limits",)

VALIDATION_WORKFLOW = Workflow(
    name="validation",
    sides=sides,
    parent_of=lambda plan: plan.challenge_id,
    transitions=(
        Transition(
            Action.AGREE_PLAN, (_S.PLANNED,), _S.PLAN_AGREED, guards=("enterprise and investigator both agreed",)
        ),
        Transition(Action.START_RUNS, (_S.PLAN_AGREED,), _S.RUNNING),
        Transition(
            Action.LOCK_DATA, (_S.RUNNING,), _S.DATA_LOCKED, guards=("every characteristic has a measured value",)
        ),
        Transition(Action.JUDGE_VALIDATION, (_S.DATA_LOCKED,), _S.PASSED, guards=_BY_LIMITS),
        Transition(Action.JUDGE_VALIDATION, (_S.DATA_LOCKED,), _S.CONDITIONAL, guards=_BY_LIMITS),
        Transition(Action.JUDGE_VALIDATION, (_S.DATA_LOCKED,), _S.FAILED, guards=_BY_LIMITS),
        Transition(Action.JUDGE_VALIDATION, (_S.DATA_LOCKED,), _S.INCONCLUSIVE, guards=_BY_LIMITS),
        Transition(Action.CLOSE_ACTIONS, (_S.CONDITIONAL,), _S.PASSED, needs_reason=True),
        Transition(
            Action.SIGN_OFF,
            (_S.PASSED, _S.FAILED),
            _S.SIGNED_OFF,
            guards=("signed by enterprise and investigator", "countersigned by an operator after both"),
        ),
        Transition(
            Action.ABORT_VALIDATION,
            # Conditional too: actions that cannot be closed must not hold the challenge for good.
            (_S.PLANNED, _S.PLAN_AGREED, _S.RUNNING, _S.DATA_LOCKED, _S.CONDITIONAL),
            _S.ABORTED,
            needs_reason=True,
        ),
    ),
)
"""domain.md 4.4 as data."""
