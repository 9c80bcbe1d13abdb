"""What came of the work with one university: figures and the lists behind them, within the reader's rights."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import Session

from db.models import (
    Award,
    Challenge,
    ChallengeStatus,
    Commitment,
    Landing,
    LandingCategory,
    LandingStage,
    Organisation,
    OrganisationKind,
    Proposal,
    ProposalStatus,
    TalentStage,
)
from portal import clock
from portal.agreements.access import KNOWERS
from portal.agreements.commitment_queries import in_state, of_university, readable_to
from portal.agreements.queries import list_agreements
from portal.challenges.access import visible_to as sees_challenge
from portal.errors import NotFound
from portal.landings.access import visible_to as sees_landing
from portal.organisations.access import get_organisation
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import Actor, Role
from portal.proposals.access import visible_to as reads_proposal
from portal.talents.queries import TalentFilter, list_talents
from portal.talents.rules import FIGURES_ONLY

_NEVER_SENT = (ProposalStatus.DRAFT, ProposalStatus.INTERNAL_CHECK, ProposalStatus.WITHDRAWN)
BRANCHES = ("answered", "awarded", "solved", "technology", "talent")
"""The figures whose list stands on the university's own page, by their code in the address."""
_CATEGORIES = {"technology": LandingCategory.TECHNOLOGY, "talent": LandingCategory.TALENT}


class University(NamedTuple):
    """Counts; `commitments` is False for readers who learn no more of an agreement than that it exists."""

    id: UUID
    name: str
    has_commitments: bool
    agreements: int
    kept: int
    open: int
    late: int
    answered: int
    awarded: int
    solved: int
    technology: int
    talent: int
    people: int | None  # who joined and hold a post there today; None in a role that sees no persons


class Result(NamedTuple):
    """A challenge or a landing project behind a figure."""

    id: UUID
    title: str
    number: str
    status: ChallengeStatus | LandingStage
    since: date | None = None


class ResultPage(NamedTuple):
    """`hidden`: how many more stand behind the figure that this reader may count and not read."""

    rows: list[Result]
    total: int
    hidden: int = 0


def university(session: Session, actor: Actor, institute_id: UUID) -> University:
    """Raises: NotFound for what is no institute, and for readers who know of no agreement."""
    row = _institute(session, actor, institute_id)
    has_commitments = actor.role in _WHOLE
    return University(
        id=row.id,
        name=row.name,
        has_commitments=has_commitments,
        agreements=list_agreements(session, actor, university=row.id, limit=1).total,
        **{state: _commitments(session, actor, row.id, state) if has_commitments else 0 for state in _STATES},
        people=_people(session, actor, row.id),
        **{branch: _count(session, _behind(actor, row.id, branch, counting=True)) for branch in BRANCHES},
    )


def came_of_it(
    session: Session, actor: Actor, institute_id: UUID, *, branch: str, offset: int = 0, limit: int = 20
) -> ResultPage:
    """The list behind a figure of `BRANCHES`, the newest first. Raises: NotFound, also for an unknown branch."""
    row = _institute(session, actor, institute_id)
    if branch not in BRANCHES:
        raise NotFound
    counted = _count(session, _behind(actor, row.id, branch, counting=True))
    total = _count(session, _behind(actor, row.id, branch))
    limit = min(max(limit, 1), 100)
    ids = _behind(actor, row.id, branch)
    first = first_row(offset, limit, total)
    if branch in _CATEGORIES:
        columns: Any = (Landing.id, Landing.title, Landing.number, Landing.stage, Landing.stage_since)
        query: Any = select(*columns).where(Landing.id.in_(ids)).order_by(Landing.changed_at.desc(), Landing.id)
        rows = [Result(*found) for found in session.execute(query.offset(first).limit(limit))]
    else:
        query = (
            select(Challenge.id, Challenge.title, Challenge.number, Challenge.status)
            .where(Challenge.id.in_(ids))
            .order_by(Challenge.changed_at.desc(), Challenge.id)
        )
        rows = [Result(*found) for found in session.execute(query.offset(first).limit(limit))]
    return ResultPage(rows, total, counted - total)


def _people(session: Session, actor: Actor, institute_id: UUID) -> int | None:
    """As the list of talents counts them for this reader."""
    if actor.role in FIGURES_ONLY:
        return None
    wanted = TalentFilter(reached=TalentStage.JOINED, employer=institute_id)
    return list_talents(session, actor, wanted, limit=1).total


_STATES = ("kept", "open", "late")
_WHOLE = KNOWERS - {Role.STEWARD, Role.LEAD_STEWARD, Role.ENTERPRISE_MEMBER}


def _institute(session: Session, actor: Actor, institute_id: UUID) -> Organisation:
    if actor.role not in KNOWERS:
        raise NotFound
    row = get_organisation(session, actor, institute_id)
    if row.kind is not OrganisationKind.INSTITUTE:
        raise NotFound
    return row


def _commitments(session: Session, actor: Actor, institute_id: UUID, state: str) -> int:
    """As the list of commitments counts them."""
    where = (readable_to(actor), of_university(institute_id), *in_state(state, clock.today()))
    return _count(session, select(Commitment.id).where(*where))


def _behind(actor: Actor, institute_id: UUID, branch: str, *, counting: bool = False) -> Select[UUID]:
    """Ids of what stands behind a figure.

    A leader counts every answer that was opened and reads those that were awarded; nobody counts a sealed one.
    """
    if branch in _CATEGORIES:
        where = (Landing.institute_id == institute_id, Landing.category == _CATEGORIES[branch], sees_landing(actor))
        return select(Landing.id).where(*where, Landing.stage.not_in(_NOT_LANDED))
    awarded = exists().where(Award.proposal_id == Proposal.id, Award.revoked_at.is_(None)).correlate(Proposal)
    answered = (
        select(Challenge.id)
        .join(Proposal, Proposal.challenge_id == Challenge.id)
        .where(
            Proposal.institute_id == institute_id,
            Proposal.status.not_in(_NEVER_SENT),
            Challenge.opened_at.is_not(None),
            sees_challenge(actor),
        )
        .distinct()
    )
    if branch == "answered":
        everything: ColumnElement[bool] = true()
        if not (counting and actor.role is Role.LEADER):
            everything = or_(awarded, reads_proposal(actor))
        return answered.where(everything)
    answered = answered.where(awarded)
    return answered.where(Challenge.status == ChallengeStatus.SOLVED) if branch == "solved" else answered


_NOT_LANDED = (LandingStage.LEAD, LandingStage.LOST, LandingStage.RELOCATED, LandingStage.TERMINATED)
"""A lead has not come yet, and what has ended has gone again."""


def _count(session: Session, query: Select[UUID]) -> int:
    return session.scalar(select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery())) or 0
