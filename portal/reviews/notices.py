"""Who is told what during evaluation and award; a notice holds the challenge's title and nothing sealed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Challenge
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Role
from portal.reviews.rules import ENTERPRISE


def tell(
    session: Session,
    challenge: Challenge,
    people: Iterable[UUID],
    message: str,
    *,
    page: str = "evaluation",
    **params: Any,
) -> None:
    """A notice that leads to the evaluation or another page; a later act on the same challenge is told anew."""
    session.flush()
    notify(
        session,
        person_ids=people,
        message=message,
        params={"title": challenge.title, **params},
        page=page,
        object_id=challenge.id,
        # The record's version tells a second round from a repeat of the first.
        dedupe_key=f"{message[:60]}:{challenge.id}:{challenge.version}",
    )


def enterprise_admins(session: Session, challenge: Challenge) -> list[UUID]:
    return people_with_role(session, Role.ENTERPRISE_ADMIN, challenge.organisation_id)


def operators(session: Session) -> list[UUID]:
    return people_with_role(session, Role.OPERATOR)


def approvers(session: Session) -> list[UUID]:
    return people_with_role(session, Role.APPROVER)


def people_of_side(session: Session, challenge: Challenge, side: str) -> list[UUID]:
    return enterprise_admins(session, challenge) if side == ENTERPRISE else operators(session)
