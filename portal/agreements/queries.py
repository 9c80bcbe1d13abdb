"""Reads on agreements: the list, and one agreement as far as the reader may know of it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, null, select
from sqlalchemy.orm import Session

from db.models import (
    Agreement,
    AgreementField,
    AgreementPart,
    AgreementParty,
    AgreementStatus,
    CooperationField,
    FileObject,
    Organisation,
    PartySide,
    Person,
)
from portal import clock
from portal.agreements.access import full_to, get_agreement, visible_to
from portal.agreements.rules import sides, signs_for
from portal.agreements.workflow import AGREEMENT_WORKFLOW, IN_FORCE
from portal.errors import NotFound
from portal.files.queries import FileRow, describe_files
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Action, Actor, can

_A = Agreement
_EDITED = {
    Action.EDIT_AGREEMENT: (AgreementStatus.NEGOTIATING,),
    Action.ADD_COMMITMENT: (AgreementStatus.NEGOTIATING, *IN_FORCE),
    Action.PREPARE_RENEWAL: (AgreementStatus.EFFECTIVE, AgreementStatus.REVIEW_DUE),
}
"""Acts that leave the status as it is, and while which they are possible."""
_TOGETHER = frozenset({Action.RENEW_AGREEMENT})
"""Comes with the signature under the successor; nobody fires it alone."""


class AgreementRow(NamedTuple):
    """One line of the list; for whoever may know no more than that it exists, everything behind `is_full` is empty."""

    id: UUID
    title: str
    status: AgreementStatus
    universities: tuple[str, ...]
    is_full: bool
    number: str
    part: AgreementPart | None
    fields: tuple[CooperationField, ...]
    starts_on: date | None
    ends_on: date | None
    changed_at: datetime | None


class AgreementPage(NamedTuple):
    rows: list[AgreementRow]
    total: int  # stops at 1,001


class Party(NamedTuple):
    """A party and its signature; `signed_by` names a person."""

    organisation_id: UUID
    name: str
    side: PartySide
    signed_by: str
    signed_at: datetime | None


class Related(NamedTuple):
    """The agreement before or after."""

    id: UUID
    title: str
    status: AgreementStatus


class Steering(NamedTuple):
    """Somebody in the steering group; the first of each side is its co-chair."""

    side: PartySide
    name: str
    post: str
    is_chair: bool


class AgreementDetail(NamedTuple):
    """One agreement; where `row.is_full` is False the rest is empty. Money in fen."""

    row: AgreementRow
    summary: str
    money_fen: int | None
    signed_on: date | None
    parties: tuple[Party, ...]
    steering: tuple[Steering, ...]
    predecessor: Related | None
    successor: Related | None
    documents: tuple[FileRow, ...]
    actions: tuple[Action, ...]
    version: int


def list_agreements(
    session: Session,
    actor: Actor,
    *,
    university: UUID | None = None,
    field: CooperationField | None = None,
    status: AgreementStatus | None = None,
    within: int | None = None,
    offset: int = 0,
    limit: int = 20,
) -> AgreementPage:
    """Agreements by their last change. `within`: in force and ending in at most so many days.

    Field and term narrow only what the reader reads whole: an answer would tell the rest.
    """
    query = select(_A.id).where(visible_to(actor))
    if university is not None:
        query = query.where(_A.id.in_(_of_party(university)))
    if status is not None:
        query = query.where(_A.status == status)
    if field is not None:
        covering = select(AgreementField.agreement_id).where(AgreementField.field == field)
        query = query.where(full_to(actor), _A.id.in_(covering))
    if within is not None:
        today = clock.today()
        last = today + timedelta(days=min(max(within, 0), 36_500))
        query = query.where(full_to(actor), _A.status.in_(IN_FORCE), _A.ends_on.between(today, last))
    total = session.scalar(select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery())) or 0
    limit = min(max(limit, 1), 100)
    page = query.order_by(_A.changed_at.desc(), _A.id).offset(first_row(offset, limit, total)).limit(limit)
    found = session.execute(_rows(actor, _A.id.in_(page)).order_by(_A.changed_at.desc(), _A.id)).all()
    return AgreementPage(_completed(session, found), total)


def agreement_detail(session: Session, actor: Actor, agreement_id: UUID) -> AgreementDetail:
    """As much of an agreement as this reader may know. Raises: NotFound."""
    found = session.execute(_rows(actor, _A.id == agreement_id, visible_to(actor))).all()
    if not found:
        raise NotFound
    [row] = _completed(session, found)
    if not row.is_full:
        return AgreementDetail(row, "", None, None, (), (), None, None, (), (), 0)
    agreement = get_agreement(session, actor, agreement_id)
    successor = _related(session, actor, _A.renews_id == agreement.id)
    is_drafted = successor is not None and successor.status is not AgreementStatus.TERMINATED
    files = select(FileObject.id).where(FileObject.parent_type == "agreement", FileObject.parent_id == agreement.id)
    return AgreementDetail(
        row=row,
        summary=agreement.summary,
        money_fen=agreement.money_fen,
        signed_on=agreement.signed_on,
        parties=tuple(_parties(session, agreement_id)),
        steering=_steering(agreement),
        predecessor=_related(session, actor, _A.id == agreement.renews_id) if agreement.renews_id else None,
        successor=successor,
        documents=tuple(describe_files(session, session.scalars(files))),
        actions=tuple(one for one in _actions(actor, agreement) if not (is_drafted and one is Action.PREPARE_RENEWAL)),
        version=agreement.version,
    )


def _of_party(organisation_id: UUID) -> Select[UUID]:
    return select(AgreementParty.agreement_id).where(AgreementParty.organisation_id == organisation_id)


def _rows(actor: Actor, *where: ColumnElement[bool]) -> Select[Any]:
    """What stands in the agreement's own row; behind `full_to` for those alone."""
    full = full_to(actor)
    behind = [case((full, column), else_=null()) for column in (_A.number, _A.part, _A.starts_on, _A.ends_on)]
    return select(_A.id, _A.title, _A.status, full, *behind, case((full, _A.changed_at), else_=null())).where(*where)


def _completed(session: Session, found: Iterable[Any]) -> list[AgreementRow]:
    """With the universities and, where they may be read, the fields."""
    rows = list(found)
    ids = [row[0] for row in rows]
    names: dict[UUID, list[str]] = {}
    query = (
        select(AgreementParty.agreement_id, Organisation.name)
        .join(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(AgreementParty.agreement_id.in_(ids), AgreementParty.side == PartySide.INSTITUTE)
        .order_by(Organisation.name)
    )
    for agreement_id, name in session.execute(query):
        names.setdefault(agreement_id, []).append(name)
    fields: dict[UUID, list[CooperationField]] = {}
    whole = [row[0] for row in rows if row[3]]
    covers = select(AgreementField.agreement_id, AgreementField.field).where(AgreementField.agreement_id.in_(whole))
    for agreement_id, field in session.execute(covers):
        fields.setdefault(agreement_id, []).append(field)
    order = list(CooperationField)
    return [
        AgreementRow(
            id=key,
            title=title,
            status=status,
            universities=tuple(names.get(key, ())),
            is_full=bool(is_full),
            number=number or "",
            part=part,
            fields=tuple(sorted(fields.get(key, ()), key=order.index)),
            starts_on=starts_on,
            ends_on=ends_on,
            changed_at=changed_at,
        )
        for key, title, status, is_full, number, part, starts_on, ends_on, changed_at in rows
    ]


def _parties(session: Session, agreement_id: UUID) -> list[Party]:
    """The district first, then institutes, enterprises and agencies, by name."""
    query = (
        select(AgreementParty, Organisation.name, Person.name)
        .join(Organisation, Organisation.id == AgreementParty.organisation_id)
        .outerjoin(Person, Person.id == AgreementParty.signed_by)
        .where(AgreementParty.agreement_id == agreement_id)
        .order_by(Organisation.name)
    )
    order = list(PartySide)
    rows = [
        Party(row.organisation_id, name, row.side, signer or "", row.signed_at)
        for row, name, signer in session.execute(query)
    ]
    return sorted(rows, key=lambda row: order.index(row.side))


def _steering(agreement: Agreement) -> tuple[Steering, ...]:
    found, seen = [], set()
    for row in agreement.steering:
        found.append(Steering(row.side, row.name, row.post, row.side not in seen))
        seen.add(row.side)
    return tuple(found)


def _related(session: Session, actor: Actor, where: ColumnElement[bool]) -> Related | None:
    """One that the reader may see; of several drafts of a successor the one that is alive."""
    query = (
        select(_A.id, _A.title, _A.status)
        .where(where, visible_to(actor))
        .order_by(_A.status == AgreementStatus.TERMINATED, _A.created_at.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    return Related(*found) if found else None


def _actions(actor: Actor, agreement: Agreement) -> tuple[Action, ...]:
    """What this reader may fire now: the table's steps, and the acts that leave the status."""
    where = sides(actor, agreement)
    found = [action for action in AGREEMENT_WORKFLOW.allowed(actor, agreement) if action not in _TOGETHER]
    if Action.SIGN_AGREEMENT in found:
        party = signs_for(actor, agreement)
        if party is None or party.signed_at is not None or agreement.prepared_by == actor.person_id:
            found.remove(Action.SIGN_AGREEMENT)
    within = [
        action for action, statuses in _EDITED.items() if agreement.status in statuses and can(actor, action, where)
    ]
    return (*found, *within)
