"""Reads on validations: the list, one record as far as the reader may see it, what may be planned."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Award,
    Challenge,
    ChallengeStatus,
    Event,
    Organisation,
    Person,
    Proposal,
    SignOff,
    ValidationPlan,
    ValidationStatus,
    Verdict,
)
from portal.errors import NotFound
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import GRANTS, Action, Actor
from portal.validation.access import ENTERPRISE_ROLES, Sight, party_to, sight_of, visible_to
from portal.validation.commands import SIGNATURES, signature_of
from portal.validation.findings import CharacteristicRow, RunRow, characteristics_of, runs_of
from portal.validation.plans import missing_of
from portal.validation.rules import ENDED, find_verdict, sides
from portal.validation.runs import limits_of, readings_of
from portal.validation.workflow import VALIDATION_WORKFLOW

_P = ValidationPlan
_institute = aliased(Organisation)


class PlanRow(NamedTuple):
    """One line of the list."""

    id: UUID
    challenge_id: UUID
    challenge_number: str
    title: str
    enterprise: str
    institute: str
    number: int
    status: ValidationStatus
    verdict: Verdict | None
    changed_at: datetime


class PlanPage(NamedTuple):
    rows: list[PlanRow]
    total: int  # stops at 1,001


class Startable(NamedTuple):
    """An awarded challenge without a living plan."""

    challenge_id: UUID
    title: str
    awarded_at: datetime


class Signature(NamedTuple):
    """One of three; who signed is named only to those who see the data."""

    side: str
    signed_at: datetime | None
    name: str


class Closing(NamedTuple):
    """When the open actions were closed, and how."""

    happened_at: datetime
    reason: str


class PlanDetail(NamedTuple):
    """One validation; what the reader may not see is empty, and `sight` says how much that is."""

    row: PlanRow
    sight: Sight
    line: str
    sampling: str
    decision_rule: str
    starts_on: date | None
    ends_on: date | None
    enterprise_agreed_at: datetime | None
    investigator_agreed_at: datetime | None
    frozen_at: datetime | None
    verdict_note: str
    open_actions: str
    actions_closed: Closing | None  # how the open actions of a conditional verdict were closed
    finding: Verdict | None  # what the values say now
    characteristics: list[CharacteristicRow]
    runs: list[RunRow]
    signatures: list[Signature]
    missing: list[str]
    i_agreed: bool
    i_signed: bool
    is_enterprise: bool
    is_party: bool
    actions: tuple[Action, ...]
    version: int


def list_plans(
    session: Session,
    actor: Actor,
    *,
    mine: bool = False,
    status: ValidationStatus | None = None,
    offset: int = 0,
    limit: int = 20,
) -> PlanPage:
    """Validations by their last change; `mine` leaves those of which the reader is a party."""
    query = select(_P.id).where(party_to(actor) if mine else visible_to(actor))
    if status is not None:
        query = query.where(_P.status == status)
    total = session.scalar(select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery())) or 0
    limit = min(max(limit, 1), 100)
    page = query.order_by(_P.changed_at.desc(), _P.id).offset(first_row(offset, limit, total)).limit(limit)
    rows = session.execute(_rows().where(_P.id.in_(page)).order_by(_P.changed_at.desc(), _P.id))
    return PlanPage([PlanRow(*row) for row in rows], total)


def plans_of_challenge(session: Session, actor: Actor, challenge_id: UUID) -> list[PlanRow]:
    """The visible validations of one challenge, the newest first."""
    query = _rows().where(_P.challenge_id == challenge_id, visible_to(actor)).order_by(_P.number.desc())
    return [PlanRow(*row) for row in session.execute(query)]


def startable_plans(session: Session, actor: Actor, *, limit: int = 20) -> list[Startable]:
    """Awarded challenges for which this reader may start a plan now."""
    if actor.person_id is None or actor.role not in {grant.role for grant in GRANTS[Action.WRITE_PLAN]}:
        return []
    living = exists().where(_P.challenge_id == Challenge.id, _P.status.not_in(ENDED))
    own = (
        Challenge.organisation_id == actor.organisation_id
        if actor.role in ENTERPRISE_ROLES
        else (Proposal.lead_id == actor.person_id) & (Proposal.institute_id == actor.organisation_id)
    )
    query = (
        select(Challenge.id, Challenge.title, Award.awarded_at)
        .join(Award, (Award.challenge_id == Challenge.id) & Award.revoked_at.is_(None))
        .join(Proposal, Proposal.id == Award.proposal_id)
        .where(Challenge.status == ChallengeStatus.AWARDED, ~living, own)
        .order_by(Award.awarded_at, Challenge.id)
        .limit(limit)
    )
    return [Startable(*row) for row in session.execute(query)]


def _closing(session: Session, plan_id: UUID) -> Closing | None:
    query = (
        select(Event.happened_at, Event.reason)
        .where(Event.object_id == plan_id, Event.action == Action.CLOSE_ACTIONS.value)
        .order_by(Event.seq.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return Closing(*row) if row else None


def plan_detail(session: Session, actor: Actor, plan_id: UUID) -> PlanDetail:
    """As much of a validation as this reader may see. Raises: NotFound."""
    sight = sight_of(session, actor, plan_id)
    if sight is None:
        raise NotFound
    row = PlanRow(*session.execute(_rows().where(_P.id == plan_id)).one())
    plan = session.get_one(_P, plan_id)
    inside, full = sight is not Sight.RESULT, sight is Sight.FULL
    return PlanDetail(
        row=row,
        sight=sight,
        line=plan.line if full else "",
        sampling=plan.sampling if inside else "",
        decision_rule=plan.decision_rule if inside else "",
        starts_on=plan.starts_on if inside else None,
        ends_on=plan.ends_on if inside else None,
        enterprise_agreed_at=plan.enterprise_agreed_at if inside else None,
        investigator_agreed_at=plan.investigator_agreed_at if inside else None,
        frozen_at=plan.frozen_at if inside else None,
        verdict_note=plan.verdict_note if inside else "",
        open_actions=plan.open_actions if inside else "",
        actions_closed=_closing(session, plan_id) if inside and plan.open_actions else None,
        finding=find_verdict(limits_of(session, plan_id), readings_of(session, plan_id)) if inside else None,
        characteristics=characteristics_of(session, plan_id, values=inside),
        runs=runs_of(session, plan_id, full=full) if inside else [],
        signatures=_signatures(session, plan_id, names=inside),
        missing=[message for _key, message, _params in missing_of(session, plan)] if inside else [],
        i_agreed=inside and _agreed(actor, plan),
        i_signed=inside and _signed(session, actor, plan),
        is_enterprise=actor.role in ENTERPRISE_ROLES and plan.enterprise_id == actor.organisation_id,
        is_party=bool(sides(actor, plan)),
        actions=_actions(actor, plan) if inside else (),
        version=plan.version,
    )


def _rows() -> Select[UUID, UUID, str, str, str, str, int, ValidationStatus, Verdict | None, datetime]:
    return (
        select(
            _P.id,
            _P.challenge_id,
            Challenge.number,
            Challenge.title,
            Organisation.name,
            _institute.name,
            _P.number,
            _P.status,
            _P.verdict,
            _P.changed_at,
        )
        .join(Challenge, Challenge.id == _P.challenge_id)
        .join(Organisation, Organisation.id == _P.enterprise_id)
        .join(_institute, _institute.id == _P.institute_id)
    )


def _actions(actor: Actor, plan: ValidationPlan) -> tuple[Action, ...]:
    """What this reader may fire now: the table's steps, and the acts that keep the status."""
    by_status = {
        ValidationStatus.PLANNED: (Action.WRITE_PLAN,),
        ValidationStatus.RUNNING: (Action.RECORD_RUN, Action.CORRECT_MEASUREMENT, Action.EXCLUDE_RUN),
        ValidationStatus.DATA_LOCKED: (Action.CORRECT_MEASUREMENT, Action.EXCLUDE_RUN),
    }
    where = sides(actor, plan)
    within = [
        action
        for action in by_status.get(plan.status, ())
        if any(grant.role == actor.role and grant.side in where for grant in GRANTS[action])
    ]
    return (*VALIDATION_WORKFLOW.allowed(actor, plan), *within)


def _signatures(session: Session, plan_id: UUID, *, names: bool) -> list[Signature]:
    query = select(SignOff, Person.name).join(Person, Person.id == SignOff.person_id).where(SignOff.plan_id == plan_id)
    signed = {row.side: (row.signed_at, name if names else "") for row, name in session.execute(query)}
    return [Signature(side, *signed.get(side, (None, ""))) for side in SIGNATURES]


def _agreed(actor: Actor, plan: ValidationPlan) -> bool:
    mine = plan.enterprise_agreed_at if plan.enterprise_id == actor.organisation_id else plan.investigator_agreed_at
    return mine is not None


def _signed(session: Session, actor: Actor, plan: ValidationPlan) -> bool:
    query = select(SignOff.id).where(SignOff.plan_id == plan.id, SignOff.side == signature_of(actor, plan))
    return session.scalar(query) is not None
