"""Money and jobs of a project: every figure that was entered, and what they say together."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import FigureKind, LandingFigure, MoneySource, Person


class FigureRow(NamedTuple):
    """One figure as it was entered: fen for investment, persons for jobs."""

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
    """The newest figure of each kind and source, the sum of the money, then jobs; `figures` come newest first."""
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
    total = Standing(FigureKind.INVESTMENT, None, _sum(row.planned for row in money), _sum(row.actual for row in money))
    return [*money, total, jobs]


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
