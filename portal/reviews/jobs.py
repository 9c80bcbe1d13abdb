"""What the clock does: whoever answered a challenge that was withdrawn unopened hears the reason."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.models import (
    Challenge,
    ChallengeStatus,
    Event,
    Notification,
    Proposal,
    ProposalStatus,
    Reply,
    ReplyReason,
)
from portal import clock
from portal.errors import N_
from portal.notifications.commands import notify
from portal.permissions import CLOCK, Action
from portal.proposals.notices import team_now
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.reviews.workflow import REJECTABLE
from portal.workflow import advance

WITHDRAWN = N_("“{title}” was withdrawn by the enterprise. Open the notice to read the reason.")
LOOKS_BACK = timedelta(days=30)
AT_ONCE = 50
_UNSENT = (ProposalStatus.DRAFT, ProposalStatus.INTERNAL_CHECK)


def answer_withdrawn(session: Session) -> int:
    """Reply to every proposer of a challenge that was withdrawn before its opening, and tell those with a draft.

    The withdrawal itself does none of it, so that neither its length nor its result tells whether anybody proposed.
    Returns 0 always: the log must not tell either.
    """
    for proposal in _unanswered(session):
        if proposal.status in REJECTABLE:
            _answer(session, proposal)
        challenge = proposal.challenge
        notify(
            session,
            # With nobody left at all the notice is still written: it marks that this was done.
            person_ids=team_now(session, proposal) or {proposal.lead_id},
            message=WITHDRAWN,
            params={"title": challenge.title},
            page="evaluation" if proposal.status not in _UNSENT else "proposal",
            object_id=challenge.id if proposal.status not in _UNSENT else proposal.id,
            dedupe_key=f"withdrawn:{proposal.id}",
        )
    return 0


def is_answer_due(session: Session) -> bool:
    """Whether somebody still waits to hear of a withdrawal."""
    return bool(_unanswered(session))


def _unanswered(session: Session) -> list[Proposal]:
    told = exists().where(Notification.object_id == Proposal.id, Notification.message == WITHDRAWN)
    query = (
        select(Proposal)
        .join(Challenge, Challenge.id == Proposal.challenge_id)
        .where(
            Challenge.status == ChallengeStatus.WITHDRAWN,
            Challenge.changed_at > clock.now() - LOOKS_BACK,
            Challenge.opened_at.is_(None),
            or_(Proposal.status.in_(REJECTABLE), and_(Proposal.status.in_(_UNSENT), ~told)),
        )
        .options(
            joinedload(Proposal.challenge),
            selectinload(Proposal.team),
            selectinload(Proposal.co_applicants),
        )
        .limit(AT_ONCE)
    )
    return list(session.scalars(query))


def _answer(session: Session, proposal: Proposal) -> None:
    now = clock.now()
    session.add(
        Reply(
            challenge_id=proposal.challenge_id,
            proposal_id=proposal.id,
            code=ReplyReason.CHALLENGE_WITHDRAWN,
            text=proposal.challenge.ended_reason,
            prepared_by=_who_withdrew(session, proposal),
            prepared_at=now,
            released_at=now,
        )
    )
    advance(session, CLOCK, PROPOSAL_WORKFLOW, proposal, Action.REJECT_PROPOSAL)
    proposal.changed_at = now


def _who_withdrew(session: Session, proposal: Proposal) -> UUID:
    query = (
        select(Event.person_id)
        .where(Event.object_id == proposal.challenge_id, Event.action == Action.WITHDRAW_CHALLENGE.value)
        .order_by(Event.seq.desc())
        .limit(1)
    )
    return session.scalar(query) or proposal.lead_id
