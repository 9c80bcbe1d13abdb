"""What waits for operators, brokers, approvers and platform admins."""

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    Landing,
    LandingStep,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationStatus,
    SignOff,
    ValidationPlan,
    ValidationStatus,
)
from portal.errors import N_
from portal.metrics.waiting.kinds import PER_KIND, Waiting, challenges, evaluates, my_turns, plan_rows, still_open
from portal.permissions import Actor, Role

_C = Challenge
_S = ChallengeStatus


def applications(session: Session, _actor: Actor) -> list[Waiting]:
    query = (
        select(Organisation)
        .where(Organisation.status == OrganisationStatus.APPLIED)
        .order_by(Organisation.created_at)
        .limit(PER_KIND)
    )
    message = N_("Verify an organisation")
    return [Waiting(message, row.name, "organisation", row.id, row.created_at) for row in session.scalars(query)]


def to_take(session: Session, _actor: Actor) -> list[Waiting]:
    return challenges(N_("Take up the submitted challenge"), _C.status == _S.SUBMITTED)(session)


def refining(session: Session, actor: Actor) -> list[Waiting]:
    where = [_C.status == _S.REFINING, _C.confidentiality_checked_by.is_(None)]
    if actor.role is Role.BROKER:
        where.append(_C.broker_id == actor.person_id)
    return challenges(N_("Refine the challenge or return it"), *where)(session)


def to_approve(session: Session, _actor: Actor) -> list[Waiting]:
    where = (_C.status == _S.REFINING, _C.confidentiality_checked_by.is_not(None))
    return challenges(N_("Approve or reject the challenge"), *where)(session)


def to_publish(session: Session, _actor: Actor) -> list[Waiting]:
    return challenges(N_("Publish the approved challenge"), _C.status == _S.APPROVED)(session)


def eligibility(session: Session, actor: Actor) -> list[Waiting]:
    rows = my_turns(session, actor, _C.status == _S.CLOSED, _C.opened_at.is_not(None), evaluates(actor))
    message = N_("Check the proposals, begin the evaluation")
    return [Waiting(message, row.title, "evaluation", row.id, row.changed_at) for row, _turn in rows]


def nobody_left(session: Session, actor: Actor) -> list[Waiting]:
    """Opened, and no proposal is eligible or left: the approver ends it without an award."""
    rows = my_turns(
        session, actor, _C.status.in_((_S.CLOSED, _S.EVALUATING)), _C.opened_at.is_not(None), evaluates(actor)
    )
    return [Waiting(turn.message, row.title, "evaluation", row.id, row.changed_at) for row, turn in rows]


def negotiations(session: Session, actor: Actor) -> list[Waiting]:
    prepared = exists().where(
        Decision.object_id == _C.id, Decision.kind == DecisionKind.AWARD, Decision.status == DecisionStatus.PREPARED
    )
    return challenges(
        N_("Negotiate the terms and prepare the award"),
        _C.status == _S.NEGOTIATING,
        ~prepared,
        evaluates(actor),
        page="evaluation",
    )(session)


def decisions(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(Decision.kind, Decision.prepared_at, _C.id, _C.title, _C.closes_at)
        .join(_C, _C.id == Decision.object_id)
        .where(
            Decision.status == DecisionStatus.PREPARED,
            Decision.prepared_by != actor.person_id,
            or_(and_(Decision.kind == DecisionKind.AWARD, evaluates(actor)), still_open()),
        )
        .order_by(Decision.prepared_at)
        .limit(PER_KIND)
    )
    found = []
    for row in session.execute(query):
        award = row.kind is DecisionKind.AWARD
        message = N_("Decide on the prepared award") if award else N_("Decide on the prepared extension")
        due = None if award else row.closes_at
        found.append(Waiting(message, row.title, "evaluation" if award else "challenge", row.id, row.prepared_at, due))
    return found


def countersignatures(session: Session, _actor: Actor) -> list[Waiting]:
    plan = ValidationPlan
    signed = exists().where(SignOff.plan_id == plan.id, SignOff.side == "witness")
    parties = select(func.count()).where(SignOff.plan_id == plan.id).correlate(plan).scalar_subquery()
    where = and_(plan.status.in_((ValidationStatus.PASSED, ValidationStatus.FAILED)), ~signed, parties == 2)
    return plan_rows(session, N_("Countersign the validation"), where)


def steps(session: Session, _actor: Actor) -> list[Waiting]:
    query = (
        select(Landing.id, Landing.title, LandingStep.entered_at)
        .join(LandingStep, LandingStep.landing_id == Landing.id)
        .where(LandingStep.verified_at.is_(None))
        .order_by(LandingStep.entered_at)
        .limit(PER_KIND)
    )
    message = N_("Verify a stage of a landing project")
    return [Waiting(message, row.title, "landing", row.id, row.entered_at) for row in session.execute(query)]


def official_roles(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(Membership)
        .where(
            Membership.status == MembershipStatus.PROPOSED,
            Membership.granted_by != actor.person_id,
            Membership.person_id != actor.person_id,
        )
        .order_by(Membership.created_at)
        .limit(PER_KIND)
    )
    message = N_("Decide on a proposed official role")
    return [Waiting(message, "", "people", None, row.created_at) for row in session.scalars(query)]
