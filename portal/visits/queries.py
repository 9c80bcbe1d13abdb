"""Reads on visits: the list, one record as far as the reader may see it, my own."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Organisation,
    ParticipantStatus,
    Visit,
    VisitAudience,
    VisitItem,
    VisitKind,
    VisitParticipant,
    VisitSite,
    VisitStatus,
)
from portal import clock
from portal.errors import NotFound
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Action, Actor, Role, can
from portal.visits.access import organised_by, sees_people, visible_to
from portal.visits.rules import (
    TAKES_A_PLACE,
    VisitForm,
    Window,
    clock_words,
    code_of_day,
    shown_count,
    sides,
    window_of,
)
from portal.visits.workflow import VISIT_WORKFLOW

UPCOMING, PAST, MINE = "upcoming", "past", "mine"

_V, _P = Visit, VisitParticipant
_partner = aliased(Organisation)


class VisitRow(NamedTuple):
    """One line of the list; counts of people are None where they are too small for this reader."""

    id: UUID
    number: str
    kind: VisitKind
    title: str
    status: VisitStatus
    town_code: str
    starts_on: date
    ends_on: date
    organiser: str
    partner: str
    capacity: int
    opens_at: datetime
    closes_at: datetime
    taken: int | None
    waiting: int | None
    my_status: ParticipantStatus | None

    @property
    def free(self) -> int | None:
        return None if self.taken is None else max(self.capacity - self.taken, 0)

    @property
    def window(self) -> Window:
        return window_of(self.status, self.opens_at, self.closes_at, clock.now())


class VisitPage(NamedTuple):
    rows: list[VisitRow]
    total: int  # stops at 1,001


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


def list_visits(
    session: Session,
    actor: Actor,
    *,
    when: str = UPCOMING,
    kind: VisitKind | None = None,
    town: str | None = None,
    only_free: bool = False,
    offset: int = 0,
    limit: int = 20,
) -> VisitPage:
    """Upcoming visits by their first day, past ones the latest first; `mine` are those I organise or take part in."""
    query = select(_V.id).where(visible_to(actor))
    today = clock.today()
    if when == MINE:
        query = query.where(_V.id.in_(_own_ids(actor)))
    elif when == PAST:
        query = query.where(_V.ends_on < today)
    else:
        query = query.where(_V.ends_on >= today)
    if kind is not None:
        query = query.where(_V.kind == kind)
    if town:
        query = query.where(_V.town_code == town)
    if only_free:
        now = clock.now()
        query = query.where(
            _V.status == VisitStatus.REGISTRATION_OPEN,
            _V.registration_opens_at <= now,
            _V.registration_closes_at > now,
            _count(TAKES_A_PLACE) < _V.capacity,
        )
    total = session.scalar(select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery())) or 0
    limit = min(max(limit, 1), 100)
    order = (_V.starts_on, _V.id) if when == UPCOMING else (_V.starts_on.desc(), _V.id)
    page = query.order_by(*order).offset(first_row(offset, limit, total)).limit(limit)
    return VisitPage(_shown(session, actor, _rows(actor).where(_V.id.in_(page)).order_by(*order)), total)


def visit_detail(session: Session, actor: Actor, visit_id: UUID) -> VisitDetail:
    """As much of a visit as this reader may see. Raises: NotFound."""
    rows = _shown(session, actor, _rows(actor).where(_V.id == visit_id, visible_to(actor)))
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


def _own_ids(actor: Actor) -> Select[UUID]:
    """Visits that this person takes part in or this hat organises, as a list that indexes answer."""
    in_it = select(_P.visit_id).where(_P.person_id == actor.person_id, _P.status != ParticipantStatus.CANCELLED)
    by_me = select(_P.visit_id).where(_P.registered_by == actor.person_id, _P.status != ParticipantStatus.CANCELLED)
    ours = select(_V.id).where(organised_by(actor))
    return in_it.union(by_me, ours).subquery().select()


def _rows(actor: Actor) -> Select[Any]:
    mine = (
        select(_P.status)
        .where(_P.visit_id == _V.id, _P.person_id == actor.person_id, _P.status != ParticipantStatus.CANCELLED)
        .limit(1)
        .scalar_subquery()
    )
    query: Any = (
        select(
            _V.id,
            _V.number,
            _V.kind,
            _V.title,
            _V.status,
            _V.town_code,
            _V.starts_on,
            _V.ends_on,
            Organisation.name.label("organiser"),
            func.coalesce(_partner.name, "").label("partner"),
            _V.capacity,
            _V.registration_opens_at.label("opens_at"),
            _V.registration_closes_at.label("closes_at"),
            _count(TAKES_A_PLACE).label("taken"),
            _count((ParticipantStatus.WAITLISTED,)).label("waiting"),
            mine.label("my_status"),
        )
        .join(Organisation, Organisation.id == _V.organiser_id)
        .outerjoin(_partner, _partner.id == _V.partner_id)
    )
    found: Select[Any] = query
    return found


def _count(statuses: Iterable[ParticipantStatus]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(_P)
        .where(_P.visit_id == _V.id, _P.status.in_(tuple(statuses)))
        .correlate(_V)
        .scalar_subquery()
    )


def _shown(session: Session, actor: Actor, query: Select[Any]) -> list[VisitRow]:
    """The rows with the counts that this reader may know: a leader reads none that is small."""
    knows = actor.role is not Role.LEADER
    found = []
    for values in session.execute(query):
        row = VisitRow(*values)
        status = ParticipantStatus(row.my_status) if row.my_status else None
        taken = shown_count(row.taken or 0, sees_people=knows)
        waiting = shown_count(row.waiting or 0, sees_people=knows)
        found.append(row._replace(taken=taken, waiting=waiting, my_status=status))
    return found


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
