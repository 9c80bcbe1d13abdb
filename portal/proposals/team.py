"""The people of a proposal: who works on it, and who leads."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from db.models import (
    CoApplicantStatus,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationStatus,
    Person,
    Proposal,
    Role,
    TeamMember,
)
from portal import clock
from portal.accounts.rules import normal_email
from portal.errors import N_, Forbidden, Invalid
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, authorize
from portal.proposals.access import get_proposal, without_lead
from portal.proposals.commands import editable, record_act, record_edit
from portal.proposals.notices import tell_person
from portal.proposals.rules import MOST_MEMBERS, TEAM_ROLES, sides
from portal.workflow import require_version


class MemberRow(NamedTuple):
    """Somebody on the team, with the organisation they work for; empty once they left it and read no more."""

    person_id: UUID
    name: str
    organisation: str
    is_lead: bool


def members_of(session: Session, proposal: Proposal) -> list[MemberRow]:
    """The team by name, who leads it first; asks no rights."""
    confirmed = {row.organisation_id for row in proposal.co_applicants if row.status is CoApplicantStatus.CONFIRMED}
    people = [member.person_id for member in proposal.team]
    works_for = (
        select(Membership.person_id, func.min(Organisation.name).label("organisation"))
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id.in_(people),
            Membership.status == MembershipStatus.ACTIVE,
            or_(
                and_(
                    Membership.role == Role.RESEARCHER,
                    Membership.organisation_id.in_({proposal.institute_id, *confirmed}),
                ),
                Membership.role == Role.BROKER,
            ),
        )
        .group_by(Membership.person_id)
        .subquery()
    )
    query = (
        select(Person.id, Person.name, works_for.c.organisation)
        .outerjoin(works_for, works_for.c.person_id == Person.id)
        .where(Person.id.in_(people))
        .order_by(Person.id != proposal.lead_id, Person.name, Person.id)
    )
    return [
        MemberRow(row.id, row.name, row.organisation or "", row.id == proposal.lead_id)
        for row in session.execute(query)
    ]


def add_team_member(session: Session, actor: Actor, *, proposal_id: UUID, email: str) -> UUID:
    """Let a colleague read and write it: of the institute, of a co-applicant that confirmed, or a broker.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow, Invalid when nobody fits, whoever has that address.
    """
    proposal = editable(session, actor, proposal_id, by_lead=True)
    person_id = _colleague(session, proposal, normal_email(email))
    if any(member.person_id == person_id for member in proposal.team):
        return person_id
    if len(proposal.team) >= MOST_MEMBERS:
        raise Invalid(N_("A team has at most {count} people."), field="email", count=MOST_MEMBERS)
    _join(session, proposal, person_id)
    record_edit(session, actor, proposal, "team", str(person_id))
    message = N_("You are on the team of a proposal for “{title}”.")
    tell_person(session, proposal, person_id, message, key=f"member:{clock.now().isoformat()}")
    return person_id


def remove_team_member(session: Session, actor: Actor, *, proposal_id: UUID, person_id: UUID) -> None:
    """Somebody leaves the team and reads no more of it, from this moment on.

    Raises: NotFound, Forbidden, DeadlinePassed, NotPossibleNow, Invalid for the one who leads.
    """
    proposal = editable(session, actor, proposal_id, by_lead=True)
    if person_id == proposal.lead_id:
        raise Invalid(N_("Whoever leads the proposal stays on its team. Hand it over first."))
    if all(member.person_id != person_id for member in proposal.team):
        return
    session.execute(delete(TeamMember).where(TeamMember.proposal_id == proposal.id, TeamMember.person_id == person_id))
    record_edit(session, actor, proposal, "team", "removed", str(person_id))


def hand_over_proposal(
    session: Session, actor: Actor, *, proposal_id: UUID, person_id: UUID, version: int | None = None
) -> None:
    """Another researcher of the institute leads from now on: named by who leads, or, once that person has left the
    institute, by its admin.

    Raises: NotFound, Forbidden, Stale, Invalid.
    """
    proposal = get_proposal(session, actor, proposal_id, lock=True)
    authorize(actor, Action.HAND_OVER_PROPOSAL, sides(actor, proposal))
    require_version(proposal, version)
    if actor.role is Role.INSTITUTE_ADMIN and not _is_without_lead(session, proposal):
        raise Forbidden(N_("Whoever leads the proposal is still here and hands it over themselves."))
    if person_id == proposal.lead_id:
        return
    if person_id not in {row.id for row in _researchers(session, {proposal.institute_id})}:
        raise Invalid(N_("Only a researcher of the institute can lead the proposal."), field="person_id")
    taken = select(Proposal.id).where(Proposal.challenge_id == proposal.challenge_id, Proposal.lead_id == person_id)
    if session.scalar(taken) is not None:
        raise Invalid(N_("This person leads another answer to the same challenge."), field="person_id")
    before = proposal.lead_id
    proposal.lead_id, proposal.changed_at = person_id, clock.now()
    if all(member.person_id != person_id for member in proposal.team):
        _join(session, proposal, person_id)
    session.flush()
    record_act(session, actor, proposal, Action.HAND_OVER_PROPOSAL, str(before), str(person_id))
    message = N_("You lead the proposal for “{title}” from now on.")
    tell_person(session, proposal, person_id, message, key=f"lead:{proposal.version}")


def possible_leads(session: Session, actor: Actor, proposal_id: UUID) -> list[tuple[UUID, str]]:
    """Researchers of the institute, by name, for handing over. Raises: NotFound, Forbidden."""
    proposal = get_proposal(session, actor, proposal_id)
    authorize(actor, Action.HAND_OVER_PROPOSAL, sides(actor, proposal))
    rows = _researchers(session, {proposal.institute_id})
    return [(row.id, row.name) for row in rows if row.id != proposal.lead_id]


def _colleague(session: Session, proposal: Proposal, email: str) -> UUID:
    """One answer for an unknown address and for somebody of elsewhere: it tells nothing about who has an account."""
    confirmed = {row.organisation_id for row in proposal.co_applicants if row.status is CoApplicantStatus.CONFIRMED}
    found = [
        *_researchers(session, {proposal.institute_id, *confirmed}, email),
        *_researchers(session, None, email),
    ]
    challenge = proposal.challenge
    for row in found:
        # One side a challenge: neither the broker who accompanies it nor people of the enterprise, in whatever hat.
        if row.id != challenge.broker_id and not acts_for(session, row.id, {challenge.organisation_id}):
            return row.id
    raise Invalid(
        N_(
            "Nobody with this address can join: invite researchers of your institute or of a co-applicant that "
            "confirmed, or a broker who does not accompany this challenge."
        ),
        field="email",
    )


def _researchers(session: Session, organisations: set[UUID] | None, email: str | None = None) -> list[Person]:
    """People who act as researchers of these organisations; with None, brokers of verified agencies."""
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.status == MembershipStatus.ACTIVE,
            Membership.role.in_(TEAM_ROLES - {Role.BROKER} if organisations is not None else {Role.BROKER}),
            Organisation.status == OrganisationStatus.VERIFIED,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
        .distinct()
    )
    if organisations is not None:
        query = query.where(Membership.organisation_id.in_(organisations))
    if email is not None:
        query = query.where(Person.email == email)
    return list(session.scalars(query))


def _join(session: Session, proposal: Proposal, person_id: UUID) -> None:
    session.add(TeamMember(proposal_id=proposal.id, person_id=person_id, added_at=clock.now()))
    session.flush()


def _is_without_lead(session: Session, proposal: Proposal) -> bool:
    return session.scalar(select(Proposal.id).where(Proposal.id == proposal.id, without_lead())) is not None
