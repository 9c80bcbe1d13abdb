"""Other views of the list: a board by stage, the projects' stages on a time line, and towns on a map."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from db.models import FigureKind, Landing, LandingFigure, LandingLane, LandingStage, LandingStep
from portal import clock
from portal.landings.access import full_to
from portal.landings.filters import LandingFilter, conditions
from portal.landings.queries import LandingRow, completed, list_landings, rows_for
from portal.landings.workflow import ENDS, LANES
from portal.permissions import Actor

_L = Landing
IN_A_COLUMN = 6


class Column(NamedTuple):
    """One stage of a lane: how many projects stand in it, and the ones that changed last."""

    stage: LandingStage
    total: int
    rows: list[LandingRow]


class Board(NamedTuple):
    """Each lane with its stages in order, and how many projects ended, by how."""

    lanes: dict[LandingLane, list[Column]]
    ended: dict[LandingStage, int]


class Span(NamedTuple):
    """The time that a project stood in one stage; the present one lasts until today."""

    stage: LandingStage
    start: date
    end: date


class Timeline(NamedTuple):
    """Projects of one page with their spans; without spans those of which the reader knows the present stage alone."""

    rows: list[tuple[LandingRow, list[Span]]]
    total: int  # stops at 1,001


class TownLandings(NamedTuple):
    """The projects of one town that this reader sees; the actual investment (fen) of those seen as a whole."""

    town_code: str
    total: int
    invested_fen: int


def landing_board(session: Session, actor: Actor, wanted: LandingFilter | None = None) -> Board:
    """Counts by lane and stage, and the last projects of each that is not empty."""
    where = conditions(actor, wanted or LandingFilter())
    counts = select(_L.lane, _L.stage, func.count()).where(*where).group_by(_L.lane, _L.stage)
    totals = {(lane, stage): total for lane, stage, total in session.execute(counts)}
    columns = [(lane, stage) for lane, stages in LANES.items() for stage in stages if (lane, stage) in totals]
    found: defaultdict[tuple[LandingLane, LandingStage], list[LandingRow]] = defaultdict(list)
    if columns:
        last = [
            select(
                select(_L.id)
                .where(*where, _L.lane == lane, _L.stage == stage)
                .order_by(_L.changed_at.desc(), _L.id)
                .limit(IN_A_COLUMN)
                .subquery()
            )
            for lane, stage in columns
        ]
        query = rows_for(actor).where(_L.id.in_(union_all(*last))).order_by(_L.changed_at.desc(), _L.id)
        for row in completed(session, session.execute(query).all()):
            found[row.lane, row.stage].append(row)
    lanes = {
        lane: [Column(stage, totals.get((lane, stage), 0), found[lane, stage]) for stage in stages]
        for lane, stages in LANES.items()
    }
    ended = {end: total for end in ENDS if (total := sum(totals.get((lane, end), 0) for lane in LANES))}
    return Board(lanes, ended)


def landing_timeline(
    session: Session, actor: Actor, wanted: LandingFilter | None = None, *, offset: int = 0, limit: int = 20
) -> Timeline:
    """A page of the list with the time that each project stood in each stage."""
    page = list_landings(session, actor, **(wanted or LandingFilter())._asdict(), offset=offset, limit=limit)
    whole = {row.id: row for row in page.rows if row.stage_since is not None}
    days: defaultdict[UUID, dict[LandingStage, date]] = defaultdict(dict)
    query = select(LandingStep.landing_id, LandingStep.stage, LandingStep.happened_on)
    for landing_id, stage, day in session.execute(query.where(LandingStep.landing_id.in_(whole))):
        days[landing_id][stage] = day
    begun = select(_L.id, _L.lead_since).where(_L.id.in_(whole))
    for landing_id, since in session.execute(begun):
        days[landing_id][LandingStage.LEAD] = since
    today = clock.today()
    return Timeline(
        [(row, _spans(row, days[row.id], today) if row.id in whole else []) for row in page.rows], page.total
    )


def landing_towns(
    session: Session, actor: Actor, wanted: LandingFilter | None = None, *, money: bool = False
) -> list[TownLandings]:
    """Towns by their number of projects; the money is summed only where it is asked for, and only what is not ended."""
    where = conditions(actor, wanted or LandingFilter())
    count = func.count().label("total")
    counts = select(_L.town_code, count).where(*where).group_by(_L.town_code).order_by(count.desc(), _L.town_code)
    invested = _invested(session, actor, wanted or LandingFilter()) if money else {}
    return [TownLandings(town, total, invested.get(town, 0)) for town, total in session.execute(counts)]


def _invested(session: Session, actor: Actor, wanted: LandingFilter) -> dict[str, int]:
    """The newest actual figure of each project and source, summed by town."""
    newest = func.row_number().over(
        partition_by=(LandingFigure.landing_id, LandingFigure.source),
        order_by=(LandingFigure.as_of.desc(), LandingFigure.entered_at.desc()),
    )
    ranked = (
        select(_L.town_code, LandingFigure.amount, newest.label("place"))
        .join(LandingFigure, LandingFigure.landing_id == _L.id)
        .where(
            *conditions(actor, wanted),
            full_to(actor),
            _L.stage.not_in(ENDS),
            LandingFigure.kind == FigureKind.INVESTMENT,
            LandingFigure.is_plan.is_(False),
        )
        .subquery()
    )
    query = (
        select(ranked.c.town_code, func.sum(ranked.c.amount)).where(ranked.c.place == 1).group_by(ranked.c.town_code)
    )
    return {town: int(fen) for town, fen in session.execute(query)}


def _spans(row: LandingRow, days: dict[LandingStage, date], today: date) -> list[Span]:
    """From the first day in each stage to the first in the next; an ended project stops on the day it ended."""
    assert row.stage_since is not None
    last = row.stage_since if row.stage in ENDS else today
    reached = [(stage, days[stage]) for stage in LANES[row.lane] if stage in days]
    ends = [*(day for _stage, day in reached[1:]), last]
    return [Span(stage, start, max(start, end)) for (stage, start), end in zip(reached, ends, strict=True)]
