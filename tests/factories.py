"""Records for tests, made the short way: each function adds one row and returns it."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Person,
    Role,
)
from portal import clock
from portal.permissions import Actor

_numbers = count(1)
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code(number: int) -> str:
    """A well-formed unified social credit code for a made-up body."""
    base = f"91330110{number:09d}"
    total = sum(_CODE_ALPHABET.index(letter) * weight for letter, weight in zip(base, _CODE_WEIGHTS, strict=True))
    return base + _CODE_ALPHABET[(31 - total % 31) % 31]


def add_organisation(
    session: Session, kind: OrganisationKind = OrganisationKind.ENTERPRISE, **fields: Any
) -> Organisation:
    number = next(_numbers)
    values = {
        "name": f"示例机构{number}",
        "credit_code": credit_code(number),
        "status": OrganisationStatus.VERIFIED,
        "created_at": clock.now(),
    }
    organisation = Organisation(kind=kind, **(values | fields))
    session.add(organisation)
    session.flush()
    return organisation


def add_person(session: Session, **fields: Any) -> Person:
    number = next(_numbers)
    values = {"email": f"person{number}@example.org", "name": f"示例人员{number}", "created_at": clock.now()}
    person = Person(**(values | fields))
    session.add(person)
    session.flush()
    return person


def add_member(
    session: Session, role: Role, organisation: Organisation | None = None, person: Person | None = None
) -> Actor:
    """A person with an active membership, as the actor that a signed-in run would have."""
    person = person or add_person(session)
    membership = Membership(
        person_id=person.id,
        organisation_id=organisation.id if organisation else None,
        role=role,
        status=MembershipStatus.ACTIVE,
        created_at=clock.now(),
    )
    session.add(membership)
    session.flush()
    return actor_of(membership, person, organisation)


def actor_of(membership: Membership, person: Person, organisation: Organisation | None) -> Actor:
    return Actor(
        role=membership.role,
        person_id=person.id,
        membership_id=membership.id,
        organisation_id=organisation.id if organisation else None,
        organisation_kind=organisation.kind if organisation else None,
        organisation_verified=organisation is None or organisation.status is OrganisationStatus.VERIFIED,
        name=person.name,
        organisation_name=organisation.name if organisation else "",
        language=person.language,
    )


def add_challenge(session: Session, organisation: Organisation | None = None, **fields: Any) -> Challenge:
    number = next(_numbers)
    organisation = organisation or add_organisation(session)
    values = {
        "number": f"YH-2026-{number:04d}",
        "organisation_id": organisation.id,
        "title": f"示例课题{number}",
        "status": ChallengeStatus.DRAFT,
        "created_at": clock.now(),
        "changed_at": clock.now(),
    }
    challenge = Challenge(**(values | fields))
    session.add(challenge)
    session.flush()
    return challenge
