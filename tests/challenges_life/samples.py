"""Those who answer a challenge, and their proposals by the short way."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, Notification, OrganisationKind, Proposal, ProposalStatus, ProposalSubmission, Role
from portal import clock
from portal.permissions import Actor
from portal.seal import ProposalKey, new_wrapped_key
from tests.factories import add_member, add_organisation


def researcher(session: Session) -> Actor:
    return add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE))


def submitted_proposal(session: Session, challenge: Challenge, lead: Actor) -> Proposal:
    """A proposal with one submission, made now."""
    proposal_id, now = uuid4(), clock.now()
    wrapped = new_wrapped_key(str(proposal_id))
    proposal = Proposal(
        id=proposal_id,
        challenge_id=challenge.id,
        institute_id=lead.organisation_id,
        lead_id=lead.person_id,
        status=ProposalStatus.SUBMITTED,
        wrapped_key=wrapped,
        submission_number=1,
        created_at=now,
        changed_at=now,
    )
    session.add(proposal)
    session.flush()
    content = ProposalKey(wrapped, str(proposal_id)).seal(b"{}", "submission")
    session.add(
        ProposalSubmission(
            proposal_id=proposal_id,
            number=1,
            content_hash="0" * 64,
            content=content,
            submitted_by=lead.person_id,
            submitted_at=now,
        )
    )
    session.flush()
    return proposal


def told(session: Session, actor: Actor) -> list[str]:
    """The message ids of everything this person was told, oldest first."""
    query = select(Notification).where(Notification.person_id == actor.person_id)
    return [row.message for row in session.scalars(query.order_by(Notification.created_at, Notification.id))]


def jump(to: datetime, seconds: float = 0) -> None:
    """Set the portal's clock to an instant, or some seconds off it."""
    clock.set_offset(0)
    clock.set_offset((to - clock.now() + timedelta(seconds=seconds)).total_seconds())
