"""What waits for the parties of a venture, for experts and for the district."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from db.models import Venture, VentureExpert, VentureStatus
from portal import clock
from portal.errors import N_
from portal.metrics.waiting.kinds import PER_KIND, Waiting
from portal.permissions import Actor, Role
from portal.ventures.access import visible_to

_V, _S = Venture, VentureStatus


def ventures(session: Session, actor: Actor) -> list[Waiting]:
    """Applications whose next act is this hat's."""
    query = (
        select(_V.id, _V.title, _V.changed_at)
        .where(visible_to(actor), _turn(actor))
        .order_by(_V.changed_at, _V.id)
        .limit(PER_KIND)
    )
    message = N_("Go on with an application of a scientist-entrepreneur")
    return [Waiting(message, row.title, "venture", row.id, row.changed_at) for row in session.execute(query)]


def _turn(actor: Actor) -> ColumnElement[bool]:
    match actor.role:
        case Role.INSTITUTE_ADMIN:
            return and_(_V.status.in_((_S.DRAFT, _S.RETURNED)), _V.plan != "")
        case Role.ENTERPRISE_ADMIN:
            return _V.status == _S.INSTITUTE_CONSENTED
        case Role.RESEARCHER:
            return _V.status.in_((_S.ENTERPRISE_CONSENTED, _S.RETURNED))
        case Role.EXPERT:
            open_to_me = and_(VentureExpert.person_id == actor.person_id, VentureExpert.advice.is_(None))
            asked = select(VentureExpert.venture_id).where(open_to_me)
            return and_(_V.status == _S.EXPERT_REVIEW, _V.id.in_(asked))
        case Role.APPROVER:
            over = and_(_V.status == _S.PUBLIC_NOTICE, _V.notice_until <= clock.now())
            mine = or_(_V.status.in_((_S.OBJECTED, _S.DISMISSED)), over)
            return and_(mine, _V.proposed_by != actor.person_id)
        case _:
            return _V.status.in_((_S.SUBMITTED, _S.EXPERT_REVIEW, _S.APPROVED))
