"""Reads on landing projects: the list, one project as far as the reader may see it, what may be recorded."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    Award,
    Challenge,
    ChallengeStatus,
    FirstLevel,
    Landing,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    LossCause,
    Organisation,
    Proposal,
)
from portal import clock
from portal.errors import NotFound
from portal.house_rules import house_rules
from portal.landings.access import full_to, visible_to
from portal.landings.figures import FigureRow, Standing, figures_of, standing_of
from portal.landings.filters import LandingFilter, conditions
from portal.landings.firsts import FirstRow, firsts_of, verified_firsts
from portal.landings.plans import stage_days_of
from portal.landings.rules import StageDay, days_over, norm_of, sides
from portal.landings.shares import Sources, sources_of
from portal.landings.talks import TalkView, talk_of
from portal.landings.track import StepRow, steps_of
from portal.landings.workflow import LANES, WORKFLOWS, next_stage
from portal.paging import COUNT_LIMIT, FILE_LIMIT, FILE_PART, first_row
from portal.permissions import Action, Actor, Role, can

RUNNING = "running"
"""In the address of the list beside the stages: whatever has not ended."""

_L = Landing
_institute = aliased(Organisation)
_WITHIN = (
    Action.EDIT_LANDING,
    Action.RECORD_FIGURE,
    Action.FLAG_LANDING,
    Action.PLAN_STAGES,
    Action.CLAIM_FIRST,
)
_ALWAYS = (Action.CLAIM_SOURCE, Action.PREPARE_SHARES)


class LandingRow(NamedTuple):
    """One line of the list; the flag is None for readers of the published summary."""

    id: UUID
    number: str
    title: str
    category: LandingCategory
    lane: LandingLane
    stage: LandingStage
    flag: LandingFlag | None
    town_code: str
    industry_code: str | None
    enterprise: str
    institute: str
    public_summary: str
    changed_at: datetime
    stage_since: date | None = None  # None for readers of the published summary
    days_over: int = 0  # beyond the norm of the stage
    firsts: tuple[FirstLevel, ...] = ()  # verified


class LandingPage(NamedTuple):
    rows: list[LandingRow]
    total: int  # stops at 1,001


class LandingDetail(NamedTuple):
    """One project; for readers of the published summary everything else is empty and `is_full` is False."""

    row: LandingRow
    is_full: bool
    summary: str
    place: str
    challenge_id: UUID | None
    challenge_title: str
    stage_since: date
    created_at: datetime
    flag_reason: str
    is_public: bool
    loss_cause: LossCause | None
    loss_lesson: str
    steps: list[StepRow]
    standing: list[Standing]
    figures: list[FigureRow]
    next_stage: LandingStage | None
    actions: tuple[Action, ...]
    version: int
    norm_days: int | None
    days: list[StageDay]
    firsts: list[FirstRow]
    sources: Sources
    talk: TalkView | None


class Source(NamedTuple):
    """A solved challenge from which a project may grow."""

    challenge_id: UUID
    title: str
    summary: str
    town_code: str | None
    industry_code: str | None


def list_landings(
    session: Session,
    actor: Actor,
    *,
    mine: bool = False,
    stage: LandingStage | None = None,
    running: bool = False,
    town: str | None = None,
    category: LandingCategory | None = None,
    lane: LandingLane | None = None,
    flag: LandingFlag | None = None,
    first: FirstLevel | None = None,
    offset: int = 0,
    limit: int = 20,
) -> LandingPage:
    """Projects by their last change, narrowed as `LandingFilter` says."""
    wanted = LandingFilter(mine, stage, running, town, category, lane, flag, first)
    query = select(_L.id).where(*conditions(actor, wanted))
    total = session.scalar(select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery())) or 0
    limit = min(max(limit, 1), 100)
    page = query.order_by(_L.changed_at.desc(), _L.id).offset(first_row(offset, limit, total)).limit(limit)
    rows = session.execute(rows_for(actor).where(_L.id.in_(page)).order_by(_L.changed_at.desc(), _L.id))
    return LandingPage(completed(session, rows.all()), total)


def every_landing(session: Session, actor: Actor, wanted: LandingFilter | None = None) -> Iterator[LandingRow]:
    """Every project of the list in its order, a few at a time: for a file."""
    query = (
        rows_for(actor)
        .where(*conditions(actor, wanted or LandingFilter()))
        .order_by(_L.changed_at.desc(), _L.id)
        .limit(FILE_LIMIT)
    )
    for part in session.execute(query.execution_options(yield_per=FILE_PART)).partitions():
        yield from completed(session, part)


def landing_detail(session: Session, actor: Actor, landing_id: UUID) -> LandingDetail:
    """As much of a project as this reader may see. Raises: NotFound."""
    found = session.execute(
        rows_for(actor).add_columns(full_to(actor)).where(_L.id == landing_id, visible_to(actor))
    ).one_or_none()
    if found is None:
        raise NotFound
    is_full = bool(found[-1])
    [row] = completed(session, [found[:-1]])
    landing = session.get_one(Landing, landing_id)
    challenge = session.get(Challenge, landing.challenge_id) if is_full and landing.challenge_id else None
    figures = figures_of(session, landing_id) if is_full else []
    return LandingDetail(
        row=row,
        is_full=is_full,
        summary=landing.summary if is_full else "",
        place=landing.place if is_full else "",
        challenge_id=challenge.id if challenge else None,
        challenge_title=challenge.title if challenge else "",
        stage_since=landing.stage_since,
        created_at=landing.created_at,
        flag_reason=landing.flag_reason if is_full else "",
        is_public=landing.is_public,
        loss_cause=landing.loss_cause if is_full else None,
        loss_lesson=landing.loss_lesson if is_full else "",
        steps=steps_of(session, actor, landing) if is_full else [],
        standing=standing_of(figures),
        figures=figures,
        next_stage=next_stage(landing.lane, landing.stage) if is_full else None,
        actions=_actions(actor, landing) if is_full else (),
        version=landing.version,
        norm_days=norm_of(house_rules(session), landing.stage) if is_full else None,
        days=stage_days_of(session, landing) if is_full else [],
        firsts=firsts_of(session, actor, landing) if is_full else [],
        sources=sources_of(session, actor, landing) if is_full else Sources([], [], None, []),
        talk=talk_of(session, actor, landing) if is_full else None,
    )


def landings_of_challenge(session: Session, actor: Actor, challenge_id: UUID) -> list[LandingRow]:
    """The visible projects that grew from one challenge."""
    query = rows_for(actor).where(_L.challenge_id == challenge_id, visible_to(actor)).order_by(_L.number)
    return completed(session, session.execute(query).all())


def landing_sources(session: Session, actor: Actor, *, limit: int = 100) -> list[Source]:
    """Solved challenges without a project, from which this reader may record one; the latest first."""
    if not can(actor, Action.CREATE_LANDING):
        return []
    grown = exists().where(_L.challenge_id == Challenge.id)
    query = (
        select(Challenge.id, Challenge.title, Challenge.summary, Challenge.town_code, Challenge.industry_code)
        .join(Award, (Award.challenge_id == Challenge.id) & Award.revoked_at.is_(None))
        .join(Proposal, Proposal.id == Award.proposal_id)
        .where(Challenge.status == ChallengeStatus.SOLVED, ~grown)
        .order_by(Challenge.changed_at.desc(), Challenge.id)
        .limit(limit)
    )
    if actor.role is not Role.OPERATOR:
        own = (Challenge.organisation_id == actor.organisation_id) | (Proposal.institute_id == actor.organisation_id)
        query = query.where(own)
    return [Source(*row) for row in session.execute(query)]


def rows_for(actor: Actor) -> Select[Any]:
    """The columns of `LandingRow` as far as this reader may know them; `completed` makes rows of them."""
    return (
        select(
            _L.id,
            _L.number,
            _L.title,
            _L.category,
            _L.lane,
            _L.stage,
            case((full_to(actor), _L.flag)),
            _L.town_code,
            _L.industry_code,
            func.coalesce(Organisation.name, ""),
            func.coalesce(_institute.name, ""),
            _L.public_summary,
            _L.changed_at,
            case((full_to(actor), _L.stage_since)),
        )
        .outerjoin(Organisation, Organisation.id == _L.enterprise_id)
        .outerjoin(_institute, _institute.id == _L.institute_id)
    )


def completed(session: Session, found: Sequence[Any]) -> list[LandingRow]:
    """Rows with their verified firsts and the days beyond their norm."""
    rows = [LandingRow(*row) for row in found]
    firsts = verified_firsts(session, [row.id for row in rows])
    rules, today = house_rules(session), clock.today()
    return [
        row._replace(
            firsts=firsts.get(row.id, ()),
            days_over=days_over(row.stage_since, today, norm_of(rules, row.stage)) if row.stage_since else 0,
        )
        for row in rows
    ]


def _actions(actor: Actor, landing: Landing) -> tuple[Action, ...]:
    """What this reader may fire now: the table's steps, and the acts that keep the stage."""
    alive = landing.stage in LANES[landing.lane]
    where = sides(actor, landing)
    within = [action for action in _WITHIN if alive and can(actor, action, where)]
    always = [action for action in _ALWAYS if can(actor, action, where)]
    return (*WORKFLOWS[landing.lane].allowed(actor, landing), *within, *always)
