"""Months frozen by the clock: every indicator of every town, once, as the records stood when the month was over."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Challenge, IndicatorValue, LandingStep, Snapshot
from portal import clock
from portal.events import record_event
from portal.ids import stable_id
from portal.metrics.four_chains.indicators import INDICATORS, Indicator
from portal.metrics.four_chains.months import Month, months_between
from portal.metrics.four_chains.scoring import score_month
from portal.metrics.four_chains.sources import Rows
from portal.organisations.places import towns
from portal.permissions import CLOCK, Action, authorize

LONGEST_HISTORY = 120  # months


def values_of(session: Session, indicator: Indicator, month: Month) -> dict[str, float]:
    """The indicator of each town as the records stand now; towns that have nothing are left out."""
    totals = _by_town(session, indicator.rows(month))
    if indicator.over is None:
        return totals
    divisors = _by_town(session, indicator.over(month))
    return {town: total / divisors[town] for town, total in totals.items() if divisors.get(town)}


def _by_town(session: Session, rows: Rows) -> dict[str, float]:
    """Records that name no town of the district count in none."""
    found = rows.subquery()
    query = select(found.c.town_code, func.sum(found.c.amount)).group_by(found.c.town_code)
    known = {place.code for place in towns()}
    return {town: float(total) for town, total in session.execute(query) if town in known and total}


def months_to_freeze(session: Session) -> list[Month]:
    """Every month that is over and not frozen, since the portal's oldest record, at most ten years back."""
    last = Month.before_this()
    first = _first_month(session)
    if first is None:
        return []
    frozen = set(session.scalars(select(Snapshot.month)))
    first = max(first, last.shift(1 - LONGEST_HISTORY))
    return [month for month in months_between(first, last) if month.first not in frozen]


def _first_month(session: Session) -> Month | None:
    submitted = session.scalar(select(func.min(Challenge.opens_at)))
    happened = session.scalar(select(func.min(LandingStep.happened_on)))
    days: list[date] = [happened] if happened else []
    if submitted is not None:
        days.append(clock.local(submitted).date())
    return Month.of(min(days)) if days else None


def freeze_month(session: Session, month: Month) -> None:
    """Keep what the month came to, and score it by every published edition; what is entered later changes no past."""
    authorize(CLOCK, Action.FREEZE_MONTH)
    session.add(Snapshot(month=month.first, frozen_at=clock.now()))
    session.flush()
    values: dict[str, Mapping[str, float]] = {one.key: values_of(session, one, month) for one in INDICATORS}
    session.add_all(
        IndicatorValue(month=month.first, indicator=key, town_code=town, value=value)
        for key, by_town in values.items()
        for town, value in by_town.items()
    )
    session.flush()
    score_month(session, month.first)
    name = f"{month.first:%Y-%m}"
    record_event(session, CLOCK, Action.FREEZE_MONTH, "snapshot", stable_id(f"snapshot:{name}"), fields=(name,))


def freeze_due(session: Session) -> int:
    """Freeze every month that is due, the oldest first; returns how many."""
    due = months_to_freeze(session)
    for month in due:
        freeze_month(session, month)
    return len(due)
