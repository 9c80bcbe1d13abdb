"""Who is told what during evaluation and award; a notice holds the challenge's title and nothing sealed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Challenge, Proposal, TeamMember
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
    return _who_may_look(
        session, challenge, people_with_role(session, Role.ENTERPRISE_ADMIN, challenge.organisation_id)
    )


def operators(session: Session, challenge: Challenge) -> list[UUID]:
    return _who_may_look(session, challenge, people_with_role(session, Role.OPERATOR))


def approvers(session: Session, challenge: Challenge) -> list[UUID]:
    return _who_may_look(session, challenge, people_with_role(session, Role.APPROVER))


def people_of_side(session: Session, challenge: Challenge, side: str) -> list[UUID]:
    return enterprise_admins(session, challenge) if side == ENTERPRISE else operators(session, challenge)


def _who_may_look(session: Session, challenge: Challenge, people: list[UUID]) -> list[UUID]:
    """Without those who have an answer of their own in it: its page is closed to them, and its course is not theirs."""
    handed_in = (Proposal.challenge_id == challenge.id, Proposal.submission_number.is_not(None))
    leads = select(Proposal.lead_id).where(*handed_in)
    teams = select(TeamMember.person_id).join(Proposal, Proposal.id == TeamMember.proposal_id).where(*handed_in)
    answered = set(session.scalars(leads.union(teams)))
    return [person for person in people if person not in answered]
