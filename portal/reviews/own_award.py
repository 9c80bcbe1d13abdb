"""What a proposer sees of the evaluation: the own status, the terms to accept, the reply; nothing of the others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ChallengeStatus, ProposalStatus, Reply, ReplyReason
from portal.permissions import Action, Actor, can
from portal.proposals.rules import outside_status
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.reviews.access import get_own_proposal
from portal.reviews.awards import award_in_force
from portal.reviews.contracts import recorded_by
from portal.reviews.queries import TermsRow, terms_row
from portal.reviews.terms import latest_terms

_SEES_TERMS = (ProposalStatus.SHORTLISTED, ProposalStatus.AWARDED, ProposalStatus.CONTRACTED)


@dataclass(frozen=True)
class OwnAward:
    """One's own proposal from the deadline to the contract."""

    challenge_id: UUID
    proposal_id: UUID
    title: str
    enterprise: str
    status: ProposalStatus
    is_opened: bool
    terms: TermsRow | None
    reply_code: ReplyReason | None
    reply: str
    replied_at: datetime | None
    awarded_at: datetime | None
    sum_fen: int | None
    contract_recorded: bool
    challenge_ended: bool
    ended_reason: str  # of a challenge that was withdrawn or had no award
    steps: frozenset[Action]


def own_award(session: Session, actor: Actor, challenge_id: UUID) -> OwnAward:
    """For the team and the institute's admin. Raises: NotFound."""
    proposal = get_own_proposal(session, actor, challenge_id)
    challenge = proposal.challenge
    query = select(Reply).where(Reply.proposal_id == proposal.id, Reply.released_at.is_not(None))
    reply = session.scalars(query).one_or_none()
    terms = terms_row(latest_terms(session, proposal.id)) if proposal.status in _SEES_TERMS else None
    award = award_in_force(session, challenge_id)
    mine = award if award is not None and award.proposal_id == proposal.id else None
    status = outside_status(proposal.status, is_answered=reply is not None)
    recorded = mine is not None and recorded_by(session, proposal.id) is not None
    has_ended = challenge.status in (ChallengeStatus.WITHDRAWN, ChallengeStatus.NO_AWARD)
    wanted = set()
    if challenge.status is ChallengeStatus.NEGOTIATING and status is ProposalStatus.SHORTLISTED:
        wanted.add(Action.DECLINE_AWARD)
        if terms is not None and terms.investigator_accepted_at is None:
            wanted.add(Action.ACCEPT_TERMS)
    if proposal.status is ProposalStatus.AWARDED and recorded:
        wanted.add(Action.SIGN_CONTRACT)
    where = PROPOSAL_WORKFLOW.sides(actor, proposal)
    return OwnAward(
        challenge_id=challenge.id,
        proposal_id=proposal.id,
        title=challenge.title,
        enterprise=challenge.organisation.name,
        status=status,
        is_opened=challenge.opened_at is not None,
        terms=terms,
        reply_code=reply.code if reply else None,
        reply=reply.text if reply else "",
        replied_at=reply.released_at if reply else None,
        awarded_at=mine.awarded_at if mine else None,
        sum_fen=mine.sum_fen if mine else None,
        contract_recorded=recorded,
        challenge_ended=has_ended,
        ended_reason=challenge.ended_reason if has_ended else "",
        steps=frozenset(action for action in wanted if can(actor, action, where)),
    )
