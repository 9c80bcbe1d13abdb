"""Who sees which validation, and how much of it."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    CoApplicant,
    CoApplicantStatus,
    Role,
    TeamMember,
    ValidationPlan,
    ValidationStatus,
    Verdict,
)
from portal.errors import NotFound
from portal.permissions import Actor

ALL_OF_IT = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})
ENTERPRISE_ROLES = frozenset({Role.ENTERPRISE_MEMBER, Role.ENTERPRISE_ADMIN})
_P = ValidationPlan


class Sight(StrEnum):
    """How much of a validation a reader gets."""

    FULL = "full"  # the enterprise, whose data they are, and those who witness
    PARTNER = "partner"  # the institute: its own runs without line, device and operators
    RESULT = "result"  # the verdict alone


def full_to(actor: Actor) -> ColumnElement[bool]:
    """The enterprise's own people, operator, approver and auditor."""
    if actor.role in ALL_OF_IT:
        return true()
    if actor.role in ENTERPRISE_ROLES and actor.organisation_id is not None:
        return _P.enterprise_id == actor.organisation_id
    return false()


def partner_to(actor: Actor) -> ColumnElement[bool]:
    """The institute's admin, the proposal's team, and the broker who is a party to it."""
    if actor.person_id is None:
        return false()
    # Lists of ids, which an index answers; a question asked of each validation would read them all.
    on_team = _P.proposal_id.in_(
        select(TeamMember.proposal_id).where(TeamMember.person_id == actor.person_id).correlate(None)
    )
    if actor.role is Role.INSTITUTE_ADMIN:
        return false() if actor.organisation_id is None else _P.institute_id == actor.organisation_id
    if actor.role is Role.RESEARCHER:
        confirmed = select(CoApplicant.proposal_id).where(
            CoApplicant.organisation_id == actor.organisation_id, CoApplicant.status == CoApplicantStatus.CONFIRMED
        )
        together = _P.proposal_id.in_(confirmed.correlate(None))
        lead = and_(_P.lead_id == actor.person_id, _P.institute_id == actor.organisation_id)
        return or_(lead, and_(on_team, or_(_P.institute_id == actor.organisation_id, together)))
    if actor.role is Role.BROKER:
        refined = select(Challenge.id).where(Challenge.broker_id == actor.person_id).correlate(None)
        return or_(_P.challenge_id.in_(refined), on_team)
    return false()


def result_to(actor: Actor) -> ColumnElement[bool]:
    """Everybody reads the result of a solved challenge; the leader every verdict."""
    solved = exists().where(Challenge.id == _P.challenge_id, Challenge.status == ChallengeStatus.SOLVED).correlate(_P)
    public = and_(_P.status == ValidationStatus.SIGNED_OFF, solved)
    # Named one by one, since no index answers “not null” beside another condition.
    return or_(public, _P.verdict.in_(list(Verdict))) if actor.role is Role.LEADER else public


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Lists, details and counts ask this one."""
    return or_(full_to(actor), partner_to(actor), result_to(actor))


def party_to(actor: Actor) -> ColumnElement[bool]:
    """The validations that are somebody's own work."""
    return or_(partner_to(actor), false() if actor.role in ALL_OF_IT else full_to(actor))


def sight_of(session: Session, actor: Actor, plan_id: UUID) -> Sight | None:
    """How much this reader gets; None is the same as unknown."""
    row = session.execute(
        select(full_to(actor), partner_to(actor), result_to(actor)).select_from(_P).where(_P.id == plan_id)
    ).one_or_none()
    if row is None:
        return None
    return next((sight for sight, holds in zip(Sight, row, strict=True) if holds), None)


def get_plan(session: Session, actor: Actor, plan_id: UUID, *, lock: bool = False) -> ValidationPlan:
    """The plan, for somebody who sees more than its result. `lock` keeps others from changing it meanwhile.

    Raises: NotFound.
    """
    query = select(_P).where(_P.id == plan_id, or_(full_to(actor), partner_to(actor)))
    if lock:
        query = query.with_for_update(of=_P).execution_options(populate_existing=True)
    plan = session.scalars(query).one_or_none()
    if plan is None:
        raise NotFound
    return plan
