"""Who sees which organisation."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from db.models import FileObject, Membership, MembershipStatus, Organisation, OrganisationStatus
from portal.errors import NotFound
from portal.files.queries import register_reader
from portal.permissions import Actor, Role

SEES_APPLICATIONS = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR, Role.PLATFORM_ADMIN})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Verified ones for everybody, one's own, and all of them for those who verify and watch."""
    if actor.role in SEES_APPLICATIONS:
        return true()
    verified = Organisation.status == OrganisationStatus.VERIFIED
    return or_(verified, Organisation.id == actor.organisation_id) if actor.organisation_id else verified


def get_organisation(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    """Raises: NotFound."""
    query = select(Organisation).where(Organisation.id == organisation_id, visible_to(actor))
    organisation = session.scalars(query).one_or_none()
    if organisation is None:
        raise NotFound
    return organisation


def reads_inside(actor: Actor, organisation_id: UUID) -> bool:
    """Whether contact, proof and reasons are for this reader: those who verify and watch, and its own people."""
    return actor.role in SEES_APPLICATIONS or actor.organisation_id == organisation_id


def acts_for(session: Session, person_id: UUID, organisation_ids: Iterable[UUID | None]) -> bool:
    """Whether a person holds an active membership in one of these organisations, whatever hat is worn now."""
    query = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.organisation_id.in_({one for one in organisation_ids if one is not None}),
        Membership.status == MembershipStatus.ACTIVE,
    )
    return session.scalar(query.limit(1)) is not None


def _read_proof(session: Session, actor: Actor, file: FileObject) -> None:
    organisation = get_organisation(session, actor, file.parent_id)
    if not reads_inside(actor, organisation.id):
        raise NotFound


register_reader("organisation", _read_proof)
