"""Demonstration organisations and people, every one marked as such."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import (
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Person,
    Role,
)
from portal import clock
from portal.demo.content import parties
from portal.events import record_event
from portal.organisations.places import find_town
from portal.permissions import Action, Actor

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_TITLES = {
    Role.ENTERPRISE_ADMIN: "经理",
    Role.ENTERPRISE_MEMBER: "工",
    Role.INSTITUTE_ADMIN: "主任",
    Role.RESEARCHER: "教授",
    Role.BROKER: "经纪人",
    Role.OPERATOR: "科员",
    Role.APPROVER: "科长",
    Role.LEADER: "区长",
    Role.AUDITOR: "审计员",
    Role.PLATFORM_ADMIN: "管理员",
    Role.EXPERT: "专家",
    Role.STEWARD: "专员",
}
_STAFF = {
    OrganisationKind.ENTERPRISE: (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_MEMBER, Role.ENTERPRISE_MEMBER),
    OrganisationKind.INSTITUTE: (Role.INSTITUTE_ADMIN, *[Role.RESEARCHER] * 4),
    OrganisationKind.AGENCY: (Role.BROKER, Role.BROKER),
}
_OFFICIALS = (
    *[Role.OPERATOR] * 3,
    *[Role.APPROVER] * 2,
    Role.LEADER,
    Role.AUDITOR,
    *[Role.PLATFORM_ADMIN] * 2,
)


EXPERTS = 3


@dataclass
class Cast:
    """Who plays in the demonstration: organisations by key, actors by organisation key and role."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[tuple[str, Role], list[Actor]] = field(default_factory=dict)

    def one(self, key: str, role: Role, number: int = 0) -> Actor:
        """The actor of that organisation (`""`: the district) in that role; `number` wraps around."""
        found = self.actors[key, role]
        return found[number % len(found)]


def add_cast(session: Session, since: datetime) -> Cast:
    """Every organisation verified and every person active since that day."""
    cast = Cast()
    for role in _OFFICIALS:
        _add_person(session, cast, "", None, role, since)
    operator = cast.one("", Role.OPERATOR)
    for number, row in enumerate(parties()["organisations"], start=1):
        organisation = _organisation(row, number, since, OrganisationStatus.VERIFIED)
        organisation.decided_by, organisation.decided_at = operator.person_id, since
        session.add(organisation)
        session.flush()
        cast.organisations[row["key"]] = organisation
        record_event(
            session,
            operator,
            Action.VERIFY_ORGANISATION,
            "organisation",
            organisation.id,
            from_status=OrganisationStatus.APPLIED,
            to_status=OrganisationStatus.VERIFIED,
        )
        for role in _STAFF.get(organisation.kind, ()):
            _add_person(session, cast, row["key"], organisation, role, since)
    _add_dual_post(session, cast, since)
    # After everybody else, who keep their names and addresses.
    for _number in range(EXPERTS):
        _add_person(session, cast, "", None, Role.EXPERT, since)
    return cast


def _add_dual_post(session: Session, cast: Cast, since: datetime) -> None:
    """The first enterprise's first engineer also researches at the first institute (双聘), so has a hat to change."""
    engineer = next(found[0] for (_key, role), found in cast.actors.items() if role is Role.ENTERPRISE_MEMBER)
    institute = next(row for row in cast.organisations.values() if row.kind is OrganisationKind.INSTITUTE)
    session.add(
        Membership(
            person_id=engineer.acting_person,
            organisation_id=institute.id,
            role=Role.RESEARCHER,
            status=MembershipStatus.ACTIVE,
            # Later than everybody's first post: the role buttons offer the first.
            created_at=since + timedelta(days=1),
        )
    )
    session.flush()


def add_applications(session: Session) -> None:
    """Two organisations that wait for verification."""
    for number, row in enumerate(parties()["applications"], start=901):
        session.add(_organisation(row, number, clock.now(), OrganisationStatus.APPLIED))
    session.flush()


def credit_code(number: int) -> str:
    """A well-formed unified social credit code (GB 32100-2015), made up."""
    base = f"92330110{number:09d}"
    total = sum(_ALPHABET.index(letter) * weight for letter, weight in zip(base, _WEIGHTS, strict=True))
    return base + _ALPHABET[-total % 31]


def _organisation(row: dict[str, Any], number: int, at: datetime, status: OrganisationStatus) -> Organisation:
    return Organisation(
        name=row["name"],
        kind=OrganisationKind(row["kind"]),
        credit_code=credit_code(number),
        status=status,
        industry_code=row["industry"],
        town_code=find_town(row["town"]),
        summary=row.get("summary", ""),
        contact_name="示例联系人（演示）",
        contact_email=f"contact{number}@demo.example.org",
        contact_phone="0571-00000000",
        is_demo=True,
        created_at=at,
    )


def _add_person(
    session: Session, cast: Cast, key: str, organisation: Organisation | None, role: Role, at: datetime
) -> None:
    number = sum(len(found) for found in cast.actors.values())
    surnames = parties()["surnames"]
    person = Person(
        email=f"demo{number + 1}@demo.example.org",
        name=f"{surnames[number % len(surnames)]}{_TITLES[role]}（演示）",
        is_demo=True,
        mail_notices=False,
        created_at=at,
    )
    session.add(person)
    session.flush()
    membership = Membership(
        person_id=person.id,
        organisation_id=organisation.id if organisation else None,
        role=role,
        status=MembershipStatus.ACTIVE,
        created_at=at,
    )
    session.add(membership)
    session.flush()
    cast.actors.setdefault((key, role), []).append(_actor(person, membership.id, organisation, role))


def _actor(person: Person, membership_id: UUID, organisation: Organisation | None, role: Role) -> Actor:
    return Actor(
        role=role,
        person_id=person.id,
        membership_id=membership_id,
        organisation_id=organisation.id if organisation else None,
        organisation_kind=organisation.kind if organisation else None,
        organisation_verified=True,
        name=person.name,
        organisation_name=organisation.name if organisation else "",
        is_demo=True,
    )
