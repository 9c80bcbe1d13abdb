"""Who sees which proposal: its own side before the opening, the readers by duty after it, nobody else ever."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload, selectinload

from db.models import (
    Challenge,
    CoApplicant,
    CoApplicantStatus,
    Membership,
    MembershipStatus,
    Person,
    Proposal,
    Role,
    TeamMember,
)
from portal.errors import NotFound
from portal.permissions import ORGANISATION_ADMINS, Actor
from portal.proposals.rules import TEAM_ROLES
from portal.seal import ProposalKey

READS_OPENED = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Lists, details, files and counts all ask this one."""
    if actor.role is Role.CLOCK:
        return true()
    if actor.person_id is None:
        return false()
    return or_(team_of(actor), cover_to(actor), invited(actor), opened_to(actor))


def team_of(actor: Actor) -> ColumnElement[bool]:
    """Members of the team who still work for the institute or for a co-applicant that confirmed."""
    if actor.person_id is None or actor.role not in TEAM_ROLES:
        return false()
    # Lists of ids, which an index answers; a question asked of each proposal would read them all.
    on_team = _among(select(TeamMember.proposal_id).where(TeamMember.person_id == actor.person_id))
    if actor.role is Role.BROKER:
        return on_team
    together = _among(
        select(CoApplicant.proposal_id).where(
            CoApplicant.organisation_id == actor.organisation_id, CoApplicant.status == CoApplicantStatus.CONFIRMED
        )
    )
    here = Proposal.institute_id == actor.organisation_id if actor.organisation_id else false()
    leads = and_(Proposal.lead_id == actor.person_id, here)
    return or_(leads, and_(on_team, or_(here, together)))


def cover_to(actor: Actor) -> ColumnElement[bool]:
    """The institute's admin: once asked to clear, when nobody leads it any more, and after the opening."""
    if actor.role is not Role.INSTITUTE_ADMIN or actor.organisation_id is None:
        return false()
    return and_(
        Proposal.institute_id == actor.organisation_id,
        or_(
            Proposal.clearance_asked_digest.is_not(None),
            Proposal.cleared_digest.is_not(None),
            without_lead(),
            _is_opened(),
        ),
    )


def without_lead() -> ColumnElement[bool]:
    """The investigator no longer acts as a researcher of the institute."""
    still_there = _any(
        Membership.person_id == Proposal.lead_id,
        Membership.organisation_id == Proposal.institute_id,
        Membership.role == Role.RESEARCHER,
        Membership.status == MembershipStatus.ACTIVE,
        Person.id == Membership.person_id,
        Person.disabled_at.is_(None),
    )
    return ~still_there


def invited(actor: Actor) -> ColumnElement[bool]:
    """Admins of an organisation that was invited to take part."""
    if actor.role not in ORGANISATION_ADMINS or actor.organisation_id is None:
        return false()
    return _among(select(CoApplicant.proposal_id).where(CoApplicant.organisation_id == actor.organisation_id))


def opened_to(actor: Actor) -> ColumnElement[bool]:
    """After the opening: operator, approver, auditor, and the admins of the enterprise that set the challenge.

    None of them while they have an answer of their own in it: of two roles on one record the stricter holds.
    """
    if actor.role in READS_OPENED:
        return and_(_is_opened(), ~answered_by(actor, Proposal.challenge_id))
    if actor.role is Role.ENTERPRISE_ADMIN and actor.organisation_id is not None:
        theirs = _is_opened(Challenge.organisation_id == actor.organisation_id)
        return and_(theirs, ~answered_by(actor, Proposal.challenge_id))
    return false()


def answered_by(actor: Actor, challenge_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether this person leads, or is on the team of, an answer handed in, whatever hat is worn now."""
    mine, member = aliased(Proposal), aliased(TeamMember)
    on_team = exists().where(member.proposal_id == mine.id, member.person_id == actor.person_id)
    return (
        exists()
        .where(
            mine.challenge_id == challenge_id,
            mine.submission_number.is_not(None),
            or_(mine.lead_id == actor.person_id, on_team.correlate_except(member)),
        )
        .correlate_except(mine)
    )


def _among(ids: Select[UUID]) -> ColumnElement[bool]:
    """The proposals of a list of ids that stands on its own, whatever the query around it joins."""
    return Proposal.id.in_(ids.correlate(None))


def _any(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """A row that belongs to the proposal asked for, whatever else the query around it joins."""
    return exists().where(*where).correlate(Proposal)


def _is_opened(*also: ColumnElement[bool]) -> ColumnElement[bool]:
    opened = _any(Challenge.id == Proposal.challenge_id, Challenge.opened_at.is_not(None), *also)
    return and_(Proposal.submission_number.is_not(None), opened)


def get_proposal(session: Session, actor: Actor, proposal_id: UUID, *, lock: bool = False) -> Proposal:
    """The proposal with challenge, institute, team and co-applicants.

    `lock` keeps others from changing it, and its challenge's deadline, in this transaction.

    Raises: NotFound, the same for an unknown id and for one that this actor may not see.
    """
    if lock:
        # The challenge first, as whoever acts on all its proposals does; many may submit at once, but none closes it.
        place = select(Proposal.challenge_id).where(Proposal.id == proposal_id).scalar_subquery()
        session.execute(select(Challenge.id).where(Challenge.id == place).with_for_update(read=True))
    query = (
        select(Proposal)
        .options(
            joinedload(Proposal.challenge).joinedload(Challenge.organisation),
            joinedload(Proposal.institute),
            selectinload(Proposal.team),
            selectinload(Proposal.co_applicants),
        )
        .where(Proposal.id == proposal_id, visible_to(actor))
        # Team and co-applicants may have changed since an earlier command of this transaction loaded them.
        .execution_options(populate_existing=True)
    )
    if lock:
        query = query.with_for_update(of=Proposal)
    proposal = session.scalars(query).one_or_none()
    if proposal is None:
        raise NotFound
    return proposal


def key_of(proposal: Proposal) -> ProposalKey:
    """The proposal's own key, unwrapped for one read or write; whoever calls has asked for the right."""
    return ProposalKey(proposal.wrapped_key, str(proposal.id))
