"""What visits wait for: their organisers' debriefing, their guests' feedback."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.models import Organisation, OrganisationKind, Visit, VisitFeedback, VisitParticipant, VisitStatus
from portal.errors import N_
from portal.metrics.waiting.kinds import PER_KIND, Waiting
from portal.permissions import Actor, Role
from portal.visits.access import organised_by
from portal.visits.rules import TOOK_PART

_V, _P = Visit, VisitParticipant


def to_debrief(session: Session, actor: Actor) -> list[Waiting]:
    """Held visits of the own organisation; operators do it for the offices that have no members of their own."""
    query = select(_V.id, _V.title, _V.ended_at).where(_V.status == VisitStatus.HELD)
    if actor.role is Role.OPERATOR:
        query = query.join(Organisation, Organisation.id == _V.organiser_id).where(
            Organisation.kind == OrganisationKind.GOVERNMENT
        )
    else:
        query = query.where(organised_by(actor))
    rows = session.execute(query.order_by(_V.ended_at, _V.id).limit(PER_KIND))
    return [Waiting(N_("Debrief the visit"), row.title, "visit", row.id, row.ended_at) for row in rows]


def to_answer(session: Session, actor: Actor) -> list[Waiting]:
    """Visits that this person came to and has said nothing about, until they are debriefed."""
    query = (
        select(_V.id, _V.title, _V.ended_at)
        .join(_P, _P.visit_id == _V.id)
        .where(
            _P.person_id == actor.person_id,
            _P.status.in_(TOOK_PART),
            _V.status == VisitStatus.HELD,
            ~exists().where(VisitFeedback.participant_id == _P.id),
        )
        .order_by(_V.ended_at, _V.id)
        .limit(PER_KIND)
    )
    message = N_("Say what you thought of the visit")
    return [Waiting(message, row.title, "visit", row.id, row.ended_at) for row in session.execute(query)]
