"""Reads on challenges: the list with its filters, and one challenge with what its reader may read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Challenge,
    ChallengeStatus,
    Organisation,
    RubricCriterion,
)
from portal import clock
from portal.challenges.access import get_challenge, visible_to
from portal.challenges.progress import has_reached, submitted_since
from portal.challenges.rules import BUDGET_BANDS
from portal.challenges.workflow import PUBLISHED
from portal.paging import COUNT_LIMIT, FILE_LIMIT, FILE_PART, first_row
from portal.permissions import Action, Actor, can
from portal.wording import searched

_C, _S = Challenge, ChallengeStatus

STATUS_GROUPS: dict[str, tuple[ChallengeStatus, ...]] = {
    "open": (_S.OPEN,),
    "paused": (_S.SUSPENDED,),
    "judging": (_S.CLOSED, _S.EVALUATING, _S.NEGOTIATING),
    "proving": (_S.AWARDED, _S.VALIDATING),
    "ended": (_S.SOLVED, _S.UNSOLVED, _S.NO_AWARD),
    "preparing": (_S.DRAFT, _S.SUBMITTED, _S.REFINING, _S.APPROVED),
    "stopped": (_S.REJECTED, _S.WITHDRAWN),
}
PUBLIC_GROUPS = tuple(name for name, statuses in STATUS_GROUPS.items() if set(statuses) <= PUBLISHED)

ORDERS: dict[str, tuple[Any, ...]] = {
    "closing": (_C.closes_at.asc().nulls_last(), _C.id),
    "newest": (_C.changed_at.desc(), _C.id),
    "budget": (_C.public_budget_fen.desc().nulls_last(), _C.id),
    "readiness": (_C.trl_wanted.asc().nulls_last(), _C.id),
}
"""The only ways to sort; anything else in the address means the first."""


@dataclass(frozen=True)
class ListFilter:
    """What the reader asks for; empty fields do not narrow, unknown words count as empty."""

    industry: str | None = None  # a division (C38) or a whole section (C) of GB/T 4754
    town: str | None = None
    trl: int | None = None
    band: str | None = None
    closes_before: date | None = None  # that day included, on a calendar in Hangzhou
    group: str | None = None
    text: str = ""
    mine: bool = False  # of the enterprise acted for, or assigned to the broker who asks
    reached: str = ""  # a step of the pipeline; asked by who reads the cockpit alone, ignored for others
    period: str = ""  # of the submission, likewise


class ChallengeRow(NamedTuple):
    """One card or line of the list; nothing here tells how many proposals there are."""

    id: UUID
    number: str
    title: str
    summary: str
    organisation: str
    status: ChallengeStatus
    industry_code: str | None
    town_code: str | None
    trl_wanted: int | None
    budget_fen: int | None
    closes_at: datetime | None


class ChallengePage(NamedTuple):
    rows: list[ChallengeRow]
    total: int  # stops at 1,001


class MetricRow(NamedTuple):
    """One acceptance metric."""

    id: UUID
    position: int
    name: str
    unit: str
    lower: Decimal | None
    upper: Decimal | None
    target: Decimal | None
    mandatory: bool
    method: str


class CriterionRow(NamedTuple):
    """One criterion of the rubric, its weight in per cent."""

    id: UUID
    position: int
    name: str
    weight: int
    description: str


def list_challenges(
    session: Session,
    actor: Actor,
    wanted: ListFilter | None = None,
    *,
    order: str = "closing",
    offset: int = 0,
    limit: int = 20,
) -> ChallengePage:
    """One page of the challenges that this actor sees; counting stops at 1,001."""
    where = _where(actor, wanted or ListFilter())
    total = session.scalar(
        select(func.count()).select_from(select(_C.id).where(*where).limit(COUNT_LIMIT + 1).subquery())
    )
    total, limit = total or 0, min(max(limit, 1), 100)
    rows = session.execute(list_query(where, order, first_row(offset, limit, total), limit))
    return ChallengePage([ChallengeRow(*row) for row in rows], total)


def every_challenge(
    session: Session, actor: Actor, wanted: ListFilter | None = None, *, order: str = "closing"
) -> Iterator[ChallengeRow]:
    """Every challenge of the list in its order, a few at a time: for a file."""
    query = list_query(_where(actor, wanted or ListFilter()), order, 0, FILE_LIMIT)
    return (ChallengeRow(*row) for row in session.execute(query.execution_options(yield_per=FILE_PART)))


def list_query(where: list[ColumnElement[bool]], order: str, offset: int, limit: int) -> Select[*tuple[Any, ...]]:
    """The one statement behind a page of the list.

    The ids of the page come first, from the covering index alone; sorting whole rows would cost ten times as much.
    """
    by = ORDERS.get(order, ORDERS["closing"])
    page = select(_C.id).where(*where).order_by(*by).offset(offset).limit(limit)
    return (
        select(
            _C.id,
            _C.number,
            _C.title,
            _C.summary,
            Organisation.name,
            _C.status,
            _C.industry_code,
            _C.town_code,
            _C.trl_wanted,
            _C.public_budget_fen,
            _C.closes_at,
        )
        .join(Organisation, Organisation.id == _C.organisation_id)
        .where(_C.id.in_(page))
        .order_by(*by)
    )


def metrics_of(session: Session, challenge_id: UUID) -> list[MetricRow]:
    """The acceptance metrics in their order; the caller has made sure that the reader sees the challenge."""
    query = select(AcceptanceMetric).where(AcceptanceMetric.challenge_id == challenge_id)
    return [
        MetricRow(row.id, row.position, row.name, row.unit, row.lower, row.upper, row.target, row.mandatory, row.method)
        for row in session.scalars(query.order_by(AcceptanceMetric.position))
    ]


def rubric_of(session: Session, challenge_id: UUID) -> list[CriterionRow]:
    """The rubric in its order; the caller has made sure that the reader sees the challenge."""
    query = select(RubricCriterion).where(RubricCriterion.challenge_id == challenge_id)
    return [
        CriterionRow(row.id, row.position, row.name, row.weight, row.description)
        for row in session.scalars(query.order_by(RubricCriterion.position))
    ]


def challenge_metrics(session: Session, actor: Actor, challenge_id: UUID) -> list[MetricRow]:
    """The acceptance metrics of a visible challenge. Raises: NotFound."""
    return metrics_of(session, get_challenge(session, actor, challenge_id).id)


def challenge_rubric(session: Session, actor: Actor, challenge_id: UUID) -> list[CriterionRow]:
    """The rubric of a visible challenge. Raises: NotFound."""
    return rubric_of(session, get_challenge(session, actor, challenge_id).id)


def _where(actor: Actor, wanted: ListFilter) -> list[ColumnElement[bool]]:
    """The conditions, each on an indexed column together with the status."""
    found = [visible_to(actor)]
    if statuses := STATUS_GROUPS.get(wanted.group or ""):
        found.append(_C.status.in_(statuses))
    if wanted.mine and actor.person_id is not None:
        found.append(_mine(actor))
    if can(actor, Action.READ_COCKPIT):
        # For others the answer would tell what is not published, such as a project that grows from a challenge.
        found += has_reached(wanted.reached) + submitted_since(wanted.period)
    if wanted.industry:
        found.append(_industry(wanted.industry))
    if wanted.town:
        found.append(_C.town_code == wanted.town)
    if wanted.trl is not None:
        found.append(_C.trl_wanted == wanted.trl)
    if wanted.band in BUDGET_BANDS:
        low, high = BUDGET_BANDS[wanted.band]
        found += [_C.public_budget_fen >= low] if low is not None else []
        found += [_C.public_budget_fen < high] if high is not None else []
    if wanted.closes_before is not None:
        day = wanted.closes_before
        # The year is bounded so that a date typed into the address cannot overflow.
        found.append(_C.closes_at < clock.from_local(min(day.year, 2999), day.month, day.day, 24))
    if text := searched(wanted.text):
        found.append(_C.title.icontains(text, autoescape=True) | (_C.number == text.upper()))
    return found


def _mine(actor: Actor) -> ColumnElement[bool]:
    if actor.organisation_id is not None and actor.role.value.startswith("enterprise"):
        return _C.organisation_id == actor.organisation_id
    return _C.broker_id == actor.person_id


def _industry(code: str) -> ColumnElement[bool]:
    if len(code) == 1:
        return (_C.industry_code >= code) & (_C.industry_code < chr(ord(code) + 1))
    return _C.industry_code == code
