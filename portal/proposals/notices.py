"""Who is told what about a proposal: nobody outside its own side, and never a word of it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from db.models import (
    CoApplicant,
    CoApplicantStatus,
    Membership,
    MembershipStatus,
    Person,
    Proposal,
    Role,
    TeamMember,
)
from portal.notifications.commands import notify, people_with_role
from portal.proposals.access import without_lead


def tell_team(
    session: Session, proposal: Proposal, message: str, *, key: str, but: UUID | None = None, **params: object
) -> None:
    """Everybody on the team but who did it; the challenge's title is public."""
    people = team_now(session, proposal) - {but}
    _tell(session, proposal, people, message, "proposal-edit", proposal.id, key, params)


def tell_lead(session: Session, proposal: Proposal, message: str, *, key: str, **params: object) -> None:
    if _is_led(session, proposal):
        _tell(session, proposal, [proposal.lead_id], message, "proposal-edit", proposal.id, key, params)


def team_now(session: Session, proposal: Proposal) -> set[UUID]:
    """Who leads it and the team, as far as they may still read it: news follow the membership as rights do.

    Once nobody leads it any more, the institute's admins are told too: they name the next one.
    """
    members = set(session.scalars(select(TeamMember.person_id).where(TeamMember.proposal_id == proposal.id)))
    partners = select(CoApplicant.organisation_id).where(
        CoApplicant.proposal_id == proposal.id, CoApplicant.status == CoApplicantStatus.CONFIRMED
    )
    at_institute = and_(Membership.role == Role.RESEARCHER, Membership.organisation_id == proposal.institute_id)
    at_partner = and_(Membership.role == Role.RESEARCHER, Membership.organisation_id.in_(partners))
    query = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.person_id.in_(members | {proposal.lead_id}),
            Membership.status == MembershipStatus.ACTIVE,
            Person.disabled_at.is_(None),
            or_(at_institute, and_(Membership.person_id.in_(members), or_(at_partner, Membership.role == Role.BROKER))),
        )
    )
    people = set(session.scalars(query))
    if _is_led(session, proposal):
        return people
    return people | set(people_with_role(session, Role.INSTITUTE_ADMIN, proposal.institute_id))


def lead_now(session: Session, proposal: Proposal) -> set[UUID]:
    """Who leads it; once nobody does any more, the institute's admins, who name the next one."""
    if _is_led(session, proposal):
        return {proposal.lead_id}
    return set(people_with_role(session, Role.INSTITUTE_ADMIN, proposal.institute_id))


def _is_led(session: Session, proposal: Proposal) -> bool:
    return session.scalar(select(Proposal.id).where(Proposal.id == proposal.id, ~without_lead())) is not None


def tell_institute_admins(session: Session, proposal: Proposal, message: str, *, key: str, page: str) -> None:
    people = people_with_role(session, Role.INSTITUTE_ADMIN, proposal.institute_id)
    object_id = proposal.id if page == "proposal" else None
    _tell(session, proposal, people, message, page, object_id, key, {})


def tell_invited(
    session: Session, proposal: Proposal, organisation_id: UUID, message: str, *, key: str, **params: object
) -> None:
    """The admins of an organisation that is asked to take part."""
    people = set(people_with_role(session, Role.INSTITUTE_ADMIN, organisation_id))
    people |= set(people_with_role(session, Role.ENTERPRISE_ADMIN, organisation_id))
    _tell(session, proposal, people, message, "clearances", None, key, params)


def tell_person(session: Session, proposal: Proposal, person_id: UUID, message: str, *, key: str) -> None:
    _tell(session, proposal, [person_id], message, "proposal-edit", proposal.id, key, {})


def _tell(
    session: Session,
    proposal: Proposal,
    people: Iterable[UUID],
    message: str,
    page: str,
    object_id: UUID | None,
    key: str,
    params: dict[str, object],
) -> None:
    notify(
        session,
        person_ids=people,
        message=message,
        params={"title": proposal.challenge.title, **params},
        page=page,
        object_id=object_id,
        dedupe_key=f"proposal:{proposal.id}:{key}",
    )
