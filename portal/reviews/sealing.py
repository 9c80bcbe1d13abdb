"""What evaluators write about a proposal is sealed with the proposal's own key."""

from db.models import Proposal
from db.types import Sealed
from portal.proposals.access import key_of


def seal_words(proposal: Proposal, words: str, what: str) -> Sealed:
    """Encrypt words about a proposal; `what` binds them to their place, e.g. `ranking`."""
    return key_of(proposal).seal(words.encode(), _place(proposal, what))


def open_words(proposal: Proposal, sealed: Sealed | None, what: str) -> str:
    """The words again; the caller has made sure that the challenge is opened and the reader sees it."""
    return "" if sealed is None else key_of(proposal).open(sealed, _place(proposal, what)).decode()


def _place(proposal: Proposal, what: str) -> str:
    return f"{what}:{proposal.id}"
