"""Pure checks on landings: who stands where, which stage comes next, what a figure may be."""

from datetime import date, timedelta
from unicodedata import normalize

from db.models import FigureKind, Landing, LandingCategory, LandingLane, MoneySource
from portal.errors import N_, Invalid
from portal.permissions import Actor, Side
from portal.wording import parse_money, parse_number

MAX_JOBS = 1_000_000
OVERRUN = N_("The present stage takes longer than usual.")
"""The clock's reason for a flag: a message id, worded when it is shown."""


def sides(actor: Actor, landing: Landing) -> frozenset[Side]:
    """The sides of a landing project that somebody is on."""
    if actor.organisation_id is not None and actor.organisation_id in (landing.enterprise_id, landing.institute_id):
        return frozenset({Side.OWN})
    return frozenset()


def require_lane(category: LandingCategory, lane: LandingLane) -> None:
    """A talent project has no site and no construction. Raises: Invalid."""
    if category is LandingCategory.TALENT and lane is not LandingLane.LIGHT:
        raise Invalid(N_("A talent project uses the light lane."), field="lane")


def require_past(day: date, today: date, *, field: str) -> None:
    """Raises: Invalid for a day that has not come yet."""
    if day > today:
        raise Invalid(N_("This day lies in the future; only what has happened can be recorded."), field=field)


def require_order(day: date, previous: date) -> None:
    """Raises: Invalid for a stage reached before the one before it."""
    if day < previous:
        raise Invalid(
            N_("The stage before was reached on {day}; this one cannot be earlier."), field="happened_on", day=previous
        )


def is_overrun(since: date, today: date, norm_days: int) -> bool:
    """Whether a stage lasts longer than its norm; the last day of the norm is still within."""
    return today - since > timedelta(days=norm_days)


def require_source(kind: FigureKind, source: MoneySource | None) -> None:
    """Money comes from somewhere, jobs do not. Raises: Invalid."""
    if kind is FigureKind.INVESTMENT and source is None:
        raise Invalid(N_("Please say where the money comes from."), field="source")
    if kind is FigureKind.JOBS and source is not None:
        raise Invalid(N_("Jobs have no source of money."), field="source")


def parse_amount(kind: FigureKind, text: str) -> int:
    """Money as fen (`1200` means 万元, `3000 元` yuan), jobs as whole persons; zero is a figure too.

    Raises: Invalid.
    """
    plain = normalize("NFKC", text).strip()
    if kind is FigureKind.INVESTMENT:
        return 0 if plain.rstrip("万亿元 ") in ("0", "0.0", "0.00") else parse_money(plain, field="amount")
    people = parse_number(plain, field="amount")
    if people != people.to_integral_value() or not 0 <= people <= MAX_JOBS:
        raise Invalid(N_("Jobs are whole persons, from 0 to {most}."), field="amount", most=MAX_JOBS)
    return int(people)
