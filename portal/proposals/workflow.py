"""The life of a proposal (domain.md 4.2)."""

from db.models import CoApplicantStatus, ProposalSectionKey, ProposalStatus
from portal.permissions import Action
from portal.proposals.rules import sides
from portal.workflow import Transition, Workflow

__all__ = ["LIVE_AFTER_OPENING", "PROPOSAL_WORKFLOW", "CoApplicantStatus", "ProposalSectionKey", "ProposalStatus"]

_S = ProposalStatus
_BEFORE_CLOSE = ("before the deadline, by the server's clock",)
_ON_COVER = (*_BEFORE_CLOSE, "not by who leads it", "title, sum and team are as they were read")
_CLEARED = (
    "title, sum and team are cleared by the institute's admin",
    "every co-applicant has confirmed",
    "the current NDA is accepted",
    "every section is complete",
)

PROPOSAL_WORKFLOW = Workflow(
    name="proposal",
    sides=sides,
    # Until the opening nobody outside the team may see that anything happened at all.
    sealed_by=lambda proposal: proposal.challenge_id,
    parent_of=lambda proposal: proposal.challenge_id,
    transitions=(
        Transition(Action.ASK_CLEARANCE, (_S.DRAFT, _S.WITHDRAWN), _S.INTERNAL_CHECK, guards=_BEFORE_CLOSE),
        Transition(Action.ASK_CLEARANCE, (_S.SUBMITTED,), _S.SUBMITTED, guards=_BEFORE_CLOSE),
        Transition(Action.CLEAR_PROPOSAL, (_S.INTERNAL_CHECK,), _S.DRAFT, guards=_ON_COVER),
        Transition(Action.CLEAR_PROPOSAL, (_S.SUBMITTED,), _S.SUBMITTED, guards=_ON_COVER),
        # The note is sealed, so it is no reason in the event table.
        Transition(Action.RETURN_PROPOSAL, (_S.INTERNAL_CHECK,), _S.DRAFT, guards=(*_ON_COVER, "a sealed note")),
        Transition(Action.RETURN_PROPOSAL, (_S.SUBMITTED,), _S.SUBMITTED, guards=(*_ON_COVER, "a sealed note")),
        Transition(Action.SUBMIT_PROPOSAL, (_S.DRAFT, _S.WITHDRAWN), _S.SUBMITTED, guards=(*_BEFORE_CLOSE, *_CLEARED)),
        Transition(Action.REPLACE_PROPOSAL, (_S.SUBMITTED,), _S.SUBMITTED, guards=(*_BEFORE_CLOSE, *_CLEARED)),
        Transition(
            Action.WITHDRAW_PROPOSAL, (_S.DRAFT, _S.INTERNAL_CHECK, _S.SUBMITTED), _S.WITHDRAWN, guards=_BEFORE_CLOSE
        ),
        Transition(Action.ACCEPT_ELIGIBLE, (_S.SUBMITTED,), _S.ELIGIBLE, guards=("the proposals are opened",)),
        Transition(
            Action.DECLARE_INELIGIBLE,
            (_S.SUBMITTED,),
            _S.INELIGIBLE,
            needs_reason=True,
            guards=("the proposals are opened",),
        ),
        Transition(Action.REINSTATE_PROPOSAL, (_S.INELIGIBLE,), _S.ELIGIBLE, needs_reason=True),
        Transition(Action.EVALUATE_PROPOSAL, (_S.ELIGIBLE,), _S.IN_EVALUATION),
        Transition(Action.SHORTLIST_PROPOSAL, (_S.IN_EVALUATION, _S.RESERVE), _S.SHORTLISTED),
        Transition(Action.RESERVE_PROPOSAL, (_S.IN_EVALUATION,), _S.RESERVE),
        Transition(
            Action.REJECT_PROPOSAL,
            (_S.ELIGIBLE, _S.IN_EVALUATION, _S.SHORTLISTED, _S.RESERVE, _S.SUBMITTED),
            _S.NOT_SELECTED,
            guards=("a reasoned reply is released with it",),
        ),
        Transition(Action.DECLINE_AWARD, (_S.SHORTLISTED, _S.RESERVE), _S.DECLINED, needs_reason=True),
        Transition(
            Action.AWARD_PROPOSAL, (_S.SHORTLISTED,), _S.AWARDED, guards=("together with the challenge's award",)
        ),
        Transition(Action.SIGN_CONTRACT, (_S.AWARDED,), _S.CONTRACTED),
    ),
)
"""domain.md 4.2 as data."""

LIVE_AFTER_OPENING: frozenset[ProposalStatus] = frozenset(
    {_S.SUBMITTED, _S.ELIGIBLE, _S.IN_EVALUATION, _S.SHORTLISTED, _S.RESERVE, _S.AWARDED, _S.CONTRACTED}
)
"""Still in the running once the proposals are opened."""
