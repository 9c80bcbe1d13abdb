"""A town's office and a university that plan visits together, and those who come."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organisation, OrganisationKind, Person, Role, Visit, VisitKind, VisitParticipant
from portal import clock
from portal.permissions import Actor
from portal.visits.commands import open_registration, plan_visit
from portal.visits.registration import register_for_visit, register_group
from portal.visits.rules import VisitForm
from tests.factories import add_member, add_organisation, add_person

PROGRAMME = [
    {"day": "1", "start": "9:30", "end": "10:30", "what": "参观展厅", "place": "梦航智谷科技园", "host": "园区"},
    {"day": "1", "start": "14:00", "end": "16:00", "what": "走访数字农场", "place": "彭公数字农场", "host": "农场"},
]
SITES = [{"name": "梦航智谷科技园", "town": "pingyao"}, {"name": "彭公数字农场", "town": "pingyao"}]
GROUP = (
    "姓名,学校,专业,手机\n张三,示例大学,材料,13800001234\n李四,示例大学,自动化\n王五,示例大学,飞行器设计,13900005678"
)


@dataclass
class World:
    town: Organisation
    enterprise: Organisation
    institute: Organisation
    operator: Actor
    admin: Actor
    """Of the enterprise, which organises."""
    partner: Actor
    """Admin of the institute, its partner."""
    researcher: Actor
    member: Actor
    broker: Actor
    leader: Actor


def make_world(session: Session) -> World:
    town = add_organisation(session, OrganisationKind.GOVERNMENT)
    enterprise = add_organisation(session)
    institute = add_organisation(session, OrganisationKind.INSTITUTE)
    return World(
        town,
        enterprise,
        institute,
        operator=add_member(session, Role.OPERATOR),
        admin=add_member(session, Role.ENTERPRISE_ADMIN, enterprise),
        partner=add_member(session, Role.INSTITUTE_ADMIN, institute),
        researcher=add_member(session, Role.RESEARCHER, institute),
        member=add_member(session, Role.ENTERPRISE_MEMBER, enterprise),
        broker=add_member(session, Role.BROKER, add_organisation(session, OrganisationKind.AGENCY)),
        leader=add_member(session, Role.LEADER),
    )


def form(world: World | None = None, *, days: int = 10, **changes: Any) -> VisitForm:
    """A visit in so many days, whose registration is open now."""
    now, first = clock.now(), clock.today() + timedelta(days=days)
    values: dict[str, Any] = {
        "kind": VisitKind.STUDY,
        "title": "走进瓶窑",
        "town_code": "pingyao",
        "starts_on": first,
        "ends_on": first,
        "capacity": 2,
        "registration_opens_at": now - timedelta(hours=1),
        "registration_closes_at": clock.from_local(first.year, first.month, first.day, 9),
        "partner_id": world.institute.id if world else None,
        "meeting_point": "校门口",
        "contact": "王老师 0571-00000000",
        "programme": PROGRAMME,
        "sites": SITES,
    }
    return VisitForm(**(values | changes))


def plan(session: Session, world: World, actor: Actor | None = None, **changes: Any) -> Visit:
    actor = actor or world.admin
    organiser = world.town.id if actor.role is Role.OPERATOR else None
    return session.get_one(Visit, plan_visit(session, actor, form=form(world, **changes), organiser_id=organiser))


def announce(session: Session, world: World, actor: Actor | None = None, **changes: Any) -> Visit:
    visit = plan(session, world, actor, **changes)
    open_registration(session, actor or world.admin, visit_id=visit.id, version=None)
    return visit


def researcher(session: Session, world: World, **person: Any) -> Actor:
    return add_member(session, Role.RESEARCHER, world.institute, add_person(session, **person))


def register(session: Session, actor: Actor, visit: Visit, **more: Any) -> VisitParticipant:
    values: dict[str, Any] = {"consent": True}
    return session.get_one(VisitParticipant, register_for_visit(session, actor, visit_id=visit.id, **(values | more)))


def group(session: Session, actor: Actor, visit: Visit, rows: str = GROUP, **more: Any) -> list[VisitParticipant]:
    values: dict[str, Any] = {"consent": True}
    ids = register_group(session, actor, visit_id=visit.id, rows=rows, **(values | more))
    return [session.get_one(VisitParticipant, one) for one in ids]


def on_the_day(visit: Visit, *, days: int = 0, hours: float = 10) -> None:
    """Turn the clock to an hour of the visit's first day, or days later."""
    clock.set_offset(0)
    day = visit.starts_on
    wanted = clock.from_local(day.year, day.month, day.day) + timedelta(days=days, hours=hours)
    clock.set_offset((wanted - clock.now()).total_seconds())


def mails_to(session: Session, person_id: UUID | None) -> list[str]:
    from db.models import OutboxMail

    query = select(OutboxMail.subject).where(OutboxMail.person_id == person_id).order_by(OutboxMail.created_at)
    return list(session.scalars(query))


def english(session: Session, actor: Actor) -> None:
    session.get_one(Person, actor.acting_person).language = "en"
    session.flush()
