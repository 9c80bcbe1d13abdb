"""The ranking: recorded by one side, agreed by the other, locked by the shortlist."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Event, Proposal, ProposalStatus, Ranking, Role
from portal import clock
from portal.challenges.rules import sides
from portal.challenges.texts import paragraphs
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import N_, Forbidden, Invalid, NotPossibleNow
from portal.events import record_event
from portal.permissions import Action, Actor, authorize
from portal.proposals.notices import team_now
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.reviews.access import get_evaluation, opened_proposals, require_impartial
from portal.reviews.notices import people_of_side, tell
from portal.reviews.rules import DISTRICT, ENTERPRISE, RankEntry, check_ranking, is_locked, side_of
from portal.reviews.sealing import seal_words
from portal.reviews.workflow import RANKED
from portal.workflow import advance, require_version

REASON_LIMIT = 2000


def record_ranking(
    session: Session,
    actor: Actor,
    *,
    challenge_id: UUID,
    entries: Sequence[RankEntry],
    version: int | None = None,
) -> None:
    """Rank every proposal in evaluation with a reason each; what stood before, and its agreement, is replaced.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid.
    """
    challenge, proposals = _evaluating(session, actor, challenge_id, Action.RECORD_RANKING, version)
    if is_locked(row.status for row in proposals):
        raise NotPossibleNow(N_("The ranking is locked since the shortlist; it stays as it is."))
    ranked = {row.id: row for row in proposals if row.status in RANKED}
    cleaned = [
        RankEntry(
            entry.proposal_id,
            entry.rank,
            paragraphs(entry.reason, REASON_LIMIT, section=Action.RECORD_RANKING, field="ranking"),
        )
        for entry in entries
    ]
    check_ranking(cleaned, ranked)
    session.execute(delete(Ranking).where(Ranking.challenge_id == challenge.id))
    now = clock.now()
    session.add_all(
        Ranking(
            challenge_id=challenge.id,
            proposal_id=entry.proposal_id,
            rank=entry.rank,
            reason=seal_words(ranked[entry.proposal_id], entry.reason, "ranking"),
            recorded_by=actor.acting_person,
            recorded_at=now,
        )
        for entry in cleaned
    )
    challenge.changed_at = now
    record_event(session, actor, Action.RECORD_RANKING, CHALLENGE_WORKFLOW.name, challenge.id, fields=("ranking",))
    other = DISTRICT if side_of(actor) == ENTERPRISE else ENTERPRISE
    message = N_("The other side ranked the proposals for “{title}”. Please agree, or record another ranking.")
    tell(session, challenge, people_of_side(session, challenge, other), message)


def agree_ranking(session: Session, actor: Actor, *, challenge_id: UUID, version: int | None = None) -> None:
    """Agree to the ranking that the other side recorded; it can be shortlisted from now on.

    Raises: NotFound, Forbidden for the side that recorded it, NotPossibleNow, Stale, Invalid without a ranking.
    """
    challenge, _proposals = _evaluating(session, actor, challenge_id, Action.AGREE_RANKING, version)
    rows = rankings_of(session, challenge)
    if not rows:
        raise Invalid(N_("There is no ranking yet to agree to."))
    if actor.person_id == rows[0].recorded_by or side_of(actor) == recorded_side(session, challenge):
        raise Forbidden(N_("Your side recorded this ranking; the other side agrees to it."))
    now = clock.now()
    for row in rows:
        row.agreed_by, row.agreed_at = actor.acting_person, now
    challenge.changed_at = now
    record_event(session, actor, Action.AGREE_RANKING, CHALLENGE_WORKFLOW.name, challenge.id, fields=("ranking",))
    message = N_("Both sides agreed to the ranking of “{title}”. The operator can lock it and start the negotiation.")
    tell(session, challenge, people_of_side(session, challenge, DISTRICT), message)


def shortlist_challenge(
    session: Session, actor: Actor, *, challenge_id: UUID, reserves: int = 0, version: int | None = None
) -> None:
    """Lock the agreed ranking and negotiate with the first; so many after it are kept in reserve.

    After a negotiation fell through, the next by rank follows.

    Raises: NotFound, Forbidden, NotPossibleNow, Stale, Invalid.
    """
    challenge, proposals = _evaluating(session, actor, challenge_id, Action.SHORTLIST_CHALLENGE, version)
    order = [row for row in by_rank(session, challenge, proposals) if row.status in RANKED]
    if not order:
        raise NotPossibleNow(N_("No ranked proposal is left to negotiate with."))
    _require_agreed(session, challenge, proposals)
    if not 0 <= reserves < len(order):
        raise Invalid(N_("At most {count} proposals can be kept in reserve."), field="reserves", count=len(order) - 1)
    advance(session, actor, CHALLENGE_WORKFLOW, challenge, Action.SHORTLIST_CHALLENGE)
    challenge.changed_at = clock.now()
    promote(session, actor, challenge, order[0])
    for proposal in order[1 : 1 + reserves]:
        if proposal.status is ProposalStatus.IN_EVALUATION:
            advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.RESERVE_PROPOSAL)
            proposal.changed_at = challenge.changed_at


def promote(session: Session, actor: Actor, challenge: Challenge, proposal: Proposal) -> None:
    """Shortlist one proposal and tell its team and the enterprise; one that is shortlisted already stays so."""
    if proposal.status is not ProposalStatus.SHORTLISTED:
        advance(session, actor, PROPOSAL_WORKFLOW, proposal, Action.SHORTLIST_PROPOSAL)
        proposal.changed_at = clock.now()
        tell(
            session,
            challenge,
            team_now(session, proposal),
            N_("Your proposal for “{title}” is shortlisted; terms follow."),
        )
    message = N_("The negotiation on “{title}” can begin; please agree on terms.")
    tell(session, challenge, people_of_side(session, challenge, ENTERPRISE), message)


def rankings_of(session: Session, challenge: Challenge) -> list[Ranking]:
    query = select(Ranking).where(Ranking.challenge_id == challenge.id).order_by(Ranking.rank)
    return list(session.scalars(query))


def by_rank(session: Session, challenge: Challenge, proposals: Sequence[Proposal]) -> list[Proposal]:
    """The ranked proposals, the best one first."""
    known = {row.id: row for row in proposals}
    return [known[row.proposal_id] for row in rankings_of(session, challenge) if row.proposal_id in known]


def recorded_side(session: Session, challenge: Challenge) -> str | None:
    """Which side recorded the ranking that stands, by the hat its author wore."""
    query = (
        select(Event.role)
        .where(Event.object_id == challenge.id, Event.action == Action.RECORD_RANKING.value)
        .order_by(Event.seq.desc())
        .limit(1)
    )
    role = session.scalar(query)
    if role is None:
        return None
    return ENTERPRISE if role == Role.ENTERPRISE_ADMIN.value else DISTRICT


def _require_agreed(session: Session, challenge: Challenge, proposals: Sequence[Proposal]) -> None:
    """Raises: Invalid."""
    rows = rankings_of(session, challenge)
    unranked = {row.id for row in proposals if row.status in RANKED} - {row.proposal_id for row in rows}
    if unranked:
        raise Invalid(N_("The ranking must name every proposal in evaluation once."), field="ranking")
    if any(row.agreed_at is None for row in rows):
        raise Invalid(N_("The other side has not agreed to the ranking yet."), field="ranking")


def _evaluating(
    session: Session, actor: Actor, challenge_id: UUID, action: Action, version: int | None
) -> tuple[Challenge, list[Proposal]]:
    challenge = get_evaluation(session, actor, challenge_id, lock=True)
    authorize(actor, action, sides(actor, challenge))
    require_version(challenge, version)
    if challenge.status is not ChallengeStatus.EVALUATING:
        raise NotPossibleNow(status=challenge.status)
    proposals = opened_proposals(session, challenge, lock=True)
    if side_of(actor) == DISTRICT:
        require_impartial(session, actor, challenge, proposals)
    return challenge, proposals
