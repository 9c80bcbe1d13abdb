"""What waits for either of two parties: enterprise or district, enterprise or investigator."""

from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Addendum,
    Award,
    Challenge,
    ChallengeStatus,
    CoApplicant,
    CoApplicantStatus,
    Membership,
    OpeningKey,
    Proposal,
    Ranking,
    SignOff,
    Terms,
    ValidationPlan,
    ValidationStatus,
)
from portal.errors import N_
from portal.metrics.waiting.kinds import PER_KIND, Waiting, challenges, own, plan_rows
from portal.permissions import Actor, Role
from portal.validation.rules import ENDED

_C = Challenge
_S = ChallengeStatus


def addenda(session: Session, actor: Actor) -> list[Waiting]:
    """Prepared by the other side, waiting for this side's word."""
    preparer = aliased(Membership)
    by_district = exists().where(preparer.person_id == Addendum.prepared_by, preparer.role == Role.OPERATOR)
    theirs = by_district if actor.role is Role.ENTERPRISE_ADMIN else ~by_district
    side = [own(actor)] if actor.role is Role.ENTERPRISE_ADMIN else []
    query = (
        select(_C.id, _C.title, Addendum.prepared_at, _C.closes_at)
        .join(Addendum, Addendum.challenge_id == _C.id)
        .where(*side, theirs, _C.status == _S.OPEN, Addendum.published_at.is_(None))
        .order_by(Addendum.prepared_at)
        .limit(PER_KIND)
    )
    message = N_("Confirm the prepared addendum")
    return [
        Waiting(message, row.title, "challenge", row.id, row.prepared_at, row.closes_at)
        for row in session.execute(query)
    ]


def openings(session: Session, actor: Actor) -> list[Waiting]:
    enterprise = actor.role is Role.ENTERPRISE_ADMIN
    turned = exists().where(
        OpeningKey.challenge_id == _C.id, OpeningKey.side == ("enterprise" if enterprise else "district")
    )
    where = [_C.status == _S.CLOSED, _C.opened_at.is_(None), ~turned, *([own(actor)] if enterprise else [])]
    return challenges(N_("Open the proposals, together with the other side"), *where, page="evaluation")(session)


def rankings(session: Session, actor: Actor) -> list[Waiting]:
    enterprise = actor.role is Role.ENTERPRISE_ADMIN
    pending = exists().where(Ranking.challenge_id == _C.id, Ranking.agreed_at.is_(None))
    where = [_C.status == _S.EVALUATING, *([own(actor), pending] if enterprise else [])]
    message = N_("Agree to the ranking") if enterprise else N_("Rank the proposals and lock the ranking")
    return challenges(message, *where, page="evaluation")(session)


def terms(session: Session, actor: Actor) -> list[Waiting]:
    query: Any = select(_C.id, _C.title, Terms.written_at).join(Terms, Terms.challenge_id == _C.id)
    if actor.role is Role.ENTERPRISE_ADMIN:
        query = query.where(own(actor), Terms.enterprise_accepted_at.is_(None))
    else:
        query = query.join(Proposal, Proposal.id == Terms.proposal_id).where(
            Proposal.lead_id == actor.person_id, Terms.investigator_accepted_at.is_(None)
        )
    newer = aliased(Terms)
    latest = ~exists().where(newer.proposal_id == Terms.proposal_id, newer.number > Terms.number)
    query = query.where(_C.status == _S.NEGOTIATING, latest).order_by(Terms.written_at).limit(PER_KIND)
    return [
        Waiting(N_("Read and accept the terms"), row.title, "evaluation", row.id, row.written_at)
        for row in session.execute(query)
    ]


def plans(session: Session, actor: Actor) -> list[Waiting]:
    plan = ValidationPlan
    enterprise = actor.role is Role.ENTERPRISE_ADMIN
    mine = plan.enterprise_id == actor.organisation_id if enterprise else plan.lead_id == actor.person_id
    agreed = plan.enterprise_agreed_at if enterprise else plan.investigator_agreed_at
    side = "enterprise" if enterprise else "investigator"
    signed = exists().where(SignOff.plan_id == plan.id, SignOff.side == side)
    cases = [
        (N_("Agree to the validation plan"), and_(plan.status == ValidationStatus.PLANNED, agreed.is_(None))),
        (
            N_("Sign off the validation"),
            and_(plan.status.in_((ValidationStatus.PASSED, ValidationStatus.FAILED)), ~signed),
        ),
    ]
    if enterprise:
        cases.append((N_("Judge the locked data"), plan.status == ValidationStatus.DATA_LOCKED))
    return [row for message, case in cases for row in plan_rows(session, message, and_(mine, case))]


def no_plan_yet(session: Session, actor: Actor) -> list[Waiting]:
    planned = exists().where(ValidationPlan.challenge_id == _C.id, ValidationPlan.status.not_in(ENDED))
    query = (
        select(_C.id, _C.title, Award.awarded_at)
        .join(Award, and_(Award.challenge_id == _C.id, Award.revoked_at.is_(None)))
        .join(Proposal, Proposal.id == Award.proposal_id)
        .where(_C.status == _S.AWARDED, ~planned, or_(own(actor), Proposal.lead_id == actor.person_id))
        .order_by(Award.awarded_at)
        .limit(PER_KIND)
    )
    message = N_("Write the validation plan")
    return [Waiting(message, row.title, "challenge", row.id, row.awarded_at) for row in session.execute(query)]


def co_applications(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(CoApplicant.invited_at, _C.title, _C.closes_at)
        .join(Proposal, Proposal.id == CoApplicant.proposal_id)
        .join(_C, _C.id == Proposal.challenge_id)
        .where(
            CoApplicant.organisation_id == actor.organisation_id,
            CoApplicant.status == CoApplicantStatus.INVITED,
            _C.status == _S.OPEN,
        )
        .order_by(_C.closes_at)
        .limit(PER_KIND)
    )
    message = N_("Answer an invitation to propose together")
    return [
        Waiting(message, row.title, "clearances", None, row.invited_at, row.closes_at) for row in session.execute(query)
    ]
