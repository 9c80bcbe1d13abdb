"""Whom news of a challenge reaches: computed here and shown to nobody, since it would tell who may propose."""

from uuid import UUID

from sqlalchemy import exists, select, union
from sqlalchemy.orm import Session

from db.models import (
    Membership,
    MembershipStatus,
    NdaAcceptance,
    Proposal,
    ProposalStatus,
    Question,
    Role,
    TeamMember,
)


def followers(session: Session, challenge_id: UUID) -> set[UUID]:
    """Everybody who accepted its agreement, asked a question, or works on a proposal for it."""
    live = (Proposal.challenge_id == challenge_id, Proposal.status != ProposalStatus.WITHDRAWN)
    found = union(
        select(NdaAcceptance.person_id).where(
            NdaAcceptance.challenge_id == challenge_id, NdaAcceptance.revoked_at.is_(None)
        ),
        select(Question.asked_by).where(Question.challenge_id == challenge_id),
        select(Proposal.lead_id).where(*live),
        select(TeamMember.person_id).join(Proposal, Proposal.id == TeamMember.proposal_id).where(*live),
    )
    return set(session.scalars(found))


def submitted_leads(session: Session, challenge_id: UUID) -> dict[UUID, UUID]:
    """Who leads a submitted proposal and still acts for its institute, with its id."""
    still_there = exists().where(
        Membership.person_id == Proposal.lead_id,
        Membership.organisation_id == Proposal.institute_id,
        Membership.role == Role.RESEARCHER,
        Membership.status == MembershipStatus.ACTIVE,
    )
    query = select(Proposal.lead_id, Proposal.id).where(
        Proposal.challenge_id == challenge_id, Proposal.status == ProposalStatus.SUBMITTED, still_there
    )
    return {row.lead_id: row.id for row in session.execute(query)}
