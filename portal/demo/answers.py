"""The stories of the proposals to one challenge: agreement, draft, partners, clearance, submission."""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AcceptanceMetric, Proposal, ProposalSectionKey, Role, RubricCriterion
from portal.challenges.nda import accept_nda
from portal.challenges.nda_queries import current_nda
from portal.demo.parties import Cast
from portal.permissions import Actor
from portal.proposals.clearance import ask_clearance, clear_proposal
from portal.proposals.commands import draft_proposal, save_section
from portal.proposals.partners import answer_co_application, invite_co_applicant
from portal.proposals.submission import submit_proposal

Story = Generator[datetime, None, None]
DAY = timedelta(days=1)
_K = ProposalSectionKey


def answer_stories(
    session: Session, cast: Cast, row: dict[str, Any], challenge_id: UUID, start: datetime, *, drafts: bool
) -> list[Story]:
    """One story for each proposal; where `drafts`, the last one of a challenge stays a draft."""
    last = len(row["proposals"]) - 1
    return [
        _answer(session, cast, row, proposal, challenge_id, start + (number + 1) * DAY, stays=drafts and number == last)
        for number, proposal in enumerate(row["proposals"])
    ]


def _answer(
    session: Session,
    cast: Cast,
    row: dict[str, Any],
    content: dict[str, Any],
    challenge_id: UUID,
    start: datetime,
    *,
    stays: bool,
) -> Story:
    lead = cast.one(content["institute"], Role.RESEARCHER, int(row["key"][1:]))
    yield start
    nda = current_nda(session, challenge_id)
    if nda is not None:
        accept_nda(session, lead, challenge_id=challenge_id, nda_version_id=nda.id)
    proposal_id = draft_proposal(session, lead, challenge_id=challenge_id)
    proposal = session.get(Proposal, proposal_id)
    assert proposal is not None
    proposal.is_demo = True
    session.flush()
    for key, words in _sections(session, challenge_id, content).items():
        save_section(session, lead, proposal_id=proposal_id, key=key, content=words)
    if stays:
        return
    yield start + 2 * DAY
    partners = [key for key in content["co_applicants"] if key != content["institute"]]
    for key in partners:
        organisation_id = cast.organisations[key].id
        invite_co_applicant(
            session, lead, proposal_id=proposal_id, organisation_id=organisation_id, part="承担测试与数据分析工作。"
        )
    yield start + 3 * DAY
    for key in partners:
        answer_co_application(session, cast.one(key, Role.INSTITUTE_ADMIN), proposal_id=proposal_id, confirm=True)
    ask_clearance(session, lead, proposal_id=proposal_id)
    yield start + 4 * DAY
    _clear(session, cast.one(content["institute"], Role.INSTITUTE_ADMIN), proposal_id)
    yield start + 5 * DAY
    submit_proposal(session, lead, proposal_id=proposal_id)


def _clear(session: Session, admin: Actor, proposal_id: UUID) -> None:
    digest = session.scalars(select(Proposal.clearance_asked_digest).where(Proposal.id == proposal_id)).one()
    clear_proposal(session, admin, proposal_id=proposal_id, digest=digest or "")


def _sections(
    session: Session, challenge_id: UUID, content: dict[str, Any]
) -> dict[ProposalSectionKey, dict[str, Any]]:
    metrics = session.scalars(
        select(AcceptanceMetric.id)
        .where(AcceptanceMetric.challenge_id == challenge_id)
        .order_by(AcceptanceMetric.position)
    ).all()
    criteria = session.execute(
        select(RubricCriterion.id, RubricCriterion.name)
        .where(RubricCriterion.challenge_id == challenge_id)
        .order_by(RubricCriterion.position)
    ).all()
    texts = (content["approach"], content["advantage"], content["plan"], content["team"])
    return {
        _K.COVER: {
            "title": content["title"],
            "summary": content["approach"][:300],
            "sum_fen": f"{content['sum_wan']:g} 万元",
        },
        _K.PROMISES: {
            str(metric_id): f"{value:g}" for metric_id, value in zip(metrics, content["promises"], strict=True)
        },
        _K.APPROACH: {
            str(criterion.id): f"{criterion.name}：{texts[place % len(texts)]}"
            for place, criterion in enumerate(criteria)
        },
        _K.READINESS: {
            "now": content["readiness_now"],
            "after": content["readiness_after"],
            "note": content["readiness_note"],
        },
        _K.ADVANTAGE: {"text": content["advantage"], "gain": "", "cost": ""},
        _K.PLAN: {"text": content["plan"]},
        _K.TEAM: {"text": content["team"]},
        _K.BUDGET: {"note": content["budget_note"]},
    }
