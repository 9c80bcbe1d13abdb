"""One thing to do, and the two queries that most of them are."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    ValidationPlan,
)
from portal.permissions import Actor

PER_KIND = 10


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


def plan_rows(session: Session, message: str, where: ColumnElement[bool]) -> list[Waiting]:
    query = (
        select(ValidationPlan.id, ValidationPlan.changed_at, _C.title)
        .join(_C, _C.id == ValidationPlan.challenge_id)
        .where(where)
        .order_by(ValidationPlan.changed_at)
        .limit(PER_KIND)
    )
    return [Waiting(message, row.title, "validation", row.id, row.changed_at) for row in session.execute(query)]
