"""People by the command line: the first platform admins, and the first person of an organisation."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Membership, OneTimeLinkKind, Organisation, Person, Role
from portal.accounts.invitations import invite_person
from portal.accounts.links import address_of_link, create_link
from portal.accounts.rules import normal_email
from portal.events import record_event
from portal.notifications.commands import people_with_role
from portal.operations.refusals import OperationRefused
from portal.permissions import OFFICIAL_ROLES, Action, Actor

CONSOLE = Actor(Role.PLATFORM_ADMIN)
"""Whoever holds the machine: acts without a person, and the trail says so."""
FIRST_ADMINS = 2


class PersonRow(NamedTuple):
    email: str
    name: str
    role: str
    organisation: str
    state: str


def invite(session: Session, *, email: str, name: str, role: Role, organisation_code: str = "") -> str:
    """Invite somebody and return the one-time link; empty for somebody who has a password already.

    Official roles are given in the portal by two platform admins; only the first two of those come from here.

    Raises: OperationRefused, Invalid.
    """
    if role in (Role.VISITOR, Role.CLOCK):
        raise OperationRefused(f"{role} is not a role that a person is given")
    action = Action.DECIDE_OFFICIAL_ROLE
    organisation_id = None
    if role in OFFICIAL_ROLES:
        _require_first_admin(session, role, organisation_code)
    else:
        action = Action.INVITE_BROKER if role is Role.BROKER else Action.INVITE_MEMBER
        organisation_id = _organisation_id(session, role, organisation_code)
    invitation = invite_person(
        session,
        CONSOLE,
        email=email,
        name=name or email.split("@")[0],
        role=role,
        organisation_id=organisation_id,
        action=action,
    )
    return invitation.link


def reset_link(session: Session, *, email: str) -> str:
    """A one-time link to choose a new password, for somebody whom no mail reaches.

    Raises: OperationRefused, Invalid.
    """
    person = session.scalars(select(Person).where(Person.email == normal_email(email))).first()
    if person is None or person.disabled_at is not None:
        raise OperationRefused(f"no account that may sign in has the address {email}")
    token = create_link(session, person.id, OneTimeLinkKind.PASSWORD_RESET)
    record_event(session, CONSOLE, Action.REQUEST_PASSWORD_RESET, "person", person.id)
    return address_of_link(OneTimeLinkKind.PASSWORD_RESET, token)


def list_people(session: Session) -> list[PersonRow]:
    """Everybody with every role, by e-mail."""
    query = (
        select(Person, Membership, Organisation)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .order_by(Person.email, Membership.created_at, Membership.id)
    )
    return [_row(*row) for row in session.execute(query)]


def _row(person: Person, membership: Membership | None, organisation: Organisation | None) -> PersonRow:
    state = "disabled" if person.disabled_at else str(membership.status) if membership else ""
    return PersonRow(
        person.email,
        person.name,
        str(membership.role) if membership else "",
        organisation.name if organisation else "",
        state if person.password_hash or person.disabled_at else f"{state}, no password yet",
    )


def _organisation_id(session: Session, role: Role, code: str) -> UUID | None:
    if role is Role.BROKER and not code:
        return None
    found = session.scalars(select(Organisation.id).where(Organisation.credit_code == code)).first()
    if found is None:
        raise OperationRefused(f"{role} needs --organisation with the credit code of a known organisation")
    return found


def _require_first_admin(session: Session, role: Role, organisation_code: str) -> None:
    if organisation_code:
        raise OperationRefused(f"{role} belongs to the district, not to an organisation")
    if role is not Role.PLATFORM_ADMIN:
        raise OperationRefused(f"{role} is given in the portal: one platform admin proposes, another decides")
    if len(people_with_role(session, Role.PLATFORM_ADMIN)) >= FIRST_ADMINS:
        raise OperationRefused(
            "there are two platform admins already: further ones are proposed and decided in the portal"
        )
