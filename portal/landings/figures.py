"""Money and jobs of a project: every figure that was entered, and what they say together."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import FigureKind, LandingFigure, MoneySource, Person


class FigureRow(NamedTuple):
    """One figure as it was entered: fen for investment and output, persons for jobs."""

    kind: FigureKind
    is_plan: bool
    source: MoneySource | None
    amount: int
    as_of: date
    entered_by: str
    entered_at: datetime


class Standing(NamedTuple):
    """Planned against actual for one kind and source; None where nothing was entered. A None source sums a kind."""

    kind: FigureKind
    source: MoneySource | None
    planned: int | None
    actual: int | None


def figures_of(session: Session, landing_id: UUID) -> list[FigureRow]:
    """Newest first."""
    query = (
        select(LandingFigure, Person.name)
        .join(Person, Person.id == LandingFigure.entered_by)
        .where(LandingFigure.landing_id == landing_id)
        .order_by(LandingFigure.as_of.desc(), LandingFigure.entered_at.desc(), LandingFigure.id)
    )
    return [
        FigureRow(row.kind, row.is_plan, row.source, row.amount, row.as_of, person, row.entered_at)
        for row, person in session.execute(query)
    ]


def standing_of(figures: Sequence[FigureRow]) -> list[Standing]:
    """The newest figure of each kind and source, the sum of the money, jobs, output; `figures` come newest first.

    Output is that of the last year with a figure; a plan for another year is not held against it.
    """
    newest: dict[tuple[FigureKind, MoneySource | None, bool], int] = {}
    for row in figures:
        newest.setdefault((row.kind, row.source, row.is_plan), row.amount)
    by_source = [
        Standing(
            FigureKind.INVESTMENT,
            source,
            *(newest.get((FigureKind.INVESTMENT, source, plan)) for plan in (True, False)),
        )
        for source in MoneySource
    ]
    money = [row for row in by_source if (row.planned, row.actual) != (None, None)]
    jobs = Standing(FigureKind.JOBS, None, *(newest.get((FigureKind.JOBS, None, plan)) for plan in (True, False)))
    years = output_by_year(figures)
    output = [Standing(FigureKind.OUTPUT, None, years[-1].planned, years[-1].actual)] if years else []
    total = Standing(FigureKind.INVESTMENT, None, _sum(row.planned for row in money), _sum(row.actual for row in money))
    return [*money, total, jobs, *output]


class YearOutput(NamedTuple):
    """Output of one year in fen, planned against actual; None where nothing was entered."""

    year: int
    planned: int | None
    actual: int | None


def output_by_year(figures: Iterable[FigureRow]) -> list[YearOutput]:
    """In the order of years; within a year the newest figure counts, and `figures` come newest first."""
    newest: dict[tuple[int, bool], int] = {}
    for row in figures:
        if row.kind is FigureKind.OUTPUT:
            newest.setdefault((row.as_of.year, row.is_plan), row.amount)
    years = sorted({year for year, _plan in newest})
    return [YearOutput(year, newest.get((year, True)), newest.get((year, False))) for year in years]


class DayMoney(NamedTuple):
    """All investment up to one day, in fen: actual by source, and the sum that was planned for then."""

    day: date
    actual: dict[MoneySource, int]
    planned: int | None

    @property
    def total(self) -> int:
        return sum(self.actual.values())


def money_over_time(figures: Sequence[FigureRow]) -> list[DayMoney]:
    """A row for each day with a figure, oldest first: what each source had given by then, and the plan by then."""
    rows = [row for row in _oldest_first(figures) if row.kind is FigureKind.INVESTMENT and row.source is not None]
    actual: dict[MoneySource, int] = {}
    planned: dict[MoneySource, int] = {}
    found: dict[date, DayMoney] = {}
    for row in rows:
        assert row.source is not None
        (planned if row.is_plan else actual)[row.source] = row.amount
        found[row.as_of] = DayMoney(row.as_of, dict(actual), sum(planned.values()) if planned else None)
    return list(found.values())


class DayJobs(NamedTuple):
    """Jobs on one day; None where nothing was entered up to then."""

    day: date
    planned: int | None
    actual: int | None


def jobs_over_time(figures: Sequence[FigureRow]) -> list[DayJobs]:
    """A row for each day with a figure, oldest first."""
    now: dict[bool, int] = {}
    found: dict[date, DayJobs] = {}
    for row in _oldest_first(figures):
        if row.kind is FigureKind.JOBS:
            now[row.is_plan] = row.amount
            found[row.as_of] = DayJobs(row.as_of, now.get(True), now.get(False))
    return list(found.values())


def _oldest_first(figures: Sequence[FigureRow]) -> list[FigureRow]:
    return sorted(figures, key=lambda row: (row.as_of, row.entered_at))


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
