"""Reads on ventures: the list, one application with its advice, objections and tasks."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Membership,
    MembershipStatus,
    Organisation,
    Person,
    Role,
    Venture,
    VentureAdvice,
    VentureExpert,
    VentureObjection,
    VentureParty,
    VenturePhase,
    VentureStatus,
    VentureTask,
)
from portal import clock
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Action, Actor, can
from portal.ventures.access import DISTRICT, get_venture, visible_to
from portal.ventures.rules import is_noticed, next_phase, sides
from portal.ventures.workflow import CONSENTED, RUNNING, VENTURE_WORKFLOW, WRITTEN

_V = Venture
_institute, _enterprise = aliased(Organisation), aliased(Organisation)


class VentureRow(NamedTuple):
    """One line of the list."""

    id: UUID
    number: str
    title: str
    summary: str
    status: VentureStatus
    phase: VenturePhase | None
    scientist: str
    institute: str
    enterprise: str
    notice_until: datetime | None
    changed_at: datetime


class VenturePage(NamedTuple):
    rows: list[VentureRow]
    total: int  # stops at 1,001


class Advice(NamedTuple):
    """An expert and what they advise; the name is for the district and the expert alone."""

    name: str
    advice: VentureAdvice | None
    words: str
    is_me: bool


class Objection(NamedTuple):
    from_whom: str
    words: str
    received_at: datetime
    answer: str


class Task(NamedTuple):
    id: UUID
    phase: VenturePhase
    party: VentureParty
    text: str
    due_on: date
    done_on: date | None
    words: str
    is_late: bool
    may_finish: bool


class VentureDetail(NamedTuple):
    """One application as far as this reader may see it."""

    row: VentureRow
    plan: str
    institute_id: UUID
    enterprise_id: UUID
    agency_id: UUID | None
    agency: str
    institute_signed_at: datetime | None
    enterprise_signed_at: datetime | None
    submitted_at: datetime | None
    advice: tuple[Advice, ...]
    objections: tuple[Objection, ...]
    tasks: tuple[Task, ...]
    following: VenturePhase | None
    actions: tuple[Action, ...]
    version: int


def list_ventures(
    session: Session,
    actor: Actor,
    *,
    status: VentureStatus | None = None,
    phase: VenturePhase | None = None,
    offset: int = 0,
    limit: int = 20,
) -> VenturePage:
    """Applications by their last change."""
    query = select(_V.id).where(visible_to(actor))
    if status is not None:
        query = query.where(_V.status == status)
    if phase is not None:
        query = query.where(_V.phase == phase)
    total = session.scalar(select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery())) or 0
    limit = min(max(limit, 1), 100)
    order = (_V.changed_at.desc(), _V.id)
    page = query.order_by(*order).offset(first_row(offset, limit, total)).limit(limit)
    rows = session.execute(_rows().where(_V.id.in_(page)).order_by(*order))
    return VenturePage([VentureRow(*row) for row in rows], total)


def venture_detail(session: Session, actor: Actor, venture_id: UUID) -> VentureDetail:
    """Raises: NotFound."""
    venture = get_venture(session, actor, venture_id)
    row = VentureRow(*session.execute(_rows().where(_V.id == venture.id)).one())
    agency = session.get(Organisation, venture.agency_id) if venture.agency_id else None
    return VentureDetail(
        row=row,
        plan=venture.plan,
        institute_id=venture.institute_id,
        enterprise_id=venture.enterprise_id,
        agency_id=venture.agency_id,
        agency=agency.name if agency else "",
        institute_signed_at=venture.institute_signed_at,
        enterprise_signed_at=venture.enterprise_signed_at,
        submitted_at=venture.submitted_at,
        advice=tuple(_advice(session, actor, venture)),
        objections=tuple(_objections(session, venture)) if actor.role in DISTRICT else (),
        tasks=tuple(_tasks(session, actor, venture)),
        following=next_phase(venture.phase) if venture.status is VentureStatus.ACTIVE else None,
        actions=_actions(actor, venture),
        version=venture.version,
    )


def experts(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Id and name of the district's experts, for an operator who asks some of them."""
    if not can(actor, Action.REVIEW_VENTURE):
        return []
    query = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == Role.EXPERT,
            Membership.status == MembershipStatus.ACTIVE,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
        .distinct()
        .limit(500)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def _rows() -> Any:
    return (
        select(
            _V.id,
            _V.number,
            _V.title,
            _V.summary,
            _V.status,
            _V.phase,
            Person.name,
            _institute.name,
            _enterprise.name,
            _V.notice_until,
            _V.changed_at,
        )
        .join(Person, Person.id == _V.scientist_id)
        .join(_institute, _institute.id == _V.institute_id)
        .join(_enterprise, _enterprise.id == _V.enterprise_id)
    )


def _advice(session: Session, actor: Actor, venture: Venture) -> list[Advice]:
    """The district reads all of it, an expert the own one; parties are told the decision and its reason."""
    query = (
        select(VentureExpert, Person.name)
        .join(Person, Person.id == VentureExpert.person_id)
        .where(VentureExpert.venture_id == venture.id)
        .order_by(Person.name, VentureExpert.id)
    )
    if actor.role not in DISTRICT:
        query = query.where(VentureExpert.person_id == actor.person_id)
    return [
        Advice(name, row.advice, row.words, row.person_id == actor.person_id) for row, name in session.execute(query)
    ]


def _objections(session: Session, venture: Venture) -> list[Objection]:
    query = select(VentureObjection).where(VentureObjection.venture_id == venture.id)
    rows = session.scalars(query.order_by(VentureObjection.received_at))
    return [Objection(row.from_whom, row.words, row.received_at, row.answer) for row in rows]


def _tasks(session: Session, actor: Actor, venture: Venture) -> list[Task]:
    """In the order of phases and days."""
    where, today = sides(actor, venture), clock.today()
    runs = venture.status in RUNNING and can(actor, Action.FINISH_TASK, where)
    mine = {VentureParty.INSTITUTE: "institute", VentureParty.ENTERPRISE: "enterprise"}
    query = select(VentureTask).where(VentureTask.venture_id == venture.id)
    rows = session.scalars(query.order_by(VentureTask.due_on, VentureTask.id)).all()
    order = list(VenturePhase)
    found = [
        Task(
            row.id,
            row.phase,
            row.party,
            row.text,
            row.due_on,
            row.done_on,
            row.words,
            is_late=row.done_on is None and row.due_on < today,
            may_finish=runs
            and row.done_on is None
            and (actor.role is Role.OPERATOR or mine.get(row.party) in {side.value for side in where}),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: order.index(row.phase))


def _actions(actor: Actor, venture: Venture) -> tuple[Action, ...]:
    """What this reader may fire now."""
    where, status = sides(actor, venture), venture.status
    found = [one for one in VENTURE_WORKFLOW.allowed(actor, venture) if one is not Action.EDIT_VENTURE]
    runs = is_noticed(clock.now(), venture.notice_from, venture.notice_until)
    own = venture.proposed_by == actor.person_id
    if (runs or own) and Action.APPROVE_VENTURE in found:
        found.remove(Action.APPROVE_VENTURE)
    if not runs and Action.OBJECT_TO_VENTURE in found:
        found.remove(Action.OBJECT_TO_VENTURE)
    within = {
        Action.EDIT_VENTURE: (*WRITTEN, *CONSENTED),
        Action.ADVISE_VENTURE: (VentureStatus.EXPERT_REVIEW,),
        Action.ADD_TASK: RUNNING,
        Action.MOVE_PHASE: (VentureStatus.ACTIVE,) if next_phase(venture.phase) else (),
    }
    return (*found, *(one for one, when in within.items() if status in when and can(actor, one, where)))
