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
    VisitKind,
    VisitParticipant,
    VisitStatus,
)
from portal import clock
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Actor, Role
from portal.visits.access import organised_by, visible_to
from portal.visits.rules import (
    TAKES_A_PLACE,
    Window,
    shown_count,
    window_of,
)

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
    return VisitPage(shown_rows(session, actor, visit_rows(actor).where(_V.id.in_(page)).order_by(*order)), total)


def _own_ids(actor: Actor) -> Select[UUID]:
    """Visits that this person takes part in or this hat organises, as a list that indexes answer."""
    in_it = select(_P.visit_id).where(_P.person_id == actor.person_id, _P.status != ParticipantStatus.CANCELLED)
    by_me = select(_P.visit_id).where(_P.registered_by == actor.person_id, _P.status != ParticipantStatus.CANCELLED)
    ours = select(_V.id).where(organised_by(actor))
    return in_it.union(by_me, ours).subquery().select()


def visit_rows(actor: Actor) -> Select[Any]:
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


def shown_rows(session: Session, actor: Actor, query: Select[Any]) -> list[VisitRow]:
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
