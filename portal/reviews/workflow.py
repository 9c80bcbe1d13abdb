"""The words of evaluation and award for pages: the steps themselves stand in the tables of challenge and proposal."""

from db.models import ChallengeStatus, DecisionStatus, ProposalStatus, ReplyReason
from portal.errors import N_
from portal.reviews.rules import Fit, Party

__all__ = [
    "IN_EVALUATION",
    "NEEDS_REPLY",
    "RANKED",
    "READABLE",
    "REJECTABLE",
    "WALKED_AWAY",
    "ChallengeStatus",
    "DecisionStatus",
    "Fit",
    "Party",
    "ProposalStatus",
    "ReplyReason",
]

_C = ChallengeStatus
_P = ProposalStatus

IN_EVALUATION = (_C.CLOSED, _C.EVALUATING, _C.NEGOTIATING)
"""From the deadline to the award."""

READABLE = (*IN_EVALUATION, _C.AWARDED, _C.VALIDATING, _C.SOLVED, _C.UNSOLVED, _C.NO_AWARD)
"""Where an evaluation can be looked at; a withdrawn challenge too, if its proposals were opened."""

RANKED = (_P.IN_EVALUATION, _P.RESERVE, _P.SHORTLISTED)
"""Proposals that a ranking speaks of."""

REJECTABLE = (_P.SUBMITTED, _P.ELIGIBLE, _P.IN_EVALUATION, _P.SHORTLISTED, _P.RESERVE)
"""Still in the running: the end of the challenge ends them with a reply."""

NEEDS_REPLY = (*REJECTABLE, _P.INELIGIBLE)
"""Whoever answered and was not awarded hears why; who walked away needs no reply."""

WALKED_AWAY = {
    Party.INSTITUTE: N_("The institute walked away"),
    Party.ENTERPRISE: N_("The enterprise walked away"),
}
"""Who ended a negotiation, as a message id."""
