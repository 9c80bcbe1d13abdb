"""The degree of coordination of the district and of each town, month by month, by one edition."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from statistics import fmean
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from db.models import Chain, ChainScore, Edition, EditionIndicator, EditionStatus, Person, Snapshot
from portal.errors import NotFound
from portal.metrics.four_chains.indicators import Indicator, measured
from portal.metrics.four_chains.workflow import EDITION_WORKFLOW
from portal.metrics.rules import Coordination, coupling_coordination
from portal.permissions import Action, Actor, authorize, can


class EditionRow(NamedTuple):
    """An edition for choosing and for its page; `actions` are what this reader may do with it."""

    id: UUID
    number: int
    status: EditionStatus
    base_from: date
    base_until: date
    note: str
    prepared_by: str
    prepared_at: datetime
    decided_by: str
    decided_at: datetime | None
    version: int
    actions: tuple[Action, ...]


class Weight(NamedTuple):
    """Reference points and weight of one indicator in one edition."""

    indicator: Indicator
    chain: Chain
    low: float
    high: float
    weight: float


class Degree(NamedTuple):
    """One month of a town, or of the district where `town_code` is empty; scores and degree lie in [0, 1]."""

    month: date
    town_code: str
    scores: Mapping[Chain, float]
    result: Coordination
    clipped: int


_decider = aliased(Person)


def list_editions(session: Session, actor: Actor) -> list[EditionRow]:
    """Every edition, the newest first. Raises: Forbidden."""
    authorize(actor, Action.READ_COCKPIT)
    query = (
        select(Edition, Person.name, _decider.name)
        .outerjoin(Person, Person.id == Edition.prepared_by)
        .outerjoin(_decider, _decider.id == Edition.decided_by)
        .order_by(Edition.number.desc())
    )
    return [_edition(actor, edition, by or "", decider or "") for edition, by, decider in session.execute(query)]


def _edition(actor: Actor, edition: Edition, prepared_by: str, decided_by: str) -> EditionRow:
    allowed = EDITION_WORKFLOW.allowed(actor, edition)
    if edition.prepared_by == actor.person_id:
        allowed = [action for action in allowed if action is not Action.PUBLISH_EDITION]
    return EditionRow(
        edition.id,
        edition.number,
        edition.status,
        edition.base_from,
        edition.base_until,
        edition.note,
        prepared_by,
        edition.prepared_at,
        decided_by,
        edition.decided_at,
        edition.version,
        tuple(allowed),
    )


def may_prepare(actor: Actor) -> bool:
    return can(actor, Action.PREPARE_EDITION)


def weights_of(session: Session, actor: Actor, edition_id: UUID) -> list[Weight]:
    """In the order of the indicators. Raises: Forbidden, NotFound."""
    require_edition(session, actor, edition_id)
    query = select(EditionIndicator).where(EditionIndicator.edition_id == edition_id)
    rows = {row.indicator: row for row in session.scalars(query)}
    known = [(one, rows[one.key]) for one in measured(rows)]
    return [Weight(one, row.chain, row.low, row.high, row.weight) for one, row in known]


def require_edition(session: Session, actor: Actor, edition_id: UUID) -> None:
    """Raises: Forbidden, NotFound for an unknown edition."""
    authorize(actor, Action.READ_COCKPIT)
    if session.get(Edition, edition_id) is None:
        raise NotFound


def frozen_months(session: Session, actor: Actor) -> list[date]:
    """The newest first. Raises: Forbidden."""
    authorize(actor, Action.READ_COCKPIT)
    return list(session.scalars(select(Snapshot.month).order_by(Snapshot.month.desc())))


def degrees_over_time(session: Session, actor: Actor, *, edition_id: UUID, town: str = "") -> list[Degree]:
    """Every frozen month of a town, or of the district, the oldest first. Raises: Forbidden, NotFound."""
    require_edition(session, actor, edition_id)
    query = _scores(edition_id)
    if town:
        query = query.where(ChainScore.town_code == town)
    by_month: dict[date, list[Degree]] = defaultdict(list)
    for degree in map(_degree, session.execute(query.order_by(ChainScore.month))):
        by_month[degree.month].append(degree)
    return [rows[0] if town else district(rows) for rows in by_month.values()]


def degrees_by_town(session: Session, actor: Actor, *, edition_id: UUID, month: date) -> list[Degree]:
    """Every town in one month, the highest degree first, towns without data last. Raises: Forbidden, NotFound."""
    require_edition(session, actor, edition_id)
    rows = [_degree(row) for row in session.execute(_scores(edition_id).where(ChainScore.month == month))]
    return sorted(rows, key=lambda row: (row.result.d is None, -(row.result.d or 0), -row.result.t, row.town_code))


def district(towns: Iterable[Degree]) -> Degree:
    """The district's scores are the means of its towns', each town the same: it is judged by no other scale."""
    rows = list(towns)
    scores = {chain: fmean(row.scores[chain] for row in rows) for chain in Chain}
    clipped = sum(row.clipped for row in rows)
    return Degree(rows[0].month, "", scores, coupling_coordination([*scores.values()]), clipped)


def _scores(edition_id: UUID) -> Select[date, str, float, float, float, float, int]:
    return select(
        ChainScore.month,
        ChainScore.town_code,
        ChainScore.talent,
        ChainScore.innovation,
        ChainScore.industry,
        ChainScore.capital,
        ChainScore.clipped,
    ).where(ChainScore.edition_id == edition_id)


def _degree(row: Row[date, str, float, float, float, float, int]) -> Degree:
    month, town, *values, clipped = row
    scores = dict(zip(Chain, values, strict=True))
    return Degree(month, town, scores, coupling_coordination(values), clipped)
