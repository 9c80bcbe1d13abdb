"""From a score down to what made it: the indicators of a chain, then the records of an indicator."""

from collections.abc import Callable
from datetime import date
from statistics import fmean
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import Chain, Challenge, EditionIndicator, IndicatorValue, Landing, Snapshot, Talent, ValidationPlan
from portal.challenges import access as challenges
from portal.errors import NotFound
from portal.landings import access as landings
from portal.metrics.four_chains.degrees import require_edition
from portal.metrics.four_chains.indicators import Indicator, indicator_of, measured
from portal.metrics.four_chains.months import Month
from portal.metrics.four_chains.snapshots import values_of
from portal.metrics.four_chains.sources import Rows
from portal.metrics.rules import normalise
from portal.organisations.places import is_town, towns
from portal.paging import first_row
from portal.permissions import Action, Actor, authorize
from portal.talents import access as talents
from portal.talents.rules import LOGGED_READERS
from portal.talents.suppression import FEWEST
from portal.validation import access as validations


class Part(NamedTuple):
    """What one indicator gives to the score of its chain.

    `value` is in the indicator's unit, of the district the sum over its towns (for a ratio their mean); `share` is
    where it lies between the reference points, of the district the mean; `gives` is weight × share.
    None where a small number of persons would be told.
    """

    indicator: Indicator
    value: float | None
    low: float
    high: float
    share: float | None
    weight: float
    gives: float | None
    clipped: int


class Evidence(NamedTuple):
    """A record behind an indicator; `amount` in the indicator's unit, summed where a record counts several times."""

    object_id: UUID
    title: str
    amount: float


class Records(NamedTuple):
    """One page of the records the reader may see; `hidden` more count in the figure. `now` is the value by the records
    as they stand today, `frozen` what the month was frozen with. None where a small number of persons would be told,
    and for `frozen` before the month is frozen."""

    rows: list[Evidence]
    total: int
    hidden: int | None
    now: float | None
    frozen: float | None
    is_frozen: bool


def parts_of(
    session: Session, actor: Actor, *, edition_id: UUID, month: date, chain: Chain, town: str = ""
) -> list[Part]:
    """The indicators of a chain in a frozen month by an edition, in their order. Raises: Forbidden, NotFound."""
    require_edition(session, actor, edition_id)
    points = session.scalars(
        select(EditionIndicator).where(EditionIndicator.edition_id == edition_id, EditionIndicator.chain == chain)
    )
    by_key = {point.indicator: point for point in points}
    values = _frozen(session, month, by_key)
    parts: list[Part] = []
    for indicator in measured(by_key):
        point = by_key[indicator.key]
        found = [values.get((indicator.key, code), 0.0) for code in _codes(town)]
        shares = [normalise(value, point.low, point.high, indicator.direction) for value in found]
        share = fmean(one.value for one in shares)
        value = fmean(found) if indicator.over else sum(found)
        clipped = sum(one.clipped for one in shares)
        told = (value, share, point.weight * share) if _may_be_told(actor, indicator, value, town) else (None,) * 3
        parts.append(Part(indicator, told[0], point.low, point.high, told[1], point.weight, told[2], clipped))
    return parts


def _may_be_told(actor: Actor, indicator: Indicator, value: float, town: str) -> bool:
    """Of persons, whoever may not see them reads the district's count alone, and not a small one.

    With the counts of towns beside it, what is hidden could be found by subtracting.
    """
    if not indicator.is_personal or actor.role in LOGGED_READERS:
        return True
    return not town and not 0 < value < FEWEST


def _codes(town: str) -> list[str]:
    return [town] if town else [place.code for place in towns()]


def _frozen(session: Session, month: date, keys: Any) -> dict[tuple[str, str], float]:
    query = select(IndicatorValue.indicator, IndicatorValue.town_code, IndicatorValue.value).where(
        IndicatorValue.month == month, IndicatorValue.indicator.in_(list(keys))
    )
    return {(key, code): value for key, code, value in session.execute(query)}


def records_of(
    session: Session, actor: Actor, *, key: str, month: date, town: str = "", offset: int = 0, limit: int = 20
) -> Records:
    """The records that an indicator counts in a month, as far as the reader may see them, the largest first.

    Raises: Forbidden, NotFound for an unknown indicator or town.
    """
    authorize(actor, Action.READ_COCKPIT)
    indicator = indicator_of(key)
    if indicator is None or (town and not is_town(town)):
        raise NotFound
    found = indicator.rows(Month.of(month)).subquery()
    amount = func.sum(found.c.amount)
    counted = (
        select(found.c.object_id, amount.label("amount"))
        .where(found.c.town_code.in_(_codes(town)))
        .group_by(found.c.object_id)
        .subquery()
    )
    every = session.scalar(select(func.count()).select_from(counted)) or 0
    visible = TITLES[indicator.page](actor).join(counted, counted.c.object_id == RECORD_IDS[indicator.page])
    total = session.scalar(select(func.count()).select_from(visible.subquery())) or 0
    page = (
        visible.add_columns(counted.c.amount)
        .order_by(counted.c.amount.desc(), RECORD_IDS[indicator.page])
        .offset(first_row(offset, limit, total))
        .limit(limit)
    )
    rows = [Evidence(object_id, title, float(sum_)) for object_id, title, sum_ in session.execute(page)]
    now, frozen = _values(session, indicator, month, town)
    is_frozen = frozen is not None
    if not _may_be_told(actor, indicator, now, town) or not _may_be_told(actor, indicator, frozen or 0, town):
        return Records(rows, total, None, None, None, is_frozen)
    return Records(rows, total, every - total, now, frozen, is_frozen)


def _values(session: Session, indicator: Indicator, month: date, town: str) -> tuple[float, float | None]:
    """By the records of today, and as frozen; of the district as in `Part`."""
    codes = _codes(town)
    gather: Callable[[list[float]], float] = fmean if indicator.over else sum
    live = values_of(session, indicator, Month.of(month))
    now = gather([live.get(code, 0.0) for code in codes])
    frozen = _frozen(session, month, [indicator.key])
    if not frozen and not _is_frozen(session, month):
        return now, None
    return now, gather([frozen.get((indicator.key, code), 0.0) for code in codes])


def _is_frozen(session: Session, month: date) -> bool:
    return session.get(Snapshot, Month.of(month).first) is not None


def _challenges(actor: Actor) -> Rows:
    return select(Challenge.id, Challenge.title).where(challenges.visible_to(actor))


def _landings(actor: Actor) -> Rows:
    return select(Landing.id, Landing.title).where(landings.visible_to(actor))


def _validations(actor: Actor) -> Rows:
    return (
        select(ValidationPlan.id, Challenge.title)
        .join(Challenge, Challenge.id == ValidationPlan.challenge_id)
        .where(validations.visible_to(actor))
    )


def _talents(actor: Actor) -> Rows:
    """By number: a name is read on the record, where the reading is recorded."""
    return select(Talent.id, Talent.number).where(talents.details_to(actor))


TITLES: dict[str, Callable[[Actor], Rows]] = {
    "challenge": _challenges,
    "landing": _landings,
    "talent": _talents,
    "validation": _validations,
}
RECORD_IDS: dict[str, ColumnElement[UUID]] = {
    "challenge": Challenge.__table__.c.id,
    "landing": Landing.__table__.c.id,
    "talent": Talent.__table__.c.id,
    "validation": ValidationPlan.__table__.c.id,
}
