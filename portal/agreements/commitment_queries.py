"""Reads on commitments: those of one agreement with their reports, and the list across agreements."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from db.models import (
    Agreement,
    AgreementParty,
    AgreementStatus,
    Commitment,
    CommitmentReport,
    CommitmentStatus,
    CooperationField,
    FileObject,
    Organisation,
    Person,
)
from portal import clock
from portal.agreements.access import ALL_OF_IT, full_to, get_agreement
from portal.agreements.rules import commitment_sides, is_late
from portal.agreements.workflow import COMMITMENT_WORKFLOW, KEPT_TO, OPEN
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Action, Actor, can

_A, _C = Agreement, Commitment

STATES = ("open", "late", "at_risk", "kept", "dropped")
"""What the list can be narrowed to, by the code in the address."""


class Report(NamedTuple):
    """What was said about a commitment."""

    status: CommitmentStatus
    happened_on: date
    words: str
    agreed_by: str
    file_id: UUID | None
    file_name: str
    entered_by: str
    entered_at: datetime


class CommitmentRow(NamedTuple):
    """One promise of a party; `is_late` only where it is owed."""

    id: UUID
    agreement_id: UUID
    agreement: str
    number: int
    text: str
    field: CooperationField
    owner_id: UUID
    owner: str
    responsible: str
    due_on: date
    measure: str
    status: CommitmentStatus
    done_on: date | None
    is_late: bool
    actions: tuple[Action, ...]
    version: int
    reports: tuple[Report, ...] = ()


class CommitmentPage(NamedTuple):
    rows: list[CommitmentRow]
    total: int  # stops at 1,001


def in_state(state: str, today: date) -> list[ColumnElement[bool]]:
    """The condition behind a code of `STATES`; an unknown one does not narrow."""
    owed = _C.agreement_id.in_(select(_A.id).where(_A.status.in_(KEPT_TO)))
    match state:
        case "open":
            return [_C.status.in_(OPEN), owed]
        case "late":
            return [_C.status.in_(OPEN), _C.due_on < today, owed]
        case "at_risk":
            return [_C.status == CommitmentStatus.AT_RISK, owed]
        case "kept":
            return [_C.status == CommitmentStatus.DELIVERED]
        case "dropped":
            return [_C.status == CommitmentStatus.DROPPED]
    return []


def readable_to(actor: Actor) -> ColumnElement[bool]:
    """Commitments are read by whoever reads their whole agreement."""
    return true() if actor.role in ALL_OF_IT else _C.agreement_id.in_(select(_A.id).where(full_to(actor)))


def of_university(organisation_id: UUID) -> ColumnElement[bool]:
    """Commitments of agreements to which it is a party, whoever made the promise."""
    return _C.agreement_id.in_(
        select(AgreementParty.agreement_id).where(AgreementParty.organisation_id == organisation_id)
    )


def list_commitments(
    session: Session,
    actor: Actor,
    *,
    state: str = "",
    field: CooperationField | None = None,
    owner: UUID | None = None,
    university: UUID | None = None,
    offset: int = 0,
    limit: int = 20,
) -> CommitmentPage:
    """Commitments of the agreements that this actor reads whole, what is due first on top."""
    where = [readable_to(actor), *in_state(state, clock.today())]
    if field is not None:
        where.append(_C.field == field)
    if owner is not None:
        where.append(_C.owner_id == owner)
    if university is not None:
        where.append(of_university(university))
    query = select(_C.id).where(and_(*where))
    total = session.scalar(select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery())) or 0
    limit = min(max(limit, 1), 100)
    page = query.order_by(_C.due_on, _C.id).offset(first_row(offset, limit, total)).limit(limit)
    return CommitmentPage(_found(session, actor, _rows().where(_C.id.in_(page)).order_by(_C.due_on, _C.id)), total)


def commitments_of(session: Session, actor: Actor, agreement_id: UUID) -> list[CommitmentRow]:
    """Every commitment of one agreement in its own order, with what was said about it. Raises: NotFound."""
    get_agreement(session, actor, agreement_id)
    query = _rows().where(_C.agreement_id == agreement_id).order_by(_C.number)
    return _found(session, actor, query, _reports(session, agreement_id))


def _rows() -> Any:
    return (
        select(_C, _A.title, _A.status, Organisation.name)
        .join(_A, _A.id == _C.agreement_id)
        .join(Organisation, Organisation.id == _C.owner_id)
    )


def _found(
    session: Session, actor: Actor, query: Any, reports: Mapping[UUID, list[Report]] | None = None
) -> list[CommitmentRow]:
    today = clock.today()
    return [
        CommitmentRow(
            id=row.id,
            agreement_id=row.agreement_id,
            agreement=title,
            number=row.number,
            text=row.text,
            field=row.field,
            owner_id=row.owner_id,
            owner=owner,
            responsible=row.responsible,
            due_on=row.due_on,
            measure=row.measure,
            status=row.status,
            done_on=row.done_on,
            is_late=row.status in OPEN and status in KEPT_TO and is_late(row.due_on, today),
            actions=tuple(_actions(actor, row, status)),
            version=row.version,
            reports=tuple((reports or {}).get(row.id, ())),
        )
        for row, title, status, owner in session.execute(query)
    ]


def _reports(session: Session, agreement_id: UUID) -> dict[UUID, list[Report]]:
    """Newest first, by commitment."""
    query = (
        select(CommitmentReport, FileObject.name, Person.name)
        .join(_C, _C.id == CommitmentReport.commitment_id)
        .join(Person, Person.id == CommitmentReport.entered_by)
        .outerjoin(FileObject, FileObject.id == CommitmentReport.file_id)
        .where(_C.agreement_id == agreement_id)
        .order_by(CommitmentReport.entered_at.desc(), CommitmentReport.id)
    )
    found: dict[UUID, list[Report]] = {}
    for row, file, person in session.execute(query):
        report = Report(
            row.status, row.happened_on, row.words, row.agreed_by, row.file_id, file or "", person, row.entered_at
        )
        found.setdefault(row.commitment_id, []).append(report)
    return found


def _actions(actor: Actor, commitment: Commitment, status: AgreementStatus) -> Iterable[Action]:
    """What this reader may fire now."""
    if commitment.status not in OPEN or status is AgreementStatus.TERMINATED:
        return
    writes = can(actor, Action.EDIT_COMMITMENT, commitment_sides(actor, commitment))
    for action in COMMITMENT_WORKFLOW.allowed(actor, commitment):
        # Nothing is owed in a draft: whoever writes it takes a promise out, and nobody reports on one.
        if status in KEPT_TO or (writes and action is Action.DROP_COMMITMENT):
            yield action
    if writes:
        yield Action.EDIT_COMMITMENT
