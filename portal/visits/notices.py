"""Who is told about a visit: those who take part, those who registered a group, by notice and mail."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ParticipantStatus, Visit, VisitParticipant
from portal import clock
from portal.errors import N_
from portal.notifications.commands import notify
from portal.permissions import Actor
from portal.visits.rules import TOOK_PART

_P, _S = VisitParticipant, ParticipantStatus
COMING = (_S.REGISTERED, _S.WAITLISTED)


def tell_of_registration(session: Session, visit: Visit, participant: VisitParticipant) -> None:
    if participant.person_id is None:
        return
    message = N_("You are registered for “{title}” on {day}. Meeting point: {place}.")
    if participant.status is _S.WAITLISTED:
        message = N_("“{title}” on {day} is full; you are on the waiting list and move up when a place is given back.")
    _tell(session, visit, [participant.person_id], message, f"registered:{participant.id}")


def tell_of_group(session: Session, actor: Actor, visit: Visit, placed: int, waiting: int) -> None:
    """One notice for the whole group."""
    message = N_("Your group is registered for “{title}” on {day}: {placed} have a place, {waiting} wait.")
    counts = {"placed": placed, "waiting": waiting}
    _tell(session, visit, [actor.acting_person], message, f"group:{clock.now().isoformat()}", counts)


def tell_of_moving_up(session: Session, visit: Visit, participant: VisitParticipant) -> None:
    """The person, or whoever registered the group."""
    if participant.person_id is not None:
        message = N_("A place became free: you are now registered for “{title}” on {day}. Meeting point: {place}.")
        _tell(session, visit, [participant.person_id], message, f"moved-up:{participant.id}")
    elif participant.registered_by is not None:
        message = N_("A place became free: somebody of your group is now registered for “{title}” on {day}.")
        _tell(session, visit, [participant.registered_by], message, f"moved-up:{participant.id}")


def tell_of_changes(session: Session, visit: Visit) -> None:
    message = N_("“{title}” was changed: it begins on {day}. Meeting point: {place}. Please look at the programme.")
    _tell(session, visit, _people(session, visit, COMING), message, f"changed:{visit.sequence}:{visit.version}")


def tell_of_cancellation(session: Session, visit: Visit) -> None:
    """The reason reaches everybody who is registered or waits."""
    message = N_("“{title}” on {day} is called off. Reason: {reason}")
    people = _people(session, visit, COMING)
    _tell(session, visit, people, message, "cancelled", {"reason": visit.cancel_reason})


def remind(session: Session, visit: Visit) -> None:
    """On the day before."""
    message = N_("Tomorrow, {day}: “{title}”. Meeting point: {place}. If you cannot come, please cancel now.")
    _tell(session, visit, _people(session, visit, (_S.REGISTERED,)), message, f"reminder:{visit.starts_on}")


def ask_for_feedback(session: Session, visit: Visit) -> None:
    """Those who came; those of a group by whoever registered it."""
    query = select(_P.person_id, _P.registered_by).where(_P.visit_id == visit.id, _P.status.in_(TOOK_PART))
    rows = session.execute(query).all()
    themselves = {row.person_id for row in rows} - {None}
    message = N_("Thank you for coming to “{title}”. What was good, what should be different? Please tell us.")
    _tell(session, visit, themselves, message, "feedback")
    of_groups = {row.registered_by for row in rows if row.person_id is None} - {None}
    message = N_("Please ask your group what they thought of “{title}”: everybody answers with their ticket.")
    _tell(session, visit, of_groups, message, "feedback-of-group")


def _people(session: Session, visit: Visit, statuses: Iterable[ParticipantStatus]) -> list[UUID]:
    """Themselves, or whoever registered them in a group."""
    query = select(_P.person_id, _P.registered_by).where(_P.visit_id == visit.id, _P.status.in_(tuple(statuses)))
    found = {row.person_id or row.registered_by for row in session.execute(query)}
    return sorted(one for one in found if one is not None)


def _tell(
    session: Session,
    visit: Visit,
    people: Iterable[UUID],
    message: str,
    key: str,
    more: Mapping[str, object] | None = None,
) -> None:
    notify(
        session,
        person_ids=people,
        message=message,
        params={"title": visit.title, "day": visit.starts_on, "place": visit.meeting_point} | dict(more or {}),
        page="visit",
        object_id=visit.id,
        dedupe_key=f"visit:{visit.id}:{key}",
    )
