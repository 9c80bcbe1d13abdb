"""A scientist, the institute, the enterprise, the district's people, and the way to any state of an application."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from db.models import Organisation, OrganisationKind, Role, Venture, VentureAdvice
from portal import clock
from portal.permissions import Actor
from portal.ventures import commands
from portal.ventures.growing import start_venture
from tests.factories import add_member, add_organisation


@dataclass
class World:
    institute: Organisation
    enterprise: Organisation
    agency: Organisation
    scientist: Actor
    institute_admin: Actor
    enterprise_admin: Actor
    broker: Actor
    operator: Actor
    approver: Actor
    experts: list[Actor] = field(default_factory=list)


def make_world(session: Session) -> World:
    institute = add_organisation(session, OrganisationKind.INSTITUTE, name="示例大学")
    enterprise, agency = add_organisation(session), add_organisation(session, OrganisationKind.AGENCY)
    return World(
        institute,
        enterprise,
        agency,
        scientist=add_member(session, Role.RESEARCHER, institute),
        institute_admin=add_member(session, Role.INSTITUTE_ADMIN, institute),
        enterprise_admin=add_member(session, Role.ENTERPRISE_ADMIN, enterprise),
        broker=add_member(session, Role.BROKER, agency),
        operator=add_member(session, Role.OPERATOR),
        approver=add_member(session, Role.APPROVER),
        experts=[add_member(session, Role.EXPERT) for _number in range(3)],
    )


def content(world: World, **changes: Any) -> dict[str, Any]:
    values = {"title": "固态锂电池创业项目", "summary": "公示摘要", "plan": "内部方案"}
    return values | {"enterprise_id": world.enterprise.id, "agency_id": world.agency.id} | changes


def written(session: Session, world: World, **changes: Any) -> Venture:
    made = commands.create_venture(session, world.scientist, **content(world, **changes))
    return session.get_one(Venture, made)


def ids(venture: Venture) -> dict[str, Any]:
    return {"venture_id": venture.id, "version": None}


def submitted(session: Session, world: World) -> Venture:
    venture = written(session, world)
    commands.endorse_venture(session, world.institute_admin, **ids(venture))
    commands.host_venture(session, world.enterprise_admin, **ids(venture))
    commands.submit_venture(session, world.scientist, **ids(venture))
    return venture


def reviewed(session: Session, world: World) -> Venture:
    venture = submitted(session, world)
    people = [one.acting_person for one in world.experts]
    commands.review_venture(session, world.operator, experts=people, **ids(venture))
    for expert in world.experts:
        commands.advise_venture(session, expert, advice=VentureAdvice.FOR, words="团队完整", **ids(venture))
    return venture


def noticed(session: Session, world: World) -> Venture:
    venture = reviewed(session, world)
    commands.propose_venture(session, world.operator, **ids(venture))
    return venture


def after_notice(venture: Venture, seconds: float = 0) -> None:
    """The instant at which the notice ends, or so many seconds from it."""
    assert venture.notice_until is not None
    clock.set_offset((venture.notice_until - clock.now() + timedelta(seconds=seconds)).total_seconds() + _offset())


def _offset() -> float:
    return clock._offset.total_seconds()


def active(session: Session, world: World) -> Venture:
    venture = noticed(session, world)
    after_notice(venture)
    commands.approve_venture(session, world.approver, **ids(venture))
    start_venture(session, world.operator, **ids(venture))
    return venture
