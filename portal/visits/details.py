"""Reads on one visit: as much as the reader may see, and what its form is filled with."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Organisation,
    ParticipantStatus,
    Visit,
    VisitAudience,
    VisitItem,
    VisitParticipant,
    VisitSite,
    VisitStatus,
)
from portal import clock
from portal.errors import NotFound
from portal.permissions import Action, Actor, can
from portal.visits.access import sees_people, visible_to
from portal.visits.queries import VisitRow, shown_rows, visit_rows
from portal.visits.rules import VisitForm, Window, clock_words, code_of_day, sides
from portal.visits.workflow import VISIT_WORKFLOW

_V, _P = Visit, VisitParticipant


class ItemRow(NamedTuple):
    """One line of the programme."""

    day: date
    start: str
    end: str
    place: str
    what: str
    host: str


class SiteRow(NamedTuple):
    """A place; `organisation_id` where it is an organisation of the portal."""

    name: str
    town_code: str | None
    organisation_id: UUID | None


class Mine(NamedTuple):
    """My own registration."""

    id: UUID
    status: ParticipantStatus
    ticket: str
    phone: str
    field: str
    follow_agreed: bool
    registered_at: datetime
    place_in_line: int  # 1 moves up next; 0 for somebody who has a place


class VisitDetail(NamedTuple):
    """One visit; `code` is today's for the organisers on its days, empty otherwise."""

    row: VisitRow
    summary: str
    meeting_point: str
    contact: str
    findings: str
    cancel_reason: str
    organiser_id: UUID
    partner_id: UUID | None
    programme: list[ItemRow]
    sites: list[SiteRow]
    audience: list[tuple[UUID, str]]
    mine: Mine | None
    code: str
    sees_people: bool
    may_register: bool
    may_register_group: bool
    actions: tuple[Action, ...]
    version: int


def visit_detail(session: Session, actor: Actor, visit_id: UUID) -> VisitDetail:
    """As much of a visit as this reader may see. Raises: NotFound."""
    rows = shown_rows(session, actor, visit_rows(actor).where(_V.id == visit_id, visible_to(actor)))
    if not rows:
        raise NotFound
    visit, row = session.get_one(Visit, visit_id), rows[0]
    audience = _audience(session, visit_id)
    mine = _mine(session, actor, visit_id)
    invited = not audience or actor.organisation_id in {one for one, _name in audience}
    is_open = row.window is Window.OPEN and invited
    on_its_days = visit.starts_on <= clock.today() <= visit.ends_on
    shows_code = on_its_days and can(actor, Action.TICK_OFF, sides(actor, visit))
    return VisitDetail(
        row=row,
        summary=visit.summary,
        meeting_point=visit.meeting_point,
        contact=visit.contact,
        findings=visit.findings,
        cancel_reason=visit.cancel_reason,
        organiser_id=visit.organiser_id,
        partner_id=visit.partner_id,
        programme=_programme(session, visit_id),
        sites=_sites(session, visit_id),
        audience=audience,
        mine=mine,
        code=code_of_day(visit.check_in_secret, clock.today()) if shows_code else "",
        sees_people=sees_people(actor, visit),
        may_register=is_open and mine is None and can(actor, Action.REGISTER_FOR_VISIT),
        may_register_group=is_open and can(actor, Action.REGISTER_GROUP),
        actions=_actions(actor, visit),
        version=visit.version,
    )


def visit_form(session: Session, actor: Actor, visit_id: UUID) -> VisitForm:
    """What the form of an existing visit is filled with. Raises: NotFound for whoever may not edit it."""
    visit = session.scalars(select(Visit).where(Visit.id == visit_id, visible_to(actor))).one_or_none()
    if visit is None or not can(actor, Action.EDIT_VISIT, sides(actor, visit)):
        raise NotFound
    return VisitForm(
        kind=visit.kind,
        title=visit.title,
        town_code=visit.town_code,
        starts_on=visit.starts_on,
        ends_on=visit.ends_on,
        capacity=visit.capacity,
        registration_opens_at=visit.registration_opens_at,
        registration_closes_at=visit.registration_closes_at,
        partner_id=visit.partner_id,
        broker_id=visit.broker_id,
        summary=visit.summary,
        meeting_point=visit.meeting_point,
        contact=visit.contact,
        audience=[one for one, _name in _audience(session, visit_id)],
        programme=[
            {
                "day": str((row.day - visit.starts_on).days + 1),
                "start": row.start,
                "end": row.end,
                "what": row.what,
                "place": row.place,
                "host": row.host,
            }
            for row in _programme(session, visit_id)
        ],
        sites=[{"name": row.name, "town": row.town_code or ""} for row in _sites(session, visit_id)],
    )


def _programme(session: Session, visit_id: UUID) -> list[ItemRow]:
    query = select(VisitItem).where(VisitItem.visit_id == visit_id).order_by(VisitItem.position)
    return [
        ItemRow(row.day, clock_words(row.from_minute), clock_words(row.to_minute), row.place, row.what, row.host)
        for row in session.scalars(query)
    ]


def _sites(session: Session, visit_id: UUID) -> list[SiteRow]:
    query = select(VisitSite).where(VisitSite.visit_id == visit_id).order_by(VisitSite.position)
    return [SiteRow(row.name, row.town_code, row.organisation_id) for row in session.scalars(query)]


def _audience(session: Session, visit_id: UUID) -> list[tuple[UUID, str]]:
    query = (
        select(Organisation.id, Organisation.name)
        .join(VisitAudience, VisitAudience.organisation_id == Organisation.id)
        .where(VisitAudience.visit_id == visit_id)
        .order_by(Organisation.name)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def _mine(session: Session, actor: Actor, visit_id: UUID) -> Mine | None:
    if actor.person_id is None:
        return None
    row = session.scalars(
        select(_P).where(
            _P.visit_id == visit_id, _P.person_id == actor.person_id, _P.status != ParticipantStatus.CANCELLED
        )
    ).first()
    if row is None:
        return None
    place = 0
    if row.status is ParticipantStatus.WAITLISTED:
        earlier = select(func.count()).where(
            _P.visit_id == visit_id,
            _P.status == ParticipantStatus.WAITLISTED,
            _P.registered_at < row.registered_at,
        )
        place = (session.scalar(earlier) or 0) + 1
    return Mine(row.id, row.status, row.ticket or "", row.phone, row.field, row.follow_agreed, row.registered_at, place)


def _actions(actor: Actor, visit: Visit) -> tuple[Action, ...]:
    """What this reader may fire now on the visit itself."""
    found = list(VISIT_WORKFLOW.allowed(actor, visit))
    where = sides(actor, visit)
    if visit.status in (VisitStatus.PLANNED, VisitStatus.REGISTRATION_OPEN) and can(actor, Action.EDIT_VISIT, where):
        found.append(Action.EDIT_VISIT)
    if clock.today() < visit.starts_on and Action.HOLD_VISIT in found:
        found.remove(Action.HOLD_VISIT)
    return tuple(found)
