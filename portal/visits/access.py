"""Who sees which visit, and who reads the list of those who take part."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from db.models import Organisation, OrganisationKind, Role, Visit, VisitParticipant
from portal.errors import NotFound
from portal.permissions import ORGANISATION_ADMINS, Actor
from portal.visits.rules import guest_sides, is_admin_of

SEES_PLANS = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR, Role.CLOCK})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What was announced for everybody; what is being planned for those who plan it and the district's desk."""
    if actor.role in SEES_PLANS:
        return true()
    return or_(Visit.published_at.is_not(None), organised_by(actor))


def organised_by(actor: Actor) -> ColumnElement[bool]:
    """Visits that this hat plans: as admin of the organiser or its partner, or as the broker named for it."""
    if actor.role in ORGANISATION_ADMINS and actor.organisation_id is not None:
        return or_(Visit.organiser_id == actor.organisation_id, Visit.partner_id == actor.organisation_id)
    if actor.role is Role.BROKER and actor.person_id is not None:
        return Visit.broker_id == actor.person_id
    # Nobody's id: a plain `false` would keep the other half of an OR from its index.
    return Visit.broker_id == UUID(int=0)


def sees_people(actor: Actor, visit: Visit) -> bool:
    """Whether the names are for this reader: the admins of organiser and partner, and operators."""
    if actor.role in (Role.OPERATOR, Role.CLOCK):
        return True
    return is_admin_of(actor, visit.organiser_id) or is_admin_of(actor, visit.partner_id)


def sees_phones(session: Session, actor: Actor, visit: Visit) -> bool:
    """Whole phone numbers are for the organiser; operators act for the offices that have no members of their own."""
    if is_admin_of(actor, visit.organiser_id):
        return True
    if actor.role is not Role.OPERATOR:
        return False
    kind = session.scalar(select(Organisation.kind).where(Organisation.id == visit.organiser_id))
    return kind is OrganisationKind.GOVERNMENT


def get_visit(session: Session, actor: Actor, visit_id: UUID, *, lock: bool = False) -> Visit:
    """The visit, for somebody who may see it. `lock` keeps others from taking a place meanwhile.

    Raises: NotFound.
    """
    query = select(Visit).where(Visit.id == visit_id, visible_to(actor))
    if lock:
        query = query.with_for_update(of=Visit).execution_options(populate_existing=True)
    visit = session.scalars(query).one_or_none()
    if visit is None:
        raise NotFound
    return visit


def get_participant(session: Session, actor: Actor, participant_id: UUID) -> tuple[Visit, VisitParticipant]:
    """Somebody who takes part, for themselves, for those who registered them and for the organisers; visit locked.

    Raises: NotFound.
    """
    known = session.get(VisitParticipant, participant_id)
    if known is None:
        raise NotFound
    visit = get_visit(session, actor, known.visit_id, lock=True)
    participant = session.get_one(VisitParticipant, participant_id, populate_existing=True)
    is_self = actor.person_id is not None and participant.person_id == actor.person_id
    by_admin = is_admin_of(actor, participant.organisation_id) and bool(guest_sides(actor, participant))
    if not (is_self or by_admin or sees_people(actor, visit)):
        raise NotFound
    return visit, participant
