"""What a proposer is told of where the proposal stands: nobody learns of a reserve place before the replies go out."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Proposal, ProposalStatus, Reply
from portal.permissions import Actor, Side
from portal.proposals.rules import UNTOLD, outside_status, sides

OWN_SIDES = frozenset({Side.LEAD, Side.TEAM, Side.INSTITUTE, Side.CO_APPLICANT})


def told_statuses(session: Session, proposals: Iterable[Proposal]) -> dict[UUID, ProposalStatus]:
    """The status of each as its own side may read it."""
    found = list(proposals)
    hidden = [row.id for row in found if row.status in UNTOLD]
    query = select(Reply.proposal_id).where(Reply.proposal_id.in_(hidden), Reply.released_at.is_not(None))
    answered = set(session.scalars(query)) if hidden else set()
    return {row.id: outside_status(row.status, is_answered=row.id in answered) for row in found}


def told_status(session: Session, actor: Actor, proposal: Proposal) -> ProposalStatus:
    """The status for this reader: the true one for those who evaluate. Needs what `sides` needs."""
    is_own = bool(OWN_SIDES & sides(actor, proposal))
    return told_statuses(session, [proposal])[proposal.id] if is_own else proposal.status
