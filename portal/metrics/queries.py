"""Figures for leaders and visitors: counts in SQL, nothing that tells of proposals before an opening."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from db.functions import days_between
from db.models import (
    Award,
    Challenge,
    ChallengeStatus,
    FigureKind,
    Landing,
    LandingFigure,
    LandingFlag,
    LandingStage,
    Role,
    ValidationPlan,
    ValidationStatus,
)
from portal import clock
from portal.challenges.progress import NEVER_OPEN
from portal.challenges.workdays import add_workdays
from portal.errors import N_
from portal.house_rules import house_rules
from portal.landings.workflow import ENDS
from portal.metrics.kept import kept
from portal.permissions import Action, Actor, authorize

_S = ChallengeStatus
_AWARDED = (_S.AWARDED, _S.VALIDATING, _S.SOLVED, _S.UNSOLVED)
LIST_LIMIT = 50


class PublicFigures(NamedTuple):
    """What a visitor's home page shows."""

    open: int
    solved: int
    under_way: int  # as the cockpit and the list of projects count them, the published ones


class Step(NamedTuple):
    """One step of the pipeline: how many got there in the period, and the median days since the step before."""

    key: str
    label: str
    total: int
    median_days: float | None


class StageCount(NamedTuple):
    stage: LandingStage
    total: int


class TownCount(NamedTuple):
    town_code: str
    total: int
    invested_fen: int
    jobs: int


class Overdue(NamedTuple):
    """A record that should have moved: what is late, whose turn it is, since when."""

    message: str
    title: str
    page: str
    object_id: UUID
    since: datetime
    turn: Role


def public_figures(session: Session) -> PublicFigures:
    """Three counts of public records; proposals stand in none of them."""
    now = clock.now()
    open_now = select(func.count()).where(Challenge.status == _S.OPEN, Challenge.closes_at > now)
    solved = select(func.count()).where(Challenge.status == _S.SOLVED)
    under_way = select(func.count()).where(Landing.is_public, Landing.stage.not_in(ENDS))
    return PublicFigures(*(session.scalar(query) or 0 for query in (open_now, solved, under_way)))


def pipeline(session: Session, actor: Actor, *, since: date | None = None) -> list[Step]:
    """From posted to landed, for challenges submitted since a day: counts and median days from step to step.

    Raises: Forbidden.
    """
    authorize(actor, Action.READ_COCKPIT)
    return kept(session, ("pipeline", since), lambda: _pipeline(session, since))


def posted_between(session: Session, actor: Actor, since: date | None, until: date | None) -> int:
    """Challenges submitted from a day on and before another, None for no bound: to compare with. Raises: Forbidden."""
    authorize(actor, Action.READ_COCKPIT)
    query = select(func.count()).where(Challenge.submitted_at.is_not(None))
    if since is not None:
        query = query.where(Challenge.submitted_at >= clock.from_local(since.year, since.month, since.day))
    if until is not None:
        query = query.where(Challenge.submitted_at < clock.from_local(until.year, until.month, until.day))
    return kept(session, ("posted", since, until), lambda: session.scalar(query) or 0)


def _pipeline(session: Session, since: date | None) -> list[Step]:
    journey = _journeys(since).subquery()
    reached = [journey.c[key] for key, _label in STEPS]
    totals = session.execute(select(*(func.count(column) for column in reached))).one()
    gaps = (days_between(before, column) for before, column in pairwise(reached))
    days = zip(*session.execute(select(*gaps)), strict=True)
    medians = [None, *(_median(column) for column in days)] if totals[0] else [None] * len(STEPS)
    return [Step(key, label, total, mid) for (key, label), total, mid in zip(STEPS, totals, medians, strict=True)]


def _median(days: Iterable[float | None]) -> float | None:
    known = [value for value in days if value is not None]
    return round(median(known), 1) if known else None


STEPS: tuple[tuple[str, str], ...] = (
    ("submitted", N_("Posted")),
    ("published", N_("Published")),
    ("closed", N_("Closed for proposals")),
    ("awarded", N_("Awarded")),
    ("solved", N_("Solved on the line")),
    ("landed", N_("Landed")),
)


def _journeys(since: date | None) -> Select[Any]:
    """When each submitted challenge reached each step; None where it has not."""
    now = clock.now()
    published = func.min(Challenge.opens_at).filter(Challenge.status.not_in(NEVER_OPEN), Challenge.opens_at <= now)
    solved = func.max(ValidationPlan.changed_at).filter(
        Challenge.status == _S.SOLVED, ValidationPlan.status == ValidationStatus.SIGNED_OFF
    )
    query: Any = (
        select(
            Challenge.id,
            Challenge.submitted_at.label("submitted"),
            published.label("published"),
            Challenge.closed_at.label("closed"),
            func.min(Award.awarded_at).label("awarded"),
            solved.label("solved"),
            func.min(Landing.created_at).label("landed"),
        )
        .outerjoin(Award, and_(Award.challenge_id == Challenge.id, Award.revoked_at.is_(None)))
        .outerjoin(ValidationPlan, ValidationPlan.challenge_id == Challenge.id)
        .outerjoin(Landing, Landing.challenge_id == Challenge.id)
        .where(Challenge.submitted_at.is_not(None))
        .group_by(Challenge.id, Challenge.submitted_at, Challenge.closed_at)
    )
    if since is not None:
        query = query.where(Challenge.submitted_at >= clock.from_local(since.year, since.month, since.day))
    return query  # type: ignore[no-any-return]


def landings_by_stage(session: Session, actor: Actor) -> list[StageCount]:
    """How many projects stand in each stage now, in the order of the stages. Raises: Forbidden."""
    authorize(actor, Action.READ_COCKPIT)
    query = select(Landing.stage, func.count().label("total")).group_by(Landing.stage)
    found = kept(session, "stages", lambda: {row.stage: row.total for row in session.execute(query)})
    return [StageCount(stage, found[stage]) for stage in LandingStage if stage in found]


def landings_by_town(session: Session, actor: Actor) -> list[TownCount]:
    """Projects, actual investment (fen) and actual jobs by town; lost projects left out. Raises: Forbidden."""
    authorize(actor, Action.READ_COCKPIT)
    latest = _latest_figures().subquery()
    money = func.coalesce(func.sum(latest.c.amount).filter(latest.c.kind == FigureKind.INVESTMENT), 0)
    jobs = func.coalesce(func.sum(latest.c.amount).filter(latest.c.kind == FigureKind.JOBS), 0)
    query = (
        select(Landing.town_code, func.count(Landing.id.distinct()), money, jobs)
        .outerjoin(latest, latest.c.landing_id == Landing.id)
        .where(Landing.stage.not_in(ENDS))
        .group_by(Landing.town_code)
        .order_by(func.count(Landing.id.distinct()).desc(), Landing.town_code)
    )
    return kept(session, "towns", lambda: [_town_count(*row) for row in session.execute(query)])


def _town_count(town: str, total: int, fen: int, people: int) -> TownCount:
    return TownCount(town, total, int(fen), int(people))


def _latest_figures() -> Select[Any]:
    """The newest actual figure of each project, kind and source."""
    newest = func.row_number().over(
        partition_by=(LandingFigure.landing_id, LandingFigure.kind, LandingFigure.source),
        order_by=(LandingFigure.as_of.desc(), LandingFigure.entered_at.desc()),
    )
    ranked = (
        select(LandingFigure.landing_id, LandingFigure.kind, LandingFigure.amount, newest.label("place"))
        .where(LandingFigure.is_plan.is_(False))
        .subquery()
    )
    return select(ranked.c.landing_id, ranked.c.kind, ranked.c.amount).where(ranked.c.place == 1)


def overdue(session: Session, actor: Actor) -> list[Overdue]:
    """What should have moved and has not, oldest first, with whose turn it is. Raises: Forbidden."""
    authorize(actor, Action.READ_COCKPIT)
    now = clock.now()
    patience = {
        _S.REFINING: (N_("Being refined for long"), 14, Role.BROKER),
        _S.APPROVED: (N_("Approved, not published"), 7, Role.OPERATOR),
        _S.CLOSED: (N_("Closed, not opened or not evaluated"), 7, Role.OPERATOR),
        _S.EVALUATING: (N_("In evaluation for long"), 30, Role.OPERATOR),
        _S.NEGOTIATING: (N_("In negotiation for long"), 30, Role.APPROVER),
        _S.AWARDED: (N_("Awarded, no validation yet"), 60, Role.ENTERPRISE_ADMIN),
    }
    since = {status: now - timedelta(days=days) for status, (_message, days, _turn) in patience.items()}
    late = or_(*(and_(Challenge.status == status, Challenge.changed_at < at) for status, at in since.items()))
    query = (
        select(Challenge.title, Challenge.id, Challenge.changed_at, Challenge.status)
        .where(late)
        .order_by(Challenge.changed_at, Challenge.id)
        .limit(LIST_LIMIT)
    )
    found = [
        Overdue(patience[status][0], title, "challenge", object_id, at, patience[status][2])
        for title, object_id, at, status in session.execute(query)
    ]
    found += [*_not_taken_up(session, now), *_late_landings(session)]
    return sorted(found, key=lambda row: row.since)[:LIST_LIMIT]


def _not_taken_up(session: Session, now: datetime) -> list[Overdue]:
    """By the workdays that the desk shows."""
    days = house_rules(session).refining_workdays
    query = (
        select(Challenge.title, Challenge.id, Challenge.submitted_at)
        .where(Challenge.status == _S.SUBMITTED, Challenge.submitted_at < now - timedelta(days=days))
        .order_by(Challenge.submitted_at, Challenge.id)
        .limit(LIST_LIMIT)
    )
    message = N_("Submitted, not taken up")
    return [
        Overdue(message, title, "challenge", object_id, at, Role.OPERATOR)
        for title, object_id, at in session.execute(query)
        if at is not None and add_workdays(at, days).at <= now
    ]


def _late_landings(session: Session) -> list[Overdue]:
    query = (
        select(Landing.title, Landing.id, Landing.changed_at)
        .where(Landing.flag.in_((LandingFlag.AT_RISK, LandingFlag.STALLED)), Landing.stage.not_in(ENDS))
        .order_by(Landing.changed_at)
        .limit(LIST_LIMIT)
    )
    message = N_("Landing project at risk")
    return [
        Overdue(message, row.title, "landing", row.id, row.changed_at, Role.OPERATOR) for row in session.execute(query)
    ]
