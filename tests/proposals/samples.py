"""An open challenge and the people around one answer to it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Challenge,
    ChallengeStatus,
    NdaVersion,
    OrganisationKind,
    ProposalSectionKey,
    Role,
    RubricCriterion,
)
from portal import clock
from portal.permissions import Actor
from portal.proposals.clearance import ask_clearance, clear_proposal
from portal.proposals.commands import draft_proposal, save_section
from portal.proposals.duties import cover_sheets_due
from portal.proposals.submission import Receipt, submit_proposal
from tests.factories import add_challenge, add_member, add_organisation

K = ProposalSectionKey
CANARY = "翠鸟暗号七三一"
"""Stands in every field of words of a complete draft, and nowhere else."""


@dataclass
class World:
    """One challenge with its parties; `enterprise` and `institute` are admins, the rest by role."""

    challenge_id: UUID
    metrics: list[UUID]
    criteria: list[UUID]
    enterprise_id: UUID
    institute_id: UUID
    enterprise: Actor
    member: Actor
    institute: Actor
    lead: Actor
    colleague: Actor


def add_world(session: Session, *, days: float = 30, **fields: Any) -> World:
    """An open challenge that closes in some days, with two metrics, two criteria and people on both sides."""
    enterprise, institute = add_organisation(session), add_organisation(session, OrganisationKind.INSTITUTE)
    now = clock.now()
    values = {
        "status": ChallengeStatus.OPEN,
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=days),
        "submitted_at": now - timedelta(days=9),
    }
    challenge = add_challenge(session, enterprise, **(values | fields))
    metrics = [
        AcceptanceMetric(
            challenge_id=challenge.id, position=1, name="针孔数", unit="个/km", upper=Decimal(3), mandatory=True
        ),
        AcceptanceMetric(
            challenge_id=challenge.id,
            position=2,
            name="漆膜厚度",
            unit="μm",
            lower=Decimal("1.5"),
            upper=Decimal("2.5"),
            mandatory=False,
        ),
    ]
    criteria = [
        RubricCriterion(challenge_id=challenge.id, position=1, name="可行性", weight=60),
        RubricCriterion(challenge_id=challenge.id, position=2, name="成本", weight=40),
    ]
    session.add_all([*metrics, *criteria])
    session.flush()
    return World(
        challenge_id=challenge.id,
        metrics=[row.id for row in metrics],
        criteria=[row.id for row in criteria],
        enterprise_id=enterprise.id,
        institute_id=institute.id,
        enterprise=add_member(session, Role.ENTERPRISE_ADMIN, enterprise),
        member=add_member(session, Role.ENTERPRISE_MEMBER, enterprise),
        institute=add_member(session, Role.INSTITUTE_ADMIN, institute),
        lead=add_member(session, Role.RESEARCHER, institute),
        colleague=add_member(session, Role.RESEARCHER, institute),
    )


def contents(world: World, word: str = CANARY) -> dict[ProposalSectionKey, dict[str, Any]]:
    """Every section filled in, the word in every text."""
    return {
        K.COVER: {"title": f"标题{word}", "sum_fen": "120 万元", "summary": f"摘要{word}"},
        K.PROMISES: {str(world.metrics[0]): "2.5", str(world.metrics[1]): "2.60"},
        K.APPROACH: {str(criterion): f"做法{word}" for criterion in world.criteria},
        K.READINESS: {"now": 4, "after": 7, "note": f"证据{word}"},
        K.ADVANTAGE: {"text": f"优势{word}", "gain": f"幅度{word}", "cost": f"成本{word}"},
        K.PLAN: {"text": f"计划{word}"},
        K.TEAM: {"text": f"团队{word}"},
        K.BUDGET: {"note": f"预算{word}"},
    }


def fill(session: Session, actor: Actor, world: World, proposal_id: UUID, word: str = CANARY) -> None:
    for key, content in contents(world, word).items():
        save_section(session, actor, proposal_id=proposal_id, key=key, content=content)


def complete(session: Session, world: World, *, lead: Actor | None = None, word: str = CANARY) -> UUID:
    """A draft that lacks nothing but clearance."""
    lead = lead or world.lead
    proposal_id = draft_proposal(session, lead, challenge_id=world.challenge_id)
    fill(session, lead, world, proposal_id, word)
    return proposal_id


def clear(session: Session, world: World, proposal_id: UUID, lead: Actor | None = None) -> None:
    ask_clearance(session, lead or world.lead, proposal_id=proposal_id)
    sheet = next(row for row in cover_sheets_due(session, world.institute) if row.proposal_id == proposal_id)
    clear_proposal(session, world.institute, proposal_id=proposal_id, digest=sheet.digest)


def submitted(session: Session, world: World, *, lead: Actor | None = None, word: str = CANARY) -> Receipt:
    proposal_id = complete(session, world, lead=lead, word=word)
    clear(session, world, proposal_id, lead)
    return submit_proposal(session, lead or world.lead, proposal_id=proposal_id)


def open_all(session: Session, world: World) -> None:
    """The deadline passed and both keys were turned."""
    challenge = the_challenge(session, world)
    challenge.status = ChallengeStatus.CLOSED
    challenge.closed_at = challenge.closes_at = clock.now()
    challenge.opened_at = clock.now()
    session.flush()


def the_challenge(session: Session, world: World) -> Challenge:
    return session.get_one(Challenge, world.challenge_id)


def add_nda(session: Session, world: World, number: int = 1) -> NdaVersion:
    version = NdaVersion(challenge_id=world.challenge_id, number=number, text="保密协议", written_at=clock.now())
    session.add(version)
    session.flush()
    return version


def count(session: Session, table: type) -> int:
    return len(session.scalars(select(table)).all())
