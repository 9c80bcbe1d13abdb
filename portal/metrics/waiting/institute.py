"""What waits for an institute and its researchers."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.models import (
    Addendum,
    AddendumAcknowledgement,
    Challenge,
    ChallengeStatus,
    Proposal,
    ProposalStatus,
)
from portal.errors import N_
from portal.metrics.waiting.kinds import PER_KIND, Waiting
from portal.permissions import Actor

_C = Challenge
_S = ChallengeStatus


def clearances(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(Proposal.changed_at, _C.title, _C.closes_at)
        .join(_C, _C.id == Proposal.challenge_id)
        .where(
            Proposal.institute_id == actor.organisation_id,
            Proposal.clearance_asked_digest.is_not(None),
            Proposal.status.in_((ProposalStatus.INTERNAL_CHECK, ProposalStatus.SUBMITTED)),
            _C.status == _S.OPEN,
        )
        .order_by(_C.closes_at)
        .limit(PER_KIND)
    )
    message = N_("Clear a proposal of your institute")
    return [
        Waiting(message, row.title, "clearances", None, row.changed_at, row.closes_at) for row in session.execute(query)
    ]


def my_drafts(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(Proposal.id, Proposal.changed_at, _C.title, _C.closes_at)
        .join(_C, _C.id == Proposal.challenge_id)
        .where(
            Proposal.lead_id == actor.person_id,
            Proposal.status.in_((ProposalStatus.DRAFT, ProposalStatus.INTERNAL_CHECK)),
            _C.status == _S.OPEN,
        )
        .order_by(_C.closes_at)
        .limit(PER_KIND)
    )
    message = N_("Finish and submit your proposal")
    return [
        Waiting(message, row.title, "proposal-edit", row.id, row.changed_at, row.closes_at)
        for row in session.execute(query)
    ]


def to_acknowledge(session: Session, actor: Actor) -> list[Waiting]:
    acknowledged = exists().where(
        AddendumAcknowledgement.addendum_id == Addendum.id, AddendumAcknowledgement.proposal_id == Proposal.id
    )
    query = (
        select(Proposal.id, _C.title, Addendum.published_at, _C.closes_at)
        .join(_C, _C.id == Proposal.challenge_id)
        .join(Addendum, Addendum.challenge_id == _C.id)
        .where(
            Proposal.lead_id == actor.person_id,
            Proposal.status == ProposalStatus.SUBMITTED,
            Addendum.is_material,
            Addendum.published_at.is_not(None),
            _C.status == _S.OPEN,
            ~acknowledged,
        )
        .limit(PER_KIND)
    )
    message = N_("Acknowledge a material addendum")
    return [
        Waiting(message, row.title, "proposal-edit", row.id, row.published_at, row.closes_at)
        for row in session.execute(query)
    ]
