"""Who is told what about a challenge."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Challenge
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Role


def tell_enterprise(
    session: Session, challenge: Challenge, message: str, *, page: str = "challenge", also: Iterable[UUID] = ()
) -> None:
    """The enterprise's admins, who wrote the draft, and whoever is named; `{title}` and `{closes_at}` are filled."""
    people = set(people_with_role(session, Role.ENTERPRISE_ADMIN, challenge.organisation_id)) | set(also)
    if challenge.created_by is not None and challenge.created_by in people_with_role(
        session, Role.ENTERPRISE_MEMBER, challenge.organisation_id
    ):
        people.add(challenge.created_by)
    _tell(session, challenge, people, message, page)


def tell_officials(session: Session, challenge: Challenge, role: Role, message: str) -> None:
    """Everybody who acts in that official role."""
    _tell(session, challenge, people_with_role(session, role), message, "challenge")


def _tell(session: Session, challenge: Challenge, people: Iterable[UUID], message: str, page: str) -> None:
    params: dict[str, object] = {"title": challenge.title}
    if challenge.closes_at is not None:
        params["closes_at"] = challenge.closes_at
    session.flush()
    notify(
        session,
        person_ids=people,
        message=message,
        params=params,
        page=page,
        object_id=challenge.id,
        # The record's version tells a second submission from a repeat of the first.
        dedupe_key=f"{message[:60]}:{challenge.id}:{challenge.version}",
    )
