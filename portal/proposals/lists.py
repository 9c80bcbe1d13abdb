"""Lists of proposals: what somebody works on, and for an institute's admin what was opened."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, contains_eager

from db.models import Challenge, ChallengeStatus, Organisation, Proposal, ProposalStatus, ProposalSubmission, Role
from portal import clock
from portal.challenges.addenda import unacknowledged
from portal.permissions import Actor
from portal.proposals.access import cover_to, team_of
from portal.proposals.content import document_of, draft_titles, open_submission
from portal.proposals.rules import TEAM_ROLES, is_editable
from portal.proposals.standing import told_statuses

LIST_LIMIT = 200
SEES_AWARDED = frozenset({Role.LEADER, Role.OPERATOR, Role.APPROVER, Role.AUDITOR})


class ProposalRow(NamedTuple):
    """One line of “my proposals”; the title is empty for those who read no word of it."""

    id: UUID
    title: str
    status: ProposalStatus
    challenge_id: UUID
    challenge_number: str
    challenge_title: str
    challenge_status: ChallengeStatus
    closes_at: datetime | None
    submitted_at: datetime | None
    is_lead: bool
    is_editable: bool
    to_acknowledge: int
    changed_at: datetime


class Awarded(NamedTuple):
    """Of an awarded proposal no more than title, parties and sum."""

    proposal_id: UUID
    title: str
    institute: str
    partners: tuple[str, ...]
    sum_fen: int


def list_mine(session: Session, actor: Actor) -> list[ProposalRow]:
    """What somebody works on, what closes first on top; for an institute's admin what was opened.

    Before the opening an admin's list would tell who of the institute competes with whom.
    """
    works_on = actor.role in TEAM_ROLES
    opened = and_(cover_to(actor), Proposal.submission_number.is_not(None), Challenge.opened_at.is_not(None))
    query = (
        select(Proposal, ProposalSubmission)
        .join(Challenge, Challenge.id == Proposal.challenge_id)
        .outerjoin(
            ProposalSubmission,
            and_(
                ProposalSubmission.proposal_id == Proposal.id,
                ProposalSubmission.number == Proposal.submission_number,
            ),
        )
        .options(contains_eager(Proposal.challenge))
        .where(team_of(actor) if works_on else opened)
        .order_by(Challenge.closed_at.is_not(None), Challenge.closes_at, Proposal.changed_at.desc(), Proposal.id)
        .limit(LIST_LIMIT)
    )
    rows = session.execute(query).all()
    proposals = [proposal for proposal, _ in rows]
    drafted, told = draft_titles(session, proposals), told_statuses(session, proposals)
    return [_list_row(session, actor, *row, drafted, told) for row in rows]


def my_proposal_for(session: Session, actor: Actor, challenge_id: UUID) -> UUID | None:
    """The answer to a challenge that this person leads or works on, if there is one."""
    if actor.role not in TEAM_ROLES:
        return None
    query = (
        select(Proposal.id)
        .where(Proposal.challenge_id == challenge_id, team_of(actor))
        .order_by(Proposal.lead_id != actor.person_id, Proposal.created_at)
        .limit(1)
    )
    return session.scalar(query)


def awarded_proposal(session: Session, actor: Actor, challenge_id: UUID) -> Awarded | None:
    """What the district's leader learns after the award; None before it and for everybody else."""
    if actor.role not in SEES_AWARDED:
        return None
    query = (
        select(Proposal, ProposalSubmission, Organisation.name)
        .join(Challenge, Challenge.id == Proposal.challenge_id)
        .join(Organisation, Organisation.id == Proposal.institute_id)
        .join(
            ProposalSubmission,
            and_(
                ProposalSubmission.proposal_id == Proposal.id,
                ProposalSubmission.number == Proposal.submission_number,
            ),
        )
        .where(
            Proposal.challenge_id == challenge_id,
            Proposal.status.in_((ProposalStatus.AWARDED, ProposalStatus.CONTRACTED)),
            Challenge.opened_at.is_not(None),
        )
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    proposal, submission, institute = row
    document = document_of(open_submission(proposal, submission))
    partners = tuple(partner.name for partner in document.co_applicants)
    return Awarded(proposal.id, document.title, institute, partners, document.sum_fen)


def _list_row(
    session: Session,
    actor: Actor,
    row: Proposal,
    submission: ProposalSubmission | None,
    drafted: Mapping[UUID, str],
    told: Mapping[UUID, ProposalStatus],
) -> ProposalRow:
    is_team = actor.role in TEAM_ROLES
    challenge = row.challenge
    title = drafted[row.id]
    if submission is not None and not is_team:
        # Unsent edits are the team's own.
        title = document_of(open_submission(row, submission)).title
    return ProposalRow(
        id=row.id,
        title=title,
        status=told[row.id],
        challenge_id=challenge.id,
        challenge_number=challenge.number,
        challenge_title=challenge.title,
        challenge_status=challenge.status,
        closes_at=challenge.closes_at,
        submitted_at=submission.submitted_at if submission else None,
        is_lead=row.lead_id == actor.person_id and row.institute_id == actor.organisation_id,
        is_editable=is_team and is_editable(row, clock.now()),
        to_acknowledge=len(unacknowledged(session, row.id, row.challenge_id))
        if row.status is ProposalStatus.SUBMITTED
        else 0,
        changed_at=row.changed_at,
    )
