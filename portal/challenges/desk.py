"""The desk of those who prepare challenges: what waits for operator, broker and approver, oldest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationStatus,
    Person,
    Role,
)
from portal.challenges.access import visible_to
from portal.challenges.rules import took_part_in_refining
from portal.challenges.workdays import add_workdays
from portal.errors import N_, Forbidden
from portal.house_rules import house_rules
from portal.permissions import Actor

DESK_ROLES = frozenset({Role.OPERATOR, Role.BROKER, Role.APPROVER})
PER_QUEUE = 50
_C, _S = Challenge, ChallengeStatus


class DeskRow(NamedTuple):
    """One challenge that waits; `due` is set for submitted ones."""

    id: UUID
    number: str
    title: str
    organisation: str
    status: ChallengeStatus
    since: datetime
    due: datetime | None
    provisional: bool  # the due date counts Monday to Friday, since holidays are not published yet
    broker: str
    rounds: int
    is_barred: bool  # this approver refined it and may not decide


class Queue(NamedTuple):
    """Challenges that wait for the same thing; `heading` is a message id."""

    key: str
    heading: str
    rows: list[DeskRow]


def desk_queues(session: Session, actor: Actor) -> list[Queue]:
    """What waits for this role, the most urgent queue first. Raises: Forbidden."""
    if actor.role not in DESK_ROLES:
        raise Forbidden
    checked = _C.confidentiality_checked_by
    to_take = ("submitted", N_("To take for refining"), [_C.status == _S.SUBMITTED])
    refining = [_C.status == _S.REFINING, checked.is_(None)]
    decide = [_C.status == _S.REFINING, checked.is_not(None)]
    if actor.role is Role.BROKER:
        own = _C.broker_id == actor.person_id
        wanted = [
            to_take,
            ("refining", N_("I refine"), [*refining, own]),
            ("decide", N_("Waiting for the approver"), [*decide, own]),
        ]
    elif actor.role is Role.APPROVER:
        wanted = [
            ("decide", N_("To approve or reject"), decide),
            ("refining", N_("Being refined"), refining),
            ("submitted", N_("To take for refining"), [_C.status == _S.SUBMITTED]),
        ]
    else:
        wanted = [
            to_take,
            ("refining", N_("Being refined"), refining),
            ("decide", N_("Waiting for the approver"), decide),
            ("publish", N_("To publish"), [_C.status == _S.APPROVED]),
        ]
    days = house_rules(session).refining_workdays
    return [Queue(key, heading, _rows(session, actor, where, days)) for key, heading, where in wanted]


def brokers(session: Session, actor: Actor) -> list[tuple[UUID, str, str]]:
    """Person, name and agency of everybody who can refine, for the operator to choose. Raises: Forbidden."""
    if actor.role is not Role.OPERATOR:
        raise Forbidden
    query = (
        select(Person.id, Person.name, Organisation.name.label("agency"))
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.role == Role.BROKER,
            Membership.status == MembershipStatus.ACTIVE,
            Organisation.status == OrganisationStatus.VERIFIED,
            Person.disabled_at.is_(None),
        )
        .order_by(Organisation.name, Person.name, Person.id)
        .limit(500)
    )
    return [(row.id, row.name, row.agency) for row in session.execute(query)]


def _rows(session: Session, actor: Actor, where: Sequence[ColumnElement[bool]], days: int) -> list[DeskRow]:
    query = (
        select(_C, Organisation.name, Person.name)
        .join(Organisation, Organisation.id == _C.organisation_id)
        .outerjoin(Person, Person.id == _C.broker_id)
        .where(visible_to(actor), *where)
        .order_by(_C.changed_at, _C.id)
        .limit(PER_QUEUE)
    )
    return [_row(actor, *row, days) for row in session.execute(query)]


def _row(actor: Actor, row: Challenge, organisation: str, broker: str | None, days: int) -> DeskRow:
    waits = row.status is ChallengeStatus.SUBMITTED and row.submitted_at is not None
    due = add_workdays(row.submitted_at, days) if waits and row.submitted_at else None
    return DeskRow(
        row.id,
        row.number,
        row.title,
        organisation,
        row.status,
        row.submitted_at if waits and row.submitted_at else row.changed_at,
        due.at if due else None,
        due.provisional if due else False,
        broker or "",
        row.refining_rounds,
        actor.role is Role.APPROVER and took_part_in_refining(actor.person_id, row),
    )
