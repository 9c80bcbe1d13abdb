"""Who sees which landing project, and how much of it."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from db.models import Award, Challenge, FileObject, Landing, Proposal, Role, TeamMember
from portal.errors import NotFound
from portal.files.queries import register_reader
from portal.permissions import Actor

ALL_OF_IT = frozenset({Role.OPERATOR, Role.APPROVER, Role.LEADER, Role.AUDITOR})
_ORGANISATION_WIDE = {
    Role.ENTERPRISE_MEMBER: Landing.enterprise_id,
    Role.ENTERPRISE_ADMIN: Landing.enterprise_id,
    Role.INSTITUTE_ADMIN: Landing.institute_id,
}


def party_to(actor: Actor) -> ColumnElement[bool]:
    """Enterprise, institute's admin, the awarded team, and the broker of the challenge."""
    if actor.person_id is None:
        return false()
    if actor.role in _ORGANISATION_WIDE and actor.organisation_id is not None:
        return _ORGANISATION_WIDE[actor.role] == actor.organisation_id
    if actor.role is Role.RESEARCHER:
        # Lists of ids, which an index answers; a question asked of each project would read them all.
        on_team = Proposal.id.in_(select(TeamMember.proposal_id).where(TeamMember.person_id == actor.person_id))
        awarded = (
            select(Award.challenge_id)
            .join(Proposal, Proposal.id == Award.proposal_id)
            .where(Award.revoked_at.is_(None), or_(Proposal.lead_id == actor.person_id, on_team))
        )
        return and_(Landing.institute_id == actor.organisation_id, Landing.challenge_id.in_(awarded.correlate(None)))
    if actor.role is Role.BROKER:
        refined = select(Challenge.id).where(Challenge.broker_id == actor.person_id)
        return Landing.challenge_id.in_(refined.correlate(None))
    return false()


def full_to(actor: Actor) -> ColumnElement[bool]:
    """Those who read stages, money and evidence."""
    return true() if actor.role in ALL_OF_IT or actor.role is Role.CLOCK else party_to(actor)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Lists, details and counts ask this one; of others' projects only the published summary is read."""
    return or_(Landing.is_public, full_to(actor))


def get_landing(session: Session, actor: Actor, landing_id: UUID, *, lock: bool = False) -> Landing:
    """The project, for somebody who reads all of it. `lock` keeps others from changing it meanwhile.

    Raises: NotFound.
    """
    query = select(Landing).where(Landing.id == landing_id, full_to(actor))
    if lock:
        query = query.with_for_update(of=Landing).execution_options(populate_existing=True)
    landing = session.scalars(query).one_or_none()
    if landing is None:
        raise NotFound
    return landing


def _read_evidence(session: Session, actor: Actor, file: FileObject) -> None:
    """Evidence is read by whoever reads the whole project. Raises: NotFound."""
    get_landing(session, actor, file.parent_id)


register_reader("landing", _read_evidence)
