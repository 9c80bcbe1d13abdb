"""An agreement of the district with one university, an enterprise and an agency, and the way to any later state."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import (
    Agreement,
    AgreementPart,
    Commitment,
    CommitmentStatus,
    CooperationField,
    Organisation,
    OrganisationKind,
    Role,
)
from portal import clock
from portal.agreements.access import get_agreement
from portal.agreements.commands import create_agreement, edit_agreement, sign_agreement
from portal.agreements.commitments import add_commitment, report_commitment
from portal.agreements.jobs import turn_agreements
from portal.permissions import CLOCK, Actor
from tests.factories import add_member, add_organisation


@dataclass
class World:
    office: Organisation
    university: Organisation
    enterprise: Organisation
    agency: Organisation
    institute_admin: Actor
    researcher: Actor
    enterprise_admin: Actor
    enterprise_member: Actor
    broker: Actor
    officials: dict[Role, Actor] = field(default_factory=dict)

    @property
    def operator(self) -> Actor:
        return self.officials[Role.OPERATOR]

    @property
    def approver(self) -> Actor:
        return self.officials[Role.APPROVER]


OFFICIALS = (
    Role.OPERATOR,
    Role.APPROVER,
    Role.LEADER,
    Role.AUDITOR,
    Role.STEWARD,
    Role.LEAD_STEWARD,
    Role.EXPERT,
    Role.PLATFORM_ADMIN,
)


def make_world(session: Session) -> World:
    office = add_organisation(session, OrganisationKind.GOVERNMENT, name="示例主管部门")
    university = add_organisation(session, OrganisationKind.INSTITUTE, name="示例大学")
    enterprise = add_organisation(session, name="示例铝箔有限公司")
    agency = add_organisation(session, OrganisationKind.AGENCY, name="示例转化中心")
    return World(
        office,
        university,
        enterprise,
        agency,
        institute_admin=add_member(session, Role.INSTITUTE_ADMIN, university),
        researcher=add_member(session, Role.RESEARCHER, university),
        enterprise_admin=add_member(session, Role.ENTERPRISE_ADMIN, enterprise),
        enterprise_member=add_member(session, Role.ENTERPRISE_MEMBER, enterprise),
        broker=add_member(session, Role.BROKER, agency),
        officials={role: add_member(session, role) for role in OFFICIALS},
    )


def content(world: World, **changes: Any) -> dict[str, Any]:
    """What an operator writes: three years from today, two fields."""
    today = clock.today()
    values = {
        "title": "余杭区与示例大学战略合作协议",
        "summary": "内部约定",
        "part": AgreementPart.BODY,
        "fields": [CooperationField.TALENT, CooperationField.INNOVATION],
        "office_id": world.office.id,
        "institutes": [world.university.id],
        "others": [world.enterprise.id, world.agency.id],
        "starts_on": today,
        "ends_on": today + timedelta(days=1000),
        "money": "1200",
        "signed_on": None,
        "district_group": "沈立，局长\n顾敏 副局长",
        "institute_group": "陆远, 副校长",
    }
    return values | changes


def draft(session: Session, world: World, **changes: Any) -> Agreement:
    made = create_agreement(session, world.operator, **content(world, **changes))
    return get_agreement(session, CLOCK, made)


def edit(session: Session, world: World, agreement: Agreement, **changes: Any) -> bool:
    values = content(world, starts_on=agreement.starts_on, ends_on=agreement.ends_on) | changes
    return edit_agreement(session, world.operator, agreement_id=agreement.id, version=None, **values)


def sign(session: Session, agreement: Agreement, *actors: Actor) -> None:
    for actor in actors:
        sign_agreement(session, actor, agreement_id=agreement.id, version=None)


def signed(session: Session, world: World, **changes: Any) -> Agreement:
    agreement = draft(session, world, **changes)
    sign(session, agreement, world.institute_admin, world.enterprise_admin, world.approver)
    return agreement


def in_force(session: Session, world: World, **changes: Any) -> Agreement:
    agreement = signed(session, world, **changes)
    turn_agreements(session)
    return agreement


def promise(session: Session, world: World, agreement: Agreement, **changes: Any) -> Commitment:
    values = {
        "text": "引进博士",
        "field": CooperationField.TALENT,
        "owner_id": world.university.id,
        "responsible": "范晓",
        "due_on": agreement.starts_on + timedelta(days=100),
        "measure": "不少于 20 人",
    }
    made = add_commitment(session, world.operator, agreement_id=agreement.id, **(values | changes))
    return session.get_one(Commitment, made)


def report(session: Session, actor: Actor, commitment: Commitment, status: CommitmentStatus, **changes: Any) -> UUID:
    values = {"happened_on": clock.today(), "words": "合同与社保记录", "version": None}
    return report_commitment(session, actor, commitment_id=commitment.id, status=status, **(values | changes))


def later(days: int) -> None:
    """So many days from the real now; the environment of a test sets the clock back."""
    clock.set_offset(timedelta(days=days).total_seconds())
