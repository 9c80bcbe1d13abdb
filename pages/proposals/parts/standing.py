"""From an opened proposal to where it stands: the terms, the award, the reply."""

from uuid import UUID

from portal.permissions import Action
from portal.reviews.own_award import own_award
from portal.reviews.workflow import ProposalStatus
from portal.ui import _, read
from portal.ui.shell import record_link


def to_evaluation(challenge_id: UUID) -> None:
    """A link named after what there is to do."""
    own = read(own_award, challenge_id)
    if Action.ACCEPT_TERMS in own.steps:
        record_link(_("Terms to accept"), "evaluation", challenge_id, icon=":material/handshake:", strong=True)
    elif own.status is ProposalStatus.SHORTLISTED:
        record_link(_("See the terms"), "evaluation", challenge_id, icon=":material/handshake:")
    else:
        record_link(_("See where it stands"), "evaluation", challenge_id, icon=":material/balance:")
