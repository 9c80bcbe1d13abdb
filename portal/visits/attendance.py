"""On the day and after it: who came, what they thought, whom they met, what became of them."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    ParticipantStatus,
    Visit,
    VisitContact,
    VisitFeedback,
    VisitOutcome,
    VisitParticipant,
    VisitStatus,
)
from portal import clock
from portal.errors import N_, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.organisations.access import get_organisation
from portal.permissions import Action, Actor, Side, authorize
from portal.texts import needed, one_line, paragraphs
from portal.visits.access import get_participant, get_visit
from portal.visits.rules import TOOK_PART, clean_ticket, is_code, sides
from portal.visits.workflow import OUTCOMES, PARTICIPANT_WORKFLOW
from portal.workflow import advance

_P, _S = VisitParticipant, ParticipantStatus
_SELF = frozenset({Side.SELF})
FROM_CONTACT = N_("A contact was recorded.")
"""The source of a first contact: a message id, worded when it is shown."""
_NEEDS_AGREEMENT = frozenset(OUTCOMES) - {_S.CONTACT_MADE}


class UnknownTicket(NotFound):
    """Neither registered under this account nor by this ticket."""

    message = N_("You are not registered for this visit, or the ticket was typed wrong. The organisers can help.")


def check_in(session: Session, actor: Actor, *, visit_id: UUID, code: str, ticket: str = "") -> None:
    """Mark oneself present by the code of the day: as whoever is signed in, or by a ticket. A repeat changes nothing.

    The caller counts the tries.

    Raises: NotFound, Invalid for a wrong code, on another day or for somebody who waits.
    """
    visit = get_visit(session, actor, visit_id)
    participant = _guest(session, actor, visit, ticket)
    authorize(actor, Action.CHECK_IN, _SELF)
    _require_running(visit)
    if not is_code(code, visit.check_in_secret, clock.today()):
        raise Invalid(N_("This is not the code of today. It stands where you are received."), field="code")
    if participant.status in TOOK_PART:
        return
    if participant.status is _S.WAITLISTED:
        raise Invalid(N_("You are on the waiting list. Please ask the organisers whether there is a place."))
    advance(session, actor, PARTICIPANT_WORKFLOW, participant, Action.CHECK_IN, extra_sides=_SELF)
    participant.attended_at = clock.now()
    session.flush()


def tick_off(session: Session, actor: Actor, *, participant_id: UUID) -> None:
    """Mark somebody present by hand, from the first day on. A repeat changes nothing.

    Raises: NotFound, Forbidden, NotPossibleNow, Invalid before the visit begins.
    """
    visit, participant = get_participant(session, actor, participant_id)
    own = sides(actor, visit)
    authorize(actor, Action.TICK_OFF, own)
    if participant.status in TOOK_PART:
        return
    if visit.status is VisitStatus.CANCELLED:
        raise NotPossibleNow(status=visit.status)
    if clock.today() < visit.starts_on:
        raise Invalid(N_("The visit begins on {day}; nobody can have come yet."), day=visit.starts_on)
    advance(session, actor, PARTICIPANT_WORKFLOW, participant, Action.TICK_OFF, extra_sides=own)
    participant.attended_at = clock.now()
    session.flush()


def give_feedback(
    session: Session, actor: Actor, *, visit_id: UUID, score: int, words: str = "", ticket: str = ""
) -> UUID:
    """1 to 5 and words, once the visit was held, one for each who took part; a second one replaces the first.

    Raises: NotFound, NotPossibleNow, Invalid.
    """
    visit = get_visit(session, actor, visit_id, lock=True)
    participant = _guest(session, actor, visit, ticket)
    authorize(actor, Action.GIVE_FEEDBACK, _SELF)
    if visit.status not in (VisitStatus.HELD, VisitStatus.DEBRIEFED) or participant.status not in TOOK_PART:
        raise NotPossibleNow(N_("Feedback is asked of those who took part, once the visit was held."))
    if not 1 <= score <= 5:
        raise Invalid(N_("Please choose from 1 to 5."), field="score")
    text = paragraphs(words, 1000, field="words")
    given = session.scalars(select(VisitFeedback).where(VisitFeedback.participant_id == participant.id)).first()
    if given is None:
        given = VisitFeedback(visit_id=visit.id, participant_id=participant.id, score=score, given_at=clock.now())
        session.add(given)
    given.score, given.words, given.given_at = score, text, clock.now()
    session.flush()
    record_event(session, actor, Action.GIVE_FEEDBACK, "participant", participant.id, parent_id=visit.id)
    return given.id


def record_contact(
    session: Session,
    actor: Actor,
    *,
    participant_id: UUID,
    happened_on: date,
    organisation_id: UUID | None = None,
    person_name: str = "",
    note: str = "",
) -> UUID:
    """Somebody who took part met an organisation or a person; the first contact is a step of what became of them.

    Raises: NotFound, Forbidden, Invalid, NotPossibleNow for somebody who did not come.
    """
    visit, participant = get_participant(session, actor, participant_id)
    own = sides(actor, visit)
    authorize(actor, Action.RECORD_CONTACT, own)
    _require_took_part(participant)
    _require_day(visit, happened_on)
    name = one_line(person_name, 100, field="person_name")
    if organisation_id is None and not name:
        raise Invalid(N_("Please name the organisation or the person that was met."), field="organisation")
    if organisation_id is not None:
        get_organisation(session, actor, organisation_id)
    contact = VisitContact(
        visit_id=visit.id,
        participant_id=participant.id,
        organisation_id=organisation_id,
        person_name=name,
        note=paragraphs(note, 600, field="note"),
        happened_on=happened_on,
        recorded_by=actor.acting_person,
        recorded_at=clock.now(),
    )
    session.add(contact)
    session.flush()
    record_event(session, actor, Action.RECORD_CONTACT, "participant", participant.id, parent_id=visit.id)
    if participant.status is _S.ATTENDED:
        _reach(session, actor, visit, participant, _S.CONTACT_MADE, happened_on, FROM_CONTACT)
    return contact.id


def record_outcome(
    session: Session, actor: Actor, *, participant_id: UUID, step: ParticipantStatus, happened_on: date, source: str
) -> None:
    """What became of somebody: an internship, a job, a year of staying, each with its day and where it is known from.

    Raises: NotFound, Forbidden, NotPossibleNow for a step back, Invalid without a source, for a day in the future, or
    of somebody who did not agree to be followed.
    """
    visit, participant = get_participant(session, actor, participant_id)
    authorize(actor, Action.RECORD_OUTCOME, sides(actor, visit))
    _require_took_part(participant)
    if step not in OUTCOMES:
        raise NotPossibleNow(status=participant.status)
    if step in _NEEDS_AGREEMENT and not participant.follow_agreed:
        raise Invalid(
            N_("This person did not agree to be followed; only contacts made at the visit can be recorded."),
            field="step",
        )
    _require_day(visit, happened_on)
    words = needed(one_line(source, 200, field="source"), N_("Please say from where this is known."), field="source")
    _reach(session, actor, visit, participant, step, happened_on, words)


def _reach(
    session: Session,
    actor: Actor,
    visit: Visit,
    participant: VisitParticipant,
    step: ParticipantStatus,
    happened_on: date,
    source: str,
) -> None:
    own = sides(actor, visit)
    advance(session, actor, PARTICIPANT_WORKFLOW, participant, Action.RECORD_OUTCOME, target=step, extra_sides=own)
    session.add(
        VisitOutcome(
            participant_id=participant.id,
            step=step,
            happened_on=happened_on,
            source=source,
            recorded_by=actor.acting_person,
            recorded_at=clock.now(),
        )
    )
    session.flush()


def _guest(session: Session, actor: Actor, visit: Visit, ticket: str) -> VisitParticipant:
    """Whoever holds the ticket, else whoever is signed in. Raises: UnknownTicket."""
    query = select(_P).where(_P.visit_id == visit.id, _P.status != _S.CANCELLED, _P.purged_at.is_(None))
    if ticket.strip():
        query = query.where(_P.ticket == clean_ticket(ticket))
    elif actor.person_id is not None:
        query = query.where(_P.person_id == actor.person_id)
    else:
        raise UnknownTicket
    participant = session.scalars(query.with_for_update()).first()
    if participant is None:
        raise UnknownTicket
    return participant


def _require_running(visit: Visit) -> None:
    if visit.status not in (VisitStatus.REGISTRATION_OPEN, VisitStatus.HELD):
        raise NotPossibleNow(status=visit.status)
    if not visit.starts_on <= clock.today() <= visit.ends_on:
        raise Invalid(
            N_("One checks in on the days of the visit: from {first} to {last}."),
            first=visit.starts_on,
            last=visit.ends_on,
        )


def _require_took_part(participant: VisitParticipant) -> None:
    if participant.status not in TOOK_PART or participant.purged_at is not None:
        raise NotPossibleNow(status=participant.status)


def _require_day(visit: Visit, happened_on: date) -> None:
    if happened_on > clock.today():
        raise Invalid(N_("This day lies in the future; only what has happened can be recorded."), field="happened_on")
    if happened_on < visit.starts_on:
        raise Invalid(N_("This was before the visit began."), field="happened_on")
