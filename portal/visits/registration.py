"""Places of a visit: taken, waited for, given back and moved up to; never more than there are, whatever races."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Organisation, ParticipantStatus, Person, Visit, VisitAudience, VisitParticipant, VisitStatus
from portal import clock
from portal.errors import N_, DeadlinePassed, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.permissions import CLOCK, Action, Actor, Role, authorize
from portal.texts import one_line
from portal.visits.access import get_participant, get_visit
from portal.visits.notices import tell_of_group, tell_of_moving_up, tell_of_registration
from portal.visits.rules import (
    CONSENT_EDITION,
    TAKES_A_PLACE,
    TICKET_LETTERS,
    Window,
    sides,
    window_of,
)
from portal.visits.tables import GroupRow, clean_phone, parse_group
from portal.visits.workflow import PARTICIPANT_WORKFLOW
from portal.workflow import advance

_P, _S = VisitParticipant, ParticipantStatus


class NoConsent(Invalid):
    """Nothing about a person is kept before the purpose was agreed to."""

    message = N_("Please agree to the use of the data for this visit; without them nobody can be registered.")


def register_for_visit(
    session: Session,
    actor: Actor,
    *,
    visit_id: UUID,
    consent: bool,
    follow: bool = False,
    field: str = "",
    phone: str = "",
) -> UUID:
    """Take a place, or wait for one; a repeat returns the first registration.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Invalid without consent or for people it is not for.
    """
    visit = get_visit(session, actor, visit_id, lock=True)
    authorize(actor, Action.REGISTER_FOR_VISIT)
    mine = session.scalars(
        select(_P).where(_P.visit_id == visit.id, _P.person_id == actor.person_id, _P.status != _S.CANCELLED)
    ).first()
    if mine is not None:
        return mine.id
    _require_open(visit)
    _require_invited(session, actor, visit)
    if not consent:
        raise NoConsent(field="consent")
    person = session.get_one(Person, actor.acting_person)
    participant = _participant(visit, actor, clock.now(), follow=follow)
    participant.person_id = actor.person_id
    participant.name = person.name
    participant.school = _organisation_name(session, actor)
    participant.field = one_line(field, 100, field="field")
    participant.phone = clean_phone(phone)
    _take_place(session, actor, visit, [participant], Action.REGISTER_FOR_VISIT)
    tell_of_registration(session, visit, participant)
    return participant.id


def register_group(
    session: Session, actor: Actor, *, visit_id: UUID, rows: str, consent: bool, follow: bool = False
) -> list[UUID]:
    """Register people of the own institute by a table of name, school, field and phone; all of them or none.

    `consent` says that each of them was told the purpose and agreed, `follow` that each agreed to be followed. Somebody
    who stands in an earlier table of this visit is not registered twice.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Invalid that names the line.
    """
    visit = get_visit(session, actor, visit_id, lock=True)
    authorize(actor, Action.REGISTER_GROUP)
    _require_open(visit)
    _require_invited(session, actor, visit)
    people = parse_group(rows)
    if not consent:
        raise NoConsent(field="consent")
    known = select(_P.name, _P.school, _P.field, _P.phone).where(
        _P.visit_id == visit.id, _P.organisation_id == actor.organisation_id, _P.status != _S.CANCELLED
    )
    there = {GroupRow(*row) for row in session.execute(known)}
    if double := next((row for row in people if row in there), None):
        raise Invalid(N_("“{name}” is registered for this visit already."), field="rows", name=double.name)
    now, found = clock.now(), []
    for position, row in enumerate(people):
        participant = _participant(visit, actor, now, follow=follow)
        participant.position = position
        participant.name, participant.school, participant.field, participant.phone = row
        found.append(participant)
    _take_place(session, actor, visit, found, Action.REGISTER_GROUP)
    waiting = sum(row.status is _S.WAITLISTED for row in found)
    tell_of_group(session, actor, visit, len(found) - waiting, waiting)
    return [row.id for row in found]


def cancel_registration(session: Session, actor: Actor, *, participant_id: UUID) -> None:
    """Give the place back, until the visit is held; the first who waits moves up. A repeat changes nothing.

    Raises: NotFound, Forbidden, NotPossibleNow.
    """
    visit, participant = get_participant(session, actor, participant_id)
    authorize(actor, Action.CANCEL_REGISTRATION, PARTICIPANT_WORKFLOW.sides(actor, participant) | sides(actor, visit))
    if participant.status is _S.CANCELLED:
        return
    if visit.status is not VisitStatus.REGISTRATION_OPEN:
        raise NotPossibleNow(status=visit.status)
    own = sides(actor, visit)
    advance(session, actor, PARTICIPANT_WORKFLOW, participant, Action.CANCEL_REGISTRATION, extra_sides=own)
    session.flush()
    fill_places(session, visit)


def change_consent(session: Session, actor: Actor, *, participant_id: UUID, follow: bool) -> None:
    """Agree to be followed after the visit, or take that back; then the data go with those of all others.

    Raises: NotFound, Forbidden, NotPossibleNow once the data are gone.
    """
    visit, participant = get_participant(session, actor, participant_id)
    authorize(actor, Action.CHANGE_CONSENT, PARTICIPANT_WORKFLOW.sides(actor, participant))
    if participant.purged_at is not None or visit.status is VisitStatus.CANCELLED:
        raise NotPossibleNow(status=visit.status)
    if participant.follow_agreed == follow:
        return
    participant.follow_agreed = follow
    session.flush()
    record_event(
        session,
        actor,
        Action.CHANGE_CONSENT,
        "participant",
        participant.id,
        fields=("follow" if follow else "no follow",),
        parent_id=visit.id,
    )


def taken(session: Session, visit_id: UUID) -> int:
    """Places that are taken; the caller has locked the visit if it is to stay so."""
    query = select(func.count()).select_from(_P).where(_P.visit_id == visit_id, _P.status.in_(TAKES_A_PLACE))
    return session.scalar(query) or 0


def fill_places(session: Session, visit: Visit) -> int:
    """Give free places to those who wait, in the order of their registration; the visit is locked.

    Returns how many moved up.
    """
    if visit.status is not VisitStatus.REGISTRATION_OPEN or clock.today() > visit.ends_on:
        return 0
    free = visit.capacity - taken(session, visit.id)
    waiting = (
        select(_P)
        .where(_P.visit_id == visit.id, _P.status == _S.WAITLISTED)
        .order_by(_P.registered_at, _P.position, _P.id)
        .limit(max(free, 0))
    )
    moved = session.scalars(waiting).all()
    for participant in moved:
        advance(session, CLOCK, PARTICIPANT_WORKFLOW, participant, Action.MOVE_UP)
        session.flush()
        tell_of_moving_up(session, visit, participant)
    return len(moved)


def new_ticket() -> str:
    """Eight letters and figures: told by telephone, printed on a list, worth nothing without the code of the day."""
    return "".join(secrets.choice(TICKET_LETTERS) for _ in range(8))


def _participant(visit: Visit, actor: Actor, at: datetime, *, follow: bool) -> VisitParticipant:
    return VisitParticipant(
        visit_id=visit.id,
        organisation_id=actor.organisation_id,
        registered_by=actor.acting_person,
        registered_at=at,
        position=0,
        status=_S.WAITLISTED,
        ticket=new_ticket(),
        consent_edition=CONSENT_EDITION,
        consent_at=at,
        follow_agreed=follow,
    )


def _take_place(session: Session, actor: Actor, visit: Visit, rows: list[VisitParticipant], action: Action) -> None:
    """First come, first served. Whoever waits already goes first, so nobody overtakes through a free place."""
    free = visit.capacity - taken(session, visit.id)
    waits = select(func.count()).select_from(_P).where(_P.visit_id == visit.id, _P.status == _S.WAITLISTED)
    if session.scalar(waits):
        free = 0
    for number, row in enumerate(rows):
        row.status = _S.REGISTERED if number < free else _S.WAITLISTED
    session.add_all(rows)
    session.flush()
    for row in rows:
        record_event(
            session,
            actor,
            action,
            "participant",
            row.id,
            to_status=row.status,
            fields=("consent", "follow") if row.follow_agreed else ("consent",),
            parent_id=visit.id,
        )


def _require_open(visit: Visit) -> None:
    """Raises: NotPossibleNow before it is announced or once it is over, Invalid before it opens, DeadlinePassed."""
    if visit.status is not VisitStatus.REGISTRATION_OPEN:
        raise NotPossibleNow(status=visit.status)
    window = window_of(visit.status, visit.registration_opens_at, visit.registration_closes_at, clock.now())
    if window is Window.NOT_YET:
        raise Invalid(N_("Registration opens on {moment}."), moment=visit.registration_opens_at)
    if window is Window.OVER:
        raise DeadlinePassed


def _require_invited(session: Session, actor: Actor, visit: Visit) -> None:
    """Raises: Invalid for people of another university than those it is for."""
    wanted = set(session.scalars(select(VisitAudience.organisation_id).where(VisitAudience.visit_id == visit.id)))
    if wanted and actor.organisation_id not in wanted:
        raise Invalid(N_("This visit is for people of other universities; its page names them."))


def _organisation_name(session: Session, actor: Actor) -> str:
    row = session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    if row is None or actor.role is Role.VISITOR:
        raise NotFound
    return row.name
