"""After the award: the enterprise records the signed contract, the investigator confirms it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Event, Proposal, ProposalStatus, Role
from portal import clock
from portal.errors import N_, Forbidden, NotFound, NotPossibleNow
from portal.events import record_event
from portal.permissions import Action, Actor, authorize
from portal.proposals.notices import lead_now
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.reviews.access import get_opened_proposal, get_own_proposal
from portal.reviews.awards import award_in_force
from portal.reviews.notices import enterprise_admins, operators, tell
from portal.workflow import advance

RECORDED = "recorded by the enterprise"


def sign_contract(session: Session, actor: Actor, *, challenge_id: UUID) -> bool:
    """Record the signature for one's own side; the investigator's confirmation completes it. A repeat changes nothing.

    Returns whether both sides signed.

    Raises: NotFound, Forbidden, NotPossibleNow.
    """
    proposal = _awarded(session, actor, challenge_id)
    authorize(actor, Action.SIGN_CONTRACT, PROPOSAL_WORKFLOW.sides(actor, proposal))
    if proposal.status is ProposalStatus.CONTRACTED:
        return True
    if proposal.status is not ProposalStatus.AWARDED:
        raise NotPossibleNow(status=proposal.status)
    recorded = recorded_by(session, proposal.id)
    if actor.role is Role.ENTERPRISE_ADMIN:
        if recorded is None:
            _record(session, actor, proposal)
        return False
    if recorded is None:
        raise NotPossibleNow(N_("The enterprise records the signed contract first."))
    if recorded == actor.person_id:
        raise Forbidden(N_("You signed for the other side; each side signs by a person of its own."))
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.SIGN_CONTRACT)
    proposal.changed_at = clock.now()
    inside = {*enterprise_admins(session, proposal.challenge), *operators(session, proposal.challenge)}
    tell(session, proposal.challenge, inside, N_("The contract on “{title}” is signed by both sides."))
    return True


def recorded_by(session: Session, proposal_id: UUID) -> UUID | None:
    """Who recorded the contract for the enterprise."""
    query = (
        select(Event.person_id)
        .where(Event.object_id == proposal_id, Event.action == Action.SIGN_CONTRACT.value)
        .order_by(Event.seq)
        .limit(1)
    )
    return session.scalar(query)


def _awarded(session: Session, actor: Actor, challenge_id: UUID) -> Proposal:
    if actor.role in (Role.RESEARCHER, Role.INSTITUTE_ADMIN, Role.BROKER):
        return get_own_proposal(session, actor, challenge_id, lock=True)
    award = award_in_force(session, challenge_id)
    if award is None:
        raise NotFound
    return get_opened_proposal(session, actor, award.proposal_id, lock=True)


def _record(session: Session, actor: Actor, proposal: Proposal) -> None:
    record_event(
        session,
        actor,
        Action.SIGN_CONTRACT,
        PROPOSAL_WORKFLOW.name,
        proposal.id,
        fields=(RECORDED,),
        parent_id=proposal.challenge_id,
        sealed_until_opened=proposal.challenge_id,
    )
    proposal.challenge.changed_at = clock.now()
    message = N_("The enterprise recorded the signed contract on “{title}”. Please confirm it.")
    tell(session, proposal.challenge, lead_now(session, proposal), message)
