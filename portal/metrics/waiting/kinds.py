"""One thing to do, and the queries and conditions that most of them share."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    Proposal,
    ValidationPlan,
)
from portal import clock
from portal.permissions import Actor
from portal.reviews.access import visible_to
from portal.reviews.turns import Turn, turns_of

PER_KIND = 10
LOOKED_AT = 100  # of those whose turn is worked out one by one


class Waiting(NamedTuple):
    """One thing to do: a message id about a record, the page that does it, and the date that matters."""

    message: str
    subject: str  # the record's own title: user text
    page: str
    object_id: UUID | None
    since: datetime | None
    due: datetime | None = None


Source = Callable[[Session, Actor], Iterable[Waiting]]
_C = Challenge
_S = ChallengeStatus


def challenges(
    message: str, *where: ColumnElement[bool], page: str = "challenge", due: bool = False
) -> Callable[[Session], list[Waiting]]:
    def rows(session: Session) -> list[Waiting]:
        query = select(_C).where(*where).order_by(_C.changed_at, _C.id).limit(PER_KIND)
        return [
            Waiting(message, row.title, page, row.id, row.changed_at, row.closes_at if due else None)
            for row in session.scalars(query)
        ]

    return rows


def own(actor: Actor) -> ColumnElement[bool]:
    return _C.organisation_id == actor.organisation_id


def evaluates(actor: Actor) -> ColumnElement[bool]:
    """The rule of the evaluation's own page: what it does not open to somebody does not wait for them either."""
    return visible_to(actor)


def leads(actor: Actor) -> ColumnElement[bool]:
    """Whoever leads a proposal leads it for its institute alone: after a change of employer nothing waits there."""
    return and_(Proposal.lead_id == actor.person_id, Proposal.institute_id == actor.organisation_id)


def still_open() -> ColumnElement[bool]:
    """By the deadline itself: the worker writes the close a moment later."""
    return and_(_C.status == _S.OPEN, _C.closes_at > clock.now())


def my_turns(session: Session, actor: Actor, *where: ColumnElement[bool]) -> list[tuple[Challenge, Turn]]:
    """Evaluations whose next act is this role's, as their own page says it; the longest waiting first."""
    query = select(_C).where(*where).order_by(_C.changed_at, _C.id).limit(LOOKED_AT)
    found = list(session.scalars(query))
    turns = turns_of(session, found)
    return [(row, turns[row.id]) for row in found if actor.role in turns[row.id].roles][:PER_KIND]


def plan_rows(session: Session, message: str, where: ColumnElement[bool]) -> list[Waiting]:
    query = (
        select(ValidationPlan.id, ValidationPlan.changed_at, _C.title)
        .join(_C, _C.id == ValidationPlan.challenge_id)
        .where(where)
        .order_by(ValidationPlan.changed_at)
        .limit(PER_KIND)
    )
    return [Waiting(message, row.title, "validation", row.id, row.changed_at) for row in session.execute(query)]
