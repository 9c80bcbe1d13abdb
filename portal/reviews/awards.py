"""The award: prepared by an operator, decided by an approver, exactly one whatever races; then the contract."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import (
    Award,
    Challenge,
    ChallengeStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    Proposal,
    Terms,
)
from portal import clock
from portal.challenges.rules import sides
from portal.challenges.texts import paragraphs
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Forbidden, Incomplete, Invalid, NotFound, NotPossibleNow, Stale
from portal.events import record_event
from portal.permissions import Action, Actor, authorize
from portal.proposals.notices import team_now
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.reviews.access import get_evaluation, opened_proposals, require_impartial, took_part
from portal.reviews.notices import approvers, enterprise_admins, operators, tell
from portal.reviews.replies import release_replies, require_replies
from portal.reviews.rules import is_accepted
from portal.reviews.terms import latest_terms, shortlisted
from portal.workflow import advance, require_version

REASON_LIMIT = 2000


def prepare_award(
    session: Session, actor: Actor, *, challenge_id: UUID, reason: str = "", version: int | None = None
) -> UUID:
    """Put the award of the shortlisted proposal before an approver.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Incomplete naming what is still missing.
    """
    challenge = get_evaluation(session, actor, challenge_id, lock=True)
    authorize(actor, Action.PREPARE_AWARD, sides(actor, challenge))
    require_version(challenge, version)
    if prepared_award(session, challenge) is not None:
        raise NotPossibleNow(N_("The award is prepared already; an approver decides."))
    proposal, terms = _ready(session, actor, challenge)
    decision = Decision(
        kind=DecisionKind.AWARD,
        object_id=challenge.id,
        payload={"proposal_id": str(proposal.id), "terms_id": str(terms.id)},
        reason=paragraphs(reason, REASON_LIMIT, section=Action.PREPARE_AWARD, field="reason"),
        prepared_by=actor.acting_person,
        prepared_at=clock.now(),
    )
    session.add(decision)
    session.flush()
    challenge.changed_at = decision.prepared_at
    _record(session, actor, Action.PREPARE_AWARD, challenge, decision)
    tell(
        session,
        challenge,
        approvers(session, challenge),
        N_("The award of “{title}” is prepared and waits for your decision."),
    )
    return decision.id


def decide_award(
    session: Session, actor: Actor, *, decision_id: UUID, approve: bool, reason: str = "", version: int | None = None
) -> None:
    """Award, with every reply released in the same transaction, or refuse with a reason.

    `version` is that of the prepared decision.

    Raises: NotFound, Forbidden for whoever prepared it or took part, NotPossibleNow, Stale, Incomplete, Invalid.
    """
    challenge, decision = _to_decide(session, actor, decision_id, version)
    reason = paragraphs(reason, REASON_LIMIT, section=Action.DECIDE_AWARD, field="reason")
    if approve:
        _award(session, actor, challenge, decision, reason)
    else:
        _refuse(session, actor, challenge, decision, reason)


def prepared_award(session: Session, challenge: Challenge) -> Decision | None:
    """The decision that waits for an approver."""
    query = select(Decision).where(
        Decision.object_id == challenge.id,
        Decision.kind == DecisionKind.AWARD,
        Decision.status == DecisionStatus.PREPARED,
    )
    return session.scalars(query).first()


def award_in_force(session: Session, challenge_id: UUID) -> Award | None:
    query = select(Award).where(Award.challenge_id == challenge_id, Award.revoked_at.is_(None))
    return session.scalars(query).one_or_none()


def _to_decide(session: Session, actor: Actor, decision_id: UUID, version: int | None) -> tuple[Challenge, Decision]:
    known = session.get(Decision, decision_id)
    if known is None or known.kind is not DecisionKind.AWARD:
        raise NotFound
    challenge = get_evaluation(session, actor, known.object_id, lock=True)
    authorize(actor, Action.DECIDE_AWARD, sides(actor, challenge))
    if known.prepared_by == actor.person_id:
        raise Forbidden(N_("Whoever prepared an award does not decide on it; another approver must."))
    require_uninvolved(session, actor, challenge)
    # Read again under the lock: somebody may have decided while this one waited.
    query = select(Decision).where(Decision.id == decision_id).with_for_update()
    decision = session.scalars(query.execution_options(populate_existing=True)).one()
    if decision.status is not DecisionStatus.PREPARED:
        raise NotPossibleNow(status=decision.status)
    require_version(decision, version)
    return challenge, decision


def require_uninvolved(session: Session, actor: Actor, challenge: Challenge) -> None:
    """R9: who ranked, negotiated or prepared replies in another hat does not decide. Raises: Forbidden."""
    if took_part(session, challenge, actor.acting_person):
        raise Forbidden(N_("You took part in this evaluation in another role; another approver must decide."))
    require_impartial(session, actor, challenge, opened_proposals(session, challenge))


def _award(session: Session, actor: Actor, challenge: Challenge, decision: Decision, reason: str) -> None:
    proposal, terms = _ready(session, actor, challenge)
    if decision.payload != {"proposal_id": str(proposal.id), "terms_id": str(terms.id)}:
        raise Stale
    others = require_replies(session, opened_proposals(session, challenge, lock=True), but=proposal.id)
    now = clock.now()
    _settle(session, actor, challenge, decision, DecisionStatus.APPROVED, reason)
    _insert_award(session, challenge, proposal, terms, decision)
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.AWARD_CHALLENGE)
    advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.AWARD_PROPOSAL)
    challenge.changed_at = proposal.changed_at = now
    release_replies(session, actor, challenge, others)
    tell(
        session, challenge, team_now(session, proposal), N_("Your proposal for “{title}” was awarded. Congratulations!")
    )
    inside = {*enterprise_admins(session, challenge), *operators(session, challenge)}
    tell(session, challenge, inside, N_("The award of “{title}” is decided."))


def _insert_award(session: Session, challenge: Challenge, proposal: Proposal, terms: Terms, decision: Decision) -> None:
    """The partial unique index has the last word. Raises: Stale."""
    session.add(
        Award(
            challenge_id=challenge.id,
            proposal_id=proposal.id,
            terms_id=terms.id,
            decision_id=decision.id,
            sum_fen=terms.sum_fen,
            awarded_at=clock.now(),
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise Stale from error


def _refuse(session: Session, actor: Actor, challenge: Challenge, decision: Decision, reason: str) -> None:
    if not reason:
        raise Invalid(N_("Please give a reason; the other side will read it."), field="reason")
    _settle(session, actor, challenge, decision, DecisionStatus.REFUSED, reason)
    challenge.changed_at = clock.now()
    message = N_("The prepared award of “{title}” was refused, with a reason.")
    tell(session, challenge, {decision.prepared_by, *operators(session, challenge)}, message)


def _settle(
    session: Session, actor: Actor, challenge: Challenge, decision: Decision, status: DecisionStatus, reason: str
) -> None:
    decision.status, decision.decision_reason = status, reason
    decision.decided_by, decision.decided_at = actor.acting_person, clock.now()
    session.flush()
    _record(session, actor, Action.DECIDE_AWARD, challenge, decision, reason)


def _ready(session: Session, actor: Actor, challenge: Challenge) -> tuple[Proposal, Terms]:
    """What is awarded, once everything it rests on is there. Raises: NotPossibleNow, Forbidden, Incomplete."""
    if challenge.status is not ChallengeStatus.NEGOTIATING:
        raise NotPossibleNow(status=challenge.status)
    proposals = opened_proposals(session, challenge, lock=True)
    require_impartial(session, actor, challenge, proposals)
    proposal = shortlisted(session, challenge)
    if proposal is None:
        raise NotPossibleNow(N_("The proposer walked away; the operator records that the negotiation fell through."))
    terms = latest_terms(session, proposal.id, lock=True)
    if terms is None or not is_accepted(terms):
        raise Incomplete([("terms", N_("The newest terms are not accepted by both sides yet."), {})])
    require_replies(session, proposals, but=proposal.id)
    return proposal, terms


def _record(
    session: Session, actor: Actor, action: Action, challenge: Challenge, decision: Decision, reason: str = ""
) -> None:
    record_event(
        session,
        actor,
        action,
        CHALLENGE_WORKFLOW.name,
        challenge.id,
        reason=reason,
        fields=("decision", str(decision.id), decision.status.value),
    )
