"""One-time links: invitations and password resets, kept hashed, used up by one UPDATE."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from db.models import OneTimeLink, OneTimeLinkKind, Person
from portal import clock
from portal.accounts.sessions import key_of
from portal.errors import N_, PortalError
from portal.house_rules import house_rules
from portal.settings import settings

RESET_LASTS = timedelta(minutes=30)
_PATHS = {OneTimeLinkKind.INVITATION: "invitation", OneTimeLinkKind.PASSWORD_RESET: "reset"}


class LinkEnded(PortalError):
    """Unknown, used, replaced or too old: all look the same."""

    message = N_("This link is not valid any more. Please ask for a new one.")


class LinkFacts(NamedTuple):
    """Whom a live link is for."""

    person_id: UUID
    name: str
    email: str
    language: str
    expires_at: datetime


def create_link(session: Session, person_id: UUID, kind: OneTimeLinkKind) -> str:
    """A fresh token; links of that kind given to the person before end."""
    end_links(session, person_id, kind)
    now = clock.now()
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            token_hash=key_of(token),
            kind=kind,
            person_id=person_id,
            created_at=now,
            expires_at=now + lifetime(session, kind),
        )
    )
    session.flush()
    return token


def lifetime(session: Session, kind: OneTimeLinkKind) -> timedelta:
    """Half an hour for a reset, by house rule a week for an invitation."""
    if kind is OneTimeLinkKind.PASSWORD_RESET:
        return RESET_LASTS
    return timedelta(days=house_rules(session).invitation_days)


def address_of_link(kind: OneTimeLinkKind, token: str) -> str:
    """The address to mail: always below the configured one, whatever Host a request named."""
    return f"{settings().public_url.rstrip('/')}/{_PATHS[kind]}/{token}"


def peek(session: Session, kind: OneTimeLinkKind, token: str) -> LinkFacts:
    """Whom the link is for, without using it up. Raises: LinkEnded."""
    row = session.execute(
        select(Person, OneTimeLink.expires_at)
        .join(OneTimeLink, OneTimeLink.person_id == Person.id)
        .where(*_live(kind, token), Person.disabled_at.is_(None))
    ).first()
    if row is None:
        raise LinkEnded
    person, expires_at = row
    return LinkFacts(person.id, person.name, person.email, person.language, expires_at)


def use(session: Session, kind: OneTimeLinkKind, token: str) -> UUID:
    """Use the link up; of two who race exactly one gets the person's id. Raises: LinkEnded."""
    row = session.execute(
        update(OneTimeLink)
        .where(*_live(kind, token))
        .values(used_at=clock.now())
        .returning(OneTimeLink.person_id)
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        raise LinkEnded
    return row[0]


def end_links(session: Session, person_id: UUID, kind: OneTimeLinkKind | None = None) -> None:
    """No link given to the person before works any more."""
    statement = update(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
    if kind is not None:
        statement = statement.where(OneTimeLink.kind == kind)
    session.execute(statement.values(used_at=clock.now()).execution_options(synchronize_session=False))


def _live(kind: OneTimeLinkKind, token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLink.token_hash == key_of(token),
        OneTimeLink.kind == kind,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
    )
