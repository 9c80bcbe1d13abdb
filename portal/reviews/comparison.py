"""The opened proposals side by side: what each promises for every metric against its limit, and for what sum."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ChallengeSection, ProposalStatus, SectionKey
from portal.challenges.queries import CriterionRow, MetricRow, metrics_of, rubric_of
from portal.permissions import Actor
from portal.proposals.content import Document, OpenedProposal, list_opened
from portal.reviews.access import get_evaluation
from portal.reviews.rules import Fit, fit


class Promise(NamedTuple):
    """One promised value, and how it stands to the limit."""

    value: Decimal | None
    fit: Fit


@dataclass(frozen=True)
class Column:
    """One proposal."""

    id: UUID
    institute: str
    lead: str
    status: ProposalStatus
    submitted_at: datetime
    promises: tuple[Promise, ...]  # in the order of the metrics
    missed: int  # mandatory limits that are not met
    is_over_budget: bool
    document: Document


@dataclass(frozen=True)
class Comparison:
    """Everything side by side; reading it is recorded for each proposal."""

    metrics: list[MetricRow]
    rubric: list[CriterionRow]
    budget_fen: int | None
    columns: list[Column]


def compare_proposals(session: Session, actor: Actor, challenge_id: UUID) -> Comparison:
    """Raises: NotFound, also before the opening."""
    challenge = get_evaluation(session, actor, challenge_id)
    metrics, budget = metrics_of(session, challenge.id), _budget(session, challenge.id)
    rows = list_opened(session, actor, challenge.id)
    return Comparison(
        metrics=metrics,
        rubric=rubric_of(session, challenge.id),
        budget_fen=budget,
        columns=[_column(row, metrics, budget) for row in rows],
    )


def _column(row: OpenedProposal, metrics: list[MetricRow], budget: int | None) -> Column:
    values = row.document.promises
    promises = tuple(
        Promise(values.get(metric.id), fit(values.get(metric.id), metric.lower, metric.upper)) for metric in metrics
    )
    missed = sum(
        1
        for metric, promise in zip(metrics, promises, strict=True)
        if metric.mandatory and promise.fit is not Fit.MEETS
    )
    return Column(
        id=row.id,
        institute=row.institute,
        lead=row.lead,
        status=row.status,
        submitted_at=row.submitted_at,
        promises=promises,
        missed=missed,
        is_over_budget=budget is not None and row.document.sum_fen > budget,
        document=row.document,
    )


def _budget(session: Session, challenge_id: UUID) -> int | None:
    """The enterprise's own figure; whoever compares may read every section."""
    query = select(ChallengeSection.content).where(
        ChallengeSection.challenge_id == challenge_id, ChallengeSection.key == SectionKey.BUDGET
    )
    content = session.scalar(query) or {}
    found = content.get("sum_fen")
    return int(found) if found else None
