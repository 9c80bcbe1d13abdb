"""What the clock does to visits: reminds, records as held, deletes personal data. Each run may be repeated."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from db.models import Visit, VisitContact, VisitFeedback, VisitOutcome, VisitParticipant, VisitStatus
from portal import clock
from portal.events import record_event
from portal.permissions import CLOCK, Action, authorize
from portal.visits.attendance import FROM_CONTACT
from portal.visits.commands import hold_visit
from portal.visits.notices import remind
from portal.visits.rules import FORGOTTEN_DAYS, KEPT_DAYS

BATCH = 100
_V, _P, _S = Visit, VisitParticipant, VisitStatus


def is_guest_reminder_due(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(_begins_tomorrow()))))


def remind_guests(session: Session) -> int:
    """Remind everybody registered on the day before; returns of how many visits."""
    visits = session.scalars(select(_V).where(_begins_tomorrow()).order_by(_V.id).limit(BATCH)).all()
    for visit in visits:
        visit.reminded_at = clock.now()
        session.flush()
        remind(session, visit)
    return len(visits)


def is_holding_due(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(_is_over()))))


def hold_due(session: Session) -> int:
    """What nobody called off was held, once its last day is over; returns how many."""
    found = session.scalars(select(_V.id).where(_is_over()).order_by(_V.ends_on, _V.id).limit(BATCH)).all()
    for visit_id in found:
        hold_visit(session, CLOCK, visit_id=visit_id)
    return len(found)


def purge_visits(session: Session) -> int:
    """Delete who took part, 90 days after the debriefing, unless they agreed to be followed; returns how many people.

    What stays is the row with its institute, status and score: it counts, and names nobody. Contacts lose names and
    notes, steps their sources, feedback its words. A visit that was called off or that nobody
    debriefed is purged as well.
    """
    authorize(CLOCK, Action.PURGE_VISIT)
    personal = and_(_P.purged_at.is_(None), _P.follow_agreed.is_(False))
    visits = session.scalars(
        select(_V.id).where(_kept_long_enough(), exists().where(_P.visit_id == _V.id, personal)).limit(BATCH)
    ).all()
    count = 0
    for visit_id in visits:
        ids = session.scalars(select(_P.id).where(_P.visit_id == visit_id, personal)).all()
        count += len(ids)
        session.execute(
            update(VisitContact).where(VisitContact.participant_id.in_(ids)).values(person_name="", note="")
        )
        told = VisitOutcome.participant_id.in_(ids) & (VisitOutcome.source != FROM_CONTACT)
        session.execute(update(VisitOutcome).where(told).values(source=""))
        session.execute(update(VisitFeedback).where(VisitFeedback.participant_id.in_(ids)).values(words=""))
        nothing = dict.fromkeys(("name", "school", "field", "phone"), "")
        gone = {"person_id": None, "registered_by": None, "ticket": None, "purged_at": clock.now()}
        session.execute(update(_P).where(_P.id.in_(ids)).values(**nothing, **gone))
        record_event(session, CLOCK, Action.PURGE_VISIT, "visit", visit_id, fields=("participants",))
    return count


def _begins_tomorrow() -> ColumnElement[bool]:
    tomorrow = clock.today() + timedelta(days=1)
    return and_(_V.status == _S.REGISTRATION_OPEN, _V.starts_on == tomorrow, _V.reminded_at.is_(None))


def _is_over() -> ColumnElement[bool]:
    return and_(_V.status == _S.REGISTRATION_OPEN, _V.ends_on < clock.today())


def _kept_long_enough() -> ColumnElement[bool]:
    now = clock.now()
    done = and_(_V.status.in_((_S.DEBRIEFED, _S.CANCELLED)), _V.ended_at <= now - timedelta(days=KEPT_DAYS))
    forgotten = and_(_V.status == _S.HELD, _V.ended_at <= now - timedelta(days=FORGOTTEN_DAYS))
    return or_(done, forgotten)
