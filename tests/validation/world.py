"""An awarded challenge with its two parties and the officials around it, and the way to any later state."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Award,
    Challenge,
    ChallengeStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    Organisation,
    OrganisationKind,
    PlanCharacteristic,
    Proposal,
    ProposalStatus,
    Role,
    RunStage,
    TeamMember,
    Terms,
    ValidationPlan,
)
from db.types import Sealed
from portal import clock
from portal.permissions import Actor
from portal.validation.commands import (
    agree_plan,
    judge_validation,
    lock_data,
    record_run,
    save_plan,
    sign_off,
    start_runs,
    write_plan,
)
from tests.factories import add_challenge, add_member, add_organisation

METRICS = (
    ("厚度", "μm", Decimal("8.0"), Decimal("10.0"), Decimal("9"), True),
    ("针孔", "个/m²", None, Decimal(2), None, False),
)


@dataclass
class World:
    """Everybody who may come near one award."""

    enterprise: Organisation
    institute: Organisation
    challenge: Challenge
    proposal: Proposal
    admin: Actor
    member: Actor
    lead: Actor
    teammate: Actor
    institute_admin: Actor
    broker: Actor
    officials: dict[Role, Actor] = field(default_factory=dict)

    @property
    def operator(self) -> Actor:
        return self.officials[Role.OPERATOR]


def make_world(session: Session, *, status: ChallengeStatus = ChallengeStatus.AWARDED) -> World:
    enterprise = add_organisation(session, name="示例铝箔有限公司")
    institute = add_organisation(session, OrganisationKind.INSTITUTE, name="示例大学")
    agency = add_organisation(session, OrganisationKind.AGENCY)
    lead = add_member(session, Role.RESEARCHER, institute)
    teammate = add_member(session, Role.RESEARCHER, institute)
    admin = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
    broker = add_member(session, Role.BROKER, agency)
    officials = {
        role: add_member(session, role)
        for role in (Role.OPERATOR, Role.APPROVER, Role.LEADER, Role.AUDITOR, Role.PLATFORM_ADMIN, Role.STEWARD)
    }
    challenge = add_challenge(
        session, enterprise, status=status, title="8 微米铝箔针孔控制", broker_id=broker.person_id, town_code="wuchang"
    )
    for position, (name, unit, lower, upper, target, mandatory) in enumerate(METRICS, 1):
        session.add(
            AcceptanceMetric(
                challenge_id=challenge.id,
                position=position,
                name=name,
                unit=unit,
                lower=lower,
                upper=upper,
                target=target,
                mandatory=mandatory,
                method="按双方约定的试验方法",
            )
        )
    proposal = Proposal(
        challenge_id=challenge.id,
        institute_id=institute.id,
        lead_id=lead.acting_person,
        status=ProposalStatus.CONTRACTED,
        wrapped_key=Sealed(b"key"),
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    session.add(TeamMember(proposal_id=proposal.id, person_id=teammate.acting_person, added_at=clock.now()))
    _award(session, challenge, proposal, officials)
    return World(
        enterprise=enterprise,
        institute=institute,
        challenge=challenge,
        proposal=proposal,
        admin=admin,
        member=add_member(session, Role.ENTERPRISE_MEMBER, enterprise),
        lead=lead,
        teammate=teammate,
        institute_admin=add_member(session, Role.INSTITUTE_ADMIN, institute),
        broker=broker,
        officials=officials,
    )


def _award(session: Session, challenge: Challenge, proposal: Proposal, officials: dict[Role, Actor]) -> None:
    now = clock.now()
    operator, approver = officials[Role.OPERATOR].acting_person, officials[Role.APPROVER].acting_person
    terms = Terms(
        challenge_id=challenge.id,
        proposal_id=proposal.id,
        number=1,
        sum_fen=100_000_000,
        text="约定",
        written_by=operator,
        written_at=now,
    )
    decision = Decision(
        kind=DecisionKind.AWARD,
        object_id=challenge.id,
        prepared_by=operator,
        prepared_at=now,
        status=DecisionStatus.APPROVED,
        decided_by=approver,
        decided_at=now,
    )
    session.add_all([terms, decision])
    session.flush()
    session.add(
        Award(
            challenge_id=challenge.id,
            proposal_id=proposal.id,
            terms_id=terms.id,
            decision_id=decision.id,
            sum_fen=100_000_000,
            awarded_at=now,
        )
    )
    session.flush()


def written(session: Session, world: World) -> ValidationPlan:
    """A complete plan to which nobody has agreed."""
    plan_id = write_plan(session, world.admin, challenge_id=world.challenge.id)
    today = clock.today()
    save_plan(
        session,
        world.admin,
        plan_id=plan_id,
        version=None,
        line="二号箔轧线",
        sampling="每卷头中尾各取一片",
        decision_rule="",
        starts_on=today,
        ends_on=today + timedelta(days=30),
    )
    return session.get_one(ValidationPlan, plan_id)


def agreed(session: Session, world: World) -> ValidationPlan:
    plan = written(session, world)
    agree_plan(session, world.admin, plan_id=plan.id, version=None)
    agree_plan(session, world.lead, plan_id=plan.id, version=None)
    return plan


def running(session: Session, world: World) -> ValidationPlan:
    plan = agreed(session, world)
    start_runs(session, world.admin, plan_id=plan.id, version=None)
    return plan


def keys(session: Session, plan: ValidationPlan) -> list[UUID]:
    query = select(PlanCharacteristic.id).where(PlanCharacteristic.plan_id == plan.id)
    return list(session.scalars(query.order_by(PlanCharacteristic.position)))


def run(
    session: Session, world: World, plan: ValidationPlan, *values: str | None, stage: RunStage = RunStage.PILOT
) -> UUID:
    """A run of today with the values in the plan's order; None leaves one out."""
    pairs = zip(keys(session, plan), values, strict=False)
    return record_run(
        session,
        world.member,
        plan_id=plan.id,
        version=None,
        stage=stage,
        ran_on=clock.today(),
        values={key: value for key, value in pairs if value is not None},
        lot="L-01",
        device="测厚仪 3 号",
    )


def judged(session: Session, world: World, *values: str, open_actions: str = "") -> ValidationPlan:
    plan = running(session, world)
    run(session, world, plan, *values)
    lock_data(session, world.admin, plan_id=plan.id, version=None)
    judge_validation(session, world.admin, plan_id=plan.id, version=None, open_actions=open_actions)
    return plan


def signed(session: Session, world: World, *values: str) -> ValidationPlan:
    plan = judged(session, world, *(values or ("9.0", "2")))
    for actor in (world.admin, world.lead, world.operator):
        sign_off(session, actor, plan_id=plan.id, version=None)
    return plan
