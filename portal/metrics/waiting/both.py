"""What waits for either of two parties: enterprise or district, enterprise or investigator."""

from datetime import timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Addendum,
    Award,
    Challenge,
    ChallengeStatus,
    CoApplicant,
    CoApplicantStatus,
    Event,
    OpeningKey,
    Proposal,
    ProposalStatus,
    SignOff,
    Terms,
    ValidationPlan,
    ValidationStatus,
)
from portal import clock
from portal.errors import N_
from portal.house_rules import house_rules
from portal.metrics.waiting.kinds import (
    PER_KIND,
    Waiting,
    challenges,
    evaluates,
    leads,
    my_turns,
    own,
    plan_rows,
    still_open,
)
from portal.permissions import Action, Actor, Role
from portal.reviews.turns import facts_of
from portal.validation.rules import ENDED

_C = Challenge
_S = ChallengeStatus


def addenda(session: Session, actor: Actor) -> list[Waiting]:
    """Written by the other side, waiting for this side's word: the event remembers which hat was worn."""
    written_as = (
        select(Event.role)
        .where(Event.object_id == Addendum.id, Event.action == Action.PREPARE_ADDENDUM.value)
        .order_by(Event.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    enterprise = actor.role is Role.ENTERPRISE_ADMIN
    by_district = written_as == Role.OPERATOR.value
    side = [own(actor), by_district] if enterprise else [~by_district]
    query = (
        select(_C.id, _C.title, Addendum.prepared_at, _C.closes_at)
        .join(Addendum, Addendum.challenge_id == _C.id)
        .where(*side, still_open(), Addendum.published_at.is_(None), Addendum.prepared_by != actor.person_id)
        .order_by(Addendum.prepared_at)
        .limit(PER_KIND)
    )
    message = N_("Confirm the prepared addendum")
    return [
        Waiting(message, row.title, "challenge", row.id, row.prepared_at, row.closes_at)
        for row in session.execute(query)
    ]


def openings(session: Session, actor: Actor) -> list[Waiting]:
    """A key whose time ran out does not count: it is turned again."""
    enterprise = actor.role is Role.ENTERPRISE_ADMIN
    window = timedelta(minutes=house_rules(session).opening_window_minutes)
    turned = exists().where(
        OpeningKey.challenge_id == _C.id,
        OpeningKey.side == ("enterprise" if enterprise else "district"),
        OpeningKey.turned_at >= clock.now() - window,
    )
    where = [_C.status == _S.CLOSED, _C.opened_at.is_(None), ~turned, evaluates(actor)]
    return challenges(N_("Open the proposals with the other side"), *where, page="evaluation")(session)


def rankings(session: Session, actor: Actor) -> list[Waiting]:
    """To record, to agree to what the other side recorded, and for the operator to lock."""
    rows = [row for row, _turn in my_turns(session, actor, _C.status == _S.EVALUATING, evaluates(actor))]
    facts = facts_of(session, rows)
    agree, rank = N_("Agree to the ranking"), N_("Rank the proposals and lock the ranking")
    return [
        Waiting(
            agree if facts[row.id].ranked_by and not facts[row.id].is_agreed else rank,
            row.title,
            "evaluation",
            row.id,
            row.changed_at,
        )
        for row in rows
    ]


def contracts(session: Session, actor: Actor) -> list[Waiting]:
    """Recorded by the enterprise, then confirmed by the investigator."""
    message = N_("Confirm the signed contract")
    if actor.role is Role.ENTERPRISE_ADMIN:
        mine, message = evaluates(actor), N_("Record the signed contract")
    else:
        mine = exists().where(Proposal.challenge_id == _C.id, Proposal.status == ProposalStatus.AWARDED, leads(actor))
    rows = my_turns(session, actor, _C.status == _S.AWARDED, mine)
    return [Waiting(message, row.title, "evaluation", row.id, row.changed_at) for row, _turn in rows]


def terms(session: Session, actor: Actor) -> list[Waiting]:
    """The newest version for the proposal that is negotiated with; older ones and those who walked away are past."""
    enterprise = actor.role is Role.ENTERPRISE_ADMIN
    accepted = Terms.enterprise_accepted_at if enterprise else Terms.investigator_accepted_at
    newer = aliased(Terms)
    latest = ~exists().where(newer.proposal_id == Terms.proposal_id, newer.number > Terms.number)
    query = (
        select(_C.id, _C.title, Terms.written_at)
        .join(Terms, Terms.challenge_id == _C.id)
        .join(Proposal, Proposal.id == Terms.proposal_id)
        .where(
            evaluates(actor) if enterprise else leads(actor),
            accepted.is_(None),
            _C.status == _S.NEGOTIATING,
            Proposal.status == ProposalStatus.SHORTLISTED,
            latest,
        )
        .order_by(Terms.written_at)
        .limit(PER_KIND)
    )
    return [
        Waiting(N_("Read and accept the terms"), row.title, "evaluation", row.id, row.written_at)
        for row in session.execute(query)
    ]


def plans(session: Session, actor: Actor) -> list[Waiting]:
    plan = ValidationPlan
    enterprise = actor.role is Role.ENTERPRISE_ADMIN
    of_lead = and_(plan.lead_id == actor.person_id, plan.institute_id == actor.organisation_id)
    mine = plan.enterprise_id == actor.organisation_id if enterprise else of_lead
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
    cases.append((N_("Start the runs of the validation"), plan.status == ValidationStatus.PLAN_AGREED))
    if enterprise:
        past = and_(plan.status == ValidationStatus.RUNNING, plan.ends_on < clock.today())
        cases.append((N_("The last day of the runs has passed: record what is missing and lock the data"), past))
        cases.append((N_("Judge the locked data"), plan.status == ValidationStatus.DATA_LOCKED))
        cases.append((N_("Close the open actions"), plan.status == ValidationStatus.CONDITIONAL))
    return [row for message, case in cases for row in plan_rows(session, message, and_(mine, case))]


def runs(session: Session, actor: Actor) -> list[Waiting]:
    """For everybody of the enterprise while the runs last; afterwards only its admin is asked, to lock the data."""
    plan = ValidationPlan
    last = or_(plan.ends_on.is_(None), plan.ends_on >= clock.today())
    where = and_(plan.enterprise_id == actor.organisation_id, plan.status == ValidationStatus.RUNNING, last)
    return plan_rows(session, N_("Record the runs of the validation"), where)


def no_plan_yet(session: Session, actor: Actor) -> list[Waiting]:
    """After the contract: before it the contract itself is what waits, though a plan may be begun."""
    planned = exists().where(ValidationPlan.challenge_id == _C.id, ValidationPlan.status.not_in(ENDED))
    query = (
        select(_C.id, _C.title, Award.awarded_at)
        .join(Award, and_(Award.challenge_id == _C.id, Award.revoked_at.is_(None)))
        .join(Proposal, Proposal.id == Award.proposal_id)
        .where(
            _C.status == _S.AWARDED,
            Proposal.status == ProposalStatus.CONTRACTED,
            ~planned,
            or_(own(actor), leads(actor)),
        )
        .order_by(Award.awarded_at)
        .limit(PER_KIND)
    )
    message = N_("Write the validation plan")
    return [Waiting(message, row.title, "validations", None, row.awarded_at) for row in session.execute(query)]


def co_applications(session: Session, actor: Actor) -> list[Waiting]:
    query = (
        select(CoApplicant.invited_at, _C.title, _C.closes_at)
        .join(Proposal, Proposal.id == CoApplicant.proposal_id)
        .join(_C, _C.id == Proposal.challenge_id)
        .where(
            CoApplicant.organisation_id == actor.organisation_id,
            CoApplicant.status == CoApplicantStatus.INVITED,
            still_open(),
        )
        .order_by(_C.closes_at)
        .limit(PER_KIND)
    )
    message = N_("Answer an invitation to propose together")
    return [
        Waiting(message, row.title, "clearances", None, row.invited_at, row.closes_at) for row in session.execute(query)
    ]
