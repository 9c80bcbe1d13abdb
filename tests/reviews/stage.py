"""A closed challenge with sealed proposals and everybody who evaluates them, and the way to each later state."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Challenge,
    ChallengeSection,
    ChallengeStatus,
    Disclosure,
    Organisation,
    OrganisationKind,
    Proposal,
    ProposalStatus,
    ProposalSubmission,
    ReplyReason,
    Role,
    RubricCriterion,
    SectionKey,
    Terms,
)
from portal import clock
from portal.permissions import Actor
from portal.proposals.content import seal_json, submission_place
from portal.reviews import commands
from portal.reviews.rules import RankEntry
from portal.seal import ProposalKey, new_wrapped_key
from tests.factories import add_challenge, add_member, add_organisation

CANARY = "琥珀金丝雀"
BUDGET_FEN = 300 * 10**6


@dataclass
class Stage:
    """Who and what a test plays with; ids stay valid across sessions."""

    challenge: Challenge
    enterprise: Organisation
    admin: Actor
    operator: Actor
    approver: Actor
    leads: list[Actor] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)


def set_stage(
    session: Session, proposals: int = 3, *, status: ChallengeStatus = ChallengeStatus.CLOSED, **fields: Any
) -> Stage:
    """Closed an hour ago, so many sealed proposals of as many institutes."""
    enterprise = add_organisation(session)
    now = clock.now()
    values = {
        "status": status,
        "opens_at": now - timedelta(days=30),
        "closes_at": now - timedelta(hours=1),
        "closed_at": now - timedelta(hours=1),
        "submitted_at": now - timedelta(days=40),
    }
    challenge = add_challenge(session, enterprise, **(values | fields))
    metric = AcceptanceMetric(
        challenge_id=challenge.id, position=1, name="厚度", unit="μm", lower=Decimal("4.0"), upper=Decimal("5.0")
    )
    criterion = RubricCriterion(challenge_id=challenge.id, position=1, name="可行性", weight=100)
    budget = ChallengeSection(
        challenge_id=challenge.id,
        key=SectionKey.BUDGET,
        disclosure=Disclosure.NDA,
        content={"sum_fen": BUDGET_FEN, "source": "自筹", "note": ""},
        changed_at=now,
    )
    session.add_all([metric, criterion, budget])
    session.flush()
    stage = Stage(
        challenge=challenge,
        enterprise=enterprise,
        admin=add_member(session, Role.ENTERPRISE_ADMIN, enterprise),
        operator=add_member(session, Role.OPERATOR),
        approver=add_member(session, Role.APPROVER),
    )
    for place in range(proposals):
        lead = add_member(session, Role.RESEARCHER, add_organisation(session, OrganisationKind.INSTITUTE))
        stage.leads.append(lead)
        stage.proposals.append(add_proposal(session, challenge, lead, place, metric.id, criterion.id))
    return stage


def add_proposal(
    session: Session, challenge: Challenge, lead: Actor, place: int, metric: Any, criterion: Any
) -> Proposal:
    """A submitted one; the promised thickness is 4.5, 5.0, 5.5, 6.0, … by its place."""
    now, ids = clock.now(), uuid4()
    proposal = Proposal(
        id=ids,
        challenge_id=challenge.id,
        institute_id=lead.organisation_id,
        lead_id=lead.person_id,
        status=ProposalStatus.SUBMITTED,
        wrapped_key=new_wrapped_key(str(ids)),
        submission_number=1,
        created_at=now,
        changed_at=now,
    )
    session.add(proposal)
    session.flush()
    row = ProposalSubmission(
        id=uuid4(),
        proposal_id=proposal.id,
        number=1,
        content_hash="0" * 64,
        submitted_by=lead.person_id,
        submitted_at=now - timedelta(hours=2, minutes=-place),
    )
    key = ProposalKey(proposal.wrapped_key, str(proposal.id))
    row.content = seal_json(key, document(place, str(metric), str(criterion)), submission_place(row.id))
    session.add(row)
    session.flush()
    return proposal


def document(place: int, metric: str, criterion: str) -> dict[str, Any]:
    return {
        "sections": {
            "cover": {"title": f"{CANARY}方案{place}", "sum_fen": (200 + 100 * place) * 10**6, "summary": "摘要"},
            "promises": {metric: str(Decimal("4.5") + Decimal("0.5") * place)},
            "approach": {criterion: "分三步"},
            "readiness": {"now": 4, "after": 7, "note": "中试"},
            "advantage": {"text": "更薄", "gain": "20 %", "cost": "持平"},
            "plan": {"text": "十二个月"},
            "team": {"text": "八人"},
            "budget": {"note": ""},
        },
        "members": [],
        "co_applicants": [],
        "files": [],
    }


def opened(session: Session, proposals: int = 3) -> Stage:
    stage = set_stage(session, proposals)
    assert commands.turn_opening_key(session, stage.admin, challenge_id=stage.challenge.id) is False
    assert commands.turn_opening_key(session, stage.operator, challenge_id=stage.challenge.id) is True
    return stage


def evaluating(session: Session, proposals: int = 3) -> Stage:
    stage = opened(session, proposals)
    for proposal in stage.proposals:
        commands.accept_eligible(session, stage.operator, proposal_id=proposal.id)
    commands.evaluate_challenge(session, stage.operator, challenge_id=stage.challenge.id)
    return stage


def entries(stage: Stage, *order: int) -> list[RankEntry]:
    """The first index is the best proposal."""
    order = order or tuple(range(len(stage.proposals)))
    return [RankEntry(stage.proposals[index].id, rank, f"理由{rank}") for rank, index in enumerate(order, 1)]


def ranked(session: Session, proposals: int = 3) -> Stage:
    stage = evaluating(session, proposals)
    commands.record_ranking(session, stage.operator, challenge_id=stage.challenge.id, entries=entries(stage))
    commands.agree_ranking(session, stage.admin, challenge_id=stage.challenge.id)
    return stage


def negotiating(session: Session, proposals: int = 3, reserves: int = 0) -> Stage:
    stage = ranked(session, proposals)
    commands.shortlist_challenge(session, stage.operator, challenge_id=stage.challenge.id, reserves=reserves)
    return stage


def agree_terms(session: Session, stage: Stage, winner: int = 0) -> Terms:
    terms_id = commands.write_terms(
        session, stage.operator, challenge_id=stage.challenge.id, sum_fen=250 * 10**6, text="三期付款"
    )
    commands.accept_terms(session, stage.admin, terms_id=terms_id)
    commands.accept_terms(session, stage.leads[winner], terms_id=terms_id)
    return session.get_one(Terms, terms_id)


def reply_to_all(session: Session, stage: Stage, *but: int) -> None:
    for index, proposal in enumerate(stage.proposals):
        if index not in but:
            commands.prepare_reply(
                session, stage.operator, proposal_id=proposal.id, code=ReplyReason.OUTRANKED, text=f"答复{index}"
            )


def awardable(session: Session, proposals: int = 3) -> Stage:
    stage = negotiating(session, proposals)
    agree_terms(session, stage)
    reply_to_all(session, stage, 0)
    return stage


def prepared(session: Session, proposals: int = 3) -> tuple[Stage, Any]:
    stage = awardable(session, proposals)
    return stage, commands.prepare_award(session, stage.operator, challenge_id=stage.challenge.id)


def awarded(session: Session, proposals: int = 3) -> Stage:
    stage, decision_id = prepared(session, proposals)
    commands.decide_award(session, stage.approver, decision_id=decision_id, approve=True)
    return stage


def statuses(session: Session, stage: Stage) -> list[ProposalStatus]:
    query = select(Proposal.id, Proposal.status).where(Proposal.challenge_id == stage.challenge.id)
    found = dict(session.execute(query).all())
    return [found[proposal.id] for proposal in stage.proposals]
