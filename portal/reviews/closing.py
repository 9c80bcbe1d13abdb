"""Every other end: a negotiation falls through, no award, a proposer walks away, the enterprise withdraws."""

from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Proposal, ProposalStatus
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.extensions import lapse_extensions
from portal.challenges.rules import sides
from portal.challenges.texts import paragraphs
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Invalid, NotPossibleNow
from portal.notifications.commands import people_with_role
from portal.permissions import Action, Actor, Role, authorize
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.reviews.access import get_evaluation, get_own_proposal, opened_proposals, require_impartial, require_opened
from portal.reviews.awards import require_uninvolved
from portal.reviews.notices import enterprise_admins, operators, tell
from portal.reviews.ranking import by_rank, promote
from portal.reviews.replies import release_replies, require_replies
from portal.reviews.rules import Party
from portal.reviews.sealing import seal_words
from portal.reviews.terms import shortlisted, take_back_prepared
from portal.workflow import advance, require_version

REASON_LIMIT = 2000


def decline_award(session: Session, actor: Actor, *, challenge_id: UUID, reason: str) -> None:
    """Walk away from the negotiation, or from the reserve, as the investigator.

    Raises: NotFound, Forbidden, NotPossibleNow, Invalid without a reason.
    """
    proposal = get_own_proposal(session, actor, challenge_id, lock=True)
    authorize(actor, Action.DECLINE_AWARD, PROPOSAL_WORKFLOW.sides(actor, proposal))
    reason = _words(reason, Action.DECLINE_AWARD)
    was_first = proposal.status is ProposalStatus.SHORTLISTED
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.DECLINE_AWARD, reason=reason)
    proposal.decision_reason = seal_words(proposal, reason, "decision")
    proposal.changed_at = proposal.challenge.changed_at = clock.now()
    if was_first:
        take_back_prepared(session, proposal.challenge)
    inside = {*enterprise_admins(session, proposal.challenge), *operators(session, proposal.challenge)}
    tell(session, proposal.challenge, inside, N_("A proposer walked away from “{title}”, with a reason."))


def fall_through(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    walked_away: Party,
    reason: str,
    version: int | None = None,
) -> None:
    """Record who walked away and why; the challenge is back in evaluation and the next reserve moves up.

    A proposer who did not walk away must hear why: the prepared reply goes out.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Incomplete without that reply, Invalid.
    """
    challenge = get_evaluation(session, actor, challenge_id, lock=True)
    authorize(actor, Action.FALL_THROUGH, sides(actor, challenge))
    require_version(challenge, version)
    if challenge.status is not ChallengeStatus.NEGOTIATING:
        raise NotPossibleNow(status=challenge.status)
    proposals = opened_proposals(session, challenge, lock=True)
    require_impartial(session, actor, challenge, proposals)
    reason = _words(reason, Action.FALL_THROUGH)
    first = shortlisted(session, challenge)
    if first is None and walked_away is Party.ENTERPRISE:
        raise Invalid(N_("The proposer walked away before; record it so."), field="walked_away")
    out = [] if first is None else require_replies(session, [first])
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.FALL_THROUGH, reason=reason, fields=(walked_away,))
    challenge.changed_at = clock.now()
    take_back_prepared(session, challenge)
    release_replies(session, actor, challenge, out)
    reserves = [row for row in by_rank(session, challenge, proposals) if row.status is ProposalStatus.RESERVE]
    if reserves:
        promote(session, actor, challenge, reserves[0])
    else:
        tell(
            session, challenge, enterprise_admins(session, challenge), N_("The negotiation on “{title}” fell through.")
        )


def declare_no_award(
    session: Session, actor: Actor, *, challenge_id: UUID, reason: str, version: int | None = None
) -> None:
    """End without an award; everybody reads the reason, and every proposer the reply prepared for them.

    Raises: NotFound, Forbidden for whoever took part, NotPossibleNow, Stale, Incomplete, Invalid without a reason.
    """
    challenge = get_evaluation(session, actor, challenge_id, lock=True)
    authorize(actor, Action.DECLARE_NO_AWARD, sides(actor, challenge))
    require_version(challenge, version)
    if CHALLENGE_WORKFLOW.find(challenge.status, Action.DECLARE_NO_AWARD) is None:
        raise NotPossibleNow(status=challenge.status)
    require_opened(challenge)
    require_uninvolved(session, actor, challenge)
    waiting = require_replies(session, opened_proposals(session, challenge, lock=True))
    reason = _words(reason, Action.DECLARE_NO_AWARD)
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.DECLARE_NO_AWARD, reason=reason)
    _end(session, actor, challenge, reason, waiting)
    inside = {*enterprise_admins(session, challenge), *operators(session, challenge)}
    tell(session, challenge, inside, N_("“{title}” ended without an award."))


def withdraw_challenge(
    session: Session, actor: Actor, *, challenge_id: UUID, reason: str, version: int | None = None
) -> None:
    """Take the challenge back before an award, with a reason.

    After the opening every proposer needs a prepared reply. Before it the portal's clock sends each proposer the
    reason as the reply, so that the act is the same whether anybody proposed or not.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Incomplete, Invalid without a reason.
    """
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, Action.WITHDRAW_CHALLENGE, sides(actor, challenge))
    require_version(challenge, version)
    if CHALLENGE_WORKFLOW.find(challenge.status, Action.WITHDRAW_CHALLENGE) is None:
        raise NotPossibleNow(status=challenge.status)
    waiting: list[Proposal] = []
    if challenge.opened_at is not None:
        waiting = require_replies(session, opened_proposals(session, challenge, lock=True))
    reason = _words(reason, Action.WITHDRAW_CHALLENGE)
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.WITHDRAW_CHALLENGE, reason=reason)
    _end(session, actor, challenge, reason, waiting)
    if challenge.submitted_at is not None:
        # Its own page stays open to everybody, so nobody's answer is asked for: the act costs the same without one.
        inside = {*people_with_role(session, Role.OPERATOR), *people_with_role(session, Role.APPROVER)}
        if challenge.broker_id is not None:
            inside.add(challenge.broker_id)
        tell(session, challenge, inside, N_("The enterprise withdrew “{title}”."), page="challenge")


def may_withdraw(actor: Actor, challenge: Challenge) -> bool:
    """Whether the button is shown."""
    return actor.role is Role.ENTERPRISE_ADMIN and Action.WITHDRAW_CHALLENGE in CHALLENGE_WORKFLOW.allowed(
        actor, challenge
    )


def _end(session: Session, actor: Actor, challenge: Challenge, reason: str, waiting: list[Proposal]) -> None:
    challenge.ended_reason, challenge.changed_at = reason, clock.now()
    take_back_prepared(session, challenge)
    lapse_extensions(session, challenge.id)
    release_replies(session, actor, challenge, waiting)


def _words(reason: str, action: Action) -> str:
    """Raises: Invalid."""
    cleaned = paragraphs(reason, REASON_LIMIT, section=action, field="reason")
    if not cleaned:
        raise Invalid(N_("Please give a reason; the other side will read it."), field="reason")
    return cleaned
