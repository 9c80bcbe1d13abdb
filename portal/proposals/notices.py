"""Who is told what about a proposal: nobody outside its own side, and never a word of it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Proposal, Role, TeamMember
from portal.notifications.commands import notify, people_with_role


def tell_team(
    session: Session, proposal: Proposal, message: str, *, key: str, but: UUID | None = None, **params: object
) -> None:
    """Everybody on the team but who did it; the challenge's title is public."""
    members = set(session.scalars(select(TeamMember.person_id).where(TeamMember.proposal_id == proposal.id)))
    _tell(session, proposal, (members | {proposal.lead_id}) - {but}, message, "proposal-edit", proposal.id, key, params)


def tell_lead(session: Session, proposal: Proposal, message: str, *, key: str, **params: object) -> None:
    _tell(session, proposal, [proposal.lead_id], message, "proposal-edit", proposal.id, key, params)


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
