"""Reads on organisations and their people."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.models import Membership, MembershipStatus, Organisation, OrganisationKind, OrganisationStatus, Person, Role
from portal.errors import Forbidden
from portal.organisations.access import get_organisation, reads_inside, visible_to
from portal.organisations.workflow import ORGANISATION_WORKFLOW
from portal.paging import COUNT_LIMIT, FILE_LIMIT, FILE_PART, first_row
from portal.permissions import ORGANISATION_ADMINS, Action, Actor
from portal.wording import searched

_ORDER = (Organisation.status, Organisation.name, Organisation.id)


class OrganisationRow(NamedTuple):
    """One line of the list."""

    id: UUID
    name: str
    kind: OrganisationKind
    status: OrganisationStatus
    industry_code: str | None
    town_code: str | None
    created_at: datetime


class OrganisationPage(NamedTuple):
    rows: list[OrganisationRow]
    total: int  # stops at 1,001


class OrganisationDetail(NamedTuple):
    """One organisation; contact, proof and reason are empty for those who do not verify or belong to it."""

    id: UUID
    name: str
    kind: OrganisationKind
    status: OrganisationStatus
    credit_code: str
    industry_code: str | None
    town_code: str | None
    summary: str
    contact_name: str
    contact_email: str
    contact_phone: str
    proof_file_id: UUID | None
    decision_reason: str
    created_at: datetime
    version: int
    actions: tuple[Action, ...]


class MemberRow(NamedTuple):
    """One person's membership of an organisation."""

    membership_id: UUID
    name: str
    email: str
    role: Role
    status: MembershipStatus
    has_signed_in: bool
    is_me: bool
    version: int


def list_organisations(
    session: Session,
    actor: Actor,
    *,
    kind: OrganisationKind | None = None,
    status: OrganisationStatus | None = None,
    text: str = "",
    offset: int = 0,
    limit: int = 20,
) -> OrganisationPage:
    """Organisations by name, those waiting for verification first for those who verify."""
    query = _listed(actor, kind, status, text)
    ids = query.with_only_columns(Organisation.id).limit(COUNT_LIMIT + 1)
    count = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    limit = min(max(limit, 1), 100)
    rows = session.scalars(query.order_by(*_ORDER).offset(first_row(offset, limit, count)).limit(limit))
    return OrganisationPage([_row(row) for row in rows], count)


def every_organisation(
    session: Session,
    actor: Actor,
    *,
    kind: OrganisationKind | None = None,
    status: OrganisationStatus | None = None,
    text: str = "",
) -> Iterator[OrganisationRow]:
    """Every organisation of the list in its order, a few at a time: for a file."""
    query = _listed(actor, kind, status, text).order_by(*_ORDER).limit(FILE_LIMIT)
    return (_row(row) for row in session.scalars(query.execution_options(yield_per=FILE_PART)))


def _listed(
    actor: Actor, kind: OrganisationKind | None, status: OrganisationStatus | None, text: str
) -> Select[Organisation]:
    query = select(Organisation).where(visible_to(actor))
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if status is not None:
        query = query.where(Organisation.status == status)
    if wanted := searched(text):
        query = query.where(Organisation.name.icontains(wanted, autoescape=True))
    return query


def organisation_detail(session: Session, actor: Actor, organisation_id: UUID) -> OrganisationDetail:
    """Raises: NotFound."""
    row = get_organisation(session, actor, organisation_id)
    inside = reads_inside(actor, row.id)
    return OrganisationDetail(
        id=row.id,
        name=row.name,
        kind=row.kind,
        status=row.status,
        credit_code=row.credit_code,
        industry_code=row.industry_code,
        town_code=row.town_code,
        summary=row.summary,
        contact_name=row.contact_name if inside else "",
        contact_email=row.contact_email if inside else "",
        contact_phone=row.contact_phone if inside else "",
        proof_file_id=row.proof_file_id if inside else None,
        decision_reason=row.decision_reason if inside else "",
        created_at=row.created_at,
        version=row.version,
        actions=tuple(ORGANISATION_WORKFLOW.allowed(actor, row)),
    )


def list_members(session: Session, actor: Actor, organisation_id: UUID) -> list[MemberRow]:
    """Who acts for an organisation: for its admins and the platform admin. Raises: Forbidden."""
    own_admin = actor.role in ORGANISATION_ADMINS and actor.organisation_id == organisation_id
    if not own_admin and actor.role is not Role.PLATFORM_ADMIN and actor.role is not Role.OPERATOR:
        raise Forbidden
    query = (
        select(Membership, Person)
        .join(Person, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Membership.status, Membership.role, Person.name, Membership.id)
    )
    return [_member(membership, person, actor) for membership, person in session.execute(query)]


def verified_organisations(
    session: Session, actor: Actor, *, kinds: tuple[OrganisationKind, ...], limit: int = 500
) -> list[tuple[UUID, str]]:
    """Id and name of verified organisations of these kinds, for choosing one."""
    query = (
        select(Organisation.id, Organisation.name)
        .where(visible_to(actor), Organisation.status == OrganisationStatus.VERIFIED, Organisation.kind.in_(kinds))
        .order_by(Organisation.name)
        .limit(limit)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def _row(row: Organisation) -> OrganisationRow:
    return OrganisationRow(row.id, row.name, row.kind, row.status, row.industry_code, row.town_code, row.created_at)


def _member(membership: Membership, person: Person, actor: Actor) -> MemberRow:
    return MemberRow(
        membership_id=membership.id,
        name=person.name,
        email=person.email,
        role=membership.role,
        status=membership.status,
        has_signed_in=person.password_hash is not None or person.is_demo,
        is_me=person.id == actor.person_id,
        version=membership.version,
    )
