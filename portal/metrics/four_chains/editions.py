"""Numbered editions: reference points and weights frozen together over the town-months of a base period."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Chain, Edition, EditionIndicator, EditionStatus, Snapshot
from portal import clock
from portal.errors import N_, Forbidden, Invalid, NotFound
from portal.events import record_event
from portal.metrics.four_chains.indicators import Indicator, of_chain
from portal.metrics.four_chains.months import Month, months_between
from portal.metrics.four_chains.scoring import score_all, values_by_month
from portal.metrics.four_chains.workflow import EDITION_WORKFLOW
from portal.metrics.rules import entropy_weights, normalise
from portal.organisations.places import towns
from portal.permissions import Action, Actor, authorize
from portal.texts import paragraphs
from portal.workflow import advance, require_version

LEAST_MONTHS = 6
"""Fewer town-months would let a single event decide a weight."""


class Point(NamedTuple):
    """Reference points and weight of one indicator."""

    indicator: Indicator
    low: float
    high: float
    weight: float


def prepare_edition(session: Session, actor: Actor, *, base_from: date, base_until: date, note: str = "") -> UUID:
    """Compute reference points and weights over a base period of frozen months; another person publishes them.

    `base_from` and `base_until` lie in its first and last month, both included.

    Raises: Forbidden, Invalid for a period out of order, too short, or with a month that is not frozen.
    """
    authorize(actor, Action.PREPARE_EDITION)
    months = _base_period(session, Month.of(base_from), Month.of(base_until))
    edition = Edition(
        number=(session.scalar(select(func.max(Edition.number))) or 0) + 1,
        status=EditionStatus.PREPARED,
        base_from=months[0].first,
        base_until=months[-1].first,
        note=paragraphs(note, 600, field="note"),
        prepared_by=actor.acting_person,
        prepared_at=clock.now(),
    )
    session.add(edition)
    session.flush()
    points = reference_points(session, [month.first for month in months])
    session.add_all(
        EditionIndicator(
            edition_id=edition.id,
            indicator=point.indicator.key,
            chain=point.indicator.chain,
            low=point.low,
            high=point.high,
            weight=point.weight,
        )
        for point in points
    )
    session.flush()
    record_event(session, actor, Action.PREPARE_EDITION, "edition", edition.id, to_status=EditionStatus.PREPARED)
    return edition.id


def publish_edition(session: Session, actor: Actor, *, edition_id: UUID, version: int | None) -> None:
    """Put the edition in force and score every frozen month by it; earlier editions stay to compare with.

    Raises: NotFound, Forbidden for who prepared it, Stale, NotPossibleNow.
    """
    edition = _locked(session, actor, Action.PUBLISH_EDITION, edition_id, version)
    if edition.prepared_by == actor.person_id:
        raise Forbidden(N_("Who prepared an edition does not publish it; please ask somebody else."))
    advance(session, actor, EDITION_WORKFLOW, edition, Action.PUBLISH_EDITION, with_it=_decided(actor))
    session.flush()
    score_all(session, edition.id)


def discard_edition(session: Session, actor: Actor, *, edition_id: UUID, version: int | None, reason: str) -> None:
    """Put a prepared edition away. Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid without a reason."""
    edition = _locked(session, actor, Action.DISCARD_EDITION, edition_id, version)
    advance(session, actor, EDITION_WORKFLOW, edition, Action.DISCARD_EDITION, reason=reason, with_it=_decided(actor))
    session.flush()


def reference_points(session: Session, months: Sequence[date]) -> list[Point]:
    """Smallest and largest value of each indicator over all town-months, and its entropy weight within its chain."""
    values = values_by_month(session, months)
    cells = [(month, town.code) for month in months for town in towns()]
    points: list[Point] = []
    for chain in Chain:
        indicators = of_chain(chain)
        columns = [[values[month].get((one.key, town), 0.0) for month, town in cells] for one in indicators]
        spans = [(min(column), max(column)) for column in columns]
        shares = [
            [normalise(value, *span, one.direction).value for value in column]
            for one, column, span in zip(indicators, columns, spans, strict=True)
        ]
        weights = entropy_weights([*zip(*shares, strict=True)]) if indicators else []
        points += [Point(one, *span, weight) for one, span, weight in zip(indicators, spans, weights, strict=True)]
    return points


def _base_period(session: Session, first: Month, last: Month) -> list[Month]:
    months = months_between(first, last)
    if len(months) < LEAST_MONTHS:
        raise Invalid(N_("The base period needs at least {least} months."), field="base_until", least=LEAST_MONTHS)
    frozen = set(session.scalars(select(Snapshot.month)))
    missing = [month for month in months if month.first not in frozen]
    if missing:
        raise Invalid(
            N_("The month that begins on {day} is not frozen yet; it cannot be part of the base period."),
            field="base_from" if missing[0] == months[0] else "base_until",
            day=missing[0].first,
        )
    return months


def _decided(actor: Actor) -> dict[str, Any]:
    return {"decided_by": actor.acting_person, "decided_at": clock.now()}


def _locked(session: Session, actor: Actor, action: Action, edition_id: UUID, version: int | None) -> Edition:
    authorize(actor, action)
    edition = session.get(Edition, edition_id, with_for_update=True)
    if edition is None:
        raise NotFound
    require_version(edition, version)
    return edition
