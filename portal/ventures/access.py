"""Who sees which venture: its parties always, the district once three have signed, leaders after the notice."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import Session, selectinload

from db.models import Role, Venture, VentureExpert, VentureStatus
from portal.errors import NotFound
from portal.permissions import Actor
from portal.ventures.workflow import BEFORE_THE_DISTRICT, SINCE_THE_NOTICE

DISTRICT = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})
READERS = DISTRICT | {
    Role.LEADER,
    Role.RESEARCHER,
    Role.INSTITUTE_ADMIN,
    Role.ENTERPRISE_ADMIN,
    Role.BROKER,
    Role.EXPERT,
}
_SINCE_SUBMITTED = (
    *(status for status in VentureStatus if status not in BEFORE_THE_DISTRICT),
    # Given back by the district, which goes on seeing that it waits.
    VentureStatus.RETURNED,
)
_HOUSES = {
    Role.INSTITUTE_ADMIN: Venture.institute_id,
    Role.ENTERPRISE_ADMIN: Venture.enterprise_id,
    Role.BROKER: Venture.agency_id,
}


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Lists, details and counts ask this one. What was exited before it reached the district stays with its parties."""
    if actor.role in DISTRICT:
        return and_(Venture.status.in_(_SINCE_SUBMITTED), Venture.submitted_at.is_not(None))
    if actor.role is Role.LEADER:
        since = Venture.status.in_((*SINCE_THE_NOTICE, VentureStatus.EXITED, VentureStatus.TERMINATED))
        return and_(since, Venture.notice_from.is_not(None))
    if actor.person_id is None:
        return false()
    if actor.role is Role.EXPERT:
        asked = select(VentureExpert.venture_id).where(VentureExpert.person_id == actor.person_id)
        return Venture.id.in_(asked.correlate(None))
    if actor.organisation_id is None:
        return false()
    if actor.role is Role.RESEARCHER:
        return and_(Venture.scientist_id == actor.person_id, Venture.institute_id == actor.organisation_id)
    return _HOUSES[actor.role] == actor.organisation_id if actor.role in _HOUSES else false()


def get_venture(session: Session, actor: Actor, venture_id: UUID, *, lock: bool = False) -> Venture:
    """The venture with its experts. `lock` keeps others from changing it meanwhile. Raises: NotFound."""
    query = select(Venture).where(Venture.id == venture_id, visible_to(actor)).options(selectinload(Venture.experts))
    if lock:
        query = query.with_for_update(of=Venture).execution_options(populate_existing=True)
    venture = session.scalars(query).one_or_none()
    if venture is None:
        raise NotFound
    return venture
