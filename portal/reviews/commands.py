"""Every act of evaluation and award in one place, in the order of the work."""

from portal.reviews.awards import decide_award, prepare_award
from portal.reviews.closing import declare_no_award, decline_award, fall_through, withdraw_challenge
from portal.reviews.contracts import sign_contract
from portal.reviews.eligibility import accept_eligible, declare_ineligible, evaluate_challenge, reinstate_proposal
from portal.reviews.opening import turn_opening_key
from portal.reviews.ranking import agree_ranking, record_ranking, shortlist_challenge
from portal.reviews.replies import prepare_reply
from portal.reviews.terms import accept_terms, write_terms

__all__ = [
    "accept_eligible",
    "accept_terms",
    "agree_ranking",
    "decide_award",
    "declare_ineligible",
    "declare_no_award",
    "decline_award",
    "evaluate_challenge",
    "fall_through",
    "prepare_award",
    "prepare_reply",
    "record_ranking",
    "reinstate_proposal",
    "shortlist_challenge",
    "sign_contract",
    "turn_opening_key",
    "withdraw_challenge",
    "write_terms",
]
