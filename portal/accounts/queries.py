"""Who is who: the own memberships and sessions, people for the platform admin, roles that wait for a second person."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from db.models import (
    LoginSession,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationKind,
    Person,
    Role,
)
from portal.accounts.sessions import not_timed_out, organisation_works
from portal.errors import Forbidden, NotFound
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import ORGANISATION_ADMINS, Action, Actor, can
from portal.wording import searched


class MembershipRow(NamedTuple):
    """One hat a person can wear now; `is_worn` marks the one in use."""

    id: UUID
    role: Role
    organisation_id: UUID | None
    organisation_name: str
    organisation_kind: OrganisationKind | None
    is_worn: bool


class ProfileRow(NamedTuple):
    id: UUID
    email: str
    name: str
    phone: str
    language: str
    mail_notices: bool
    version: int


class PersonRow(NamedTuple):
    id: UUID
    email: str
    name: str
    roles: list[tuple[Role, str]]  # role and organisation's name, empty for the district's
    has_password: bool
    disabled_at: datetime | None
    is_demo: bool
    created_at: datetime
    version: int
    last_admin_of: list[str]  # organisations that nobody else can act for as an admin


class PeoplePage(NamedTuple):
    rows: list[PersonRow]
    total: int


class PendingRole(NamedTuple):
    """An official role that waits for the second platform admin; `may_decide` for this reader."""

    membership_id: UUID
    role: Role
    person_name: str
    person_email: str
    proposed_by: str
    proposed_at: datetime
    may_decide: bool
    version: int


class SessionRow(NamedTuple):
    id: UUID
    started_at: datetime
    seen_at: datetime
    is_this_one: bool


class DemoAccount(NamedTuple):
    membership_id: UUID
    name: str
    role: Role
    organisation_name: str


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A platform admin sees every account, anybody else the own one."""
    if can(actor, Action.DISABLE_PERSON):
        return true()
    return Person.id == actor.person_id if actor.person_id else false()


def my_memberships(session: Session, actor: Actor) -> list[MembershipRow]:
    """The hats this person can wear now, oldest first."""
    usable = _usable().where(Membership.person_id == actor.acting_person)
    query = usable.with_only_columns(
        Membership.id, Membership.role, Membership.organisation_id, Organisation.name, Organisation.kind
    )
    return [
        MembershipRow(id_, role, organisation_id, name or "", kind, id_ == actor.membership_id)
        for id_, role, organisation_id, name, kind in session.execute(query)
    ]


def my_profile(session: Session, actor: Actor) -> ProfileRow:
    """Raises: NotSignedIn, NotFound."""
    person = session.get(Person, actor.acting_person)
    if person is None:
        raise NotFound
    return ProfileRow(
        person.id,
        person.email,
        person.name,
        person.phone or "",
        person.language,
        person.mail_notices,
        person.version,
    )


def my_sessions(session: Session, actor: Actor, *, key: str = "") -> list[SessionRow]:
    """Every browser this person is signed in with; `key` marks the one that asks."""
    query = (
        select(LoginSession)
        .where(LoginSession.person_id == actor.acting_person, LoginSession.revoked_at.is_(None), *not_timed_out())
        .order_by(LoginSession.seen_at.desc(), LoginSession.id)
    )
    return [SessionRow(row.id, row.created_at, row.seen_at, row.token_hash == key) for row in session.scalars(query)]


def list_people(session: Session, actor: Actor, *, search: str = "", page: int = 1, page_size: int = 20) -> PeoplePage:
    """Accounts by name, for the platform admin. Raises: Forbidden."""
    if not can(actor, Action.DISABLE_PERSON):
        raise Forbidden
    wanted = _matches(search)
    counted = select(Person.id).where(wanted).limit(COUNT_LIMIT + 1)
    total = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    query = (
        select(Person)
        .where(wanted)
        .order_by(Person.name, Person.id)
        .limit(page_size)
        .offset(first_row((page - 1) * page_size, page_size, total))
    )
    people = list(session.scalars(query))
    ids = [person.id for person in people]
    roles, alone = _roles_of(session, ids), _last_admins(session, ids)
    rows = [_person_row(person, roles.get(person.id, []), alone.get(person.id, [])) for person in people]
    return PeoplePage(rows, total)


def get_person(session: Session, actor: Actor, *, person_id: UUID) -> PersonRow:
    """One account. Raises: NotFound."""
    person = session.scalars(select(Person).where(Person.id == person_id, visible_to(actor))).first()
    if person is None:
        raise NotFound
    roles, alone = _roles_of(session, [person.id]), _last_admins(session, [person.id])
    return _person_row(person, roles.get(person.id, []), alone.get(person.id, []))


def pending_official_roles(session: Session, actor: Actor) -> list[PendingRole]:
    """Proposed official roles, oldest first. Raises: Forbidden."""
    if not can(actor, Action.DECIDE_OFFICIAL_ROLE):
        raise Forbidden
    proposer = aliased(Person)
    query = (
        select(Membership, Person, proposer.name)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(proposer, proposer.id == Membership.granted_by)
        .where(Membership.status == MembershipStatus.PROPOSED)
        .order_by(Membership.created_at, Membership.id)
    )
    return [
        PendingRole(
            membership.id,
            membership.role,
            person.name,
            person.email,
            proposed_by or "",
            membership.created_at,
            actor.person_id not in (membership.granted_by, membership.person_id),
            membership.version,
        )
        for membership, person, proposed_by in session.execute(query)
    ]


def count_platform_admins(session: Session) -> int:
    """How many people can act as platform admin; below two the portal says so on screen."""
    query = (
        select(func.count(Person.id.distinct()))
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == Role.PLATFORM_ADMIN,
            Membership.status == MembershipStatus.ACTIVE,
            Person.disabled_at.is_(None),
        )
    )
    return session.scalar(query) or 0


def demo_accounts(session: Session) -> list[DemoAccount]:
    """The role buttons of the sign-in page: one person for each role and organisation kind, demonstration data only."""
    query = (
        _usable()
        .add_columns(Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.is_demo.is_(True), Person.disabled_at.is_(None))
        .order_by(None)
        .order_by(Membership.created_at, Membership.id)
    )
    rows = [
        DemoAccount(membership.id, name, membership.role, organisation.name if organisation else "")
        for membership, organisation, name in session.execute(query)
    ]
    order = list(Role)
    return sorted(rows, key=lambda row: order.index(row.role))


def _usable() -> Select[Membership, Organisation | None]:
    return (
        select(Membership, Organisation)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.status == MembershipStatus.ACTIVE, organisation_works())
        .order_by(Membership.created_at, Membership.id)
    )


def _matches(search: str) -> ColumnElement[bool]:
    plain = searched(search)
    if not plain:
        return true()
    return or_(Person.name.icontains(plain, autoescape=True), Person.email.icontains(plain, autoescape=True))


def _roles_of(session: Session, people: list[UUID]) -> dict[UUID, list[tuple[Role, str]]]:
    found: dict[UUID, list[tuple[Role, str]]] = {}
    query = _usable().where(Membership.person_id.in_(people))
    for membership, organisation in session.execute(query):
        found.setdefault(membership.person_id, []).append((membership.role, organisation.name if organisation else ""))
    return found


def _last_admins(session: Session, people: list[UUID]) -> dict[UUID, list[str]]:
    """By person the working organisations whose only admin they are; a disabled account is no admin."""
    other, colleague = aliased(Membership), aliased(Person)
    others = (
        select(other.id)
        .join(colleague, colleague.id == other.person_id)
        .where(
            other.organisation_id == Membership.organisation_id,
            other.person_id != Membership.person_id,
            other.role.in_(ORGANISATION_ADMINS),
            other.status == MembershipStatus.ACTIVE,
            colleague.disabled_at.is_(None),
        )
        .correlate(Membership)
    )
    admins = _usable().where(
        Membership.person_id.in_(people), Membership.role.in_(ORGANISATION_ADMINS), ~others.exists()
    )
    found: dict[UUID, list[str]] = {}
    for membership, organisation in session.execute(admins):
        found.setdefault(membership.person_id, []).append(organisation.name if organisation else "")
    return found


def _person_row(person: Person, roles: list[tuple[Role, str]], last_admin_of: list[str]) -> PersonRow:
    return PersonRow(
        person.id,
        person.email,
        person.name,
        roles,
        person.password_hash is not None,
        person.disabled_at,
        person.is_demo,
        person.created_at,
        person.version,
        last_admin_of,
    )
