"""After the opening: each proposal is found eligible or not, then the evaluation starts."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Proposal, ProposalStatus, Reply, ReplyReason
from portal import clock
from portal.challenges.rules import sides
from portal.challenges.texts import paragraphs
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Incomplete, Invalid, NotPossibleNow
from portal.permissions import Action, Actor, authorize
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.reviews.access import get_evaluation, get_opened_proposal, opened_proposals, require_impartial
from portal.reviews.notices import enterprise_admins, tell
from portal.reviews.replies import write_reply
from portal.reviews.rules import is_locked
from portal.reviews.sealing import seal_words
from portal.workflow import advance, require_version

REASON_LIMIT = 2000


def accept_eligible(session: Session, actor: Actor, *, proposal_id: UUID, version: int | None = None) -> None:
    """It answers the challenge in form. Raises: NotFound, Forbidden, NotPossibleNow, Stale."""
    proposal = _to_check(session, actor, proposal_id, Action.ACCEPT_ELIGIBLE, version, ChallengeStatus.CLOSED)
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.ACCEPT_ELIGIBLE)
    proposal.changed_at = clock.now()


def declare_ineligible(
    session: Session, actor: Actor, *, proposal_id: UUID, reason: str, version: int | None = None
) -> None:
    """It fails in form; the reason is also the reply that goes out with the others.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid without a reason.
    """
    proposal = _to_check(session, actor, proposal_id, Action.DECLARE_INELIGIBLE, version, ChallengeStatus.CLOSED)
    reason = paragraphs(reason, REASON_LIMIT, section=Action.DECLARE_INELIGIBLE, field="reason")
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.DECLARE_INELIGIBLE, reason=reason)
    proposal.decision_reason = seal_words(proposal, reason, "decision")
    proposal.changed_at = clock.now()
    write_reply(session, actor, proposal, ReplyReason.ELIGIBILITY, reason)


def reinstate_proposal(
    session: Session, actor: Actor, *, proposal_id: UUID, reason: str, version: int | None = None
) -> None:
    """Take an ineligible proposal back into the running; during the evaluation it must be ranked like the others.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid without a reason.
    """
    allowed = (ChallengeStatus.CLOSED, ChallengeStatus.EVALUATING)
    proposal = _to_check(session, actor, proposal_id, Action.REINSTATE_PROPOSAL, version, *allowed)
    challenge = proposal.challenge
    if is_locked(row.status for row in opened_proposals(session, challenge)):
        raise NotPossibleNow(N_("The ranking is locked; no further proposal comes in."))
    reason = paragraphs(reason, REASON_LIMIT, section=Action.REINSTATE_PROPOSAL, field="reason")
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.REINSTATE_PROPOSAL, reason=reason)
    proposal.decision_reason = None
    if reply := session.scalars(select(Reply).where(Reply.proposal_id == proposal.id)).one_or_none():
        session.delete(reply)
    if challenge.status is ChallengeStatus.EVALUATING:
        advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.EVALUATE_PROPOSAL)
    proposal.changed_at = challenge.changed_at = clock.now()


def evaluate_challenge(session: Session, actor: Actor, *, challenge_id: UUID, version: int | None = None) -> None:
    """Every proposal is checked: the eligible ones go into evaluation.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Incomplete naming what is unchecked, Invalid when none is
    eligible.
    """
    challenge = get_evaluation(session, actor, challenge_id, lock=True)
    authorize(actor, Action.EVALUATE_CHALLENGE, sides(actor, challenge))
    require_version(challenge, version)
    if challenge.status is not ChallengeStatus.CLOSED:
        raise NotPossibleNow(status=challenge.status)
    proposals = opened_proposals(session, challenge, lock=True)
    require_impartial(session, actor, challenge, proposals)
    _require_checked(proposals)
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.EVALUATE_CHALLENGE)
    challenge.changed_at = clock.now()
    for proposal in proposals:
        if proposal.status is ProposalStatus.ELIGIBLE:
            advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.EVALUATE_PROPOSAL)
            proposal.changed_at = challenge.changed_at
    message = N_("The evaluation of “{title}” began. Please compare the proposals and rank them with the district.")
    tell(session, challenge, enterprise_admins(session, challenge), message)


def _require_checked(proposals: list[Proposal]) -> None:
    unchecked = [row for row in proposals if row.status is ProposalStatus.SUBMITTED]
    if unchecked:
        message = N_("The proposal of {institute} is not checked yet.")
        raise Incomplete([("eligibility", message, {"institute": row.institute.name}) for row in unchecked])
    if not any(row.status is ProposalStatus.ELIGIBLE for row in proposals):
        raise Invalid(N_("No proposal is eligible: nothing can be evaluated, and an approver declares no award."))


def _to_check(
    session: Session, actor: Actor, proposal_id: UUID, action: Action, version: int | None, *statuses: ChallengeStatus
) -> Proposal:
    proposal = get_opened_proposal(session, actor, proposal_id, lock=True)
    challenge: Challenge = proposal.challenge
    authorize(actor, action, PROPOSAL_WORKFLOW.sides(actor, proposal))
    require_version(proposal, version)
    if challenge.status not in statuses:
        raise NotPossibleNow(status=challenge.status)
    require_impartial(session, actor, challenge, [proposal])
    return proposal
