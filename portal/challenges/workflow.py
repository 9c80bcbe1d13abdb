"""The life of a challenge (domain.md 4.1)."""

from db.models import ChallengeStatus, Disclosure, IpRegime, NdaMode, SectionKey
from portal.challenges.rules import sides
from portal.permissions import Action
from portal.workflow import Transition, Workflow

__all__ = [
    "BEFORE_AWARD",
    "CHALLENGE_WORKFLOW",
    "PUBLISHED",
    "ChallengeStatus",
    "Disclosure",
    "IpRegime",
    "NdaMode",
    "SectionKey",
]

_S = ChallengeStatus
BEFORE_AWARD = (
    _S.DRAFT,
    _S.SUBMITTED,
    _S.REFINING,
    _S.APPROVED,
    _S.OPEN,
    _S.SUSPENDED,
    _S.CLOSED,
    _S.EVALUATING,
    _S.NEGOTIATING,
)

CHALLENGE_WORKFLOW: Workflow = Workflow(
    name="challenge",
    sides=sides,
    transitions=(
        Transition(
            Action.SUBMIT_CHALLENGE,
            (_S.DRAFT,),
            _S.SUBMITTED,
            guards=("the organisation is verified", "every required section is complete"),
        ),
        Transition(Action.TAKE_CHALLENGE, (_S.SUBMITTED,), _S.REFINING, guards=("a broker is named",)),
        Transition(
            Action.RETURN_CHALLENGE,
            (_S.REFINING,),
            _S.DRAFT,
            needs_reason=True,
            guards=("a comment per section to improve", "at most three rounds"),
        ),
        Transition(
            Action.APPROVE_CHALLENGE,
            (_S.REFINING,),
            _S.APPROVED,
            guards=("not by who refined it", "the confidentiality check is confirmed"),
        ),
        Transition(Action.REJECT_CHALLENGE, (_S.REFINING,), _S.REJECTED, needs_reason=True),
        Transition(
            Action.PUBLISH_CHALLENGE,
            (_S.APPROVED,),
            _S.OPEN,
            guards=("the minimum open period is kept", "rubric, weights and metrics freeze here"),
        ),
        Transition(
            Action.CONFIRM_ADDENDUM,
            (_S.OPEN,),
            _S.OPEN,
            guards=("prepared by the one side, confirmed by the other", "before the deadline"),
        ),
        Transition(
            Action.DECIDE_EXTENSION,
            (_S.OPEN,),
            _S.OPEN,
            guards=("prepared by an operator, decided by an approver", "both before the deadline", "later only"),
        ),
        Transition(Action.SUSPEND_CHALLENGE, (_S.OPEN,), _S.SUSPENDED, needs_reason=True),
        Transition(
            Action.RESUME_CHALLENGE, (_S.SUSPENDED,), _S.OPEN, guards=("the pause extends the deadline by its length",)
        ),
        Transition(Action.CLOSE_CHALLENGE, (_S.OPEN,), _S.CLOSED, guards=("the deadline has come",)),
        Transition(
            Action.OPEN_PROPOSALS,
            (_S.CLOSED,),
            _S.CLOSED,
            guards=("one enterprise admin and one operator", "within 30 minutes of each other"),
        ),
        Transition(
            Action.EVALUATE_CHALLENGE,
            (_S.CLOSED,),
            _S.EVALUATING,
            guards=("the proposals are opened", "each is found eligible or not", "at least one is eligible"),
        ),
        Transition(
            Action.SHORTLIST_CHALLENGE,
            (_S.EVALUATING,),
            _S.NEGOTIATING,
            guards=("every eligible proposal has a rank and a reason", "both sides agreed to the ranking"),
        ),
        Transition(Action.FALL_THROUGH, (_S.NEGOTIATING,), _S.EVALUATING, needs_reason=True),
        Transition(
            Action.AWARD_CHALLENGE,
            (_S.NEGOTIATING,),
            _S.AWARDED,
            guards=(
                "prepared by an operator, decided by an approver, never the same person",
                "the terms are accepted by enterprise and investigator",
                "every other proposer has a reasoned reply prepared",
            ),
        ),
        Transition(
            Action.DECLARE_NO_AWARD,
            (_S.CLOSED, _S.EVALUATING, _S.NEGOTIATING),
            _S.NO_AWARD,
            needs_reason=True,
            guards=("every proposer has a reasoned reply prepared",),
        ),
        Transition(Action.START_VALIDATION, (_S.AWARDED,), _S.VALIDATING, guards=("a frozen validation plan exists",)),
        Transition(Action.SOLVE_CHALLENGE, (_S.VALIDATING,), _S.SOLVED, guards=("a passed validation is signed off",)),
        Transition(Action.FAIL_CHALLENGE, (_S.VALIDATING,), _S.UNSOLVED, guards=("a failed validation is signed off",)),
        Transition(
            Action.REWORK_CHALLENGE, (_S.VALIDATING,), _S.AWARDED, guards=("the validation is inconclusive or aborted",)
        ),
        Transition(
            Action.WITHDRAW_CHALLENGE,
            BEFORE_AWARD,
            _S.WITHDRAWN,
            needs_reason=True,
            guards=("every proposer has a reasoned reply prepared",),
        ),
    ),
)
"""domain.md 4.1 as data; `docs/workflows.md`, the buttons and the diagram on the page are made from it."""

PUBLISHED: frozenset[ChallengeStatus] = frozenset(
    {_S.OPEN, _S.SUSPENDED, _S.CLOSED, _S.EVALUATING, _S.NEGOTIATING, _S.AWARDED, _S.VALIDATING, _S.SOLVED}
    | {_S.UNSOLVED, _S.NO_AWARD}
)
"""Seen outside: a challenge that was once open and was not withdrawn."""
