"""The reasoned replies: prepared one by one, released all at once when the challenge ends."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Proposal, Reply, ReplyReason
from portal import clock
from portal.challenges.texts import paragraphs
from portal.errors import N_, Incomplete, Invalid, NotPossibleNow
from portal.events import record_event
from portal.permissions import Action, Actor, authorize
from portal.proposals.notices import team_now
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.reviews.access import get_opened_proposal
from portal.reviews.notices import tell
from portal.reviews.workflow import IN_EVALUATION, NEEDS_REPLY, REJECTABLE
from portal.workflow import advance, require_version

TEXT_LIMIT = 4000


def prepare_reply(
    session: Session,
    actor: Actor,
    *,
    proposal_id: UUID,
    code: ReplyReason | None,
    text: str,
    version: int | None = None,
) -> None:
    """Write, or write anew, why a proposal is not chosen; the proposer reads it when the challenge ends.

    `version` is that of the reply on the page.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid without a ground or words.
    """
    proposal = get_opened_proposal(session, actor, proposal_id, lock=True)
    authorize(actor, Action.PREPARE_REPLY, PROPOSAL_WORKFLOW.sides(actor, proposal))
    if proposal.challenge.status not in IN_EVALUATION:
        raise NotPossibleNow(status=proposal.challenge.status)
    if proposal.status not in NEEDS_REPLY:
        raise NotPossibleNow(status=proposal.status)
    known = reply_to(session, proposal)
    if known is not None:
        require_version(known, version)
    if code is None:
        raise Invalid(N_("Please choose the ground of the reply."), field="code")
    text = paragraphs(text, TEXT_LIMIT, section=Action.PREPARE_REPLY, field="text")
    if not text:
        raise Invalid(N_("Please write the reply; the proposer will read it."), field="text")
    write_reply(session, actor, proposal, code, text)
    record_event(
        session,
        actor,
        Action.PREPARE_REPLY,
        PROPOSAL_WORKFLOW.name,
        proposal.id,
        fields=(code.value,),
        parent_id=proposal.challenge_id,
        sealed_until_opened=proposal.challenge_id,
    )


def write_reply(session: Session, actor: Actor, proposal: Proposal, code: ReplyReason, text: str) -> None:
    """The reply as a row, for commands that know its reason already."""
    reply = reply_to(session, proposal)
    if reply is None:
        reply = Reply(challenge_id=proposal.challenge_id, proposal_id=proposal.id)
        session.add(reply)
    reply.code, reply.text = code, text
    reply.prepared_by, reply.prepared_at = actor.acting_person, clock.now()
    session.flush()


def reply_to(session: Session, proposal: Proposal) -> Reply | None:
    return session.scalars(select(Reply).where(Reply.proposal_id == proposal.id)).one_or_none()


def require_replies(session: Session, proposals: Iterable[Proposal], *, but: UUID | None = None) -> list[Proposal]:
    """Everybody who is to hear now. Raises: Incomplete naming those without a prepared reply."""
    waiting = [row for row in proposals if row.status in NEEDS_REPLY and row.id != but]
    prepared = set(session.scalars(select(Reply.proposal_id).where(Reply.proposal_id.in_([row.id for row in waiting]))))
    missing = [row for row in waiting if row.id not in prepared]
    if missing:
        message = N_("A reasoned reply to {institute} is still missing.")
        raise Incomplete([("replies", message, {"institute": row.institute.name}) for row in missing])
    return waiting


def release_replies(session: Session, actor: Actor, challenge: Challenge, proposals: Iterable[Proposal]) -> None:
    """Send out the prepared replies in one batch: whoever was still in the running is not selected."""
    now = clock.now()
    for proposal in proposals:
        release_reply(session, actor, challenge, proposal, now)


def release_reply(session: Session, actor: Actor, challenge: Challenge, proposal: Proposal, now: datetime) -> None:
    reply = reply_to(session, proposal)
    if reply is None:
        raise Incomplete(
            [
                (
                    "replies",
                    N_("A reasoned reply to {institute} is still missing."),
                    {"institute": proposal.institute.name},
                )
            ]
        )
    reply.released_at = now
    if proposal.status in REJECTABLE:
        advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.REJECT_PROPOSAL)
        proposal.changed_at = now
    message = N_("There is a reply to your proposal for “{title}”.")
    if challenge.status is ChallengeStatus.WITHDRAWN:
        message = N_("“{title}” was withdrawn by the enterprise. Open the notice to read the reason.")
    tell(session, challenge, team_now(session, proposal), message)
