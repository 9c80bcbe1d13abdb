"""The award as it is read outside the evaluation: by everybody, and with its sum by those who may know it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Award, Challenge, ChallengeStatus, Organisation, Person, Proposal, Role
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.rules import has_closed
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import NotFound
from portal.permissions import Action, Actor
from portal.proposals.access import team_of
from portal.reviews.access import get_own_proposal, visible_to
from portal.reviews.workflow import READABLE

SEES_SUM = frozenset({Role.OPERATOR, Role.APPROVER, Role.LEADER, Role.AUDITOR})


class AwardRow(NamedTuple):
    """The award as its reader may see it."""

    challenge_id: UUID
    title: str
    institute: str
    lead: str
    awarded_at: datetime
    sum_fen: int | None


def award_of(session: Session, actor: Actor, challenge_id: UUID) -> AwardRow | None:
    """The award of a visible challenge: title, institute and date for everybody, the sum for the parties and officials.

    Raises: NotFound for a challenge that this reader may not see.
    """
    challenge = get_challenge(session, actor, challenge_id)
    query = (
        select(Award, Proposal, Organisation.name, Person.name)
        .join(Proposal, Proposal.id == Award.proposal_id)
        .join(Organisation, Organisation.id == Proposal.institute_id)
        .join(Person, Person.id == Proposal.lead_id)
        .where(Award.challenge_id == challenge_id, Award.revoked_at.is_(None))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    award, proposal, institute, lead = found
    is_party = actor.role in SEES_SUM or _acts_for(session, actor, challenge, proposal)
    return AwardRow(
        challenge.id,
        challenge.title,
        institute,
        lead if is_party else "",
        award.awarded_at,
        award.sum_fen if is_party else None,
    )


class Outcome(NamedTuple):
    """What the page of a challenge says about its evaluation."""

    award: AwardRow | None
    has_evaluation: bool  # the reader may open it, as evaluator or as proposer
    may_withdraw: bool
    withdrawn_there: bool = False  # the reader may withdraw it, but in its evaluation


def outcome_of(session: Session, actor: Actor, challenge_id: UUID) -> Outcome:
    """For the page of a challenge. Raises: NotFound."""
    challenge = get_challenge(session, actor, challenge_id)
    # Once opened, it is withdrawn on the page where the replies are prepared.
    allowed = CHALLENGE_WORKFLOW.allowed(actor, challenge)
    may_end = Action.WITHDRAW_CHALLENGE in allowed
    may_withdraw = challenge.opened_at is None and may_end
    is_over = has_closed(challenge, clock.now())
    if not is_over and challenge.status not in (*READABLE, ChallengeStatus.WITHDRAWN):
        return Outcome(None, False, may_withdraw)
    query = select(Challenge.id).where(Challenge.id == challenge_id, visible_to(actor))
    evaluates = session.scalar(query) is not None
    mine = is_over and _has_own(session, actor, challenge_id)
    there = may_end and evaluates and not may_withdraw
    return Outcome(award_of(session, actor, challenge_id), evaluates or mine, may_withdraw, there)


def _has_own(session: Session, actor: Actor, challenge_id: UUID) -> bool:
    try:
        get_own_proposal(session, actor, challenge_id)
    except NotFound:
        return False
    return True


def _acts_for(session: Session, actor: Actor, challenge: Challenge, proposal: Proposal) -> bool:
    """The enterprise, the awarded team, its institute's admin."""
    if actor.organisation_id is not None and actor.organisation_id == challenge.organisation_id:
        return True
    if actor.role is Role.INSTITUTE_ADMIN:
        return actor.organisation_id == proposal.institute_id
    query = select(Proposal.id).where(Proposal.id == proposal.id, team_of(actor))
    return session.scalar(query) is not None
