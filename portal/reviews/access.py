"""Who sees an evaluation: officials and the enterprise's admin; and a proposer only the own part of it."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from db.models import (
    Challenge,
    ChallengeStatus,
    OpeningKey,
    Proposal,
    ProposalStatus,
    Ranking,
    Reply,
    Role,
    Terms,
)
from portal.errors import N_, Forbidden, NotFound, NotPossibleNow
from portal.organisations.access import acts_for
from portal.permissions import Actor
from portal.proposals.access import answered_by, team_of
from portal.reviews.workflow import READABLE

OFFICIALS = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})
_NEVER_SENT = (ProposalStatus.DRAFT, ProposalStatus.INTERNAL_CHECK, ProposalStatus.WITHDRAWN)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Evaluations: officials see all of them, an enterprise's admin those of the own enterprise.

    Nobody sees from above what they answered themselves; their own part of it is in the hat they answered in.
    """
    ended = and_(Challenge.status == ChallengeStatus.WITHDRAWN, Challenge.opened_at.is_not(None))
    where = and_(or_(Challenge.status.in_(READABLE), ended), ~answered_by(actor, Challenge.id))
    if actor.role in OFFICIALS:
        return where
    if actor.role is Role.ENTERPRISE_ADMIN and actor.organisation_id is not None:
        return and_(where, Challenge.organisation_id == actor.organisation_id)
    return false()


def get_evaluation(session: Session, actor: Actor, challenge_id: UUID, *, lock: bool = False) -> Challenge:
    """The challenge under evaluation. `lock` keeps others from changing it in this transaction.

    Raises: NotFound, the same for an unknown id and for one that this actor may not see.
    """
    query = (
        select(Challenge)
        .options(joinedload(Challenge.organisation))
        .where(Challenge.id == challenge_id, visible_to(actor))
    )
    if lock:
        query = query.with_for_update(of=Challenge).execution_options(populate_existing=True)
    challenge = session.scalars(query).one_or_none()
    if challenge is None:
        raise NotFound
    return challenge


def require_opened(challenge: Challenge) -> None:
    """Before the opening nobody learns anything of the proposals. Raises: NotPossibleNow."""
    if challenge.opened_at is None:
        raise NotPossibleNow(N_("The proposals are still sealed; both keys must be turned first."))


def opened_proposals(session: Session, challenge: Challenge, *, lock: bool = False) -> list[Proposal]:
    """Every proposal that was handed in, in an order that says nothing. Raises: NotPossibleNow before the opening."""
    require_opened(challenge)
    query = (
        _proposals()
        .where(Proposal.challenge_id == challenge.id, Proposal.status.not_in(_NEVER_SENT))
        .order_by(Proposal.id)
    )
    if lock:
        query = query.with_for_update(of=Proposal).execution_options(populate_existing=True)
    return list(session.scalars(query))


def get_opened_proposal(session: Session, actor: Actor, proposal_id: UUID, *, lock: bool = False) -> Proposal:
    """One opened proposal for those who evaluate it; its challenge is kept from others too.

    Raises: NotFound, also before the opening.
    """
    place = select(Proposal.challenge_id).where(Proposal.id == proposal_id, Proposal.status.not_in(_NEVER_SENT))
    challenge_id = session.scalar(place)
    if challenge_id is None:
        raise NotFound
    challenge = get_evaluation(session, actor, challenge_id, lock=lock)
    if challenge.opened_at is None:
        raise NotFound
    return next(row for row in opened_proposals(session, challenge, lock=lock) if row.id == proposal_id)


def get_own_proposal(session: Session, actor: Actor, challenge_id: UUID, *, lock: bool = False) -> Proposal:
    """The proposal that this actor's team sent for a challenge, the own one before one merely worked on.

    Raises: NotFound.
    """
    query = (
        _proposals()
        .where(Proposal.challenge_id == challenge_id, Proposal.status.not_in(_NEVER_SENT), _own(actor))
        .order_by(Proposal.lead_id != actor.person_id, Proposal.id)
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFound
    if lock:
        session.execute(select(Challenge.id).where(Challenge.id == challenge_id).with_for_update())
        again = _proposals().where(Proposal.id == found.id).with_for_update(of=Proposal)
        found = session.scalars(again.execution_options(populate_existing=True)).one()
    return found


def _own(actor: Actor) -> ColumnElement[bool]:
    """The team; and the institute's admin, who signed the cover sheet."""
    if actor.role is Role.INSTITUTE_ADMIN and actor.organisation_id is not None:
        return Proposal.institute_id == actor.organisation_id
    return team_of(actor)


def _proposals() -> Select[Proposal]:
    return select(Proposal).options(
        joinedload(Proposal.challenge).joinedload(Challenge.organisation),
        joinedload(Proposal.institute),
        selectinload(Proposal.team),
        selectinload(Proposal.co_applicants),
    )


def require_impartial(session: Session, actor: Actor, challenge: Challenge, proposals: list[Proposal]) -> None:
    """An official who acts for a party, or was on a team, has no part in its evaluation. Raises: Forbidden."""
    parties = {challenge.organisation_id, *(row.institute_id for row in proposals)}
    parties |= {other.organisation_id for row in proposals for other in row.co_applicants}
    teams = {row.lead_id for row in proposals} | {member.person_id for row in proposals for member in row.team}
    if actor.acting_person in teams or acts_for(session, actor.acting_person, parties):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))


def took_part(session: Session, challenge: Challenge, person_id: UUID) -> bool:
    """Whether somebody had a hand in the evaluation, in whatever hat: then another person decides (R9)."""
    found = (
        select(OpeningKey.id).where(OpeningKey.challenge_id == challenge.id, OpeningKey.person_id == person_id),
        select(Ranking.id).where(
            Ranking.challenge_id == challenge.id,
            or_(Ranking.recorded_by == person_id, Ranking.agreed_by == person_id),
        ),
        select(Terms.id).where(
            Terms.challenge_id == challenge.id,
            or_(
                Terms.written_by == person_id,
                Terms.enterprise_accepted_by == person_id,
                Terms.investigator_accepted_by == person_id,
            ),
        ),
        select(Reply.id).where(Reply.challenge_id == challenge.id, Reply.prepared_by == person_id),
    )
    return any(session.scalar(select(true()).where(query.exists())) for query in found)
