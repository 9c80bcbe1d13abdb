"""Which acts an evaluation offers to its reader now, and in one line why another is not possible yet."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Proposal, ProposalStatus, Reply
from portal.challenges.rules import sides
from portal.errors import N_, PortalError
from portal.permissions import Action, Actor, can
from portal.reviews.awards import prepared_award, require_uninvolved
from portal.reviews.rules import ENTERPRISE, is_accepted, is_locked, side_of
from portal.reviews.turns import Facts
from portal.reviews.workflow import NEEDS_REPLY, RANKED

_S = ChallengeStatus


class Step(NamedTuple):
    """One act; with `why_not` it is shown as what stands in the way."""

    action: Action
    why_not: str = ""


def steps_of(
    session: Session, actor: Actor, challenge: Challenge, proposals: Sequence[Proposal], facts: Facts
) -> tuple[Step, ...]:
    """What this reader's role can do here, in the order of the work; the command checks all of it again."""
    where = sides(actor, challenge)
    found = _steps(session, actor, challenge, proposals, facts)
    return tuple(step for step in found if can(actor, step.action, where))


def _steps(
    session: Session, actor: Actor, challenge: Challenge, proposals: Sequence[Proposal], facts: Facts
) -> Iterator[Step]:
    unanswered = _unanswered(session, proposals)
    if challenge.status is _S.CLOSED and not facts.is_opened:
        yield Step(Action.OPEN_PROPOSALS)
    elif challenge.status is _S.CLOSED:
        yield from _checking(facts)
    elif challenge.status is _S.EVALUATING:
        yield from _ranking(actor, facts)
    elif challenge.status is _S.NEGOTIATING:
        yield from _negotiating(session, actor, challenge, facts, unanswered)
    elif challenge.status is _S.AWARDED and ProposalStatus.AWARDED in facts.statuses:
        done = N_("Recorded; the investigator confirms it.") if facts.contract_recorded else ""
        yield Step(Action.SIGN_CONTRACT, done)
    if challenge.status in (_S.CLOSED, _S.EVALUATING, _S.NEGOTIATING):
        missing = N_("Each proposer needs a prepared reply first.") if unanswered else ""
        if facts.is_opened:
            yield Step(Action.PREPARE_REPLY)
            yield Step(Action.DECLARE_NO_AWARD, missing or _why_not_decide(session, actor, challenge))
        yield Step(Action.WITHDRAW_CHALLENGE, missing)


def _checking(facts: Facts) -> Iterator[Step]:
    if ProposalStatus.SUBMITTED in facts.statuses:
        yield Step(Action.ACCEPT_ELIGIBLE)
        yield Step(Action.DECLARE_INELIGIBLE)
        yield Step(Action.EVALUATE_CHALLENGE, N_("Some proposals are not checked for eligibility yet."))
    elif ProposalStatus.ELIGIBLE in facts.statuses:
        yield Step(Action.EVALUATE_CHALLENGE)
    else:
        yield Step(Action.EVALUATE_CHALLENGE, N_("No proposal is eligible."))
    if ProposalStatus.INELIGIBLE in facts.statuses:
        yield Step(Action.REINSTATE_PROPOSAL)


def _ranking(actor: Actor, facts: Facts) -> Iterator[Step]:
    if not any(status in RANKED for status in facts.statuses):
        return
    if not is_locked(facts.statuses):
        yield Step(Action.RECORD_RANKING)
        if ProposalStatus.INELIGIBLE in facts.statuses:
            yield Step(Action.REINSTATE_PROPOSAL)
    if facts.ranked_by is not None and not facts.is_agreed:
        own = side_of(actor) == facts.ranked_by
        waiting = (
            N_("The enterprise agrees to it.") if facts.ranked_by != ENTERPRISE else N_("The operator agrees to it.")
        )
        yield Step(Action.AGREE_RANKING, waiting if own else "")
    yield Step(Action.SHORTLIST_CHALLENGE, "" if facts.is_agreed else N_("Both sides must agree to the ranking first."))


def _negotiating(
    session: Session, actor: Actor, challenge: Challenge, facts: Facts, unanswered: list[ProposalStatus]
) -> Iterator[Step]:
    yield Step(Action.FALL_THROUGH)
    if ProposalStatus.SHORTLISTED not in facts.statuses:
        return
    yield Step(Action.WRITE_TERMS)
    if facts.terms is not None and facts.terms.enterprise_accepted_at is None:
        yield Step(Action.ACCEPT_TERMS)
    if prepared_award(session, challenge) is not None:
        yield Step(Action.PREPARE_AWARD, N_("The award is prepared already; an approver decides."))
        yield Step(Action.DECIDE_AWARD, _why_not_decide(session, actor, challenge))
        return
    why_not = ""
    if not is_accepted(facts.terms):
        why_not = N_("Both sides must accept the newest terms first.")
    elif any(status is not ProposalStatus.SHORTLISTED for status in unanswered):
        why_not = N_("Each other proposer needs a prepared reply first.")
    yield Step(Action.PREPARE_AWARD, why_not)


def _why_not_decide(session: Session, actor: Actor, challenge: Challenge) -> str:
    if not can(actor, Action.DECIDE_AWARD):
        return ""
    prepared = prepared_award(session, challenge)
    if prepared is not None and prepared.prepared_by == actor.person_id:
        return N_("Whoever prepared an award does not decide on it; another approver must.")
    try:
        require_uninvolved(session, actor, challenge)
    except PortalError as refusal:
        return refusal.message
    return ""


def _unanswered(session: Session, proposals: Sequence[Proposal]) -> list[ProposalStatus]:
    """Where those stand who still lack a prepared reply."""
    waiting = [row for row in proposals if row.status in NEEDS_REPLY]
    query = select(Reply.proposal_id).where(Reply.proposal_id.in_([row.id for row in waiting]))
    prepared = set(session.scalars(query)) if waiting else set()
    return [row.status for row in waiting if row.id not in prepared]
