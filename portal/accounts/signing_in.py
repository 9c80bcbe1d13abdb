"""Signing in by e-mail and password: count, check, open the session – three steps, two short transactions.

The count is committed first, so that it holds even when the rest fails; the slow check runs outside any transaction,
so that guessing never holds the write lock. A second factor or a sign-in by another service would stand where
`check_credentials` stands.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Person
from portal.accounts import passwords
from portal.accounts.commands import refuse_sign_in, sign_in
from portal.accounts.rate_limits import count_attempt, sign_in_limits
from portal.accounts.rules import normal_email
from portal.errors import N_, Invalid, PortalError, TooMany
from portal.permissions import VISITOR
from portal.transactions import reading, writing


class WrongCredentials(PortalError):
    """An unknown name and a wrong password read the same."""

    message = N_("The e-mail address or the password is wrong.")


class SignedIn(NamedTuple):
    """`token` goes into the cookie of the browser and nowhere else."""

    token: str
    person_id: UUID
    email: str
    language: str


def sign_in_with_password(*, email: str, password: str, address: str, device: str | None = None) -> SignedIn:
    """Sign a browser in.

    `address` is the client's; `device` names a device on which this very person signed in before.

    Raises: Invalid for something that is no e-mail address, TooMany, WrongCredentials.
    """
    normal = normal_email(email)
    with writing() as session:
        may_try = count_attempt(session, sign_in_limits(normal, address, device))
    if not may_try:
        raise TooMany
    with reading() as session:
        person = find_by_email(session, normal)
    if not check_credentials(person, password) or person is None:
        with writing() as session:
            refuse_sign_in(session, VISITOR, person_id=person.id if person else None)
        raise WrongCredentials
    with writing() as session:
        token = sign_in(session, VISITOR, person_id=person.id, password=password)
    return SignedIn(token, person.id, person.email, person.language)


def check_credentials(person: Person | None, password: str) -> bool:
    """The same work for an unknown, a disabled, a not yet invited and a known person."""
    usable = person is not None and person.disabled_at is None
    return passwords.matches(person.password_hash if person and usable else None, password)


def find_by_email(session: Session, email: str) -> Person | None:
    return session.scalars(select(Person).where(Person.email == email)).first()


def is_valid_email(email: str) -> bool:
    try:
        normal_email(email)
    except Invalid:
        return False
    return True
