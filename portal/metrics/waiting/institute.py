"""What waits for an institute and its researchers."""

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from db.models import (
    Addendum,
    AddendumAcknowledgement,
    Challenge,
    Proposal,
    ProposalStatus,
    ProposalSubmission,
)
from portal.errors import N_
from portal.metrics.waiting.kinds import PER_KIND, Waiting, leads, still_open
from portal.permissions import Actor

_C = Challenge


def clearances(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(Proposal.changed_at, _C.title, _C.closes_at)
        .join(_C, _C.id == Proposal.challenge_id)
        .where(
            Proposal.institute_id == actor.organisation_id,
            Proposal.clearance_asked_digest.is_not(None),
            Proposal.status.in_((ProposalStatus.INTERNAL_CHECK, ProposalStatus.SUBMITTED)),
            still_open(),
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
            leads(actor),
            Proposal.status.in_((ProposalStatus.DRAFT, ProposalStatus.INTERNAL_CHECK)),
            still_open(),
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
    """Published since the submission that counts: whoever submitted later knew it."""
    acknowledged = exists().where(
        AddendumAcknowledgement.addendum_id == Addendum.id, AddendumAcknowledgement.proposal_id == Proposal.id
    )
    query = (
        select(Proposal.id, _C.title, Addendum.published_at, _C.closes_at)
        .join(_C, _C.id == Proposal.challenge_id)
        .join(Addendum, Addendum.challenge_id == _C.id)
        .join(
            ProposalSubmission,
            and_(
                ProposalSubmission.proposal_id == Proposal.id,
                ProposalSubmission.number == Proposal.submission_number,
            ),
        )
        .where(
            leads(actor),
            Proposal.status == ProposalStatus.SUBMITTED,
            Addendum.is_material,
            Addendum.published_at >= ProposalSubmission.submitted_at,
            still_open(),
            ~acknowledged,
        )
        .order_by(Addendum.published_at)
        .limit(PER_KIND)
    )
    message = N_("Acknowledge a material addendum")
    return [
        Waiting(message, row.title, "proposal-edit", row.id, row.published_at, row.closes_at)
        for row in session.execute(query)
    ]
