"""The life of a venture (domain.md 4.7) as data."""

from db.models import VentureAdvice, VentureParty, VenturePhase, VentureStatus
from portal.permissions import Action
from portal.ventures.rules import sides
from portal.workflow import Transition, Workflow

__all__ = ["VENTURE_WORKFLOW", "VentureAdvice", "VentureParty", "VenturePhase", "VentureStatus"]

_S = VentureStatus
WRITTEN = (_S.DRAFT, _S.RETURNED)
CONSENTED = (_S.INSTITUTE_CONSENTED, _S.ENTERPRISE_CONSENTED)
BEFORE_THE_DISTRICT = (*WRITTEN, *CONSENTED)
"""Only the three parties know of it."""
SINCE_THE_NOTICE = (
    _S.PUBLIC_NOTICE,
    _S.OBJECTED,
    _S.UPHELD,
    _S.DISMISSED,
    _S.APPROVED,
    _S.ACTIVE,
    _S.COMPLETED,
)
"""Leaders read it from here on."""
RUNNING = (_S.APPROVED, _S.ACTIVE)
ENDED = (_S.NOT_PROPOSED, _S.UPHELD, _S.COMPLETED, _S.EXITED, _S.TERMINATED)
_LIVING = tuple(status for status in _S if status not in ENDED)

VENTURE_WORKFLOW = Workflow(
    name="venture",
    sides=sides,
    transitions=(
        Transition(Action.ENDORSE_VENTURE, WRITTEN, _S.INSTITUTE_CONSENTED, guards=("the plan is written",)),
        Transition(Action.HOST_VENTURE, (_S.INSTITUTE_CONSENTED,), _S.ENTERPRISE_CONSENTED),
        Transition(Action.EDIT_VENTURE, CONSENTED, _S.DRAFT, guards=("signatures given before are taken back",)),
        Transition(Action.SUBMIT_VENTURE, (_S.ENTERPRISE_CONSENTED,), _S.SUBMITTED, guards=("both have consented",)),
        Transition(Action.RETURN_VENTURE, (_S.SUBMITTED,), _S.RETURNED, needs_reason=True),
        Transition(Action.REVIEW_VENTURE, (_S.SUBMITTED,), _S.EXPERT_REVIEW, guards=("at least three experts",)),
        Transition(
            Action.PROPOSE_VENTURE, (_S.EXPERT_REVIEW,), _S.PUBLIC_NOTICE, guards=("every expert has given advice",)
        ),
        Transition(Action.DECLINE_VENTURE, (_S.EXPERT_REVIEW,), _S.NOT_PROPOSED, needs_reason=True),
        Transition(
            Action.OBJECT_TO_VENTURE, (_S.PUBLIC_NOTICE,), _S.OBJECTED, guards=("received before the notice ended",)
        ),
        Transition(Action.UPHOLD_OBJECTION, (_S.OBJECTED,), _S.UPHELD, needs_reason=True),
        Transition(Action.DISMISS_OBJECTION, (_S.OBJECTED,), _S.DISMISSED, needs_reason=True),
        Transition(
            Action.APPROVE_VENTURE,
            (_S.PUBLIC_NOTICE, _S.DISMISSED),
            _S.APPROVED,
            guards=("the notice is over", "not who proposed it"),
        ),
        Transition(Action.START_VENTURE, (_S.APPROVED,), _S.ACTIVE),
        Transition(Action.COMPLETE_VENTURE, (_S.ACTIVE,), _S.COMPLETED, guards=("the last phase", "no task is open")),
        Transition(Action.EXIT_VENTURE, _LIVING, _S.EXITED, needs_reason=True),
        Transition(Action.TERMINATE_VENTURE, RUNNING, _S.TERMINATED, needs_reason=True),
    ),
)
