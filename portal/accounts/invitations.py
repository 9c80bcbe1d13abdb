"""Bringing somebody in: the person, the membership, the one-time link and its mail."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Membership, MembershipStatus, OneTimeLinkKind, Organisation, Person, Role
from portal import clock
from portal.accounts.links import address_of_link, create_link
from portal.accounts.mails import mail_invitation, mail_membership
from portal.accounts.rules import clean_name, normal_email
from portal.accounts.workflow import MEMBERSHIP_WORKFLOW
from portal.errors import N_, Invalid
from portal.events import record_event
from portal.i18n import DEFAULT_LANGUAGE, is_language
from portal.permissions import Action, Actor
from portal.workflow import advance

_NOBODY = frozenset({Role.VISITOR, Role.CLOCK})


class Invitation(NamedTuple):
    """What an invitation left behind; `link` is empty for somebody who already has a password."""

    person_id: UUID
    membership_id: UUID
    link: str


def invite_person(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: UUID | None,
    action: Action = Action.INVITE_MEMBER,
    language: str | None = None,
    is_demo: bool = False,
) -> Invitation:
    """Give somebody a role: a new person gets a link, one who has a password a mail.

    The link's mail is in `language`, or in each if nobody knows which one they read.

    Authorises nothing: the command of the organisation (or the two platform admins) did. `action` names that act in
    the history.

    Raises: Invalid.
    """
    if role in _NOBODY:
        raise Invalid(N_("This role cannot be given to anybody."), field="role")
    person = find_or_add_person(session, email=email, name=name, language=language, is_demo=is_demo)
    membership = find_membership(session, person.id, role, organisation_id)
    if membership is None:
        membership = add_membership(session, actor, person.id, role, organisation_id, MembershipStatus.ACTIVE)
        record_event(
            session,
            actor,
            action,
            "membership",
            membership.id,
            to_status=MembershipStatus.ACTIVE,
            fields=("person_id", "role"),
            parent_id=organisation_id,
        )
    elif membership.status is not MembershipStatus.ACTIVE:
        advance(session, actor, MEMBERSHIP_WORKFLOW, membership, action)
    elif person.password_hash is not None:
        raise Invalid(N_("This person has this role already."), field="email")
    return Invitation(person.id, membership.id, send_link(session, person, membership, language=language))


def send_link(session: Session, person: Person, membership: Membership, *, language: str | None = None) -> str:
    """Mail a fresh link to somebody without a password, or news of the role to somebody who has one.

    Raises: Invalid for a language that the portal does not speak.
    """
    if language is not None and not is_language(language):
        raise Invalid(field="language")
    organisation = session.get(Organisation, membership.organisation_id) if membership.organisation_id else None
    organisation_name = organisation.name if organisation else ""
    if person.password_hash is not None:
        session.flush()
        key = f"membership:{membership.id}:{membership.version}"
        mail_membership(session, person, organisation_name=organisation_name, membership_key=key)
        return ""
    token = create_link(session, person.id, OneTimeLinkKind.INVITATION)
    mail_invitation(session, person, token, organisation_name=organisation_name, language=language)
    return address_of_link(OneTimeLinkKind.INVITATION, token)


def is_address_of(session: Session, person_id: UUID, email: str) -> bool:
    """Whether somebody's account has this address, however it is written. Raises: Invalid for no address at all."""
    return session.get_one(Person, person_id).email == normal_email(email)


def find_or_add_person(
    session: Session, *, email: str, name: str, language: str | None = None, is_demo: bool = False
) -> Person:
    """The person of that address, made if there is none; the name of an existing one stays. Raises: Invalid."""
    address = normal_email(email)
    person = session.scalars(select(Person).where(Person.email == address)).first()
    if person is None:
        person = Person(
            email=address,
            name=clean_name(name),
            language=language or DEFAULT_LANGUAGE,
            is_demo=is_demo,
            created_at=clock.now(),
        )
        session.add(person)
        session.flush()
    elif person.disabled_at is not None:
        raise Invalid(N_("This account is disabled. Please ask the platform admin."), field="email")
    return person


def find_membership(session: Session, person_id: UUID, role: Role, organisation_id: UUID | None) -> Membership | None:
    same = Membership.organisation_id == organisation_id if organisation_id else Membership.organisation_id.is_(None)
    query = select(Membership).where(Membership.person_id == person_id, Membership.role == role, same)
    return session.scalars(query.order_by(Membership.created_at, Membership.id)).first()


def add_membership(
    session: Session,
    actor: Actor,
    person_id: UUID,
    role: Role,
    organisation_id: UUID | None,
    status: MembershipStatus,
) -> Membership:
    membership = Membership(
        person_id=person_id,
        organisation_id=organisation_id,
        role=role,
        status=status,
        granted_by=actor.person_id,
        created_at=clock.now(),
    )
    session.add(membership)
    session.flush()
    return membership
