"""What waits for operators, brokers, approvers and platform admins."""

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    ClaimStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    FirstStatus,
    Landing,
    LandingClaim,
    LandingFirst,
    LandingStep,
    Membership,
    MembershipStatus,
    Organisation,
    OrganisationStatus,
    SignOff,
    SupportTalk,
    TalkStatus,
    ValidationPlan,
    ValidationStatus,
)
from portal import clock
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


def firsts(session: Session, actor: Actor) -> list[Waiting]:
    """Claims to be a first that another person made."""
    query = (
        select(Landing.id, Landing.title, LandingFirst.claimed_at)
        .join(LandingFirst, LandingFirst.landing_id == Landing.id)
        .where(LandingFirst.status == FirstStatus.CLAIMED, LandingFirst.claimed_by != actor.person_id)
        .order_by(LandingFirst.claimed_at)
        .limit(PER_KIND)
    )
    message = N_("Check a claim to be a first")
    return [Waiting(message, row.title, "landing", row.id, row.claimed_at) for row in session.execute(query)]


def claimed_sources(session: Session, _actor: Actor) -> list[Waiting]:
    """Open claims on projects for which no shares are prepared yet."""
    query = (
        select(Landing.id, Landing.title, LandingClaim.claimed_at)
        .join(LandingClaim, LandingClaim.landing_id == Landing.id)
        .where(LandingClaim.status == ClaimStatus.OPEN, ~_shares_prepared())
        .order_by(LandingClaim.claimed_at)
        .limit(PER_KIND)
    )
    message = N_("Prepare the shares of a project that is claimed twice")
    return [Waiting(message, row.title, "landing", row.id, row.claimed_at) for row in session.execute(query)]


def _shares_prepared() -> ColumnElement[bool]:
    return exists().where(
        Decision.object_id == Landing.id,
        Decision.kind == DecisionKind.ATTRIBUTION,
        Decision.status == DecisionStatus.PREPARED,
    )


def prepared_shares(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(Landing.id, Landing.title, Decision.prepared_at)
        .join(Decision, Decision.object_id == Landing.id)
        .where(
            Decision.kind == DecisionKind.ATTRIBUTION,
            Decision.status == DecisionStatus.PREPARED,
            Decision.prepared_by != actor.person_id,
        )
        .order_by(Decision.prepared_at)
        .limit(PER_KIND)
    )
    message = N_("Decide on the shares of a project's sources")
    return [Waiting(message, row.title, "landing", row.id, row.prepared_at) for row in session.execute(query)]


def support_talks(session: Session, actor: Actor) -> list[Waiting]:
    """Talks that are due after a loss, and those that this person held and has not closed."""
    query = (
        select(Landing.id, Landing.title, SupportTalk)
        .join(SupportTalk, SupportTalk.landing_id == Landing.id)
        .where(
            or_(
                SupportTalk.status == TalkStatus.DUE,
                and_(SupportTalk.status == TalkStatus.HELD, SupportTalk.held_by == actor.person_id),
            )
        )
        .order_by(SupportTalk.due_at)
        .limit(PER_KIND)
    )
    messages = {
        TalkStatus.DUE: N_("Hold a support talk after a lost project"),
        TalkStatus.HELD: N_("Close a support talk"),
    }
    now = clock.now()
    return [
        Waiting(
            messages[talk.status],
            title,
            "landing",
            landing_id,
            talk.created_at,
            # What is overdue says since when it waits.
            talk.due_at if talk.status is TalkStatus.DUE and talk.due_at > now else None,
        )
        for landing_id, title, talk in session.execute(query)
    ]


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
