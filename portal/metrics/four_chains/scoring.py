"""From frozen values to the four scores of each town and month, by one edition's reference points and weights."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import Chain, ChainScore, Edition, EditionIndicator, EditionStatus, IndicatorValue, Snapshot
from portal.metrics.four_chains.indicators import indicator_of
from portal.metrics.rules import normalise
from portal.organisations.places import towns

Values = Mapping[tuple[str, str], float]
"""(indicator, town) → value of one month; absent is 0."""


def score_month(session: Session, month: date) -> None:
    """Score one frozen month by every published edition."""
    published = select(Edition.id).where(Edition.status == EditionStatus.PUBLISHED).order_by(Edition.number)
    for edition_id in session.scalars(published):
        score(session, edition_id, [month])


def score_all(session: Session, edition_id: UUID) -> None:
    """Score every frozen month by one edition."""
    score(session, edition_id, session.scalars(select(Snapshot.month).order_by(Snapshot.month)).all())


def score(session: Session, edition_id: UUID, months: Iterable[date]) -> None:
    """Write the scores of these months anew."""
    wanted = list(months)
    points = session.scalars(select(EditionIndicator).where(EditionIndicator.edition_id == edition_id)).all()
    session.execute(delete(ChainScore).where(ChainScore.edition_id == edition_id, ChainScore.month.in_(wanted)))
    by_month = values_by_month(session, wanted)
    session.add_all(
        _score(edition_id, month, town.code, points, by_month[month]) for month in wanted for town in towns()
    )
    session.flush()


def values_by_month(session: Session, months: Iterable[date]) -> dict[date, Values]:
    """The frozen values of these months."""
    query = select(
        IndicatorValue.month, IndicatorValue.indicator, IndicatorValue.town_code, IndicatorValue.value
    ).where(IndicatorValue.month.in_(list(months)))
    found: dict[date, dict[tuple[str, str], float]] = defaultdict(dict)
    for month, indicator, town, value in session.execute(query):
        found[month][indicator, town] = value
    return defaultdict(dict, found)


def _score(edition_id: UUID, month: date, town: str, points: Iterable[EditionIndicator], values: Values) -> ChainScore:
    scores = dict.fromkeys(Chain, 0.0)
    clipped = 0
    for point in points:
        indicator = indicator_of(point.indicator)
        if indicator is None:  # an edition of the past may know an indicator that is no longer measured
            continue
        share = normalise(values.get((point.indicator, town), 0.0), point.low, point.high, indicator.direction)
        scores[point.chain] += point.weight * share.value
        clipped += share.clipped
    limited = {chain.value: min(value, 1.0) for chain, value in scores.items()}
    return ChainScore(edition_id=edition_id, month=month, town_code=town, clipped=clipped, **limited)
