"""Terms of the award: written in numbered versions, each accepted anew by enterprise and investigator."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    Proposal,
    ProposalStatus,
    Terms,
)
from portal import clock
from portal.challenges.rules import sides
from portal.challenges.texts import paragraphs
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.events import record_event
from portal.permissions import Action, Actor, Role, Side, authorize
from portal.proposals.notices import lead_now
from portal.reviews.access import get_evaluation, get_own_proposal, opened_proposals, require_impartial
from portal.reviews.notices import enterprise_admins, operators, tell
from portal.reviews.rules import DISTRICT, is_accepted, side_of
from portal.wording import MAX_FEN

TEXT_LIMIT = 8000


def write_terms(
    session: Session, actor: Actor, *, challenge_id: UUID, sum_fen: int, text: str, number: int | None = None
) -> UUID:
    """Write the next version for the shortlisted proposal; every acceptance of the one before is void.

    `number` is that of the version on the page, 0 for none.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid.
    """
    challenge = get_evaluation(session, actor, challenge_id, lock=True)
    authorize(actor, Action.WRITE_TERMS, sides(actor, challenge))
    proposal = _negotiated(session, challenge)
    if side_of(actor) == DISTRICT:
        require_impartial(session, actor, challenge, [proposal])
    latest = latest_terms(session, proposal.id)
    before = 0 if latest is None else latest.number
    if number is not None and number != before:
        raise Stale
    text = paragraphs(text, TEXT_LIMIT, section=Action.WRITE_TERMS, field="text")
    if not text:
        raise Invalid(N_("Please write down what was agreed."), field="text")
    if not 0 < sum_fen <= MAX_FEN:
        raise Invalid(N_("A sum must be above zero and below 1,000 亿元."), field="sum")
    terms = Terms(
        challenge_id=challenge.id,
        proposal_id=proposal.id,
        number=before + 1,
        sum_fen=sum_fen,
        text=text,
        written_by=actor.acting_person,
        written_at=clock.now(),
    )
    session.add(terms)
    session.flush()
    take_back_prepared(session, challenge)
    challenge.changed_at = terms.written_at
    _record(session, actor, Action.WRITE_TERMS, challenge, terms)
    message = N_("Version {number} of the terms for “{title}” is written. Please read and accept it.")
    people = {*lead_now(session, proposal), *enterprise_admins(session, challenge)}
    tell(session, challenge, people, message, number=terms.number)
    return terms.id


def accept_terms(session: Session, actor: Actor, *, terms_id: UUID) -> None:
    """Accept the newest version for one's own side; a repeat changes nothing.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale when a newer version was written meanwhile.
    """
    place = session.get(Terms, terms_id)
    if place is None:
        raise NotFound
    challenge, proposal, for_enterprise = _party(session, actor, place)
    _negotiated(session, challenge)
    terms = latest_terms(session, proposal.id, lock=True)
    if terms is None or terms.id != terms_id:
        raise Stale
    accepted_by = terms.enterprise_accepted_by if for_enterprise else terms.investigator_accepted_by
    if accepted_by is not None:
        return
    other = terms.investigator_accepted_by if for_enterprise else terms.enterprise_accepted_by
    if other == actor.person_id:
        raise Forbidden(N_("You accepted for the other side; each side accepts by a person of its own."))
    now = clock.now()
    if for_enterprise:
        terms.enterprise_accepted_by, terms.enterprise_accepted_at = actor.acting_person, now
    else:
        terms.investigator_accepted_by, terms.investigator_accepted_at = actor.acting_person, now
    challenge.changed_at = now
    _record(session, actor, Action.ACCEPT_TERMS, challenge, terms)
    if is_accepted(terms):
        message = N_("Both sides accepted the terms for “{title}”. The award can be prepared.")
        tell(session, challenge, operators(session, challenge), message)


def latest_terms(session: Session, proposal_id: UUID, *, lock: bool = False) -> Terms | None:
    """The version that counts."""
    query = select(Terms).where(Terms.proposal_id == proposal_id).order_by(Terms.number.desc()).limit(1)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).first()


def take_back_prepared(session: Session, challenge: Challenge) -> None:
    """An award prepared on other terms, or for a proposal that is out, cannot be decided any more."""
    query = select(Decision).where(
        Decision.object_id == challenge.id,
        Decision.kind == DecisionKind.AWARD,
        Decision.status == DecisionStatus.PREPARED,
    )
    for decision in session.scalars(query):
        decision.status = DecisionStatus.WITHDRAWN


def shortlisted(session: Session, challenge: Challenge, *, lock: bool = False) -> Proposal | None:
    """The proposal that is negotiated with."""
    rows = opened_proposals(session, challenge, lock=lock)
    return next((row for row in rows if row.status is ProposalStatus.SHORTLISTED), None)


def _negotiated(session: Session, challenge: Challenge) -> Proposal:
    """Raises: NotPossibleNow."""
    if challenge.status is not ChallengeStatus.NEGOTIATING:
        raise NotPossibleNow(status=challenge.status)
    proposal = shortlisted(session, challenge, lock=True)
    if proposal is None:
        raise NotPossibleNow(N_("The proposer walked away; the operator records that the negotiation fell through."))
    return proposal


def _party(session: Session, actor: Actor, terms: Terms) -> tuple[Challenge, Proposal, bool]:
    """Challenge and proposal as one of the two who accept. Raises: NotFound, Forbidden."""
    if actor.role in (Role.RESEARCHER, Role.INSTITUTE_ADMIN, Role.BROKER):
        proposal = get_own_proposal(session, actor, terms.challenge_id, lock=True)
        if proposal.id != terms.proposal_id:
            raise NotFound
        where = frozenset({Side.LEAD}) if _leads(actor, proposal) else frozenset[Side]()
        authorize(actor, Action.ACCEPT_TERMS, where)
        return proposal.challenge, proposal, False
    challenge = get_evaluation(session, actor, terms.challenge_id, lock=True)
    authorize(actor, Action.ACCEPT_TERMS, sides(actor, challenge))
    proposal = next(row for row in opened_proposals(session, challenge) if row.id == terms.proposal_id)
    return challenge, proposal, True


def _leads(actor: Actor, proposal: Proposal) -> bool:
    return actor.person_id == proposal.lead_id and actor.organisation_id == proposal.institute_id


def _record(session: Session, actor: Actor, action: Action, challenge: Challenge, terms: Terms) -> None:
    record_event(
        session,
        actor,
        action,
        CHALLENGE_WORKFLOW.name,
        challenge.id,
        fields=("terms", str(terms.id), str(terms.number)),
    )
